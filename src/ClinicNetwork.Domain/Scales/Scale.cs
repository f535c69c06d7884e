using System.Collections.Immutable;

namespace ClinicNetwork.Domain.Scales;

/// <summary>How urgent the answers of a screen are.</summary>
[GenerateSerializer, Alias("risk-triage")]
public enum RiskTriage
{
    None = 1,
    Low = 2,
    Moderate = 3,
    High = 4,
}

/// <summary>What answers ask for; decision support, nothing is started by it.</summary>
[GenerateSerializer, Alias("scale-follow-up")]
public enum ScaleFollowUp
{
    /// <summary>A suicide-risk screen, the same day.</summary>
    RiskScreen = 1,

    /// <summary>A further evaluation of the risk by a mental health professional.</summary>
    RiskEvaluation = 2,

    /// <summary>That evaluation at once, and the patient's safety until then.</summary>
    ImmediateRiskEvaluation = 3,

    /// <summary>A clinician looks at what may be harm of long treatment.</summary>
    SafetyReview = 4,
}

/// <summary>A scale: versioned data that answers are checked and scored by. An answer keeps the version it was scored by.</summary>
/// <param name="Id">For example <c>phq-9</c>.</param>
/// <param name="Version">1 or more; a change of items, bands, window or rules is a new version.</param>
/// <param name="Items">In the order of the scale's form.</param>
/// <param name="Bands">Of the total, without gaps; empty when none were published.</param>
/// <param name="RecallDays">Days that the answers speak of, counted back from the day of answering; 0 for the moment itself.</param>
/// <param name="ProratedItemsMax">So many missing items are filled in by the mean of the others; 0: none.</param>
/// <param name="MissingRule">The rule for missing items in words, with its source.</param>
/// <param name="Licence">Who may use the scale.</param>
/// <param name="Source">Author, year, DOI; [K] marks what was not checked against the source.</param>
public sealed record Scale(
    ScaleKind Kind,
    string Id,
    int Version,
    string Title,
    ImmutableArray<ScaleItem> Items,
    ImmutableArray<ScaleBand> Bands,
    int RecallDays,
    int ProratedItemsMax,
    string MissingRule,
    string Licence,
    string Source)
{
    /// <summary>The patient may answer it alone; else somebody has to ask, or to look ([K], for a clinician to sign off).</summary>
    public bool SelfRated { get; init; }

    /// <summary>LOINC of the whole scale; empty when none was confirmed.</summary>
    public string Loinc { get; init; } = "";

    /// <summary>LOINC of the total, or of the triage; empty when none was confirmed.</summary>
    public string ResultLoinc { get; init; } = "";

    /// <summary><c>id/version</c>.</summary>
    public string Key => $"{Id}/{Version}";

    /// <summary>Each domain counts once in the total, by its highest answer. None: the scale has no total.</summary>
    public IEnumerable<IGrouping<string, ScaleItem>> Domains => Items.Where(i => i.Domain.Length > 0).GroupBy(i => i.Domain);

    /// <summary>Highest total; null when the scale has none.</summary>
    public int? TotalMax => Domains.Any() ? Domains.Sum(d => d.Max(i => i.Max)) : null;

    public ScaleItem? Find(string key) => Items.FirstOrDefault(i => i.Key == key);

    public string BandOf(int total) => Bands.FirstOrDefault(b => total >= b.From && total <= b.To)?.Name ?? "";
}

/// <summary>An item of a scale.</summary>
/// <param name="Number">In the published form.</param>
/// <param name="Key">Short and neutral, never the form's wording; 1 to 40 of a-z, 0-9 and inner dashes.</param>
/// <param name="Max">Highest answer; the lowest is 0. Yes and no are 1 and 0.</param>
public sealed record ScaleItem(int Number, string Key, int Max)
{
    /// <summary>What it is about, where it is our own item; else empty: the form has the wording.</summary>
    public string Text { get; init; } = "";

    /// <summary>What it counts for in the total; empty: it is not summed.</summary>
    public string Domain { get; init; } = Key;

    /// <summary>May be left out.</summary>
    public bool Optional { get; init; }

    /// <summary>Key of the item on which this one depends: asked when that is above 0, and not above 0 otherwise.</summary>
    public string AskedIf { get; init; } = "";

    /// <summary>One answered item is enough of those that share this name.</summary>
    public string OneOf { get; init; } = "";

    /// <summary>What an answer above 0 comes to.</summary>
    public RiskTriage? Triage { get; init; }

    /// <summary>What an answer of <see cref="FollowUpFrom"/> or more asks for.</summary>
    public ScaleFollowUp? FollowUp { get; init; }

    public int FollowUpFrom { get; init; } = 1;

    /// <summary>Empty when none was confirmed.</summary>
    public string Loinc { get; init; } = "";
}

/// <summary>Both ends are included.</summary>
public sealed record ScaleBand(string Name, int From, int To);

/// <summary>A code for other systems.</summary>
public readonly record struct ScaleCode(string System, string Code)
{
    public const string LoincSystem = "http://loinc.org";

    /// <summary>For what has no confirmed LOINC: no code of another system is made up.</summary>
    public const string OwnSystem = "urn:clinicnetwork:scales";

    /// <param name="own">Unique among the scales; the code where there is no LOINC.</param>
    public static ScaleCode Of(string loinc, string own) => loinc.Length > 0 ? new(LoincSystem, loinc) : new(OwnSystem, own);
}
