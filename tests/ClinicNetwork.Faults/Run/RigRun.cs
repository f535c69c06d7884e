using System.Diagnostics;
using System.Globalization;
using ClinicNetwork.Faults.History;
using ClinicNetwork.Faults.Load;
using ClinicNetwork.Faults.Plan;
using ClinicNetwork.Faults.Processes;
using Grpc.Core;

namespace ClinicNetwork.Faults.Run;

/// <summary>One run from an empty folder to a history file. Everything it starts ends with it.</summary>
internal sealed class RigRun(RigSettings settings, Action<string> say)
{
    private static readonly TimeSpan ResolveMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SettleMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(2);
    private const int SamplesBefore = 3;
    private const double SettledShare = 1.05;

    private readonly long _began = Stopwatch.GetTimestamp();

    /// <summary>The history that was written.</summary>
    /// <exception cref="RigException">The rig itself could not do what it must.</exception>
    public async Task<string> RunAsync(CancellationToken cancel)
    {
        Directory.CreateDirectory(settings.Out);
        var path = Path.Combine(settings.Out, "history.jsonl");
        var work = Directory.CreateTempSubdirectory("clinicnetwork-faults-").FullName;
        if (!OperatingSystem.IsWindows())
        {
            // The database runs as a user of its own when the rig is root.
            File.SetUnixFileMode(work, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        stop.CancelAfter(settings.Max);
        var owned = new Owned(work);
        try
        {
            using var history = new HistoryWriter(path);
            await RunAsync(work, owned, history, stop.Token);
            return path;
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new RigException($"the run was not over after {settings.Max.TotalMinutes:0} minutes and was given up");
        }
        finally
        {
            owned.Dispose();
            KeepLogs(work);
            Directory.Delete(work, recursive: true);
        }
    }

    private async Task RunAsync(string work, Owned owned, HistoryWriter history, CancellationToken stop)
    {
        Tell($"seed {settings.Seed}, {settings.Plan} plan{(settings.Defect.Length > 0 ? $", planted {settings.Defect}" : "")}; starting PostgreSQL and 3 servers");
        await using (var network = await RigNetwork.CreateAsync(work, settings.Seed, settings.Defect, withDisk: settings.Plan != PlanKind.SelfTest, owned, stop))
        {
            if (network.Disk is null && settings.Plan != PlanKind.SelfTest)
            {
                Tell("no file system of its own may be mounted here: F9 disk full is left out of this run");
            }

            await Task.WhenAll(network.A.Select(s => network.StartAsync(s, stop)));
            await RegisterAsync(network, stop);
            var (loadMs, storeTime) = await SupervisedAsync(network, () => LoadAsync(network, history, stop), stop);
            foreach (var station in network.Stations)
            {
                await station.Server.StopAsync();
            }

            await network.Postgres.StopAsync();
            IdentifierScan.Run(work, history);
            history.Write(new RunEnded(loadMs, storeTime));
        }

        Tell("ended; nothing is left running");
    }

    private async Task<(double LoadMs, DateTimeOffset StoreTime)> LoadAsync(RigNetwork network, HistoryWriter history, CancellationToken stop)
    {
        var sender = new Sender(history, network.Gateways);
        var workload = new Workload(settings.Seed, settings.Load, sender);
        await workload.MakeSharedAsync(stop);
        history.Write(new RunBegan(settings.Seed, settings.Plan.ToString(), settings.FloorPerSecond, settings.Defect, workload.Patients.Count));
        Tell($"{workload.Patients.Count} patients made; {settings.Load.Workers} workers begin");

        using var stopLoad = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(stop);
        List<FeedReader> readers = [.. Workload.Sites.Select((site, i) => new FeedReader(history, network.Gateways, site, "live", settings.Seed + i))];
        List<FeedReader> drains = [.. Workload.Sites.Select((site, i) => new FeedReader(history, network.Gateways, site, "drain", settings.Seed + 100 + i))];
        var beganMs = history.NowMs;
        var reading = Task.WhenAll([new StateReader(settings.Seed, history, network.Gateways, workload).RunAsync(settings.Load.Readers, stopLoad.Token), .. readers.Select(r => r.RunAsync(stopLoad.Token))]);
        var working = workload.RunAsync(stopLoad.Token, giveUp.Token);
        var runner = new FaultRunner(settings, network, history, workload, drains, Tell);
        double loadMs;
        IReadOnlyList<Sampled> before;
        try
        {
            await Pause.ForAsync(settings.WarmUp, stop);
            before = await SampleBeforeAsync(network, history, stop);
            await StrikeAllAsync(runner, network.Disk is not null, stop);
            loadMs = history.NowMs - beganMs;
        }
        finally
        {
            await stopLoad.CancelAsync();
            giveUp.CancelAfter(settings.Patience(ResolveMax));
            await Task.WhenAll(working, reading);
        }

        foreach (var command in workload.Unresolved)
        {
            history.Write(new GraceChecked(runner.Number, $"{command.Id} ({command.Invoked.Command})", false, ResolveMax.TotalMilliseconds));
        }

        Tell($"load ended: {sender.Acknowledged} acknowledged, {workload.Unresolved.Count} unresolved; sending {sender.Kept.Count} once more and reading everything");
        var random = new Random(settings.Seed);
        foreach (var chunk in sender.Kept.Chunk(8))
        {
            await Task.WhenAll(chunk.Select(c => sender.AgainAsync(c, random, stop)));
        }

        await SettleAsync(network, history, before, stop);
        var readout = new FinalReadout(history, network.Gateways);
        await Task.WhenAll(readers.Concat(drains).Select(reader => reader.DrainAsync(SettleMax, stop)));
        await readout.ReadFeedsAsync(settings.Seed, stop);
        var storeTime = await readout.ReadAsync(workload.Patients, stop);
        await readout.ReadAuditAsync(stop);
        return (loadMs, storeTime);
    }

    /// <summary>Until everything has been measured and read, what ends by itself is started again.</summary>
    private async Task<T> SupervisedAsync<T>(RigNetwork network, Func<Task<T>> runAsync, CancellationToken stop)
    {
        using var stopSupervising = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var supervising = network.SuperviseAsync(Tell, stopSupervising.Token);
        try
        {
            return await runAsync();
        }
        finally
        {
            await stopSupervising.CancelAsync();
            await supervising;
        }
    }

    private async Task StrikeAllAsync(FaultRunner runner, bool hasDisk, CancellationToken stop)
    {
        for (var round = 0; round == 0 || (settings.Plan == PlanKind.Long && Stopwatch.GetElapsedTime(_began) < settings.Length); round++)
        {
            var faults = settings.Plan switch
            {
                PlanKind.Short => FaultPlan.Short(settings.Seed, hasDisk),
                PlanKind.Part => FaultPlan.Part(settings.Seed, hasDisk),
                PlanKind.SelfTest => FaultPlan.SelfTest(settings.Seed),
                PlanKind.Long => FaultPlan.Round(settings.Seed, round, hasDisk),
                _ => throw new InvalidOperationException($"Nothing is known of the plan {settings.Plan}."),
            };
            var left = faults.Count;
            foreach (var fault in faults)
            {
                if (settings.Length > TimeSpan.Zero && Stopwatch.GetElapsedTime(_began) >= settings.Length)
                {
                    Tell($"      the time is over; left out: {string.Join(", ", faults.TakeLast(left).Select(f => f.Name))}");
                    break;
                }

                left--;
                await runner.RunAsync(fault, stop);
            }

            await runner.EndBesideAsync(stop);
        }
    }

    private static async Task<IReadOnlyList<Sampled>> SampleBeforeAsync(RigNetwork network, HistoryWriter history, CancellationToken stop)
    {
        var before = new List<Sampled>();
        for (var i = 0; i < SamplesBefore; i++)
        {
            before.AddRange(await Measurements.TakeAsync(network, "before", stop));
            await Pause.ForAsync(TimeSpan.FromMilliseconds(300), stop);
        }

        before.ForEach(s => history.Write(s));
        return before;
    }

    /// <summary>Measures until the levels are those of before, at most a minute.</summary>
    private async Task SettleAsync(RigNetwork network, HistoryWriter history, IReadOnlyList<Sampled> before, CancellationToken stop)
    {
        var end = history.NowMs + settings.Patience(SettleMax).TotalMilliseconds;
        while (history.NowMs < end)
        {
            var after = await Measurements.TakeAsync(network, "after", stop);
            foreach (var sample in after)
            {
                history.Write(sample);
            }

            if (before.All(b => after.Any(a => a.Process == b.Process)) && after.All(a => before.Where(b => b.Process == a.Process).ToList() is var was && was.Count > 0
                && a.Handles <= (was.Max(b => b.Handles) * SettledShare) + 35 && a.Connections <= (was.Max(b => b.Connections) * SettledShare) + 9 && a.MemoryMiB <= (was.Max(b => b.MemoryMiB) * SettledShare) + 150))
            {
                return;
            }

            await Pause.ForAsync(SampleEvery, stop);
        }
    }

    private async Task RegisterAsync(RigNetwork network, CancellationToken stop)
    {
        const int TriesMax = 100;
        foreach (var site in Workload.Sites)
        {
            var request = new Protocol.Care.V1.RegisterClinicRequest
            {
                RequestId = $"clinic-{settings.Seed}-{site.Split('/')[1]}",
                Clinic = new() { Name = site, DisplayName = "Clinic under faults", TimeZone = "Etc/UTC" },
            };
            for (var tries = 1; ; tries++)
            {
                try
                {
                    await network.A[0].Gateway.Clinics.RegisterClinicAsync(request, null, TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(10), stop);
                    break;
                }
                catch (RpcException exception) when (tries < TriesMax && !Sender.IsDefinite(exception))
                {
                    await Pause.ForAsync(TimeSpan.FromMilliseconds(200), stop);
                }
                catch (RpcException exception)
                {
                    throw new RigException($"{site} could not be registered: {Sender.ReasonOf(exception)}");
                }
            }
        }
    }

    private void KeepLogs(string work)
    {
        var logs = Path.Combine(work, "logs");
        if (Directory.Exists(logs))
        {
            foreach (var log in Directory.GetFiles(logs))
            {
                File.Copy(log, Path.Combine(settings.Out, Path.GetFileName(log)), overwrite: true);
            }
        }
    }

    private void Tell(string line) => say(string.Create(CultureInfo.InvariantCulture, $"[{Stopwatch.GetElapsedTime(_began).TotalSeconds,6:0.0} s] {line}"));
}
