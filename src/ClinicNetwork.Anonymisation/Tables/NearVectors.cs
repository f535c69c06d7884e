using System.Numerics;

namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>
/// Vectors that make a small group around a tuple. From the root on, that attribute is made more exact, and that far, which lowers the loss most for the rows that the group loses by it
/// (by their logarithm), until any such step would leave too few. The first steps count on a sample, as bits; the others on the tuples themselves.
/// </summary>
internal sealed class NearVectors
{
    /// <summary>Rows of the sample.</summary>
    private const int SampleMax = 8_192;

    /// <summary>Rows of the sample at which the tuples themselves are looked at.</summary>
    private const int SampleMin = 96;

    /// <summary>Group sizes below which a vector is noted, in k; the last one of at least k is always.</summary>
    private static readonly int[] NotedInK = [2, 4, 16];

    private readonly TupleTable _tuples;
    private readonly int[] _open;
    private readonly int _k;
    private readonly ulong[]?[][] _sample;
    private readonly int _words;
    private readonly double _rowsOfSampled;
    private readonly int[][][] _labels;
    private readonly int[][][] _tuplesOf;
    private readonly int[][] _posted;
    private readonly int[][] _postedFrom;
    private readonly int[][] _common;
    private int[] _sizes = [];
    private readonly int[] _levels;
    private readonly double[][] _loss;
    private readonly ulong[] _group;
    private readonly int[] _rowsAt;

    /// <param name="open">The tuples that are to be placed.</param>
    public NearVectors(TupleTable tuples, int[] open, int k)
    {
        (_tuples, _open, _k) = (tuples, open, k);
        var attributes = tuples.Data.Attributes;
        var rows = open.Sum(t => (long)tuples.Sizes[t]);
        var sampled = SampleOf(rows);
        (_words, _rowsOfSampled) = ((sampled.Count + 63) / 64, (double)rows / Math.Max(1, sampled.Count));
        _sample = [.. attributes.Select(a => new ulong[]?[a.Labels.Length])];
        for (var a = 0; a < attributes.Count; a++)
        {
            for (var level = 0; level <= attributes[a].Height; level++)
            {
                for (var i = 0; i < sampled.Count; i++)
                {
                    var bits = _sample[a][attributes[a].LabelsAt(level)[tuples.Leaves[a][sampled[i]]]] ??= new ulong[_words];
                    bits[i >> 6] |= 1UL << (i & 63);
                }
            }
        }

        _labels = [.. attributes.Select(a => Enumerable.Range(0, a.Height + 1).Select(level => a.LabelsAt(level).ToArray()).ToArray())];
        _loss = [.. attributes.Select(a => new double[a.Height + 1])];
        _common = [.. attributes.Select(_ => Array.Empty<int>())];
        (_levels, _group) = (new int[attributes.Count], new ulong[_words]);
        (_tuplesOf, _posted, _postedFrom) = (new int[attributes.Count][][], new int[attributes.Count][], new int[attributes.Count][]);
        for (var a = 0; a < attributes.Count; a++)
        {
            Post(a);
        }

        _rowsAt = new int[attributes.Max(a => a.Height) + 1];
    }

    /// <param name="found">The vectors around the tuple, coarse to fine.</param>
    public void Around(int anchor, Action<int[]> found)
    {
        var attributes = _tuples.Data.Attributes;
        for (var a = 0; a < attributes.Count; a++)
        {
            var leaf = _tuples.Leaves[a][anchor];
            _levels[a] = attributes[a].Height;
            for (var level = 0; level <= attributes[a].Height; level++)
            {
                _loss[a][level] = attributes[a].Loss(attributes[a].LabelsAt(level)[leaf]);
            }
        }

        OnSample(anchor);
        OnTuples(anchor, found);
    }

    /// <summary>The open tuples by leaf, and of each label at each level how many.</summary>
    private void Post(int a)
    {
        var (attribute, leaves) = (_tuples.Data.Attributes[a], _tuples.Leaves[a]);
        var from = _postedFrom[a] = new int[attribute.LeafCount + 1];
        foreach (var tuple in _open)
        {
            from[leaves[tuple] + 1]++;
        }

        _tuplesOf[a] = new int[attribute.Height + 1][];
        for (var level = 0; level <= attribute.Height; level++)
        {
            var of = _tuplesOf[a][level] = new int[attribute.Labels.Length];
            for (var leaf = 0; leaf < attribute.LeafCount; leaf++)
            {
                of[_labels[a][level][leaf]] += from[leaf + 1];
            }
        }

        for (var leaf = 0; leaf < attribute.LeafCount; leaf++)
        {
            from[leaf + 1] += from[leaf];
        }

        var (next, posted) = (from.AsSpan().ToArray(), _posted[a] = new int[_open.Length]);
        foreach (var tuple in _open)
        {
            posted[next[leaves[tuple]]++] = tuple;
        }
    }

    private void OnSample(int anchor)
    {
        _group.AsSpan().Fill(ulong.MaxValue);
        var rows = (double)_words * 64;
        while (true)
        {
            var (best, attribute, to, left) = (-1.0, -1, 0, 0);
            for (var a = 0; a < _levels.Length; a++)
            {
                for (var level = _levels[a] - 1; level >= 0; level--)
                {
                    var gain = _loss[a][_levels[a]] - _loss[a][level];
                    var bits = _sample[a][LabelOf(a, level, anchor)];
                    var count = bits is null ? 0 : Both(bits);
                    if (count < SampleMin || count * _rowsOfSampled < 2 * NotedInK[^1] * _k)
                    {
                        break;
                    }

                    var worth = Worth(gain, rows, count);
                    if (worth > best)
                    {
                        (best, attribute, to, left) = (worth, a, level, count);
                    }
                }
            }

            if (attribute < 0)
            {
                return;
            }

            (_levels[attribute], rows) = (to, left);
            var with = _sample[attribute][LabelOf(attribute, to, anchor)]!;
            for (var i = 0; i < _group.Length; i++)
            {
                _group[i] &= with[i];
            }
        }
    }

    private void OnTuples(int anchor, Action<int[]> found)
    {
        var (count, rows) = Gather(anchor);
        for (var noted = NotedInK.Length - 1; ;)
        {
            var (best, attribute, to, left) = (-1.0, -1, 0, 0L);
            for (var a = 0; a < _levels.Length; a++)
            {
                if (_levels[a] == 0)
                {
                    continue;
                }

                Array.Clear(_rowsAt);
                var common = _common[a];
                for (var i = 0; i < count; i++)
                {
                    _rowsAt[common[i]] += _sizes[i];
                }

                var inside = rows;
                for (var level = _levels[a] - 1; level >= 0 && (inside -= _rowsAt[level + 1]) >= _k; level--)
                {
                    var worth = Worth(_loss[a][_levels[a]] - _loss[a][level], rows, inside);
                    if (worth > best)
                    {
                        (best, attribute, to, left) = (worth, a, level, inside);
                    }
                }
            }

            if (attribute < 0)
            {
                found([.. _levels]);
                return;
            }

            if (noted >= 0 && left < NotedInK[noted] * _k)
            {
                found([.. _levels]);
                while (noted >= 0 && left < NotedInK[noted] * _k)
                {
                    noted--;
                }
            }

            (_levels[attribute], count, rows) = (to, Keep(count, attribute, to), left);
        }
    }

    /// <summary>The tuples that are as the anchor at the levels reached, by the postings of the rarest of its labels.</summary>
    private (int Count, long Rows) Gather(int anchor)
    {
        var attributes = _tuples.Data.Attributes;
        var rarest = Enumerable.Range(0, _levels.Length).MinBy(a => _tuplesOf[a][_levels[a]][LabelOf(a, _levels[a], anchor)]);
        var (labels, label) = (_labels[rarest][_levels[rarest]], LabelOf(rarest, _levels[rarest], anchor));
        var (count, rows) = (0, 0L);
        Room(_tuplesOf[rarest][_levels[rarest]][label]);
        for (var leaf = 0; leaf < labels.Length; leaf++)
        {
            if (labels[leaf] != label)
            {
                continue;
            }

            foreach (var tuple in _posted[rarest].AsSpan(_postedFrom[rarest][leaf].._postedFrom[rarest][leaf + 1]))
            {
                if (IsAlike(anchor, tuple))
                {
                    for (var a = 0; a < _levels.Length; a++)
                    {
                        _common[a][count] = attributes[a].CommonLevel(0, _tuples.Leaves[a][anchor], _tuples.Leaves[a][tuple]);
                    }

                    rows += _sizes[count++] = _tuples.Sizes[tuple];
                }
            }
        }

        return (count, rows);
    }

    private bool IsAlike(int anchor, int tuple)
    {
        for (var a = 0; a < _levels.Length; a++)
        {
            var (labels, leaves) = (_labels[a][_levels[a]], _tuples.Leaves[a]);
            if (labels[leaves[tuple]] != labels[leaves[anchor]])
            {
                return false;
            }
        }

        return true;
    }

    private int Keep(int count, int attribute, int level)
    {
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            if (_common[attribute][i] <= level)
            {
                foreach (var common in _common)
                {
                    common[kept] = common[i];
                }

                _sizes[kept++] = _sizes[i];
            }
        }

        return kept;
    }

    private void Room(int count)
    {
        if (_sizes.Length < count)
        {
            _sizes = new int[count];
            for (var a = 0; a < _common.Length; a++)
            {
                _common[a] = new int[count];
            }
        }
    }

    /// <summary>Of equal cost the larger gain; what costs nothing first.</summary>
    private static double Worth(double gain, double rows, double left) => gain <= 0 ? (left == rows ? 0 : -1) : left >= rows ? 1e6 + gain : gain / Math.Log(rows / left);

    private int LabelOf(int attribute, int level, int tuple) => _tuples.Data.Attributes[attribute].LabelsAt(level)[_tuples.Leaves[attribute][tuple]];

    private int Both(ulong[] bits)
    {
        var count = 0;
        for (var i = 0; i < bits.Length; i++)
        {
            count += BitOperations.PopCount(bits[i] & _group[i]);
        }

        return count;
    }

    /// <summary>For each row of the sample its tuple.</summary>
    private List<int> SampleOf(long rows)
    {
        var (sampled, step) = (new List<int>(), Math.Max(1, rows / (double)SampleMax));
        var (next, seen) = (0.0, 0L);
        foreach (var tuple in _open)
        {
            for (seen += _tuples.Sizes[tuple]; next < seen && sampled.Count < SampleMax; next += step)
            {
                sampled.Add(tuple);
            }
        }

        return sampled;
    }
}
