using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ClinicNetwork.Benchmarks.Rig;

/// <summary>A process of ours: started, waited for until it says that it is ready, ended by its id.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int LogLinesKept = 40;

    private static readonly TimeSpan ReadyMax = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(150);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(ProcessStartInfo start, Func<string, string?> announcement)
    {
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => Take(line.Data, announcement);
        _process.ErrorDataReceived += (_, line) => Take(line.Data, null);
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException("a process ended before it was ready: " + Log));
    }

    public int Id => _process.Id;

    /// <summary>What the announcement said, for example an address.</summary>
    public string Announced => _ready.Task.Result;

    /// <summary>The last lines it wrote.</summary>
    public string Log => string.Join('\n', _log);

    /// <param name="dll">A program of .NET.</param>
    /// <param name="secret">A variable of its environment: a connection string has no place on a command line.</param>
    /// <param name="announcement">Gives what a line of stdout announces, or null when it is another line.</param>
    public static async Task<ChildProcess> StartAsync(
        string dll, IEnumerable<string> arguments, (string Name, string Value)? secret, Func<string, string?> announcement, CancellationToken cancellationToken)
    {
        var child = new ChildProcess(StartInfo(dll, arguments, secret), announcement);
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        try
        {
            await child._ready.Task.WaitAsync(ReadyMax, cancellationToken);
            return child;
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs to the end and gives its output; anything but exit code 0 is an exception with what it wrote.</summary>
    public static async Task<string> RunAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = await process.StandardError.ReadToEndAsync(cancellationToken);
            var text = await output;
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0
                ? text
                : throw new InvalidOperationException($"{Path.GetFileName(start.FileName)} ended with {process.ExitCode}: {errors.Trim()}");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    /// <summary>
    /// Settings of this machine for servers and ASP.NET Core are not the benchmark's. All servers have the server's garbage collector, as web
    /// applications do by default; the yardsticks' program, which is also the load generator's, would not.
    /// </summary>
    public static ProcessStartInfo StartInfo(string dll, IEnumerable<string> arguments, (string Name, string Value)? secret)
    {
        var start = new ProcessStartInfo("dotnet", [dll, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var name in start.Environment.Keys.Where(n =>
            n.StartsWith("ClinicNetwork__", StringComparison.OrdinalIgnoreCase) || n.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["DOTNET_gcServer"] = "1";
        if (secret is { } given)
        {
            start.Environment[given.Name] = given.Value;
        }

        return start;
    }

    /// <summary>SIGTERM and the orderly end; SIGKILL for what does not end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _ = Send(_process.Id, SigTerm);
            using var patience = new CancellationTokenSource(EndMax);
            try
            {
                await _process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                _process.Kill();
            }
        }

        _process.Dispose();
    }

    private void Take(string? line, Func<string, string?>? announcement)
    {
        if (line is null)
        {
            return;
        }

        _log.Enqueue(line);
        if (_log.Count > LogLinesKept)
        {
            _log.TryDequeue(out _);
        }

        if (announcement?.Invoke(line) is { } said)
        {
            _ready.TrySetResult(said);
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Send(int processId, int signal);
}
