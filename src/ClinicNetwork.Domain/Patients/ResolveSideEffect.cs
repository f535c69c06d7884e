namespace ClinicNetwork.Domain.Patients;

/// <summary>A side effect is over: a fact. Refused: SIDE_EFFECT_UNKNOWN, SIDE_EFFECT_RESOLVED, RESOLVED_BEFORE_ONSET, TEXT_INVALID, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY.</summary>
/// <param name="Number">Of the side effect, 1..n of this patient.</param>
/// <param name="TreatmentGiven">What was given for it, at most 200 characters; empty: nothing.</param>
/// <param name="OccurredAt">When it was over.</param>
[GenerateSerializer, Immutable, Alias("resolve-side-effect")]
public sealed record ResolveSideEffect([property: Id(0)] int Number, [property: Id(1)] string TreatmentGiven, [property: Id(2)] DateTimeOffset OccurredAt)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(ResolveSideEffect);

    public static Decision<Accepted> Decide(PatientState state, ResolveSideEffect command, DateTimeOffset now)
    {
        if ((Texts.Check(command.TreatmentGiven, 0, SideEffect.TreatmentLengthMax, "treatment_given") ?? ClinicTime.CheckOccurred(command.OccurredAt, now)) is { } refusal)
        {
            return refusal;
        }

        var at = FactNumbers.IndexOf(state, new(FactKind.SideEffect, "", command.Number));
        if (at < 0)
        {
            return Refusal.Precondition("SIDE_EFFECT_UNKNOWN", "side_effect", "Give the number of a side effect of this patient.");
        }

        var effect = state.SideEffects[at];
        return effect.OverAt is not null ? Refusal.Precondition("SIDE_EFFECT_RESOLVED", "side_effect", "It is recorded already when this side effect was over.")
            : command.OccurredAt < effect.OccurredAt ? Refusal.Invalid("RESOLVED_BEFORE_ONSET", "occurred_at", "A side effect is over after it began.")
            : Decision<Accepted>.Accept(Accepted.Instance, new SideEffectResolved(command.Number, command.TreatmentGiven, command.OccurredAt));
    }
}
