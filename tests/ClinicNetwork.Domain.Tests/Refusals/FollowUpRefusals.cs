using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Tests.Sessions;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Refusals;

/// <summary>Refusals of assessments, missed visits, the end of treatment and closing milestones.</summary>
internal static class FollowUpRefusals
{
    public static IEnumerable<RefusalCase> All() => [.. Assessments(), .. MissedVisits(), .. NamedVisits(), .. Ends(), .. Closings()];

    private static IEnumerable<RefusalCase> Assessments()
    {
        var chart = new Chart().Enrol();
        var answer = new RecordAssessment(new("a-1"), Given.Items(20), chart.At(0));
        yield return RefusalCase.Invalid("ITEMS_INCOMPLETE", "items", "8 items", chart, answer with { Items = answer.Items.RemoveAt(0) });
        yield return RefusalCase.Invalid("ITEMS_INCOMPLETE", "items", "10 items", chart, answer with { Items = answer.Items.Add(0) });
        yield return RefusalCase.Invalid("ITEM_OUT_OF_RANGE", "items[2]", "a 4", chart, answer with { Items = answer.Items.SetItem(2, 4) });
        yield return RefusalCase.Exists("ASSESSMENT_EXISTS", "assessment_id", "an id twice", new Chart().Enrol().Answer(0, 3), answer);
        foreach (var one in RefusalCase.OfTime(chart, at => answer with { OccurredAt = at }))
            yield return one;
    }

    private static IEnumerable<RefusalCase> MissedVisits()
    {
        var chart = new Chart().Enrol();
        foreach (var reason in new[] { MissingReason.LeftTreatment, MissingReason.InductionIncomplete, MissingReason.BaselineMissing, (MissingReason)0 })
            yield return RefusalCase.Invalid("REASON_INVALID", "reason", $"{reason} is derived", chart, new RecordMissedVisit(Milestone.Week4, reason, chart.At(0)));
        foreach (var one in RefusalCase.OfTime(chart, at => new RecordMissedVisit(Milestone.Week4, MissingReason.Declined, at)))
            yield return one;
    }

    /// <summary>One dose of a protocol with phases, one answer in the window after it; day 21 begins the first window of the long-term items.</summary>
    private static IEnumerable<RefusalCase> NamedVisits()
    {
        var chart = LaterSession.Dosed(ProtocolCatalogue.KetamineIv2).Answer(2, 12);
        var (now, safety, session) = (chart.At(10), $"{FollowUpCatalogue.Safety.Key}/1", $"{FollowUpCatalogue.BeforeSession.Key}/2");
        var missed = new RecordMissedVisit(default, MissingReason.Declined, now, safety);
        yield return RefusalCase.Invalid("VISIT_AMBIGUOUS", "visit", "a milestone too", chart, missed with { Milestone = Milestone.Week4 }, now);
        yield return RefusalCase.Invalid("TEXT_INVALID", "visit", "81 characters", chart, missed with { Visit = new('x', 81) }, now);
        yield return RefusalCase.Precondition("VISIT_UNKNOWN", "visit", "a number that is not there", chart, missed with { Visit = $"{FollowUpCatalogue.Safety.Key}/9" }, now);
        yield return RefusalCase.Precondition("VISIT_ANSWERED", "visit", "answered", chart, missed with { Visit = $"{FollowUpCatalogue.AfterFirstDose.Key}/1" }, now);
        yield return RefusalCase.Precondition("VISIT_IS_SESSION", "visit", "a session", chart, missed with { Visit = session }, now);

        var moved = new RescheduleVisit(safety, chart.State.DayOf(chart.At(30)), "Away", now);
        yield return RefusalCase.Invalid("TEXT_INVALID", "visit", "none", chart, moved with { Visit = "" }, now);
        yield return RefusalCase.Invalid("TEXT_INVALID", "reason", "none", chart, moved with { Reason = "" }, now);
        yield return RefusalCase.Invalid("PLANNED_DAY_PAST", "day", "yesterday", chart, moved with { Day = chart.State.DayOf(chart.At(9)) }, now);
        yield return RefusalCase.Precondition("VISIT_UNKNOWN", "visit", "no rule's", chart, moved with { Visit = "no-rule/1/1" }, now);
        yield return RefusalCase.Precondition("VISIT_CLOSED", "visit", "answered", chart, moved with { Visit = $"{FollowUpCatalogue.AfterFirstDose.Key}/1" }, now);
        yield return RefusalCase.Precondition("VISIT_CLOSED", "visit", "missed", Chart.Planned().Dose(0).Do(missed, now), moved, now);
        yield return RefusalCase.Precondition("PLANNED_DAY_OUTSIDE_WINDOW", "day", "the day before it", chart, moved with { Day = chart.State.DayOf(chart.At(20)) }, now);
        yield return RefusalCase.Precondition("PLANNED_DAY_OUTSIDE_WINDOW", "day", "the day after it", chart, moved with { Day = chart.State.DayOf(chart.At(36)) }, now);
        yield return RefusalCase.Precondition("PLANNED_DAY_OUTSIDE_WINDOW", "day", "a session sooner than the spacing", chart, moved with { Visit = session, Day = chart.State.DayOf(chart.At(0)), OccurredAt = chart.At(0, 11) }, now);
        foreach (var one in RefusalCase.OfTime(chart, at => moved with { OccurredAt = at }))
            yield return one;
    }

    private static IEnumerable<RefusalCase> Ends()
    {
        var chart = new Chart().Enrol();
        yield return RefusalCase.Precondition("TREATMENT_ENDED", "patient", "twice", new Chart().Enrol().End(0), new EndTreatment("Again", chart.At(1)));
        yield return RefusalCase.Invalid("TEXT_INVALID", "reason", "no reason", chart, new EndTreatment("", chart.At(0)));
        yield return RefusalCase.Invalid("TEXT_INVALID", "reason", "501 characters", chart, new EndTreatment(new('x', 501), chart.At(0)));
        foreach (var one in RefusalCase.OfTime(chart, at => new EndTreatment("Moved away", at)))
            yield return one;
    }

    private static IEnumerable<RefusalCase> Closings()
    {
        var close = new CloseMilestone(Milestone.EndOfInduction);
        var treated = Chart.Planned().Dose(0);
        var closed = Chart.Planned().Dose(0);
        closed.Close();
        yield return RefusalCase.Precondition("NOT_TREATED", "patient", "no dose", Chart.Planned(), close);
        yield return RefusalCase.Precondition("MILESTONE_CLOSED", "milestone", "twice", closed, close);
        yield return RefusalCase.Precondition("MILESTONE_NOT_DUE", "milestone", "a tick too early", treated, close, CloseMilestone.DueAt(treated.State, Milestone.EndOfInduction).AddTicks(-1));
    }
}
