using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Refusals;

/// <summary>Refusals of requests for doses and of noticing lapses.</summary>
internal static class WarningRefusals
{
    private static readonly Chart Enrolled = new Chart().Enrol();

    public static IEnumerable<RefusalCase> All() => [.. Requests(), .. Lapses()];

    private static IEnumerable<RefusalCase> Requests()
    {
        var request = Asked(Enrolled.At(0));
        yield return RefusalCase.Invalid("TEXT_INVALID", "reason", "no reason", Enrolled, request with { Reason = "" });
        yield return RefusalCase.Invalid("TEXT_INVALID", "reason", "501 characters", Enrolled, request with { Reason = new('x', 501) });
        yield return RefusalCase.Exists("DOSE_REQUEST_EXISTS", "dose_request_id", "twice", new Chart().Enrol().Do(request), request);
        foreach (var roles in (Roles[])[Roles.None, Roles.Nurse, Roles.Nurse | Roles.Coordinator])
        {
            yield return RefusalCase.Denied(
                "DECISION_NOT_ALLOWED", "decision", $"granted by {roles}", Enrolled, request with { Decision = DoseRequestDecision.Granted, ActorRoles = roles });
        }

        foreach (var one in RefusalCase.OfTime(Enrolled, Asked))
            yield return one;
    }

    private static IEnumerable<RefusalCase> Lapses()
    {
        yield return RefusalCase.Precondition("LAPSE_NOT_DUE", "patient", "nothing is expected", Enrolled, new NoticeLapse());
        var chart = Chart.Planned().Dose(0);
        chart.Do(Asked(chart.At(30)), chart.At(30));
        var due = NoticeLapse.DueAt(chart.State)!.Value;
        yield return RefusalCase.Precondition("LAPSE_NOT_DUE", "patient", "a tick before its time", chart, new NoticeLapse(), due.AddTicks(-1));
    }

    private static RecordRequestForDose Asked(DateTimeOffset at) =>
        new(new("r-1"), DoseRequestKind.Early, DoseRequester.Patient, DoseRequestDecision.Refused, "Talked over", at, "nurse-1", Roles.Nurse);
}
