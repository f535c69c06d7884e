using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class ReportSession
{
    internal static CliCommand Build()
    {
        var start = new SessionStart();
        var etag = Given.Option("--etag", "etag of the plan that it was started by; without it the plan of now", "ETAG", text => text.Length > 0 ? text : null);
        var emergency = Given.Text("--emergency-reason", "Why it was started without the right to dose; raises an alert", 500);
        var mutation = new Mutation();
        return start.With(new CliCommand("report-session", "Record a session that was started without the network; what would have held it is told, and raises an alert.",
            "patient report-session patients/p-1 s-1 --clinic clinics/hillside --bp 124/78 --weight 71.5 --at 2025-07-03T09:30Z",
            "patient report-session patients/p-1 s-1 --clinic clinics/hillside --bp 124/78 --weight 71.5 --at 2025-07-03T09:30Z --emergency-reason \"could not wait for the network\""))
            .With(etag, emergency)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect(start.ClinicOf(run));
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var session = start.Of(run, id, at);
                    var answer = await network.PlanPush.ReportSessionAsync(
                        new() { RequestId = id, Patient = session.Patient, Session = session, PlanEtag = run.Of(etag) ?? "", EmergencyReason = run.Of(emergency) ?? "" },
                        cancellationToken: run.Cancelled);
                    if (answer.OutsideGates.Count > 0)
                        run.Terminal.Line($"  would have been held: {string.Join(", ", answer.OutsideGates)}");
                    return (answer.Receipt, $"session {session.SessionId} recorded, planned dose {Show.Number(answer.PlannedDoseMg)} mg: ");
                });
            });
    }
}
