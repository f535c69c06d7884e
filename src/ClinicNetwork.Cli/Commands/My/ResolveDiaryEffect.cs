using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.My;

internal static class ResolveDiaryEffect
{
    internal static CliCommand Build()
    {
        var patient = MyCommands.Patient();
        var number = Given.Required(Given.Whole("--number", "Number of the side effect in the diary", 1, 1_000_000, 1));
        var mutation = new Mutation();
        return new CliCommand("over", "Record that a side effect of the diary is over; --at is since when.", "my diary over --number 1")
            .With(patient, number)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Voice.ResolveDiaryEffectAsync(
                        new() { RequestId = id, Patient = run.Me(patient), DiaryEffect = run.Of(number), OccurredAt = at }, cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"side effect {run.Of(number)} of the diary is over: ");
                });
            });
    }
}
