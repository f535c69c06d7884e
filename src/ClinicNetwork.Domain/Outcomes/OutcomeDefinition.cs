using System.Collections.Immutable;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Outcomes;

/// <summary>A versioned outcome definition. Every derived value carries <see cref="Key"/>; a change of rule or window is a new version.</summary>
/// <param name="MetBy">Met when all conditions of any one of these hold. Several scales only with <see cref="WindowTotals.First"/>.</param>
/// <param name="RuleText">The rule in words, for people and manifests.</param>
/// <param name="WindowText">The window in words.</param>
/// <param name="Source">Author, year, DOI; [K] marks what was not checked against it.</param>
public sealed record OutcomeDefinition(
    string Id,
    int Version,
    OutcomeWindow Window,
    ImmutableArray<ImmutableArray<OutcomeCondition>> MetBy,
    string RuleText,
    string WindowText,
    string Source)
{
    /// <summary>Whom it is about: any one of these holds at baseline. Empty: everybody treated.</summary>
    public ImmutableArray<OutcomeCondition> Among { get; init; } = [];

    /// <summary>It is about those alone who met this before.</summary>
    public OutcomeDefinition? After { get; init; }

    /// <summary><c>id/version</c>.</summary>
    public string Key => $"{Id}/{Version}";

    /// <summary>The scales it reads, in order of their values.</summary>
    public ImmutableArray<ScaleKind> Scales => [.. MetBy.SelectMany(all => all).Concat(Among).Select(c => c.Scale).Distinct().Order()];

    /// <summary>The scales' names.</summary>
    public string Scale => string.Join(", ", Scales.Select(NameOf));

    /// <summary>Whether a score in the window meets a definition that looks at one scale and at nothing in between.</summary>
    public bool IsMet(int baseline, int score) => IsMet([new(default, Scales.Single(), baseline, score, null)]);

    /// <param name="totals">One of each scale.</param>
    public bool IsMet(IReadOnlyList<JudgedTotal> totals) => MetBy.Any(all => all.All(c => c.IsMet(totals.Single(t => t.Scale == c.Scale))));

    /// <summary>The scale's name as definitions and manifests spell it.</summary>
    public static string NameOf(ScaleKind scale) => scale switch
    {
        ScaleKind.Phq9 => "PHQ-9",
        ScaleKind.Gad7 => "GAD-7",
        ScaleKind.Madrs => "MADRS",
        ScaleKind.QidsSr16 => "QIDS-SR16",
        _ => throw new ArgumentOutOfRangeException(nameof(scale)),
    };
}
