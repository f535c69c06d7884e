namespace ClinicNetwork.Verification;

/// <summary>The columns of profile <c>public-outcomes</c> version 1, in the order of docs/release-format.md.</summary>
internal enum Column
{
    Pseudonym,
    Cell,
    Milestone,
    Sex,
    Age,
    Treatment,
    BaselineSeverity,
    Status,
    MissingReason,
    Response,
    Remission,
    Worsening,
    Severity,
    Sessions,
    SideEffects,
}

/// <summary>What profile <c>public-outcomes</c> version 1 allows: docs/release-format.md, "Columns".</summary>
internal static class OutcomeProfile
{
    public const string Format = "clinicnetwork.release/1";
    public const string Name = "public-outcomes";
    public const int Version = 1;
    public const string Root = "*";
    public const int QuasiIdentifierCount = 4;

    /// <summary>Outcome categories of one row: worsening, remission, response, no change.</summary>
    public const int OutcomeCategories = 4;

    public static readonly string[] ColumnNames =
    [
        "pseudonym", "cell", "milestone", "sex", "age", "treatment", "baseline_severity", "status", "missing_reason", "response",
        "remission", "worsening", "severity", "sessions", "side_effects",
    ];

    public static readonly Column[] QuasiIdentifiers = [Column.Sex, Column.Age, Column.Treatment, Column.BaselineSeverity];

    public static readonly string[] Milestones = ["END_OF_INDUCTION", "WEEK_4", "WEEK_8", "WEEK_12", "WEEK_26", "WEEK_52"];

    public static readonly string[] MissingReasons =
        ["NOT_ATTENDED", "LEFT_TREATMENT", "INDUCTION_INCOMPLETE", "DECLINED", "UNREACHABLE", "BASELINE_MISSING"];

    /// <summary>
    /// The closed vocabularies by column; null for pseudonym, cell and the quasi-identifiers. Code 0 is empty where empty is allowed.
    /// </summary>
    public static readonly Vocabulary?[] Closed =
    [
        null, null, new(Milestones), null, null, null, null, new(["MEASURED", "MISSING"]), new(["", .. MissingReasons]),
        new(["", "no", "yes"]), new(["", "no", "yes"]), new(["", "no", "yes"]),
        new(["", "MINIMAL", "MILD", "MODERATE", "MODERATELY_SEVERE", "SEVERE"]),
        new(["1-3", "4-8", "9+"]), new(["NONE", "MILD", "MODERATE", "SEVERE"]),
    ];

    public const byte Measured = 0;
    public const byte Empty = 0;
    public const byte Yes = 2;

    /// <summary>Severity MINIMAL.</summary>
    public const byte Minimal = 1;
}
