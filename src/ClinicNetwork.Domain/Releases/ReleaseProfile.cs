using System.Collections.Immutable;

namespace ClinicNetwork.Domain.Releases;

/// <summary>By what a release is anonymous before the law.</summary>
public enum ReleasePolicyKind
{
    /// <summary>45 CFR 164.514(b)(2): eighteen identifiers absent, ages of 90 and over in one band, no date but the year.</summary>
    SafeHarbor = 1,

    /// <summary>45 CFR 164.514(b)(1): somebody who knows the methods found the risk very small, for this profile, on a day.</summary>
    ExpertDetermination = 2,
}

/// <summary>What a class of agreements may be given: named, versioned data. All profiles are projections of one canonical form, so that comparing two tells nothing more than the wider.</summary>
/// <param name="Id">As in <c>profiles/{profile}</c>.</param>
/// <param name="PolicyText">What the policy rests on.</param>
/// <param name="Dated">Day on which it was laid down.</param>
/// <param name="Columns">In canonical order; an agreement's fields are a subset with all of <see cref="ReleaseProfiles.Always"/>.</param>
/// <param name="EveryMonths">Recipients get batches on publication days of months whose number less one is a multiple of it: 1 monthly, 3 quarterly.</param>
public sealed record ReleaseProfile(string Id, int Version, ReleasePolicyKind Policy, string PolicyText, DateOnly Dated, ImmutableArray<string> Columns, int EveryMonths);

/// <summary>The profiles of this version (docs/release-format.md).</summary>
public static class ReleaseProfiles
{
    /// <summary>Columns of every row of every agreement.</summary>
    public static readonly ImmutableArray<string> Always =
        ["pseudonym", "cell", "milestone", "sex", "age", "treatment", "baseline_severity", "status", "missing_reason"];

    private static readonly ImmutableArray<string> Banded =
        [.. Always, "response", "remission", "worsening", "severity", "sessions", "side_effects", "courses", "treatment_at", "sessions_since"];

    /// <summary>All columns there are, in canonical order.</summary>
    public static readonly ImmutableArray<string> Canonical = [.. Banded, "phq9"];

    public static readonly ReleaseProfile PublicOutcomes = new(
        "public-outcomes", 2, ReleasePolicyKind.SafeHarbor, "45 CFR 164.514(b)(2)", new DateOnly(2026, 11, 27), Banded, EveryMonths: 1);

    /// <summary>With the exact total of the PHQ-9: who knows one of a person's totals may find the row (known trajectory), so each agreement needs the expert's finding.</summary>
    public static readonly ReleaseProfile ResearchOutcomes = new(
        "research-outcomes", 1, ReleasePolicyKind.ExpertDetermination, "45 CFR 164.514(b)(1); the risk found is in each manifest under red_team", new DateOnly(2026, 11, 27), Canonical, EveryMonths: 3);

    public static readonly ImmutableArray<ReleaseProfile> All = [PublicOutcomes, ResearchOutcomes];

    /// <summary>Null: there is none of this id.</summary>
    public static ReleaseProfile? Find(string id) => All.FirstOrDefault(p => p.Id == id);
}
