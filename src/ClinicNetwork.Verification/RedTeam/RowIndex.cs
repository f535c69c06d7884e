namespace ClinicNetwork.Verification.RedTeam;

/// <summary>Finds the rows of a table that have given values.</summary>
/// <param name="columns">For each column the value of each row.</param>
/// <param name="persons">For each row whose it is.</param>
internal sealed class RowIndex(int[][] columns, int[] persons)
{
    private readonly Dictionary<int, int[]>[] _rowsWith =
        [.. columns.Select(column => Enumerable.Range(0, column.Length).GroupBy(row => column[row]).ToDictionary(group => group.Key, group => group.ToArray()))];

    public int Rows => persons.Length;

    public int Columns => columns.Length;

    public int Persons { get; } = persons.Distinct().Count();

    public int ValueAt(int column, int row) => columns[column][row];

    /// <summary>Values of a column that one row has.</summary>
    public IEnumerable<int> SingleValues(int column) => _rowsWith[column].Where(rows => rows.Value.Length == 1).Select(rows => rows.Key);

    /// <summary>Distinct persons with a row that has the value of each column; no more than <paramref name="most"/> are counted.</summary>
    public int CountPersons(Predicate predicate, int most)
    {
        var rarest = Array.Empty<int>();
        for (var i = 0; i < predicate.Columns.Length; i++)
        {
            if (!_rowsWith[predicate.Columns[i]].TryGetValue(predicate.Values[i], out var rows))
            {
                return 0;
            }

            rarest = i == 0 || rows.Length < rarest.Length ? rows : rarest;
        }

        var found = new HashSet<int>();
        foreach (var row in rarest)
        {
            if (Holds(predicate, row) && found.Add(persons[row]) && found.Count == most)
            {
                break;
            }
        }

        return found.Count;
    }

    private bool Holds(Predicate predicate, int row)
    {
        for (var i = 0; i < predicate.Columns.Length; i++)
        {
            if (columns[predicate.Columns[i]][row] != predicate.Values[i])
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>Each of the columns has its value.</summary>
internal sealed record Predicate(int[] Columns, int[] Values)
{
    public string Key => $"{string.Join(',', Columns)}:{string.Join(',', Values)}";
}
