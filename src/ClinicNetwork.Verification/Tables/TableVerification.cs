namespace ClinicNetwork.Verification.Tables;

/// <summary>What is promised of a table.</summary>
/// <param name="K">Persons of a class, 1 or more.</param>
/// <param name="DistinctL">Distinct sensitive values of a class, 1 or more.</param>
/// <param name="T">Distance between a class and the released table (of a batch: the batch's released rows) at most, 0 to 1.</param>
/// <param name="OrderedT">Distance over the sorted values, which are numbers; else total variation.</param>
/// <param name="SuppressionLimit">Share of suppressed and withheld rows at most, 0 to 1.</param>
public sealed record TablePromise(int K, int DistinctL = 1, double T = 1, bool OrderedT = false, double SuppressionLimit = 1);

/// <summary>What is verified, and against what.</summary>
/// <param name="Data">The published tables with one header, 1 or more: several are batches, each by itself.</param>
/// <param name="QuasiIdentifiers">Names of columns, 1 or more.</param>
public sealed record TableVerification(IReadOnlyList<VerifiedTable> Data, IReadOnlyList<string> QuasiIdentifiers)
{
    /// <summary>Name of the leading column of a stream's batches, unless the original has it.</summary>
    public const string BatchColumn = "batch";

    /// <summary>One for each of <see cref="Data"/>, in its rows' order; empty: coverage and changed values are not checked.</summary>
    public IReadOnlyList<VerifiedTable> Originals { get; init; } = [];

    /// <summary>By quasi-identifier, all or none; none: no coverage, no wrong cells, no NCP and GI.</summary>
    public IReadOnlyDictionary<string, TableHierarchy> Hierarchies { get; init; } = new Dictionary<string, TableHierarchy>();

    /// <summary>Column that says whose a row is, of the original or else of the data; null: each row is another person's.</summary>
    public string? Person { get; init; }

    public string? Sensitive { get; init; }

    /// <summary>Regions that may be published, by quasi-identifier; null: not checked.</summary>
    public VerifiedTable? Regions { get; init; }

    public ReportedMeasures? Report { get; init; }
}

/// <summary>What a verification found.</summary>
/// <param name="Findings">In the order met; the first <see cref="PerRuleMax"/> of each rule.</param>
/// <param name="Counts">Findings by rule, all of them.</param>
/// <param name="Measures">Recomputed; null when columns or rows do not fit together, so that nothing was checked.</param>
/// <param name="NotChecked">What could not be checked, and what to give.</param>
public sealed record TableVerdict(
    IReadOnlyList<TableFinding> Findings, IReadOnlyDictionary<string, long> Counts, VerifiedMeasures? Measures, IReadOnlyList<string> NotChecked)
{
    public const int PerRuleMax = TableFindings.PerRuleMax;

    /// <summary>Nothing was found.</summary>
    public bool Clean => Findings.Count == 0;
}

/// <summary>Measures by the formulas of docs/anonymisation.md. Classes are the groups of equal published quasi-identifiers among a batch's released rows.</summary>
/// <param name="N">Rows.</param>
/// <param name="K">Of C_AVG.</param>
/// <param name="Persons">Null when rows are withheld and only they would say whose they are.</param>
/// <param name="MinClass">Persons of the smallest class; 0 without classes.</param>
/// <param name="Suppressed">Rows, the withheld included.</param>
/// <param name="Ncp">Mean loss over all cells of quasi-identifiers, 0 to 1; null without hierarchies.</param>
/// <param name="Gi">Mean of level / maximum level, 0 to 1; null without hierarchies.</param>
/// <param name="Dm">Σ |class|² + n · suppressed.</param>
/// <param name="CAvg">Mean rows of a class / k.</param>
/// <param name="RiskMax">1 / rows of the smallest class.</param>
/// <param name="RiskAvg">Classes / released rows.</param>
/// <param name="LDistinct">Null without a sensitive column, or without classes.</param>
/// <param name="LEntropy">Least exp(H) of a class, natural H.</param>
/// <param name="T">Largest distance between a class and the released rows of its batch, 0 to 1.</param>
public sealed record VerifiedMeasures(
    int N,
    int K,
    int? Persons,
    int Batches,
    int Classes,
    int MinClass,
    int Suppressed,
    int Withheld,
    double? Ncp,
    double? Gi,
    double Dm,
    double CAvg,
    double RiskMax,
    double RiskAvg,
    int? LDistinct,
    double? LEntropy,
    double? T);
