using System.Collections.Immutable;

namespace ClinicNetwork.Domain.Patients;

/// <summary>The patient writes into its journal: a fact, for a clinical day. Refused: TEXT_INVALID, MOOD_OUT_OF_RANGE, SLEEP_OUT_OF_RANGE, TAGS_INVALID, DAY_INVALID, ENTRIES_TOO_MANY, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY.</summary>
/// <param name="Day">From birth to today; null: today.</param>
/// <param name="Text">1 to 2,000 characters.</param>
/// <param name="Mood">0 to 10.</param>
/// <param name="SleepHours">0 to 24.</param>
/// <param name="Tags">At most 8 of 1 to 30 characters.</param>
/// <param name="Private">For the patient alone.</param>
[GenerateSerializer, Immutable, Alias("write-journal-entry")]
public sealed record WriteJournalEntry(
    [property: Id(0)] DateOnly? Day,
    [property: Id(1)] string Text,
    [property: Id(2)] int? Mood,
    [property: Id(3)] double? SleepHours,
    [property: Id(4)] ImmutableArray<string> Tags,
    [property: Id(5)] bool Private,
    [property: Id(6)] DateTimeOffset OccurredAt)
{
    private const int TextLengthMax = 2_000;
    private const int TagsMax = 8;
    private const int TagLengthMax = 30;

    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(WriteJournalEntry);

    public static Decision<NumberAnswer> Decide(PatientState state, WriteJournalEntry command, DateTimeOffset now)
    {
        var day = command.Day ?? state.DayOf(now);
        if ((Texts.Check(command.Text, 1, TextLengthMax, "text")
            ?? CheckFigures(command)
            ?? CheckTags(command.Tags)
            ?? ClinicTime.CheckOccurred(command.OccurredAt, now)
            ?? (day > state.DayOf(now) || day < state.BirthDate ? Refusal.Invalid("DAY_INVALID", "day", "Give a day of the patient's life up to today, at the home clinic.") : null)
            ?? PatientVoice.CheckDay(state, state.Voice.Journal.Select(e => e.RecordedAt), now)) is { } refusal)
        {
            return refusal;
        }

        var number = RecordedFacts.NextNumber(state, FactKind.JournalEntry);
        return Decision<NumberAnswer>.Accept(
            new NumberAnswer(number),
            new JournalWritten(new JournalEntry(number, day, command.Text, command.Mood, command.SleepHours, command.Tags, command.Private, command.OccurredAt, now)));
    }

    private static Refusal? CheckFigures(WriteJournalEntry command) =>
        command.Mood is < 0 or > 10 ? Refusal.Invalid("MOOD_OUT_OF_RANGE", "mood", "Give 0 to 10.")
        : command.SleepHours is { } hours && hours is not (>= 0 and <= 24) ? Refusal.Invalid("SLEEP_OUT_OF_RANGE", "sleep_hours", "Give 0 to 24 hours.")
        : null;

    private static Refusal? CheckTags(ImmutableArray<string> tags) =>
        tags.Length > TagsMax || tags.Distinct(StringComparer.Ordinal).Count() != tags.Length ? Refusal.Invalid("TAGS_INVALID", "tags", $"Give at most {TagsMax} tags, each once.")
        : tags.Index().Select(t => Texts.Check(t.Item, 1, TagLengthMax, $"tags[{t.Index}]")).FirstOrDefault(r => r is not null);
}

/// <param name="Number">Of what was recorded, 1..n of its kind.</param>
[GenerateSerializer, Immutable, Alias("number-answer")]
public sealed record NumberAnswer([property: Id(0)] int Number);
