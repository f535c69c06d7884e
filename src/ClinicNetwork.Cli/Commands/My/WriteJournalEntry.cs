using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.My;

internal static class WriteJournalEntry
{
    internal static CliCommand Build()
    {
        var patient = MyCommands.Patient();
        var text = Given.Required(Given.Text("--text", "What to write", 2_000));
        var day = Given.Option("--day", "the day that it is for, YYYY-MM-DD, at the clinic; without it today", "DAY", value => Parse.Day(value) is null ? null : value);
        var mood = Given.Whole("--mood", "Mood, 0 the worst", 0, 10, 0);
        var sleep = Given.Number("--sleep", "Hours of sleep, the night before", 0, 24);
        var tags = Given.Many("--tag", "1 to 30 characters; at most 8", "TAG", value => value.Length is >= 1 and <= 30 ? value : null);
        var mine = Given.Flag("--private", "For nobody else; the clinic sees that there is an entry");
        var mutation = new Mutation();
        return new CliCommand("add", "Write into the journal.", "my journal add --text \"slept through\" --mood 6 --sleep 7.5 --tag sleep", "my journal add --text \"…\" --private")
            .With(patient, text, day, mood, sleep, tags, mine)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var request = new WriteJournalEntryRequest
                    {
                        RequestId = id,
                        Patient = run.Me(patient),
                        Day = run.Of(day) ?? "",
                        Text = run.Of(text),
                        Tags = { run.Of(tags) },
                        Private = run.Of(mine),
                        OccurredAt = at,
                    };
                    run.Set(mood, value => request.Mood = value);
                    run.Set(sleep, value => request.SleepHours = value);
                    var answer = await network.Voice.WriteJournalEntryAsync(request, cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"entry {answer.Entry}: ");
                });
            });
    }
}
