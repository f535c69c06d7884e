using Spectre.Console;

namespace ClinicNetwork.Cli.Output;

/// <summary>Long work: a bar on a terminal, otherwise a plain line at every tenth of the way.</summary>
internal static class Progress
{
    internal static async Task<T> ShowAsync<T>(Terminal terminal, string title, Func<IProgress<(long Done, long Total)>, Task<T>> work)
    {
        if (!terminal.Live)
            return await work(new PlainLines(terminal, title));
        return await terminal.Console.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(context => work(new Bar(context.AddTask(Markup.Escape(title), maxValue: 1))));
    }

    private sealed class Bar(ProgressTask task) : IProgress<(long Done, long Total)>
    {
        public void Report((long Done, long Total) value)
        {
            task.MaxValue = Math.Max(1, value.Total);
            task.Value = value.Done;
        }
    }

    private sealed class PlainLines(Terminal terminal, string title) : IProgress<(long Done, long Total)>
    {
        private readonly Lock gate = new();
        private long tenths;

        public void Report((long Done, long Total) value)
        {
            lock (gate)
            {
                var now = value.Total <= 0 ? 10 : value.Done * 10 / value.Total;
                if (now <= tenths)
                    return;
                tenths = now;
                terminal.Line($"{title}: {now * 10,3} % ({value.Done:N0} of {value.Total:N0})");
            }
        }
    }
}
