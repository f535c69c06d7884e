using System.Collections.Immutable;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// Consent to research is given, changed or (without recipients) withdrawn: a statement of all that is permitted from when it was made. One made before another that is known, or with it,
/// permits nothing that the other does not; see <see cref="ResearchConsents"/>. A withdrawal always works, whatever the state. Refused: RECIPIENTS_INVALID, PURPOSES_INVALID, UNTIL_INVALID,
/// OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY.
/// </summary>
[GenerateSerializer, Immutable, Alias("set-research-consent")]
public sealed record SetResearchConsent([property: Id(0)] ImmutableArray<RecipientClass> Recipients, [property: Id(1)] DateTimeOffset OccurredAt)
{
    /// <summary>Empty: research.</summary>
    [Id(2)] public ImmutableArray<ResearchPurpose> Purposes { get; init; } = [];

    /// <summary>End of the period, after <see cref="OccurredAt"/>; null: until it is withdrawn.</summary>
    [Id(3)] public DateTimeOffset? Until { get; init; }

    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(SetResearchConsent);

    public static Decision<ConsentAnswer> Decide(PatientState state, SetResearchConsent command, DateTimeOffset now)
    {
        if (command.Recipients.Distinct().Count() != command.Recipients.Length)
        {
            return Refusal.Invalid("RECIPIENTS_INVALID", "recipients", "Name each class of recipients once.");
        }

        ImmutableArray<ResearchPurpose> purposes = command.Purposes.IsDefault ? [] : [.. command.Purposes.Order()];
        if (purposes.Distinct().Count() != purposes.Length)
        {
            return Refusal.Invalid("PURPOSES_INVALID", "purposes", "Name each purpose once.");
        }

        if (command.Until <= command.OccurredAt)
        {
            return Refusal.Invalid("UNTIL_INVALID", "until", "Give an end after the time of the decision, or none.");
        }

        if (ClinicTime.CheckOccurred(command.OccurredAt, now) is { } refusal)
        {
            return refusal;
        }

        var statement = command.Recipients.IsEmpty
            ? new ResearchConsentSet([], command.OccurredAt)
            : new ResearchConsentSet([.. command.Recipients.Order()], command.OccurredAt) { Purposes = purposes, Until = command.Until };

        // A period that is over is a withdrawal, also when nobody has recorded it yet.
        var over = state.PresentConsent()?.Until is { } until && until <= now ? [new ResearchConsentSet([], until)] : (ResearchConsentSet[])[];
        ResearchConsentSet[] statements = [.. over, statement, .. statement.Until is { } end && end <= now ? [new ResearchConsentSet([], end)] : (ResearchConsentSet[])[]];
        var permitted = statements.Aggregate(state, PatientState.Evolve).PresentConsent();
        return Decision<ConsentAnswer>.Accept(new(permitted?.Permission ?? 0, permitted?.Until), statements);
    }
}

/// <param name="Permission">What is permitted then, as <see cref="ReleasePermission"/>'s bits; null: accepted before 0.6, which did not tell.</param>
/// <param name="Until">End of its period; null: none.</param>
[GenerateSerializer, Immutable, Alias("consent-answer")]
public sealed record ConsentAnswer([property: Id(0)] int? Permission, [property: Id(1)] DateTimeOffset? Until)
{
    public static readonly ConsentAnswer Untold = new(null, null);

    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(ConsentAnswer);
}
