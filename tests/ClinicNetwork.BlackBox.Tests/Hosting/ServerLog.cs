using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace ClinicNetwork.BlackBox.Tests.Hosting;

/// <summary>What servers wrote to stderr and stdout; errors and stack traces in it fail the test that owns the server.</summary>
internal sealed partial class ServerLog
{
    private readonly ConcurrentQueue<string> _lines = new();

    /// <summary>Every line of both streams so far.</summary>
    public string Text => string.Join('\n', _lines);

    public void Add(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
        }
    }

    /// <param name="permitted">Lines that this test provokes on purpose.</param>
    public void AssertClean(Func<string, bool>? permitted = null)
    {
        var bad = _lines.Where(line => Bad().IsMatch(line) && permitted?.Invoke(line) != true).Take(5).ToList();
        var told = "the server logged what it should not:\n" + string.Join('\n', bad);
        if (bad.Count > 0)
        {
            // At the end of a class the runner shows the kind of a failure alone.
            Console.WriteLine(told);
        }

        Assert.True(bad.Count == 0, told);
    }

    /// <summary>Error levels of the console logger, an unhandled exception, a frame of a stack trace.</summary>
    [GeneratedRegex(@"\b(fail|crit): |Unhandled exception|^\s+at [\w.<>`]+\(|   at \w+\.")]
    private static partial Regex Bad();
}
