namespace ClinicNetwork.Domain.Patients;

/// <summary>A side effect was seen: a fact. Refused: SESSION_UNKNOWN, DURATION_OUT_OF_RANGE, TEXT_INVALID, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY.</summary>
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

        if ((Texts.Check(effect.Note, 0, 1000, "note") ?? ClinicTime.CheckOccurred(effect.OccurredAt, now)) is { } refusal)
        {
            return refusal;
        }

        return state.FindSession(effect.Session) is null
            ? Refusal.Precondition("SESSION_UNKNOWN", "session_id", "Start the session first.")
            : Decision<Accepted>.Accept(Accepted.Instance, new SideEffectRecorded(effect));
    }
}
