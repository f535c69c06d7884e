namespace ClinicNetwork.Cli.Commands.Patients;

internal static class StartSession
{
    internal static CliCommand Build()
    {
        var start = new SessionStart();
        var mutation = new Mutation();
        return start.With(new CliCommand("start", "Start a session; the gates are checked.",
            "patient session start patients/p-1 s-1 --clinic clinics/harbour --bp 124/78 --weight 71.5",
            "patient session start patients/p-1 s-1 --clinic clinics/harbour --bp 124/78 --spo2 98 --food-minutes 180 --drink-minutes 60 --escort --enrolled"))
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect(start.ClinicOf(run));
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var request = start.Of(run, id, at);
                    var answer = await network.Patients.StartSessionAsync(request, cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"session {request.SessionId} started, planned dose {Show.Number(answer.PlannedDoseMg)} mg: ");
                });
            });
    }
}
