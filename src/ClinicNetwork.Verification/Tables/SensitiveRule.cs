namespace ClinicNetwork.Verification.Tables;

/// <summary>Diversity and distance of one batch's classes. Not for several threads at once.</summary>
internal sealed class SensitiveRule
{
    private readonly VerifiedColumn _column;
    private readonly int[]? _rankOf;
    private readonly int[] _counts;
    private readonly double[] _share;
    private readonly List<int> _touched = [];
    private readonly List<int> _compared = [];

    // Of the ordered distance: cumulated shares over the batch's sorted distinct values, and their running sums.
    private readonly int[] _positionOf = [];
    private double[] _cumulated = [];
    private double[] _sums = [];

    /// <param name="ranks">For each code of the column its number's rank, equal numbers alike; null: the equal distance.</param>
    public SensitiveRule(VerifiedColumn column, int[]? ranks)
    {
        (_column, _rankOf) = (column, ranks);
        var values = ranks is null ? column.Distinct : ranks.Max() + 1;
        (_counts, _share) = (new int[column.Distinct], new double[values]);
        _positionOf = ranks is null ? [] : new int[values];
    }

    /// <summary>The rank of each value's number; null: one of them is none, <paramref name="wrong"/> is its code.</summary>
    public static int[]? RanksOf(VerifiedColumn column, Func<int, bool> isUsed, out int wrong)
    {
        var numbers = new double[column.Distinct];
        for (wrong = 0; wrong < numbers.Length; wrong++)
        {
            if (isUsed(wrong) && !(double.TryParse(
                column.ValueOf(wrong), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out numbers[wrong]) && double.IsFinite(numbers[wrong])))
            {
                return null;
            }
        }

        double[] sorted = [.. numbers.Distinct().Order()];
        return [.. numbers.Select(number => Array.BinarySearch(sorted, number))];
    }

    /// <summary>From now on classes are compared with the rows of these together.</summary>
    public void CompareWith(ClassIndex classes, ReadOnlySpan<int> together)
    {
        foreach (var value in _compared)
        {
            _share[value] = 0;
        }

        _compared.Clear();
        var rows = 0;
        foreach (var c in together)
        {
            foreach (var row in classes.RowsOf(c))
            {
                if (_share[ValueAt(row)]++ == 0)
                {
                    _compared.Add(ValueAt(row));
                }
            }

            rows += classes.RowsOf(c).Length;
        }

        foreach (var value in _compared)
        {
            _share[value] /= rows;
        }

        if (_rankOf is not null)
        {
            Cumulate();
        }
    }

    /// <param name="rows">Of a class, at least one.</param>
    /// <returns>Distinct values; exp of the entropy; the distance.</returns>
    public (int Distinct, double Entropy, double Distance) Judge(ReadOnlySpan<int> rows)
    {
        var codes = _column.Codes;
        foreach (var row in rows)
        {
            if (_counts[codes[row]]++ == 0)
            {
                _touched.Add(codes[row]);
            }
        }

        var (entropy, above) = (0.0, 0.0);
        foreach (var value in _touched)
        {
            var share = (double)_counts[value] / rows.Length;
            entropy -= share * Math.Log(share);
            // Half of the sum of differences is the sum of what is above.
            above += _rankOf is null ? Math.Max(0, share - _share[value]) : 0;
        }

        var (distinct, distance) = (_touched.Count, _rankOf is null ? above : Ordered(rows.Length));
        foreach (var value in _touched)
        {
            _counts[value] = 0;
        }

        _touched.Clear();
        return (distinct, Math.Exp(entropy), distance);
    }

    private int ValueAt(int row) => _rankOf is null ? _column.Codes[row] : _rankOf[_column.Codes[row]];

    private void Cumulate()
    {
        _compared.Sort();
        (_cumulated, _sums) = (new double[_compared.Count], new double[_compared.Count + 1]);
        for (var i = 0; i < _cumulated.Length; i++)
        {
            _positionOf[_compared[i]] = i;
            _cumulated[i] = (i == 0 ? 0 : _cumulated[i - 1]) + _share[_compared[i]];
            _sums[i + 1] = _sums[i] + _cumulated[i];
        }
    }

    /// <summary>Σ |cumulated difference| / (m − 1), Li et al. 2007: between two values of the class its cumulated share stays, and the table's only rises.</summary>
    private double Ordered(int rows)
    {
        _touched.Sort((left, right) => _rankOf![left].CompareTo(_rankOf[right]));
        var (sum, at, below) = (0.0, 0, 0);
        foreach (var value in _touched)
        {
            var position = _positionOf[_rankOf![value]];
            sum += Between(at, position, (double)below / rows);
            (at, below) = (position, below + _counts[value]);
        }

        sum += Between(at, _cumulated.Length, 1);
        return _cumulated.Length < 2 ? 0 : Math.Max(0, sum) / (_cumulated.Length - 1);
    }

    private double Between(int from, int to, double share)
    {
        var cross = Array.BinarySearch(_cumulated, from, to - from, share);
        cross = cross < 0 ? ~cross : cross;
        return (share * (cross - from)) - (_sums[cross] - _sums[from]) + (_sums[to] - _sums[cross]) - (share * (to - cross));
    }
}
