using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Patients;
using Google.Protobuf.WellKnownTypes;
using Wire = ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Gateway.Care;

/// <summary>What the patient says between visits, from the domain to the wire.</summary>
internal static class VoiceMessages
{
    private const int JournalMax = 30;

    /// <param name="own">For the patient itself: with its private entries, which the grain tells nobody else.</param>
    public static Wire.PatientVoice Of(PatientState state, bool own, DateTimeOffset now)
    {
        var voice = state.Voice;
        var message = new Wire.PatientVoice { JournalCount = voice.Journal.Length, PrivateCount = voice.Journal.Count(e => e.Private) };
        message.Journal.AddRange(Shown(voice.Journal, own).TakeLast(JournalMax));
        message.OwnGoals.AddRange(voice.OwnGoals.Select(g => new Wire.OwnGoal { Text = g.Text, PlanGoal = g.PlanGoal is null ? 0 : PlaceOf(state, g.PlanGoal) }));
        message.Diary.AddRange(voice.Diary.Select(Of));
        message.Contacts.AddRange(voice.Contacts.Select(c => new Wire.SupportContact
        {
            Name = c.Name,
            Relation = c.Relation,
            Phone = c.Phone,
            InEmergency = c.InEmergency,
            Agreed = c.Agreed,
        }));
        message.Explanations.AddRange(voice.Explanations.Select(Of));
        var calendar = voice.HomeAnswers.IsEmpty ? [] : FollowUpCalendar.Of(state, now);
        message.HomeAnswers.AddRange(HomeAnswers.Of(state).Select(a => new Wire.HomeAnswer
        {
            Answer = $"{state.Id.Name}/assessments/{a.Answer.Assessment.Value}",
            OutsideWindow = !HomeAnswers.IsInWindow(calendar, a.Scale, a.At),
            RecordedAt = a.Answer.RecordedAt.ToTimestamp(),
        }));
        return message;
    }

    /// <summary>In order of writing.</summary>
    public static IEnumerable<Wire.JournalEntry> Shown(IEnumerable<JournalEntry> entries, bool own) => entries.Where(e => own || !e.Private).Select(Of);

    /// <summary>0: the plan has no such goal any more.</summary>
    private static int PlaceOf(PatientState state, string goal) => (state.Plan?.Goals ?? []).Select(g => g.Text).ToList().IndexOf(goal) + 1;

    public static Wire.JournalEntry Of(JournalEntry entry)
    {
        var message = new Wire.JournalEntry
        {
            Number = entry.Number,
            Day = PatientMessages.Iso(entry.Day),
            Text = entry.Text,
            Private = entry.Private,
            OccurredAt = entry.OccurredAt.ToTimestamp(),
        };
        message.Tags.AddRange(entry.Tags);
        if (entry.Mood is { } mood)
        {
            message.Mood = mood;
        }

        if (entry.SleepHours is { } hours)
        {
            message.SleepHours = hours;
        }

        return message;
    }

    public static Wire.DiaryEffect Of(DiaryEffect effect) => new()
    {
        Number = effect.Number,
        Kind = (Wire.SideEffectKind)effect.Kind,
        Severity = (Wire.SideEffectSeverity)effect.Severity,
        Note = effect.Note,
        OccurredAt = effect.OccurredAt.ToTimestamp(),
        ResolvedAt = effect.ResolvedAt?.ToTimestamp(),
        AtHome = effect.AtHome,
    };

    public static Wire.VisitExplanation Of(VisitExplanation told) => new()
    {
        Number = told.Number,
        Rule = told.Rule,
        Occurrence = told.Occurrence,
        Reason = (Wire.VisitReason)told.Reason,
        Note = told.Note,
        OccurredAt = told.OccurredAt.ToTimestamp(),
        AtHome = told.AtHome,
    };
}
