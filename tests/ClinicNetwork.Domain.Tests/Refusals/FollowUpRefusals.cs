using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Refusals;

/// <summary>Refusals of assessments, missed visits, the end of treatment and closing milestones.</summary>
internal static class FollowUpRefusals
{
    public static IEnumerable<RefusalCase> All() => [.. Assessments(), .. MissedVisits(), .. Ends(), .. Closings()];

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
