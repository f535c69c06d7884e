namespace ClinicNetwork.Domain.Patients;

/// <summary>A side effect was noticed between sessions: a fact. Refused: TEXT_INVALID, ENTRIES_TOO_MANY, OCCURRED_BEFORE_BIRTH, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY.</summary>
/// <param name="Note">At most 500 characters.</param>
/// <param name="OccurredAt">When it began.</param>
/// <param name="AtHome">The patient says so itself; found on the connection.</param>
[GenerateSerializer, Immutable, Alias("record-diary-effect")]
public sealed record RecordDiaryEffect(
    [property: Id(0)] SideEffectKind Kind,
    [property: Id(1)] SideEffectSeverity Severity,
    [property: Id(2)] string Note,
    [property: Id(3)] DateTimeOffset OccurredAt,
    [property: Id(4)] bool AtHome)
{
    private const int NoteLengthMax = 500;

    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(RecordDiaryEffect);

    public static Decision<NumberAnswer> Decide(PatientState state, RecordDiaryEffect command, DateTimeOffset now)
    {
        if ((Texts.Check(command.Note, 0, NoteLengthMax, "note")
            ?? ClinicTime.CheckOccurred(command.OccurredAt, now)
            ?? (state.DayOf(command.OccurredAt) < state.BirthDate ? Refusal.Invalid("OCCURRED_BEFORE_BIRTH", "occurred_at", "Give a time in the patient's life.") : null)
            ?? PatientVoice.CheckDay(state, state.Voice.Diary.Select(e => e.RecordedAt), now)) is { } refusal)
        {
            return refusal;
        }

        var number = RecordedFacts.NextNumber(state, FactKind.DiaryEffect);
        return Decision<NumberAnswer>.Accept(
            new NumberAnswer(number), new DiaryEffectRecorded(new DiaryEffect(number, command.Kind, command.Severity, command.Note, command.OccurredAt, command.AtHome, now)));
    }
}
