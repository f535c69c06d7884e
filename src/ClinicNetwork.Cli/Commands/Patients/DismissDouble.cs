using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class DismissDouble
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var pair = Given.Argument("double", "doubles/{double}, as list prints it", Parse.Double);
        var reason = Given.Required(Given.Text("--reason", "Why; it is kept in the patient's record", 500));
        var mutation = new Mutation(timed: false);
        return new CliCommand(
            "dismiss", "Say that the two are two persons; the pair is not found again. For the patient's home clinic, and for the network.",
            "patient doubles dismiss patients/p-1 doubles/5b0c2f… --reason \"twins, seen together\" --site clinics/harbour")
            .With(patient, pair, reason)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, _) =>
                {
                    var answer = await network.Matches.DismissDoubleAsync(
                        new() { RequestId = id, Patient = run.Of(patient), Double = run.Of(pair), Reason = run.Of(reason) }, cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"{run.Of(pair)} dismissed: ");
                });
            });
    }
}
