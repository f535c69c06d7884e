namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>Whether rows may be a class: k persons, l sensitive values, t. Not for several threads at once.</summary>
internal sealed class ClassRule
{
    private readonly TupleTable _tuples;
    private readonly PrivacyModel _model;
    private readonly int[]? _persons;
    private readonly int[] _personSeen;
    private readonly int[]? _sensitive;
    private readonly int[] _counts;
    private readonly int[] _whole;
    private readonly List<int> _touched = [];
    private int _wholeRows;
    private int _stamp;

    public ClassRule(TupleTable tuples, PrivacyModel model)
    {
        (_tuples, _model) = (tuples, model);
        _persons = tuples.Data.Persons is { } persons ? Dense(persons, out var count) is var dense && count < persons.Length ? dense : null : null;
        _personSeen = _persons is null ? [] : new int[_persons.Max() + 1];
        _sensitive = model.AsksForSensitive ? Ranks(tuples.Data.Sensitive ?? throw new ArgumentException("The model asks for a sensitive attribute and there is none.", nameof(model))) : null;
        _counts = _sensitive is null ? [] : new int[_sensitive.DefaultIfEmpty(0).Max() + 1];
        (_whole, _wholeRows) = (new int[_counts.Length], tuples.Data.Rows);
        foreach (var value in _sensitive ?? [])
        {
            _whole[value]++;
        }
    }

    public bool CountsRowsAlone => _persons is null && _sensitive is null;

    /// <param name="rows">Of all the tuples together.</param>
    public bool Holds(ReadOnlySpan<int> tuples, int rows) =>
        rows >= _model.K && (CountsRowsAlone || ((_persons is null || Persons(tuples) >= _model.K) && (_sensitive is null || IsDiverse(tuples, rows))));

    /// <summary>From now on classes are compared with the table without these rows.</summary>
    public void CompareWithout(IReadOnlySet<int> suppressed)
    {
        Array.Clear(_whole);
        _wholeRows = 0;
        for (var row = 0; row < _tuples.Data.Rows; row++)
        {
            if (!suppressed.Contains(row))
            {
                _whole[_sensitive![row]]++;
                _wholeRows++;
            }
        }
    }

    private int Persons(ReadOnlySpan<int> tuples)
    {
        var (found, stamp) = (0, ++_stamp);
        foreach (var tuple in tuples)
        {
            foreach (var row in _tuples.RowsOf(tuple))
            {
                var person = _persons![row];
                if (_personSeen[person] != stamp)
                {
                    _personSeen[person] = stamp;
                    found++;
                }
            }
        }

        return found;
    }

    private bool IsDiverse(ReadOnlySpan<int> tuples, int rows)
    {
        foreach (var tuple in tuples)
        {
            foreach (var row in _tuples.RowsOf(tuple))
            {
                if (_counts[_sensitive![row]]++ == 0)
                {
                    _touched.Add(_sensitive[row]);
                }
            }
        }

        var holds = _touched.Count >= _model.DistinctL && (_model.T >= 1 || SensitiveDistance.Of(_counts, rows, _whole, Math.Max(1, _wholeRows), _model.Ordered) <= _model.T);
        _touched.ForEach(value => _counts[value] = 0);
        _touched.Clear();
        return holds;
    }

    /// <summary>Each value's place among the sorted distinct ones.</summary>
    private static int[] Ranks(int[] values)
    {
        var sorted = values.Distinct().Order().ToArray();
        return [.. values.Select(v => Array.BinarySearch(sorted, v))];
    }

    internal static int[] Dense(int[] values, out int count)
    {
        var ids = new Dictionary<int, int>();
        var dense = new int[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            if (!ids.TryGetValue(values[i], out var id))
            {
                ids[values[i]] = id = ids.Count;
            }

            dense[i] = id;
        }

        count = ids.Count;
        return dense;
    }
}
