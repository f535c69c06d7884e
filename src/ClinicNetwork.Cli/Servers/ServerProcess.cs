using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Servers;

/// <summary>A server of our own, in a process of its own, on a folder of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>Of a list that it prints, every line.</summary>
    private const int LinesKept = 10_000;

    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(StopPatience.Seconds);

    private readonly Process process;
    private readonly ConcurrentQueue<string> lines = new();
    private readonly TaskCompletionSource<string> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process)
    {
        this.process = process;
        process.EnableRaisingEvents = true;
        // Without waiting here for the last lines: who reports the end waits for them.
        process.Exited += (_, _) => _ = EndedAsync();
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Remember(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>What it announced: its gRPC address, or a silo's ip:port; empty before.</summary>
    internal string Announced => ready.Task.IsCompletedSuccessfully ? ready.Task.Result : "";

    internal Uri Address => new(Announced);

    internal int ProcessId => process.Id;

    /// <summary>Null while it runs.</summary>
    internal int? ExitCode => process.HasExited ? process.ExitCode : null;

    /// <summary>Its last line: of a server that refused to start, the reason.</summary>
    internal string LastLine => lines.LastOrDefault() ?? "";

    /// <summary>What it said, but for its announcement.</summary>
    internal IReadOnlyList<string> Lines => [.. lines];

    /// <summary>True: <see cref="DisposeAsync"/> leaves it running.</summary>
    internal bool Leave { get; set; }

    /// <summary>Starts a server without waiting for it.</summary>
    /// <param name="environment">What must not stand on the command line, where every user of the machine reads it.</param>
    /// <param name="ownSession">Ctrl-C in the terminal does not reach it; its owner stops it in order.</param>
    internal static ServerProcess Launch(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null, bool ownSession = false)
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, "server", "ClinicNetwork.Server.dll");
        if (!File.Exists(assembly))
            throw new InputException("server", $"{assembly} is missing; build the solution, or install the tool anew");
        var command = Sessions.Wrap(DotnetPath(), [assembly, .. arguments], ownSession);
        var start = new ProcessStartInfo(command.Program, command.Arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            // Away from settings that may lie in the caller's folder.
            WorkingDirectory = Path.GetDirectoryName(assembly),
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return new(Process.Start(start) ?? throw new ServerProcessException("the server could not be started"));
    }

    /// <summary>Starts a server and waits until it serves.</summary>
    internal static async Task<ServerProcess> StartAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var server = Launch(arguments);
        try
        {
            await server.ReadyAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="ServerProcessException">It ended before, or took too long.</exception>
    internal async Task ReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await ready.Task.WaitAsync(StartMax, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new ServerProcessException($"the server did not serve within {StartMax.TotalSeconds:0} s");
        }
    }

    /// <summary>Waits for a process that ends by itself, such as a migration; its last line tells what came of it.</summary>
    internal async Task<int> EndAsync(CancellationToken cancellationToken)
    {
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode;
    }

    /// <summary>SIGTERM, and SIGKILL when that is not heard in time.</summary>
    internal async Task StopAsync()
    {
        if (process.HasExited)
            return;
        Terminate();
        using var patience = new CancellationTokenSource(StopMax);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Stops it by SIGTERM, so that it closes its store in order.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!Leave)
            await StopAsync();
        process.Dispose();
    }

    private async Task EndedAsync()
    {
        try
        {
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(5));
        }
        catch (Exception error) when (error is TimeoutException or InvalidOperationException)
        {
            // A grandchild holds the pipe, or nobody wants to know any more.
        }
        ready.TrySetException(new ServerProcessException($"the server ended before it served: {string.Join(" | ", lines.TakeLast(3))}"));
        // Observed: nobody may wait for it.
        _ = ready.Task.Exception;
    }

    /// <summary><c>ClinicNetwork {version} serves {address} on {folder}</c>, of a silo <c>… silo {ip:port} on …</c>.</summary>
    private void Take(string? line)
    {
        if (line?.Split(' ') is ["ClinicNetwork", _, "serves" or "silo", var address, "on", ..])
            ready.TrySetResult(address);
        else
            Remember(line);
    }

    private void Remember(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        lines.Enqueue(line.Trim());
        while (lines.Count > LinesKept)
            lines.TryDequeue(out _);
    }

    private void Terminate()
    {
        if (OperatingSystem.IsWindows())
            process.Kill();
        else
            _ = Signal(process.Id, SigTerm);
    }

    /// <summary>The host that runs us, when it is dotnet itself.</summary>
    private static string DotnetPath() =>
        Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet";

    private const int SigTerm = 15;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Signal(int processId, int signal);
}

/// <summary>A server of our own could not be started or did not do as asked; one line.</summary>
internal sealed class ServerProcessException(string message) : Exception(message);
