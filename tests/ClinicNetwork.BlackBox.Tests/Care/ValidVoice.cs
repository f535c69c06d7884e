using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.BlackBox.Tests.Care;

/// <summary>Requests of a patient's voice that are accepted, each with an id of its own; tests change one thing.</summary>
internal static class ValidVoice
{
    public static WriteJournalEntryRequest Entry(string patient, DateTimeOffset? at = null) => new()
    {
        RequestId = Valid.Id(),
        Patient = patient,
        Text = "slept through the night",
        Mood = 6,
        SleepHours = 7.5,
        Tags = { "sleeping" },
        OccurredAt = (at ?? Valid.Past).ToTimestamp(),
    };

    public static SetOwnGoalsRequest Goals(string patient) => new()
    {
        RequestId = Valid.Id(),
        Patient = patient,
        Goals = { new OwnGoal { Text = "out with the dog again", PlanGoal = 1 }, new OwnGoal { Text = "see my sister" } },
        OccurredAt = Valid.At(default),
    };

    public static RecordDiaryEffectRequest Effect(string patient, DateTimeOffset? at = null) => new()
    {
        RequestId = Valid.Id(),
        Patient = patient,
        Kind = SideEffectKind.Headache,
        Severity = SideEffectSeverity.Mild,
        Note = "since the morning",
        OccurredAt = (at ?? Valid.Past).ToTimestamp(),
    };

    public static ResolveDiaryEffectRequest Over(string patient, int number = 1) =>
        new() { RequestId = Valid.Id(), Patient = patient, DiaryEffect = number, OccurredAt = Valid.At(TimeSpan.FromHours(5)) };

    public static SetSupportContactsRequest Contacts(string patient) => new()
    {
        RequestId = Valid.Id(),
        Patient = patient,
        Contacts = { new SupportContact { Name = "Sam Testrivera", Relation = "brother", Phone = "+49 40 123456", InEmergency = true, Agreed = true } },
        OccurredAt = Valid.At(default),
    };

    public static ExplainVisitRequest Explanation(string patient, string rule = "phq9-baseline/1", int occurrence = 1) => new()
    {
        RequestId = Valid.Id(),
        Patient = patient,
        Rule = rule,
        Occurrence = occurrence,
        Reason = VisitReason.Unwell,
        Note = "three days of fever",
        OccurredAt = Valid.At(default),
    };
}
