using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.Protocol.Care.V1;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Errors;

/// <summary>What a patient says between visits; by itself, where nobody else may.</summary>
internal static class VoiceMessages
{
    public static IEnumerable<BadMessage> All => [.. Own(Journal()), .. List(), .. Own(Goals()), .. Effect(), .. Over(), .. Contacts(), .. Visit()];

    /// <summary>What stands in a patient's message before the second slash is looked at first: a part of another patient's is another patient's.</summary>
    private static IEnumerable<BadMessage> Own(IEnumerable<BadMessage> rows) =>
        rows.Where(row => row.What != "patient is 'patients/a/b'");

    private static BadMessages<WriteJournalEntryRequest> Journal() =>
        new BadMessages<WriteJournalEntryRequest>("PatientVoiceService/WriteJournalEntry", _ => ValidVoice.Entry(Cast.Planned), async (_, c, r) => await c.Own.Voice.WriteJournalEntryAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .BadTexts("text", 2_000, required: true, (r, v) => r.Text = v)
            .BadTexts("tags[0]", 30, required: true, (r, v) => r.Tags[0] = v)
            .NotFinite("sleep_hours", (r, v) => r.SleepHours = v)
            .Invalid("day is none", "DATE_INVALID", "day", r => r.Day = "yesterday")
            .Invalid("day is tomorrow", "DAY_INVALID", "day", r => r.Day = "2025-07-02")
            .Invalid("day is before birth", "DAY_INVALID", "day", r => r.Day = "1980-02-28")
            .Invalid("mood -1", "MOOD_OUT_OF_RANGE", "mood", r => r.Mood = -1)
            .Invalid("mood 11", "MOOD_OUT_OF_RANGE", "mood", r => r.Mood = 11)
            .Invalid("sleep of 25 hours", "SLEEP_OUT_OF_RANGE", "sleep_hours", r => r.SleepHours = 25)
            .Invalid("sleep below 0", "SLEEP_OUT_OF_RANGE", "sleep_hours", r => r.SleepHours = -0.5)
            .Invalid("9 tags", "TAGS_INVALID", "tags", r => r.Tags.Add(Enumerable.Range(0, 8).Select(i => $"t{i}")))
            .Invalid("a tag twice", "TAGS_INVALID", "tags", r => r.Tags.Add(r.Tags[0]))
            .Row("another patient", StatusCode.NotFound, "PATIENT_NOT_FOUND", "patient", (r, _) => r.Patient = Cast.Ended)
            .Row("a part of another patient", StatusCode.NotFound, "PATIENT_NOT_FOUND", "patient", (r, _) => r.Patient = "patients/a/b");

    private static BadMessages<ListJournalRequest> List() =>
        new BadMessages<ListJournalRequest>("PatientVoiceService/ListJournal", _ => new() { Parent = Cast.Planned }, async (n, r) => await n.Voice.ListJournalAsync(r))
            .BadNames("parent", "patients", (r, v) => r.Parent = v)
            .BadPages((r, v) => r.PageSize = v, (r, v) => r.PageToken = v)
            .Row("unknown", StatusCode.NotFound, "PATIENT_NOT_FOUND", "parent", (r, _) => r.Parent = "patients/nobody");

    private static BadMessages<SetOwnGoalsRequest> Goals() =>
        new BadMessages<SetOwnGoalsRequest>("PatientVoiceService/SetOwnGoals", _ => ValidVoice.Goals(Cast.Planned), async (_, c, r) => await c.Own.Voice.SetOwnGoalsAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .BadTexts("goals[1].text", 300, required: true, (r, v) => r.Goals[1].Text = v)
            .Invalid("11 goals", "GOALS_INVALID", "goals", r => r.Goals.Add(Enumerable.Range(0, 9).Select(_ => new OwnGoal { Text = "sleep" })))
            .Precondition("a goal that the plan has not", "PLAN_GOAL_UNKNOWN", "goals[0].plan_goal", (r, _) => r.Goals[0].PlanGoal = 2)
            .Precondition("a goal below 0", "PLAN_GOAL_UNKNOWN", "goals[0].plan_goal", (r, _) => r.Goals[0].PlanGoal = int.MinValue);

    private static BadMessages<RecordDiaryEffectRequest> Effect() =>
        new BadMessages<RecordDiaryEffectRequest>("PatientVoiceService/RecordDiaryEffect", _ => ValidVoice.Effect(Cast.Planned), async (n, r) => await n.Voice.RecordDiaryEffectAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .BadTexts("note", 500, required: false, (r, v) => r.Note = v)
            .BadEnums("kind", (r, v) => r.Kind = (SideEffectKind)v)
            .BadEnums("severity", (r, v) => r.Severity = (SideEffectSeverity)v)
            .Invalid("before birth", "OCCURRED_BEFORE_BIRTH", "occurred_at", r => r.OccurredAt = new() { Seconds = 0 });

    private static BadMessages<ResolveDiaryEffectRequest> Over() =>
        new BadMessages<ResolveDiaryEffectRequest>("PatientVoiceService/ResolveDiaryEffect", _ => ValidVoice.Over(Cast.Warned), async (n, r) => await n.Voice.ResolveDiaryEffectAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .Precondition("no number", "DIARY_EFFECT_UNKNOWN", "diary_effect", (r, _) => r.DiaryEffect = 0)
            .Precondition("a number that is not there", "DIARY_EFFECT_UNKNOWN", "diary_effect", (r, _) => r.DiaryEffect = 3)
            .Precondition("it is over", "DIARY_EFFECT_RESOLVED", "diary_effect", (_, _) => { })
            .Invalid("before it began", "RESOLVED_BEFORE_ONSET", "occurred_at", r => (r.DiaryEffect, r.OccurredAt) = (2, Valid.At(TimeSpan.FromSeconds(-1))));

    private static BadMessages<SetSupportContactsRequest> Contacts() =>
        new BadMessages<SetSupportContactsRequest>("PatientVoiceService/SetSupportContacts", _ => ValidVoice.Contacts(Cast.Planned), async (n, r) => await n.Voice.SetSupportContactsAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .BadTexts("contacts[0].name", 100, required: true, (r, v) => r.Contacts[0].Name = v)
            .BadTexts("contacts[0].relation", 60, required: true, (r, v) => r.Contacts[0].Relation = v)
            .Invalid("a phone of letters", "PHONE_INVALID", "contacts[0].phone", r => r.Contacts[0].Phone = "ask the neighbour")
            .Invalid("no phone", "PHONE_INVALID", "contacts[0].phone", r => r.Contacts[0].Phone = "")
            .Invalid("not asked", "CONTACT_NOT_AGREED", "contacts[0].agreed", r => r.Contacts[0].Agreed = false)
            .Invalid("6 contacts", "CONTACTS_INVALID", "contacts", r => r.Contacts.Add(Enumerable.Range(0, 5).Select(_ => r.Contacts[0].Clone())));

    private static BadMessages<ExplainVisitRequest> Visit() =>
        new BadMessages<ExplainVisitRequest>("PatientVoiceService/ExplainVisit", _ => ValidVoice.Explanation(Cast.Dosed), async (n, r) => await n.Voice.ExplainVisitAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .BadTexts("note", 300, required: false, (r, v) => r.Note = v)
            .BadEnums("reason", (r, v) => r.Reason = (VisitReason)v)
            .Precondition("no rule", "VISIT_UNKNOWN", "rule", (r, _) => r.Rule = "")
            .Precondition("no visit of the rule", "VISIT_UNKNOWN", "rule", (r, _) => r.Occurrence = int.MaxValue)
            .Precondition("nothing was given yet", "VISIT_UNKNOWN", "rule", (r, _) => r.Patient = Cast.Planned);
}
