using System.Diagnostics;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Sync.V1;
using Google.Protobuf;

namespace ClinicNetwork.Site.Tests.Rig;

/// <summary>The command line at a site's folder: <c>site run</c> beside whoever else writes there, and single commands; each may be killed at any moment.</summary>
internal sealed class SiteProgram(SiteNetwork network, SiteMachine site) : IDisposable
{
    private Process? _run;
    private int _told;
    private string _error = "";

    /// <summary>Lines that <c>site run</c> wrote: a meeting that did something each.</summary>
    public int Told => Volatile.Read(ref _told);

    public int Kills { get; private set; }

    public void Start()
    {
        _run = network.Start("site", "run", "--folder", site.Folder);
        _run.OutputDataReceived += (_, line) => _ = line.Data is null ? 0 : Interlocked.Increment(ref _told);
        _run.ErrorDataReceived += (_, line) => _error += line.Data;
        _run.BeginOutputReadLine();
        _run.BeginErrorReadLine();
    }

    /// <summary>SIGKILL after so long, and what is on the disk is opened anew.</summary>
    public async Task KillAsync(TimeSpan after = default)
    {
        await PassAsync(after);
        Assert.False(_run!.HasExited, $"site run ended by itself: {_error}");
        await KillAsync(_run);
        Kills++;
        site.Reopen();
    }

    /// <summary>The number under which a single command said to have recorded the change, killed after so long; null: it said nothing until then.</summary>
    /// <param name="after">Null: as soon as it has said something.</param>
    public async Task<long?> RecordAsync(PushChangesRequest change, TimeSpan? after)
    {
        var file = Path.Combine(network.Folder, $"{change.RequestId}.json");
        await File.WriteAllTextAsync(file, JsonFormatter.Default.Format(change));
        using var process = network.Start("site", "record", change.Patient, "--json", file, "--folder", site.Folder);
        var told = process.StandardOutput.ReadLineAsync();
        await (after is { } moment ? PassAsync(moment) : told.Within());
        await KillAsync(process);
        Kills++;
        site.Reopen();
        return (await told.Within())?.Split("recorded as ") is [_, var rest] ? long.Parse(rest.Split(',')[0], System.Globalization.CultureInfo.InvariantCulture) : null;
    }

    public void Dispose()
    {
        _run?.Kill();
        _run?.Dispose();
    }

    private static async Task KillAsync(Process process)
    {
        process.Kill();
        await process.WaitForExitAsync().Within();
    }

    /// <summary>Not a wait for anything: the moment of a kill.</summary>
    private static async Task PassAsync(TimeSpan time)
    {
        if (time > TimeSpan.Zero)
        {
            using var timer = new PeriodicTimer(time);
            await timer.WaitForNextTickAsync();
        }
    }
}
