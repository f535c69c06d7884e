using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Demo;

/// <summary>A server of our own, in a process of its own, on a folder of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(15);

    private readonly Process process;
    private readonly ConcurrentQueue<string> errors = new();

    private ServerProcess(Process process)
    {
        this.process = process;
    }

    internal Uri Address { get; private set; } = null!;

    internal int ProcessId => process.Id;

    /// <summary>True: <see cref="DisposeAsync"/> leaves it running.</summary>
    internal bool Leave { get; set; }

    /// <summary>Starts a server with a manual clock and waits until it serves.</summary>
    internal static async Task<ServerProcess> StartAsync(
        string folder, int port, DateTimeOffset clockStart, CancellationToken cancellationToken)
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, "server", "ClinicNetwork.Server.dll");
        if (!File.Exists(assembly))
            throw new InputException("server", $"{assembly} is missing; build the solution, or install the tool anew");
        var start = new ProcessStartInfo(DotnetPath())
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            // Away from settings that may lie in the caller's folder.
            WorkingDirectory = Path.GetDirectoryName(assembly),
        };
        foreach (var argument in (string[])[
            assembly, "--ClinicNetwork:Folder", folder, "--ClinicNetwork:Port", port.ToString(CultureInfo.InvariantCulture),
            "--clock", "manual", "--ClinicNetwork:ClockStart", clockStart.ToString("O", CultureInfo.InvariantCulture)])
            start.ArgumentList.Add(argument);
        var server = new ServerProcess(Process.Start(start) ?? throw new DemoException("the server could not be started"));
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

    /// <summary>Stops it by SIGTERM, so that it closes its store in order.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!Leave && !process.HasExited)
        {
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
        process.Dispose();
    }

    private async Task ReadyAsync(CancellationToken cancellationToken)
    {
        var ready = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => ready.TrySetException(new DemoException(
            $"the server ended before it served: {string.Join(" | ", errors.TakeLast(3))}"));
        process.OutputDataReceived += (_, line) => Take(line.Data, ready);
        process.ErrorDataReceived += (_, line) => Remember(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            Address = await ready.Task.WaitAsync(StartMax, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new DemoException($"the server did not serve within {StartMax.TotalSeconds:0} s");
        }
    }

    /// <summary><c>ClinicNetwork {version} serves {address} on {folder}</c>.</summary>
    private void Take(string? line, TaskCompletionSource<Uri> ready)
    {
        if (line?.Split(' ') is ["ClinicNetwork", _, "serves", var address, ..] && Uri.TryCreate(address, UriKind.Absolute, out var uri))
            ready.TrySetResult(uri);
        else
            Remember(line);
    }

    private void Remember(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        errors.Enqueue(line.Trim());
        while (errors.Count > 20)
            errors.TryDequeue(out _);
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
