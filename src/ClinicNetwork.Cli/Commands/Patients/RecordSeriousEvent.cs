using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class RecordSeriousEvent
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var session = Given.Id("session");
        var criteria = Given.Required(Given.ManyOf<SeriousCriterion>("--criterion", "What makes it serious"));
        var description = Given.Required(Given.Text("--description", "What happened", 1000));
        var mutation = new Mutation();
        return new CliCommand("serious-event", "Record a serious event in or after a session.",
            "patient serious-event patients/p-1 s-1 --criterion hospitalisation --description \"kept overnight for observation\"")
            .With(patient, session, criteria, description)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Patients.RecordSeriousEventAsync(
                        new() { RequestId = id, Patient = run.Of(patient), SessionId = run.Of(session), Criteria = { run.Of(criteria) }, Description = run.Of(description), OccurredAt = at },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"serious event of session {run.Of(session)} recorded: ");
                });
            });
    }
}
