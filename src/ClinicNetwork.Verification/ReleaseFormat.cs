using System.Globalization;

namespace ClinicNetwork.Verification;

/// <summary>A version of the format with a profile: the columns, milestones and values that it allows (docs/release-format.md).</summary>
internal sealed class ReleaseFormat
{
    private const int FirstMilestones = 6;
    private const int FirstColumns = (int)Column.SideEffects + 1;
    private static readonly string[] YesNo = ["", "no", "yes"];
    private static readonly string[] Severities = ["", "MINIMAL", "MILD", "MODERATE", "MODERATELY_SEVERE", "SEVERE"];
    private static readonly string[] Counts = ["1-3", "4-8", "9+"];

    /// <summary>Version 1, profile <c>public-outcomes</c> version 1: every column, in any order.</summary>
    public static readonly ReleaseFormat First = new("clinicnetwork.release/1", "public-outcomes", 1, FirstColumns, FirstMilestones, Severities);

    /// <summary>Version 2.</summary>
    public static readonly ReleaseFormat[] Second =
    [
        new("clinicnetwork.release/2", "public-outcomes", 2, (int)Column.Phq9, OutcomeProfile.Milestones.Length, [.. Severities, "BELOW_MODERATE", "MODERATE_OR_WORSE"]),
        new("clinicnetwork.release/2", "research-outcomes", 1, (int)Column.Phq9 + 1, OutcomeProfile.Milestones.Length, [.. Severities, "BELOW_MODERATE", "MODERATE_OR_WORSE"]),
    ];

    private ReleaseFormat(string name, string profile, int profileVersion, int columns, int milestones, string[] severities)
    {
        (Name, Profile, ProfileVersion) = (name, profile, profileVersion);
        Columns = OutcomeProfile.ColumnNames[..columns];
        Closed =
        [
            null, null, new(OutcomeProfile.Milestones[..milestones]), null, null, null, null, new(["MEASURED", "MISSING"]),
            new(["", .. OutcomeProfile.MissingReasons]), new(YesNo), new(YesNo), new(YesNo), new(severities),
            new(Counts), new(["NONE", "MILD", "MODERATE", "SEVERE"]), new(["", "1", "2", "3+"]), null, new(["", "0", .. Counts]),
            new(["", .. Enumerable.Range(0, 28).Select(total => total.ToString(CultureInfo.InvariantCulture))]),
        ];
    }

    public string Name { get; }
    public string Profile { get; }
    public int ProfileVersion { get; }

    /// <summary>In canonical order.</summary>
    public string[] Columns { get; }

    /// <summary>
    /// The closed vocabularies by column; null for pseudonym, cell, the quasi-identifiers and <c>treatment_at</c>. Code 0 is empty where empty is allowed.
    /// </summary>
    public Vocabulary?[] Closed { get; }

    /// <summary>Recipients, agreed columns, bands, tombstones, corrections and the rest of version 2.</summary>
    public bool IsSecond => this != First;
}
