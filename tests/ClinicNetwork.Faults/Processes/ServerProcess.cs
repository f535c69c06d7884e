using System.Diagnostics;
using System.Globalization;

namespace ClinicNetwork.Faults.Processes;

/// <summary>Where a server listens and what it is told; stays the same over its restarts.</summary>
/// <param name="Name">For example <c>a1</c>: the first of cluster a.</param>
/// <param name="Postgres">Connection string, through a proxy of this server's own.</param>
/// <param name="SiloListenPort">Where the silo really listens; others are told <paramref name="SiloPort"/>, a proxy.</param>
internal sealed record ServerPlace(
    string Name, string Cluster, int Port, int SiloPort, int SiloListenPort, string Postgres, string Folder, string Keys, string Log, string ClockFile)
{
    /// <summary>Further arguments.</summary>
    public IReadOnlyList<string> More { get; init; } = [];
}

/// <summary>One server, started and ended as often as a fault needs.</summary>
internal sealed class ServerProcess(ServerPlace place, Owned owned) : IAsyncDisposable
{
    private static readonly TimeSpan ReadyMax = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan KillMax = TimeSpan.FromSeconds(10);

    /// <summary>What a process ended by a signal exits with, above the signal's number.</summary>
    private const int SignalBase = 128;
    private const int SigKill = 9;

    private const int LastLinesMax = 4;

    private readonly Lock _log = new();
    private readonly SemaphoreSlim _starting = new(1, 1);
    private Process? _process;

    public string Name => place.Name;

    public ServerPlace Place => place;

    public int ProcessId => _process is { HasExited: false } running ? running.Id : 0;

    public bool IsRunning => ProcessId != 0;

    /// <summary>It has ended, by SIGKILL.</summary>
    public bool EndedBySigKill => _process is { HasExited: true, ExitCode: SignalBase + SigKill };

    /// <summary>True while it shall run: when it ends by itself (a silo that was declared dead does), the supervisor starts it again.</summary>
    public bool IsWanted { get; private set; }

    /// <summary>Starts it and waits until it serves.</summary>
    /// <param name="more">Further environment, for this start only.</param>
    /// <exception cref="RigException">It ended, or did not serve in time.</exception>
    /// <param name="wanted">False: it is left alone when it ends.</param>
    public async Task StartAsync(IReadOnlyDictionary<string, string> more, bool wanted, CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            IsWanted = wanted;
            if (!IsRunning)
            {
                await StartNewAsync(more, cancellationToken);
            }
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task StartNewAsync(IReadOnlyDictionary<string, string> more, CancellationToken cancellationToken)
    {
        var environment = new Dictionary<string, string>(more) { ["CLINICNETWORK_FAULT_CLOCK_FILE"] = place.ClockFile };
        if (place.SiloListenPort != place.SiloPort)
        {
            environment["CLINICNETWORK_FAULT_SILO_PORT"] = place.SiloPort.ToString(CultureInfo.InvariantCulture);
        }

        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process
        {
            StartInfo = ServerProgram.StartInfo(
            [
                "--role", "all", "--folder", place.Folder, "--keys", place.Keys, "--cluster", place.Cluster, "--postgres", place.Postgres,
                "--port", place.Port.ToString(CultureInfo.InvariantCulture), "--silo-port", place.SiloListenPort.ToString(CultureInfo.InvariantCulture),
                .. place.More,
            ], environment),
            EnableRaisingEvents = true,
        };
        process.OutputDataReceived += (_, line) => Take(line.Data, ready);
        process.ErrorDataReceived += (_, line) => Take(line.Data, null);
        process.Exited += (_, _) => ready.TrySetException(new RigException($"{Name} ended before it served: {LastLines()}; see {Path.GetFileName(place.Log)} beside the history"));
        process.Start();
        var before = _process;
        _process = process;
        before?.Dispose();
        owned.Add(process.Id);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await ready.Task.WaitAsync(ReadyMax, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new RigException($"{Name} did not serve within {ReadyMax.TotalSeconds:0} s; see {Path.GetFileName(place.Log)} beside the history");
        }
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        IsWanted = false;
        if (_process is { HasExited: false } process)
        {
            Owned.Kill(process.Id);
            await EndedAsync(KillMax);
        }
    }

    /// <summary>SIGTERM and its end; SIGKILL when it takes too long. True: it ended in order.</summary>
    public async Task<bool> StopAsync()
    {
        IsWanted = false;
        if (_process is not { HasExited: false } process)
        {
            return true;
        }

        Owned.Terminate(process.Id);
        if (await EndedAsync(StopMax))
        {
            return process.ExitCode == 0;
        }

        await KillAsync();
        return false;
    }

    public void Pause() => Owned.Stop(ProcessId is var id and not 0 ? id : throw new RigException($"{Name} does not run."));

    public void Continue()
    {
        if (ProcessId is var id and not 0)
        {
            Owned.Continue(id);
        }
    }

    /// <summary>Waits for its end; false when it goes on.</summary>
    public async Task<bool> EndedAsync(TimeSpan max)
    {
        if (_process is not { } process)
        {
            return true;
        }

        using var patience = new CancellationTokenSource(max);
        try
        {
            await process.WaitForExitAsync(patience.Token);
            owned.Remove(process.Id);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Continue();
        await KillAsync();
        _process?.Dispose();
    }

    /// <summary>What it said last: the folder is gone when somebody else's run failed.</summary>
    private string LastLines()
    {
        lock (_log)
        {
            return File.Exists(place.Log) ? string.Join(" | ", File.ReadLines(place.Log).TakeLast(LastLinesMax)) : "not a line";
        }
    }

    private void Take(string? line, TaskCompletionSource? ready)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            File.AppendAllText(place.Log, line + "\n");
        }

        if (ready is not null && line.StartsWith("ClinicNetwork ", StringComparison.Ordinal) && line.Contains(" serves ", StringComparison.Ordinal))
        {
            ready.TrySetResult();
        }
    }
}

/// <summary>The rig itself could not do what it must; the message is one line.</summary>
internal sealed class RigException(string message) : Exception(message);
