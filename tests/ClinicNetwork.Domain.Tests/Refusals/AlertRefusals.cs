using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Refusals;

/// <summary>Refusals of escalating and of acknowledging alerts.</summary>
internal static class AlertRefusals
{
    public static IEnumerable<RefusalCase> All() => [.. Escalations(), .. Acknowledgements()];

    private static IEnumerable<RefusalCase> Escalations()
    {
        var chart = Raised();
        var due = chart.State.Alerts[0].DueAt;
        var escalate = new EscalateAlert(1, 1);
        foreach (var number in (int[])[0, -1, 2, int.MaxValue])
            yield return RefusalCase.Precondition("ALERT_UNKNOWN", "alert", $"number {number}", chart, escalate with { Number = number }, due);
        yield return RefusalCase.Precondition("ALERT_NOT_DUE", "alert", "a tick before its time", chart, escalate, due.AddTicks(-1));
        yield return RefusalCase.Precondition("ALERT_ESCALATED", "alert", "twice", Raised().Do(escalate, due), escalate, due.AddDays(1));
        yield return RefusalCase.Precondition("ALERT_ESCALATED", "alert", "a level that it is not at", chart, escalate with { Level = 2 }, due);
        yield return RefusalCase.Precondition(
            "ALERT_ESCALATED", "alert", "from the last level", Raised().Do(escalate, due).Do(new EscalateAlert(1, 2), due.AddDays(1)), new EscalateAlert(1, 3), due.AddDays(9));
        yield return RefusalCase.Precondition("ALERT_CLOSED", "alert", "acknowledged", Raised().Do(Acknowledge, due), escalate, due);
    }

    private static IEnumerable<RefusalCase> Acknowledgements()
    {
        var chart = Raised();
        var due = chart.State.Alerts[0].DueAt;
        yield return RefusalCase.Invalid("TEXT_INVALID", "done", "nothing said", chart, Acknowledge with { Done = "" });
        yield return RefusalCase.Invalid("TEXT_INVALID", "done", "1,001 characters", chart, Acknowledge with { Done = new('x', 1001) });
        foreach (var number in (int[])[0, -1, 2, int.MaxValue])
            yield return RefusalCase.Precondition("ALERT_UNKNOWN", "alert", $"number {number}", chart, Acknowledge with { Number = number });
        yield return RefusalCase.Precondition("ALERT_CLOSED", "alert", "twice", Raised().Do(Acknowledge, due), Acknowledge);
        yield return RefusalCase.Precondition("PLAN_CONFLICT", "alert", "of a conflict that waits for its resolution", Plans.Site.InConflict(), Acknowledge);
        yield return RefusalCase.Denied("ALERT_NOT_YOURS", "alert", "a coordinator", chart, Acknowledge with { ActorRoles = Roles.Coordinator });
        yield return RefusalCase.Denied("ALERT_NOT_YOURS", "alert", "nobody in particular", chart, Acknowledge with { ActorRoles = Roles.None });
        yield return RefusalCase.Denied("ALERT_NOT_YOURS", "alert", "a nurse when it was escalated", Raised().Do(new EscalateAlert(1, 1), due), Acknowledge with { ActorRoles = Roles.Nurse });
    }

    private static AcknowledgeAlert Acknowledge => new(1, "Seen the same day", "home-1", Roles.Clinician);

    /// <summary>A screen is due since day 0, 9:00.</summary>
    private static Chart Raised()
    {
        var chart = new Chart().Enrol();
        return chart.Do(new RecordAssessment(new("a-1"), [0, 0, 0, 0, 0, 0, 0, 0, 1], chart.At(0, 9)), chart.At(0, 9));
    }
}
