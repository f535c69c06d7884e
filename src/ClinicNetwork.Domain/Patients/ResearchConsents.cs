using System.Collections.Immutable;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// What a person's statements on research come to. The one that was made last holds, whatever order they are recorded in; of two made at the same instant only what both permit. So a
/// grant made before a withdrawal, or with it, is none.
/// </summary>
public static class ResearchConsents
{
    /// <summary>What is permitted now, its period included; null: nothing.</summary>
    public static ResearchConsentSet? PresentConsent(this PatientState state) => Latest(state.GivenConsents()) is { Permission: > 0 } present ? present : null;

    /// <summary>In order of recording.</summary>
    internal static ImmutableArray<ResearchConsentSet> GivenConsents(this PatientState state) => state.Consents.IsDefault ? [] : state.Consents;

    /// <summary>What a statement takes away from what those made before it permitted, as <see cref="ReleasePermission"/>'s bits: also when a later one is known that gives it again.</summary>
    public static int WithdrawnBy(PatientState before, ResearchConsentSet statement) =>
        (Latest(before.GivenConsents().Where(c => c.OccurredAt <= statement.OccurredAt))?.Permission ?? 0) & ~statement.Permission;

    private static ResearchConsentSet? Latest(IEnumerable<ResearchConsentSet> statements)
    {
        ResearchConsentSet? latest = null;
        foreach (var statement in statements)
        {
            latest = latest is null || statement.OccurredAt > latest.OccurredAt ? statement
                : statement.OccurredAt == latest.OccurredAt ? latest.And(statement)
                : latest;
        }

        return latest;
    }
}
