namespace ClinicNetwork.Verification.Tables;

/// <summary>Stable names of what is wrong with an anonymised table.</summary>
public static class TableRules
{
    /// <summary>A column that was named, or a hierarchy, is not there.</summary>
    public const string Columns = "COLUMNS";

    /// <summary>Output and original have not the same number of rows.</summary>
    public const string RowCount = "ROW_COUNT";

    /// <summary>The label of a batch is no whole number from 1 on.</summary>
    public const string Batch = "BATCH";

    /// <summary>A row that is in no batch shows something.</summary>
    public const string Withheld = "WITHHELD";

    /// <summary>A value of the original is no leaf of its hierarchy.</summary>
    public const string OriginalValue = "ORIGINAL_VALUE";

    /// <summary>A published value is no label of its hierarchy.</summary>
    public const string WrongCell = "WRONG_CELL";

    /// <summary>A published value does not cover the original's.</summary>
    public const string Coverage = "COVERAGE";

    /// <summary>A value that is passed through is not the original's.</summary>
    public const string Changed = "CHANGED";

    /// <summary>A class has fewer than k persons.</summary>
    public const string K = "K";

    /// <summary>A class has fewer than l sensitive values.</summary>
    public const string DistinctL = "DISTINCT_L";

    /// <summary>A class is further than t from the released table.</summary>
    public const string T = "T";

    /// <summary>A sensitive value is no number, and the ordered distance was asked for.</summary>
    public const string SensitiveNumber = "SENSITIVE_NUMBER";

    /// <summary>More rows are suppressed than allowed.</summary>
    public const string SuppressionLimit = "SUPPRESSION_LIMIT";

    /// <summary>A person is in two batches.</summary>
    public const string PersonTwice = "PERSON_TWICE";

    /// <summary>A published tuple is no region of the grid.</summary>
    public const string Region = "REGION";

    /// <summary>The report says something else than the table.</summary>
    public const string Report = "REPORT";
}

/// <summary>Which of the files that were handed in.</summary>
public enum TableFile
{
    Data,
    Original,
    Hierarchies,
    Report,
    Regions,
}

/// <summary>One thing that is wrong. It never holds a value of the table.</summary>
/// <param name="Rule">One of <see cref="TableRules"/>.</param>
/// <param name="Index">Of several files of the kind which, from 0.</param>
/// <param name="Row">From 1; the first row of a class; null: none in particular.</param>
/// <param name="Column">Its name; null: none in particular.</param>
/// <param name="Message">What is wrong, or what to do.</param>
public sealed record TableFinding(string Rule, TableFile File, int Index, long? Row, string? Column, string Message);

/// <summary>Counts all findings and keeps the first <see cref="PerRuleMax"/> of each rule.</summary>
internal sealed class TableFindings
{
    public const int PerRuleMax = 20;

    private readonly List<TableFinding> _kept = [];
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);

    public IReadOnlyList<TableFinding> Kept => _kept;

    /// <summary>By rule, those that were not kept included.</summary>
    public IReadOnlyDictionary<string, long> Counts => _counts;

    public bool Any => _kept.Count > 0;

    /// <param name="finding">Made only when it is kept.</param>
    public void Add(string rule, Func<TableFinding> finding)
    {
        var count = _counts[rule] = _counts.GetValueOrDefault(rule) + 1;
        if (count <= PerRuleMax)
        {
            _kept.Add(finding());
        }
    }
}
