using System.Globalization;
using Spectre.Console;

namespace ClinicNetwork.Benchmarks.Rig;

/// <summary>What the person at the terminal sees while it runs: plain lines with the time since the start; results come at the end.</summary>
internal sealed class Screen(IAnsiConsole console)
{
    private readonly long _begin = System.Diagnostics.Stopwatch.GetTimestamp();
    private readonly Lock _gate = new();

    public IAnsiConsole Console => console;

    public void Step(string text) => Write(text, "grey");

    public void Warn(string text) => Write("WARNING: " + text, "yellow");

    /// <summary>Says at each fifth of the way how far it is.</summary>
    public async Task ProgressAsync(string title, long total, Func<IProgress<long>, Task> work)
    {
        Step(title);
        await work(new Fifths(this, title, total));
    }

    private void Write(string text, string colour)
    {
        var elapsed = System.Diagnostics.Stopwatch.GetElapsedTime(_begin);
        lock (_gate)
        {
            console.MarkupLine($"[{colour}]{(int)elapsed.TotalMinutes,3}:{elapsed.Seconds:00}[/] {Markup.Escape(text)}");
        }
    }

    private sealed class Fifths(Screen screen, string title, long total) : IProgress<long>
    {
        private const int Parts = 5;

        private long _said;

        public void Report(long done)
        {
            var part = done * Parts / Math.Max(1, total);
            if (part is > 0 and < Parts && part > Interlocked.Read(ref _said) && Interlocked.Exchange(ref _said, part) < part)
            {
                screen.Step(string.Create(CultureInfo.InvariantCulture, $"{title}: {part * 100 / Parts} %"));
            }
        }
    }
}
