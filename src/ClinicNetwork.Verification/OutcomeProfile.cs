namespace ClinicNetwork.Verification;

/// <summary>All columns there are, in the order of docs/release-format.md.</summary>
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
    Courses,
    TreatmentAt,
    SessionsSince,
    Phq9,
}

/// <summary>What is alike in all profiles and versions of the format: docs/release-format.md, "Columns". What differs: <see cref="ReleaseFormat"/>.</summary>
internal static class OutcomeProfile
{
    public const string Root = "*";
    public const int QuasiIdentifierCount = 4;

    /// <summary>Outcome categories of one row: worsening, remission, response, no change.</summary>
    public const int OutcomeCategories = 4;

    /// <summary>The same in coarse bands: response, no change.</summary>
    public const int CoarseCategories = 2;

    public static readonly string[] ColumnNames =
    [
        "pseudonym", "cell", "milestone", "sex", "age", "treatment", "baseline_severity", "status", "missing_reason", "response",
        "remission", "worsening", "severity", "sessions", "side_effects", "courses", "treatment_at", "sessions_since", "phq9",
    ];

    public static readonly Column[] QuasiIdentifiers = [Column.Sex, Column.Age, Column.Treatment, Column.BaselineSeverity];

    public static readonly string[] Milestones =
        ["END_OF_INDUCTION", "WEEK_4", "WEEK_8", "WEEK_12", "WEEK_26", "WEEK_52", "YEAR_2", "YEAR_3", "YEAR_4", "YEAR_5"];

    public static readonly string[] MissingReasons =
        ["NOT_ATTENDED", "LEFT_TREATMENT", "INDUCTION_INCOMPLETE", "DECLINED", "UNREACHABLE", "BASELINE_MISSING"];

    public const byte Measured = 0;
    public const byte Empty = 0;
    public const byte Yes = 2;

    /// <summary>Severity MINIMAL.</summary>
    public const byte Minimal = 1;

    /// <summary>Severity of coarse bands: BELOW_MODERATE, then MODERATE_OR_WORSE.</summary>
    public const byte BelowModerate = 6;

    /// <summary>A column that the agreement does not name.</summary>
    public const byte Hidden = byte.MaxValue;
}
