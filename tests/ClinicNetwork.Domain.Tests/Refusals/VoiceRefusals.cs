using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Refusals;

/// <summary>Refusals of what a patient says between visits.</summary>
internal static class VoiceRefusals
{
    public static IEnumerable<RefusalCase> All() => [.. Journal(), .. Goals(), .. Diary(), .. Contacts(), .. Visits(), .. Scales()];

    private static IEnumerable<RefusalCase> Journal()
    {
        var chart = new Chart().Enrol();
        var entry = new WriteJournalEntry(null, "slept through", 6, 7.5, ["sleep"], false, chart.At(0));
        yield return RefusalCase.Invalid("TEXT_INVALID", "text", "no text", chart, entry with { Text = "" });
        yield return RefusalCase.Invalid("TEXT_INVALID", "text", "2,001 characters", chart, entry with { Text = new('x', 2_001) });
        yield return RefusalCase.Invalid("MOOD_OUT_OF_RANGE", "mood", "-1", chart, entry with { Mood = -1 });
        yield return RefusalCase.Invalid("MOOD_OUT_OF_RANGE", "mood", "11", chart, entry with { Mood = 11 });
        foreach (var hours in (double[])[-0.01, 24.01, double.NaN])
            yield return RefusalCase.Invalid("SLEEP_OUT_OF_RANGE", "sleep_hours", $"{hours} h", chart, entry with { SleepHours = hours });
        yield return RefusalCase.Invalid("TAGS_INVALID", "tags", "9 tags", chart, entry with { Tags = [.. Enumerable.Range(0, 9).Select(i => $"t{i}")] });
        yield return RefusalCase.Invalid("TAGS_INVALID", "tags", "a tag twice", chart, entry with { Tags = ["sleep", "sleep"] });
        yield return RefusalCase.Invalid("TEXT_INVALID", "tags[1]", "a tag of 31 characters", chart, entry with { Tags = ["sleep", new('x', 31)] });
        yield return RefusalCase.Invalid("DAY_INVALID", "day", "tomorrow", chart, entry with { Day = new DateOnly(2025, 2, 4) }, chart.At(0));
        yield return RefusalCase.Invalid("DAY_INVALID", "day", "the day before birth", chart, entry with { Day = new DateOnly(1980, 5, 16) });
        yield return RefusalCase.Precondition("ENTRIES_TOO_MANY", "patient", "11 a day", Ten(entry), entry);
        foreach (var one in RefusalCase.OfTime(chart, at => entry with { OccurredAt = at }))
            yield return one;
    }

    private static IEnumerable<RefusalCase> Goals()
    {
        var chart = Chart.Planned();
        var goals = new SetOwnGoals([new("out with the dog", null)], chart.At(0));
        yield return RefusalCase.Invalid("GOALS_INVALID", "goals", "11 goals", chart, goals with { Goals = [.. Enumerable.Repeat(goals.Goals[0], 11)] });
        yield return RefusalCase.Invalid("TEXT_INVALID", "goals[0].text", "no text", chart, goals with { Goals = [new("", null)] });
        foreach (var number in (int[])[-1, 0, 2])
            yield return RefusalCase.Precondition("PLAN_GOAL_UNKNOWN", "goals[0].plan_goal", $"goal {number} of 1", chart, goals with { Goals = [new("dog", number)] });
        yield return RefusalCase.Precondition("PLAN_GOAL_UNKNOWN", "goals[0].plan_goal", "no plan", new Chart().Enrol(), goals with { Goals = [new("dog", 1)] });
        foreach (var one in RefusalCase.OfTime(chart, at => goals with { OccurredAt = at }))
            yield return one;
    }

    private static IEnumerable<RefusalCase> Diary()
    {
        var chart = new Chart().Enrol();
        var effect = new RecordDiaryEffect(SideEffectKind.Headache, SideEffectSeverity.Mild, "", chart.At(0), AtHome: true);
        yield return RefusalCase.Invalid("TEXT_INVALID", "note", "501 characters", chart, effect with { Note = new('x', 501) });
        yield return RefusalCase.Invalid("OCCURRED_BEFORE_BIRTH", "occurred_at", "the day before birth", chart, effect with { OccurredAt = new DateTimeOffset(1980, 5, 16, 12, 0, 0, TimeSpan.Zero) });
        yield return RefusalCase.Precondition("ENTRIES_TOO_MANY", "patient", "11 a day", Ten(effect), effect);
        foreach (var one in RefusalCase.OfTime(chart, at => effect with { OccurredAt = at }))
            yield return one;

        var noticed = new Chart().Enrol().Do(effect);
        var over = new ResolveDiaryEffect(1, chart.At(1));
        foreach (var number in (int[])[0, 2, int.MinValue])
            yield return RefusalCase.Precondition("DIARY_EFFECT_UNKNOWN", "diary_effect", $"number {number} of 1", noticed, over with { Number = number });
        yield return RefusalCase.Invalid("RESOLVED_BEFORE_ONSET", "occurred_at", "a tick before it began", noticed, over with { OccurredAt = chart.At(0).AddTicks(-1) });
        yield return RefusalCase.Precondition("DIARY_EFFECT_RESOLVED", "diary_effect", "twice", new Chart().Enrol().Do(effect).Do(over), over);
        foreach (var one in RefusalCase.OfTime(noticed, at => over with { OccurredAt = at }))
            yield return one;
    }

    private static IEnumerable<RefusalCase> Contacts()
    {
        var chart = new Chart().Enrol();
        var sam = new SupportContact("Sam Rivera", "brother", "+49 (40) 12-34.5/6", true, true);
        var contacts = new SetSupportContacts([sam], chart.At(0), AtHome: true);
        yield return RefusalCase.Invalid("CONTACTS_INVALID", "contacts", "6 contacts", chart, contacts with { Contacts = [.. Enumerable.Repeat(sam, 6)] });
        yield return RefusalCase.Invalid("TEXT_INVALID", "contacts[0].name", "no name", chart, contacts with { Contacts = [sam with { Name = "" }] });
        yield return RefusalCase.Invalid("TEXT_INVALID", "contacts[1].relation", "no relation", chart, contacts with { Contacts = [sam, sam with { Relation = "" }] });
        foreach (var phone in (string[])["", "12", "call me 123", "+-() /.", "٣٣٣٣", new string('1', 31)])
            yield return RefusalCase.Invalid("PHONE_INVALID", "contacts[0].phone", $"{phone.Length} characters", chart, contacts with { Contacts = [sam with { Phone = phone }] });
        yield return RefusalCase.Invalid("CONTACT_NOT_AGREED", "contacts[0].agreed", "an emergency without having agreed", chart, contacts with { Contacts = [sam with { Agreed = false }] });
        foreach (var one in RefusalCase.OfTime(chart, at => contacts with { OccurredAt = at }))
            yield return one;
    }

    private static IEnumerable<RefusalCase> Visits()
    {
        var chart = Chart.Planned().Doses(0, 2, 4, 7, 9, 11);
        var told = new ExplainVisit(FollowUpCatalogue.EndOfInduction.Key, 1, VisitReason.Unwell, "", chart.At(9), AtHome: true);
        yield return RefusalCase.Invalid("TEXT_INVALID", "note", "301 characters", chart, told with { Note = new('x', 301) });
        yield return RefusalCase.Precondition("VISIT_UNKNOWN", "rule", "no such rule", chart, told with { Rule = "phq9-hourly/1" });
        yield return RefusalCase.Precondition("VISIT_UNKNOWN", "rule", "no such visit", chart, told with { Occurrence = 2 });
        yield return RefusalCase.Precondition("VISIT_UNKNOWN", "rule", "a visit that has not opened", chart, told, chart.At(24, 23));
        yield return RefusalCase.Precondition("VISIT_ANSWERED", "rule", "a visit that was answered", Chart.Planned().Doses(0, 2, 4, 7, 9, 11).Answer(30, 9), told);
        yield return RefusalCase.Precondition("SCALE_NOT_SELF_RATED", "rule", "a screen, by the patient", Chart.Planned().Answer(0, 27), told with { Rule = FollowUpCatalogue.RiskScreen.Key });
        yield return RefusalCase.Precondition("ENTRIES_TOO_MANY", "patient", "11 a day", Enumerable.Range(0, 10).Aggregate(Chart.Planned().Doses(0, 2, 4, 7, 9, 11), (c, _) => c.Do(told)), told);
        foreach (var one in RefusalCase.OfTime(chart, at => told with { OccurredAt = at }))
            yield return one;
    }

    private static IEnumerable<RefusalCase> Scales()
    {
        var chart = new Chart().Enrol();
        RecordScale Answer(Scale scale, string id) => new(new(id), scale.Kind, ScaleAnswers.Random(scale, new Random(7)), chart.At(0)) { AtHome = true };
        yield return RefusalCase.Precondition("SCALE_NOT_SELF_RATED", "scale", "a MADRS, alone", chart, Answer(Madrs.Scale, "x-1"));
        yield return RefusalCase.Precondition("SCALE_NOT_SELF_RATED", "scale", "a C-SSRS, alone", chart, Answer(CssrsScreener.Scale, "x-1"));
        yield return RefusalCase.Precondition("ENTRIES_TOO_MANY", "patient", "11 answers a day", Enumerable.Range(0, 10).Aggregate(new Chart().Enrol(), (c, i) => c.Do(Answer(Gad7.Scale, $"g-{i}"))), Answer(Gad7.Scale, "g-10"));
    }

    private static Chart Ten(object command) => Enumerable.Range(0, 10).Aggregate(new Chart().Enrol(), (chart, _) => chart.Do(command));
}
