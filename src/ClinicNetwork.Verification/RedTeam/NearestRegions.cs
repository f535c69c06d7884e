using ClinicNetwork.Verification.Tables;

namespace ClinicNetwork.Verification.RedTeam;

/// <summary>
/// The released regions nearest to what is known of a person: Gower's distance, in which an attribute is apart with the chance that a leaf drawn from the published label is another
/// one: 1 − 1/leaves where it covers the person's, 1 where not.
/// </summary>
internal sealed class NearestRegions
{
    /// <summary>Sums of the same chances in another order.</summary>
    private const double Tolerance = 1e-9;

    private readonly IReadOnlyList<TableHierarchy> _attributes;
    private readonly (AttackedRelease Release, int Region)[] _regions;
    private readonly int[][] _labels;
    private readonly double[][] _apart;
    private readonly double[] _sums;

    public NearestRegions(AttackedTables tables)
    {
        _attributes = tables.Attributes;
        _regions = [.. tables.Releases.SelectMany(release => release.Classes(_attributes).Select(region => (release, region)))];
        _labels = [.. _attributes.Select((_, a) => _regions.Select(r => r.Release.Labels[a][r.Region]).ToArray())];
        _apart = [.. _attributes.Select(attribute => Enumerable.Repeat(1.0, attribute.LabelCount).ToArray())];
        _sums = new double[_regions.Length];
    }

    public int Count => _regions.Length;

    /// <summary>All that are equally near by the attributes, and the rows of the release that they hold.</summary>
    public List<(AttackedRelease Release, int Region)> Find(KnownRows known, int row, ReadOnlySpan<int> by)
    {
        Array.Clear(_sums);
        foreach (var a in by)
        {
            var (attribute, apart, leaf) = (_attributes[a], _apart[a], known.Leaves[a][row]);
            for (var level = 0; level <= attribute.Height; level++)
            {
                var label = attribute.LabelAt(level, leaf);
                apart[label] = 1 - (1.0 / attribute.Covered(label));
            }

            var labels = _labels[a];
            for (var i = 0; i < labels.Length; i++)
            {
                _sums[i] += apart[labels[i]];
            }

            for (var level = 0; level <= attribute.Height; level++)
            {
                apart[attribute.LabelAt(level, leaf)] = 1;
            }
        }

        var least = _sums.Min() + Tolerance;
        var nearest = new List<(AttackedRelease, int)>();
        for (var i = 0; i < _sums.Length; i++)
        {
            if (_sums[i] <= least)
            {
                nearest.Add(_regions[i]);
            }
        }

        return nearest;
    }
}
