using System.Collections.Immutable;

namespace ClinicNetwork.Domain.Patients;

/// <summary>An event of <see cref="PatientVoice"/>.</summary>
public interface IVoiceEvent : IEvent;

[GenerateSerializer, Immutable, Alias("journal-written")]
public sealed record JournalWritten([property: Id(0)] JournalEntry Entry) : IVoiceEvent;

/// <summary>Replaces the goals before.</summary>
[GenerateSerializer, Immutable, Alias("own-goals-set")]
public sealed record OwnGoalsSet([property: Id(0)] ImmutableArray<OwnGoal> Goals, [property: Id(1)] DateTimeOffset OccurredAt) : IVoiceEvent;

[GenerateSerializer, Immutable, Alias("diary-effect-recorded")]
public sealed record DiaryEffectRecorded([property: Id(0)] DiaryEffect Effect) : IVoiceEvent;

/// <param name="Number">Of the diary, 1..n.</param>
[GenerateSerializer, Immutable, Alias("diary-effect-resolved")]
public sealed record DiaryEffectResolved([property: Id(0)] int Number, [property: Id(1)] DateTimeOffset OccurredAt) : IVoiceEvent;

/// <summary>Replaces the contacts before.</summary>
[GenerateSerializer, Immutable, Alias("support-contacts-set")]
public sealed record SupportContactsSet(
    [property: Id(0)] ImmutableArray<SupportContact> Contacts, [property: Id(1)] bool AtHome, [property: Id(2)] DateTimeOffset OccurredAt) : IVoiceEvent;

[GenerateSerializer, Immutable, Alias("visit-explained")]
public sealed record VisitExplained([property: Id(0)] VisitExplanation Explanation) : IVoiceEvent;

/// <summary>Beside the answer, in the same command: the patient gave it.</summary>
[GenerateSerializer, Immutable, Alias("answered-at-home")]
public sealed record AnsweredAtHome([property: Id(0)] HomeAnswer Answer) : IVoiceEvent;
