using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;

namespace ClinicNetwork.Domain.Patients;

/// <summary>What the patient says between visits, and who said it: the patient at home, or the clinic that was told.</summary>
[GenerateSerializer, Immutable, Alias("patient-voice")]
public sealed record PatientVoice
{
    public static readonly PatientVoice Empty = new();

    /// <summary>So many entries of one kind are taken a clinical day ([K], our bound): more is a program gone wrong, and a state that only grows.</summary>
    public const int EntriesPerDayMax = 10;

    /// <summary>By number, 1..n.</summary>
    [Id(0)] public ImmutableArray<JournalEntry> Journal { get; init; } = [];

    [Id(1)] public ImmutableArray<OwnGoal> OwnGoals { get; init; } = [];

    /// <summary>Side effects between sessions by number, 1..n; those of a session are <see cref="PatientState.SideEffects"/>.</summary>
    [Id(2)] public ImmutableArray<DiaryEffect> Diary { get; init; } = [];

    [Id(3)] public ImmutableArray<SupportContact> Contacts { get; init; } = [];

    /// <summary>By number, 1..n; of two for one visit the later counts.</summary>
    [Id(4)] public ImmutableArray<VisitExplanation> Explanations { get; init; } = [];

    /// <summary>Answers of scales that the patient gave without the clinic; all others came by the clinic.</summary>
    [Id(5)] public ImmutableArray<HomeAnswer> HomeAnswers { get; init; } = [];

    /// <summary>As others than the patient see it: of a private entry that it is there.</summary>
    public PatientVoice WithoutPrivate() => Journal.Any(e => e.Private) ? this with { Journal = [.. Journal.Select(e => e.Private ? e.Withheld() : e)] } : this;

    /// <summary>An event of the patient's as others than the patient see it.</summary>
    public static IEvent WithoutPrivate(IEvent @event) => @event is JournalWritten { Entry: { Private: true } entry } ? new JournalWritten(entry.Withheld()) : @event;

    /// <summary>Null when one more fits the day, else ENTRIES_TOO_MANY.</summary>
    internal static Refusal? CheckDay(PatientState state, IEnumerable<DateTimeOffset> recorded, DateTimeOffset now) =>
        recorded.Count(at => state.DayOf(at) == state.DayOf(now)) < EntriesPerDayMax
            ? null
            : Refusal.Precondition("ENTRIES_TOO_MANY", "patient", $"At most {EntriesPerDayMax} of a kind are taken a day; go on tomorrow.");

    internal PatientVoice With(IVoiceEvent @event) => @event switch
    {
        JournalWritten e => this with { Journal = Journal.Add(e.Entry) },
        OwnGoalsSet e => this with { OwnGoals = e.Goals },
        DiaryEffectRecorded e => this with { Diary = Diary.Add(e.Effect) },
        DiaryEffectResolved e => this with { Diary = [.. Diary.Select(d => d.Number == e.Number ? d with { ResolvedAt = e.OccurredAt } : d)] },
        SupportContactsSet e => this with { Contacts = e.Contacts },
        VisitExplained e => this with { Explanations = Explanations.Add(e.Explanation) },
        AnsweredAtHome e => this with { HomeAnswers = HomeAnswers.Add(e.Answer) },
        _ => throw new InvalidOperationException($"A voice has no event {@event.GetType().Name}."),
    };
}

/// <summary>An entry of the patient's journal.</summary>
/// <param name="Number">1..n of this patient.</param>
/// <param name="Day">The clinical day that it is written for.</param>
/// <param name="Mood">0, the worst, to 10; null: not told. No scale, and no outcome reads it.</param>
/// <param name="SleepHours">Of the night before, 0 to 24; null: not told.</param>
/// <param name="Private">For the patient alone; the clinic sees that there is one.</param>
/// <param name="RecordedAt">By the store's clock.</param>
[GenerateSerializer, Immutable, Alias("journal-entry")]
public sealed record JournalEntry(
    [property: Id(0)] int Number,
    [property: Id(1)] DateOnly Day,
    [property: Id(2)] string Text,
    [property: Id(3)] int? Mood,
    [property: Id(4)] double? SleepHours,
    [property: Id(5)] ImmutableArray<string> Tags,
    [property: Id(6)] bool Private,
    [property: Id(7)] DateTimeOffset OccurredAt,
    [property: Id(8)] DateTimeOffset RecordedAt) : IRecordedFact
{
    FactName IRecordedFact.Fact => new(FactKind.JournalEntry, "", Number);

    internal JournalEntry Withheld() => this with { Text = "", Mood = null, SleepHours = null, Tags = [] };

    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(JournalEntry);
}

/// <summary>A goal in the patient's own words.</summary>
/// <param name="PlanGoal">Text of the plan's goal that it goes with, so that a revision that keeps the goal keeps the link; null: none.</param>
[GenerateSerializer, Immutable, Alias("own-goal")]
public sealed record OwnGoal([property: Id(0)] string Text, [property: Id(1)] string? PlanGoal)
{
    /// <inheritdoc cref="JournalEntry.ToString"/>
    public override string ToString() => nameof(OwnGoal);
}

/// <summary>A side effect that was noticed between sessions.</summary>
/// <param name="Number">1..n of this patient's diary.</param>
/// <param name="OccurredAt">When it began.</param>
/// <param name="AtHome">The patient entered it; else the clinic that was told.</param>
/// <param name="RecordedAt">By the store's clock.</param>
[GenerateSerializer, Immutable, Alias("diary-effect")]
public sealed record DiaryEffect(
    [property: Id(0)] int Number,
    [property: Id(1)] SideEffectKind Kind,
    [property: Id(2)] SideEffectSeverity Severity,
    [property: Id(3)] string Note,
    [property: Id(4)] DateTimeOffset OccurredAt,
    [property: Id(5)] bool AtHome,
    [property: Id(6)] DateTimeOffset RecordedAt) : IRecordedFact
{
    FactName IRecordedFact.Fact => new(FactKind.DiaryEffect, "", Number);

    /// <summary>When it was over; null when that was not told.</summary>
    [Id(7)] public DateTimeOffset? ResolvedAt { get; init; }

    /// <inheritdoc cref="JournalEntry.ToString"/>
    public override string ToString() => nameof(DiaryEffect);
}

/// <summary>Somebody who stands by the patient.</summary>
/// <param name="InEmergency">May be called in an emergency.</param>
/// <param name="Agreed">This person agreed to be called.</param>
[GenerateSerializer, Immutable, Alias("support-contact")]
public sealed record SupportContact(
    [property: Id(0)] string Name,
    [property: Id(1)] string Relation,
    [property: Id(2)] string Phone,
    [property: Id(3)] bool InEmergency,
    [property: Id(4)] bool Agreed)
{
    /// <inheritdoc cref="JournalEntry.ToString"/>
    public override string ToString() => nameof(SupportContact);
}

/// <summary>Why a visit of the calendar was not answered, as the patient tells it ([K], our list).</summary>
[GenerateSerializer, Alias("visit-reason")]
public enum VisitReason
{
    Unwell = 1,
    Forgot = 2,
    Declined = 3,

    /// <summary>No device, no connection, or it did not work.</summary>
    Technical = 4,

    /// <summary>Too many questions, or too often.</summary>
    Burden = 5,
    Away = 6,
    Other = 7,
}

/// <summary>Why one visit of the follow-up calendar was not answered.</summary>
/// <param name="Number">1..n of this patient.</param>
/// <param name="Rule">Id and version of the rule that asks for the visit.</param>
/// <param name="Occurrence">1..n within the rule.</param>
/// <param name="Milestone">Whose window the visit has; null: none's.</param>
/// <param name="AtHome">The patient entered it; else the clinic that was told.</param>
/// <param name="RecordedAt">By the store's clock.</param>
[GenerateSerializer, Immutable, Alias("visit-explanation")]
public sealed record VisitExplanation(
    [property: Id(0)] int Number,
    [property: Id(1)] string Rule,
    [property: Id(2)] int Occurrence,
    [property: Id(3)] Milestone? Milestone,
    [property: Id(4)] VisitReason Reason,
    [property: Id(5)] string Note,
    [property: Id(6)] DateTimeOffset OccurredAt,
    [property: Id(7)] bool AtHome,
    [property: Id(8)] DateTimeOffset RecordedAt) : IRecordedFact
{
    FactName IRecordedFact.Fact => new(FactKind.VisitExplanation, "", Number);

    /// <summary>In the words of outcomes. That somebody declined is told; all else is a visit that was not kept.</summary>
    public MissingReason Missing => Reason == VisitReason.Declined ? MissingReason.Declined : MissingReason.NotAttended;

    /// <inheritdoc cref="JournalEntry.ToString"/>
    public override string ToString() => nameof(VisitExplanation);
}

/// <summary>The patient gave this answer of a scale alone.</summary>
/// <param name="RecordedAt">By the store's clock.</param>
[GenerateSerializer, Immutable, Alias("home-answer")]
public sealed record HomeAnswer([property: Id(0)] AssessmentId Assessment, [property: Id(1)] DateTimeOffset RecordedAt);
