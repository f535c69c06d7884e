using System.Runtime.InteropServices;

namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>Which tuple of a table is in which region of a list.</summary>
internal sealed class RegionPlacement
{
    /// <summary>Tries to keep t while suppression moves the table that it is measured against.</summary>
    private const int RoundsMax = 8;

    /// <summary>Regions that are rolled up for rows that are in none.</summary>
    private const int RolledUpMax = 256;

    private readonly RegionGrid _grid;
    private readonly TupleTable _tuples;
    private readonly ClassRule _rule;
    private readonly Dictionary<ulong, int>[] _byKey;
    private readonly ulong[][][] _summands;
    private readonly int[] _stageOf;
    private readonly int[] _regionOf;
    private readonly List<int>?[] _members;

    private RegionPlacement(RegionGrid grid, TupleTable tuples, ClassRule rule)
    {
        (_grid, _tuples, _rule) = (grid, tuples, rule);
        _stageOf = [.. grid.Stages.SelectMany((stage, s) => Enumerable.Repeat(s, stage.Regions.Length))];
        (_regionOf, _members) = (new int[tuples.Count], new List<int>?[grid.Regions.Count]);
        Array.Fill(_regionOf, -1);
        var ofLabel = LabelNumbers.Of(grid.Attributes);
        _byKey = [.. grid.Stages.Select(_ => new Dictionary<ulong, int>())];
        for (var region = 0; region < _stageOf.Length; region++)
        {
            var key = 0UL;
            for (var a = 0; a < ofLabel.Length; a++)
            {
                key += ofLabel[a][grid.Regions[region][a]];
            }

            _byKey[_stageOf[region]].TryAdd(key, region);
        }

        _summands = [.. grid.Attributes.Select((attribute, a) => Enumerable.Range(0, attribute.Height + 1).Select(level => SummandsOf(a, level, ofLabel[a])).ToArray())];
    }

    public static Published Place(RegionGrid grid, Microdata data, PrivacyModel model, CancellationToken cancellationToken)
    {
        var tuples = new TupleTable(data);
        var rule = new ClassRule(tuples, model);
        int[] all = [.. Enumerable.Range(0, tuples.Count)];
        if (data.Rows > 0 && model.SuppressionLimit < 1 && !rule.Holds(all, data.Rows))
        {
            throw new NotReachableException(1);
        }

        var (limit, without) = ((long)Math.Floor(model.SuppressionLimit * data.Rows), new HashSet<int>());
        for (var round = 0; ; round++)
        {
            var placement = new RegionPlacement(grid, tuples, rule);
            placement.PlaceAll(cancellationToken);
            placement.RollUp(limit, cancellationToken);

            if (round == RoundsMax)
            {
                placement.TakeOut(cancellationToken);
            }

            var (open, published) = (placement.OpenRows, placement.Publish());
            // What is suppressed moves the table that the classes are compared with.
            var holds = (open == 0 && without.Count == 0) || model.T >= 1 || published.Measure(model.K, model.Ordered).T is not { } distance || distance <= model.T;
            if (open <= limit && holds)
            {
                return published;
            }

            if (holds || round == RoundsMax)
            {
                throw new NotReachableException((double)open / data.Rows);
            }

            without.UnionWith(placement.Suppressed());
            rule.CompareWithout(without);
        }
    }

    private long OpenRows => _regionOf.Select((region, tuple) => region < 0 ? (long)_tuples.Sizes[tuple] : 0).Sum();

    private void PlaceAll(CancellationToken cancellationToken)
    {
        int[] open = [.. Enumerable.Range(0, _tuples.Count)];
        for (var stage = 0; stage < _byKey.Length && open.Length > 0; stage++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var placed = 0;
            foreach (var (region, members) in Arriving(stage, open))
            {
                if (Holds(members))
                {
                    Put(members, region);
                    placed += members.Count;
                }
            }

            if (placed > 0)
            {
                open = [.. open.Where(t => _regionOf[t] < 0)];
            }
        }
    }

    private Dictionary<int, List<int>> Arriving(int stage, int[] open)
    {
        var arriving = new Dictionary<int, List<int>>();
        ulong[][] columns = [.. _grid.Stages[stage].Levels.Select((level, a) => _summands[a][level])];
        foreach (var tuple in open)
        {
            var key = 0UL;
            foreach (var column in columns)
            {
                key += column[tuple];
            }

            // Two images have, once in 10^19, one key.
            if (_byKey[stage].TryGetValue(key, out var region) && Covers(region, tuple))
            {
                (CollectionsMarshal.GetValueRefOrAddDefault(arriving, region, out _) ??= []).Add(tuple);
            }
        }

        return arriving;
    }

    /// <summary>
    /// While too many rows are in no region: one in use and one that is short, that it lies within and that covers some of those rows, are published together as the larger; of all such
    /// pairs the one that loses least. It is decided by how many rows are in which regions, as all else here.
    /// </summary>
    private void RollUp(long limit, CancellationToken cancellationToken)
    {
        for (var i = 0; i < RolledUpMax && OpenRows > limit && RollUpOne(cancellationToken); i++)
        {
        }
    }

    private bool RollUpOne(CancellationToken cancellationToken)
    {
        int[] open = [.. Enumerable.Range(0, _tuples.Count).Where(t => _regionOf[t] < 0)];
        int[] inUse = [.. Enumerable.Range(0, _members.Length).Where(r => _members[r] is not null)];
        var pairs = new List<(double Cost, int Region, int Within, List<int> Open)>();
        foreach (var region in Enumerable.Range(0, _members.Length).Where(r => _members[r] is null))
        {
            cancellationToken.ThrowIfCancellationRequested();
            List<int> covered = [.. open.Where(t => Covers(region, t))];
            foreach (var within in inUse.Where(r => r < region && covered.Count > 0 && Covers(region, _members[r]![0]) && LiesWithin(r, region)))
            {
                var cost = (RowsOf(_members[within]!) * (_grid.LossOf(region) - _grid.LossOf(within))) - (RowsOf(covered) * (1 - _grid.LossOf(region)));
                pairs.Add((cost, region, within, covered));
            }
        }

        foreach (var (_, region, within, covered) in pairs.OrderBy(p => p.Cost).ThenBy(p => p.Region).ThenBy(p => p.Within))
        {
            List<int> together = [.. _members[within]!, .. covered];
            if (Holds(together))
            {
                _members[within] = null;
                Put(together, region);
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// No placement compared with the table before it kept t: regions that are too far from what is published are taken out, the smaller half of them at a time, until none is.
    /// The last region there is has the whole of the published table.
    /// </summary>
    private void TakeOut(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _rule.CompareWithout(Suppressed().ToHashSet());
            int[] tooFar = [.. Enumerable.Range(0, _members.Length).Where(r => _members[r] is { } members && !Holds(members))];
            if (tooFar.Length == 0)
            {
                return;
            }

            foreach (var region in tooFar.OrderBy(r => RowsOf(_members[r]!)).ThenBy(r => r).Take((tooFar.Length + 1) / 2))
            {
                _members[region]!.ForEach(tuple => _regionOf[tuple] = -1);
                _members[region] = null;
            }
        }
    }

    private IEnumerable<int> Suppressed() => Enumerable.Range(0, _tuples.Count).Where(t => _regionOf[t] < 0).SelectMany(t => _tuples.RowsOf(t).ToArray());

    private void Put(List<int> tuples, int region)
    {
        _members[region] = tuples;
        foreach (var tuple in tuples)
        {
            _regionOf[tuple] = region;
        }
    }

    private bool Holds(List<int> tuples) => _rule.Holds(CollectionsMarshal.AsSpan(tuples), RowsOf(tuples));

    private int RowsOf(List<int> tuples) => tuples.Sum(t => _tuples.Sizes[t]);

    private bool Covers(int region, int tuple)
    {
        var levels = _grid.Stages[_stageOf[region]].Levels;
        for (var a = 0; a < levels.Length; a++)
        {
            if (_grid.Attributes[a].LabelsAt(levels[a])[_tuples.Leaves[a][tuple]] != _grid.Regions[region][a])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Asked of the list alone, never of the rows.</summary>
    private bool LiesWithin(int region, int other)
    {
        var (levels, otherLevels) = (_grid.Stages[_stageOf[region]].Levels, _grid.Stages[_stageOf[other]].Levels);
        for (var a = 0; a < levels.Length; a++)
        {
            var labels = _grid.Attributes[a].LabelsAt(levels[a]);
            var otherLabels = _grid.Attributes[a].LabelsAt(otherLevels[a]);
            for (var leaf = 0; leaf < labels.Length; leaf++)
            {
                if (labels[leaf] == _grid.Regions[region][a] && otherLabels[leaf] != _grid.Regions[other][a])
                {
                    return false;
                }
            }
        }

        return true;
    }

    private Published Publish()
    {
        var (regions, number) = (new List<int[]>(), new Dictionary<int, int>());
        var regionOf = new int[_tuples.Data.Rows];
        for (var tuple = 0; tuple < _tuples.Count; tuple++)
        {
            var region = _regionOf[tuple];
            if (region >= 0 && number.TryAdd(region, regions.Count))
            {
                regions.Add(_grid.Regions[region]);
            }

            foreach (var row in _tuples.RowsOf(tuple))
            {
                regionOf[row] = region < 0 ? -1 : number[region];
            }
        }

        return new(_tuples.Data, regions, regionOf);
    }

    private ulong[] SummandsOf(int attribute, int level, ulong[] ofLabel)
    {
        var labels = _grid.Attributes[attribute].LabelsAt(level);
        var summands = new ulong[_tuples.Count];
        for (var tuple = 0; tuple < summands.Length; tuple++)
        {
            summands[tuple] = ofLabel[labels[_tuples.Leaves[attribute][tuple]]];
        }

        return summands;
    }
}
