using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class RecordRemsSubmission
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var session = Given.Id("session");
        var reference = Given.Text("--reference", "The programme's own reference", 60);
        var mutation = new Mutation();
        return new CliCommand("rems-submit", "Record that a session's monitoring form was sent to the programme; nothing is sent from here.",
            "patient rems-submit patients/p-1 s-1 --reference F-2207")
            .With(patient, session, reference)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Patients.RecordRemsSubmissionAsync(
                        new() { RequestId = id, Patient = run.Of(patient), SessionId = run.Of(session), Reference = run.Of(reference) ?? "", OccurredAt = at },
                        cancellationToken: run.Cancelled);
                    var missing = answer.Missing == 0 ? "" : $", {Show.Count(answer.Missing, "entry", "entries")} not recorded here";
                    return (answer.Receipt, $"form of session {run.Of(session)} sent{(answer.Late ? ", late" : "")}{missing}: ");
                });
            });
    }
}
