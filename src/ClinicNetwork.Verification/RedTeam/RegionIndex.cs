using ClinicNetwork.Verification.Tables;

namespace ClinicNetwork.Verification.RedTeam;

/// <summary>Finds the regions of a release that a person may be in, by the person's quasi-identifiers.</summary>
internal sealed class RegionIndex
{
    private readonly IReadOnlyList<TableHierarchy> _attributes;
    private readonly AttackedRelease _release;
    private readonly Dictionary<int, int[]>[] _withLabel;

    public RegionIndex(AttackedRelease release, IReadOnlyList<TableHierarchy> attributes)
    {
        (_release, _attributes) = (release, attributes);
        _withLabel = [.. release.Labels.Select(labels => Enumerable.Range(0, labels.Length).GroupBy(region => labels[region]).ToDictionary(g => g.Key, g => g.ToArray()))];
    }

    /// <summary>The regions that cover the leaves of a row.</summary>
    public IEnumerable<int> Compatible(KnownRows known, int row)
    {
        var (best, fewest) = (0, int.MaxValue);
        for (var a = 0; a < _attributes.Count; a++)
        {
            var regions = LabelsAbove(a, known.Leaves[a][row]).Sum(label => _withLabel[a].GetValueOrDefault(label)?.Length ?? 0);
            if (regions < fewest)
            {
                (best, fewest) = (a, regions);
            }
        }

        return LabelsAbove(best, known.Leaves[best][row]).SelectMany(label => _withLabel[best].GetValueOrDefault(label) ?? []).Where(region => Covers(region, known, row));
    }

    private bool Covers(int region, KnownRows known, int row)
    {
        for (var a = 0; a < _attributes.Count; a++)
        {
            if (!_attributes[a].Covers(_release.Labels[a][region], known.Leaves[a][row]))
            {
                return false;
            }
        }

        return true;
    }

    private IEnumerable<int> LabelsAbove(int attribute, int leaf)
    {
        var hierarchy = _attributes[attribute];
        for (var level = 0; level <= hierarchy.Height; level++)
        {
            var label = hierarchy.LabelAt(level, leaf);
            if (level == 0 || label != hierarchy.LabelAt(level - 1, leaf))
            {
                yield return label;
            }
        }
    }
}
