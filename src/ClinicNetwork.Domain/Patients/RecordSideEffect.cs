namespace ClinicNetwork.Domain.Patients;

/// <summary>A side effect was seen: a fact. Refused: SESSION_UNKNOWN, DURATION_OUT_OF_RANGE, RESOLVED_BEFORE_ONSET, TEXT_INVALID, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY.</summary>
[GenerateSerializer, Immutable, Alias("record-side-effect")]
public sealed record RecordSideEffect([property: Id(0)] SideEffect SideEffect)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(RecordSideEffect);

    /// <summary>One week, minutes: what lasts longer is a condition, not a session's side effect.</summary>
    private const int DurationMinutesMax = 7 * 24 * 60;

    public static Decision<Accepted> Decide(PatientState state, RecordSideEffect command, DateTimeOffset now)
    {
        var effect = command.SideEffect;
        if (effect.DurationMinutes is < 0 or > DurationMinutesMax)
        {
            return Refusal.Invalid("DURATION_OUT_OF_RANGE", "duration_minutes", $"Give 0 to {DurationMinutesMax} minutes.");
        }

        if ((Texts.Check(effect.Note, 0, 1000, "note")
            ?? Texts.Check(effect.TreatmentGiven ?? "", 0, SideEffect.TreatmentLengthMax, "treatment_given")
            ?? ClinicTime.CheckOccurred(effect.OccurredAt, now)
            ?? CheckResolved(effect, now)) is { } refusal)
        {
            return refusal;
        }

        return state.FindSession(effect.Session) is null
            ? Refusal.Precondition("SESSION_UNKNOWN", "session_id", "Start the session first.")
            : Decision<Accepted>.Accept(Accepted.Instance, new SideEffectRecorded(effect));
    }

    private static Refusal? CheckResolved(SideEffect effect, DateTimeOffset now) =>
        effect.ResolvedAt is not { } resolved ? null
        : resolved < effect.OccurredAt ? Refusal.Invalid("RESOLVED_BEFORE_ONSET", "resolved_at", "A side effect is over after it began.")
        : ClinicTime.CheckOccurred(resolved, now) is { } refusal ? refusal with { Field = "resolved_at" }
        : null;
}
