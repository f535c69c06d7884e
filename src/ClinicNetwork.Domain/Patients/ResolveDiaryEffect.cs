namespace ClinicNetwork.Domain.Patients;

/// <summary>A side effect of the diary is over: a fact. Refused: DIARY_EFFECT_UNKNOWN, DIARY_EFFECT_RESOLVED, RESOLVED_BEFORE_ONSET, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY.</summary>
/// <param name="Number">Of the diary, 1..n.</param>
/// <param name="OccurredAt">When it was over.</param>
[GenerateSerializer, Immutable, Alias("resolve-diary-effect")]
public sealed record ResolveDiaryEffect([property: Id(0)] int Number, [property: Id(1)] DateTimeOffset OccurredAt)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(ResolveDiaryEffect);

    public static Decision<Accepted> Decide(PatientState state, ResolveDiaryEffect command, DateTimeOffset now)
    {
        if (ClinicTime.CheckOccurred(command.OccurredAt, now) is { } refusal)
        {
            return refusal;
        }

        if (state.Voice.Diary.FirstOrDefault(e => e.Number == command.Number) is not { } effect)
        {
            return Refusal.Precondition("DIARY_EFFECT_UNKNOWN", "diary_effect", "Give the number of a side effect in this patient's diary.");
        }

        return effect.ResolvedAt is not null ? Refusal.Precondition("DIARY_EFFECT_RESOLVED", "diary_effect", "It is recorded already when this side effect was over.")
            : command.OccurredAt < effect.OccurredAt ? Refusal.Invalid("RESOLVED_BEFORE_ONSET", "occurred_at", "A side effect is over after it began.")
            : Decision<Accepted>.Accept(Accepted.Instance, new DiaryEffectResolved(command.Number, command.OccurredAt));
    }
}
