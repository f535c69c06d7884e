namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>
/// Images of a table's tuples under vectors of levels, as numbers: equal where images are; two images may, once in 10^19, have one number. The attributes are in two halves, each with its
/// distinct tuples, which are far fewer, so that a vector costs two look-ups and a sum per tuple.
/// </summary>
internal sealed class TupleImages
{
    private readonly Half[] _halves;

    /// <param name="tuples">Not split afterwards.</param>
    public TupleImages(TupleTable tuples)
    {
        Tuples = tuples;
        var attributes = tuples.Data.Attributes.Count;
        var (middle, numbers) = ((attributes + 1) / 2, LabelNumbers.Of(tuples.Data.Attributes));
        // Of an only attribute both halves are the same.
        _halves = [.. new[] { Enumerable.Range(0, middle), Enumerable.Range(Math.Min(middle, attributes - 1), Math.Max(1, attributes - middle)) }
            .Select(of => new Half(tuples, [.. of], numbers))];
    }

    public TupleTable Tuples { get; }

    public Half First => _halves[0];

    public Half Second => _halves[1];

    public ulong Of(int tuple, int[] levels) => First.Sums(levels)[First.Of[tuple]] + Second.Sums(levels)[Second.Of[tuple]];

    /// <summary>Some of the attributes.</summary>
    internal sealed class Half
    {
        /// <summary>Numbers kept; more are computed again.</summary>
        private const int KeptMax = 4_000_000;

        private readonly int[] _attributes;
        private readonly TupleTable _distinct;
        private readonly ulong[][] _summands;
        private readonly Dictionary<long, ulong[]> _kept = [];

        /// <param name="numbers">Of the labels of all attributes.</param>
        public Half(TupleTable tuples, int[] attributes, ulong[][] numbers)
        {
            _attributes = attributes;
            _distinct = new(new Microdata([.. attributes.Select(a => tuples.Data.Attributes[a])], [.. attributes.Select(a => tuples.Leaves[a][..tuples.Count])]));
            Of = new int[tuples.Count];
            for (var half = 0; half < _distinct.Count; half++)
            {
                foreach (var tuple in TuplesOf(half))
                {
                    Of[tuple] = half;
                }
            }

            _summands = [.. attributes.Select(a => numbers[a])];
        }

        /// <summary>For each tuple the number of its half.</summary>
        public int[] Of { get; }

        public int Count => _distinct.Count;

        public ReadOnlySpan<int> TuplesOf(int half) => _distinct.RowsOf(half);

        /// <summary>For each half its part of the number.</summary>
        /// <param name="levels">Of all attributes.</param>
        public ulong[] Sums(int[] levels)
        {
            var vector = 0L;
            foreach (var attribute in _attributes)
            {
                vector = (vector * 256) + levels[attribute] + (vector >> 56);
            }

            if (_kept.TryGetValue(vector, out var sums))
            {
                return sums;
            }

            if ((long)_kept.Count * Count > KeptMax)
            {
                _kept.Clear();
            }

            _kept[vector] = sums = new ulong[Count];
            for (var a = 0; a < _attributes.Length; a++)
            {
                var labels = _distinct.Data.Attributes[a].LabelsAt(levels[_attributes[a]]);
                var (leaves, summands) = (_distinct.Leaves[a], _summands[a]);
                for (var half = 0; half < sums.Length; half++)
                {
                    sums[half] += summands[labels[leaves[half]]];
                }
            }

            return sums;
        }
    }
}
