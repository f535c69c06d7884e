using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class ReopenDouble
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var pair = Given.Argument("double", "doubles/{double}, as list prints it", Parse.Double);
        var reason = Given.Required(Given.Text("--reason", "Why; it is kept in the patient's record", 500));
        var mutation = new Mutation(timed: false);
        return new CliCommand(
            "reopen", "Take a dismissal back: the pair is open again for both clinics. For the clinic that dismissed it, and for the network.",
            "patient doubles reopen patients/p-1 doubles/5b0c2f… --reason \"same insurance number\" --site clinics/harbour")
            .With(patient, pair, reason)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, _) =>
                {
                    var answer = await network.Matches.ReopenDoubleAsync(
                        new() { RequestId = id, Patient = run.Of(patient), Double = run.Of(pair), Reason = run.Of(reason) }, cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"{run.Of(pair)} open again: ");
                });
            });
    }
}
