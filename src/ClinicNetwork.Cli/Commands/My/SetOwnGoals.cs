using System.Globalization;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.My;

internal static class SetOwnGoals
{
    internal static CliCommand Build()
    {
        var patient = MyCommands.Patient();
        var goals = Given.Many("--goal", "TEXT, or TEXT;N for the plan's goal number N; at most 10, which replace those before", "GOAL", Goal);
        var mutation = new Mutation();
        return new CliCommand("goals", "Say what shall be better, in the patient's own words.", "my goals --goal \"take the dog out again;1\" --goal \"see my sister\"")
            .With(patient, goals)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Voice.SetOwnGoalsAsync(
                        new() { RequestId = id, Patient = run.Me(patient), Goals = { run.Of(goals) }, OccurredAt = at }, cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"{Show.Count(run.Of(goals).Length, "goal")}: ");
                });
            });
    }

    private static OwnGoal? Goal(string text) => text.Split(';') switch
    {
        [{ Length: >= 1 and <= 300 } words] => new OwnGoal { Text = words },
        [{ Length: >= 1 and <= 300 } words, var place] when int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => new OwnGoal { Text = words, PlanGoal = number },
        _ => null,
    };
}
