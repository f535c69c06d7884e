using System.CommandLine;
using System.Globalization;
using ClinicNetwork.Benchmarks.Load;
using ClinicNetwork.Benchmarks.Machine;
using ClinicNetwork.Benchmarks.Networks;
using ClinicNetwork.Benchmarks.Patients;
using ClinicNetwork.Benchmarks.Rig;
using ClinicNetwork.Cli.Cluster;

namespace ClinicNetwork.Benchmarks.Sync;

/// <param name="Rates">Writes a second while changes are watched, ascending.</param>
/// <param name="Window">Of each rate, and of each reading of a feed.</param>
/// <param name="Shared">Patients of the first clinic that a second one sees.</param>
/// <param name="Patients">Of a site that begins.</param>
/// <param name="Sites">That come back at once.</param>
/// <param name="Parts">Of <see cref="SyncCommand.AllParts"/>.</param>
internal sealed record SyncSettings(
    IReadOnlyList<string> Parts, IReadOnlyList<int> Rates, TimeSpan Window, int Shared, int Patients, int Sites, string? MarkdownFile, string? Folder);

/// <summary><c>sync</c>: how soon a change is seen elsewhere, what reading a feed costs a gateway, a site's first sync, and many sites that come back at once.</summary>
internal static class SyncCommand
{
    private const string Seen = "seen";
    private const string Back = "back";
    private const string First = "first";
    private const string Feed = "feed";

    public static readonly IReadOnlyList<string> AllParts = [Seen, Back, First, Feed];

    /// <summary>Calls a second that all sites together may make where they are to be held back, for each of them: a sixth of what they otherwise reach here.</summary>
    private const int LimitOfSite = 5;

    private const int LimitMin = 200;

    /// <summary>All events of a patient are one version here: an orderly stop writes a snapshot of each all the same, as of a patient with 91 versions.</summary>
    private static readonly string[] SnapshotOfEach = ["--ClinicNetwork:SnapshotWhenIdleVersions", "1"];

    private static readonly SyncSettings Usual = new(AllParts, [100, 300, 1_000], TimeSpan.FromSeconds(10), 500, 10_000, 200, null, null);

    public static readonly SyncSettings Short = new(AllParts, [50], TimeSpan.FromSeconds(1), 20, 100, 6, null, null);

    /// <param name="run">Gives the exit code.</param>
    public static Command Build(Func<SyncSettings, CancellationToken, Task<int>> run)
    {
        var shortRun = new Option<bool>("--short") { Description = "A few patients and sites, a second each: to see that it works, not to compare" };
        var only = new Option<string[]>("--only") { Description = "Parts to measure: " + string.Join(", ", AllParts), AllowMultipleArgumentsPerToken = true };
        var rates = new Option<int[]>("--rates") { Description = "Writes a second while changes are watched, 1 to 100,000 (default 100 300 1000)", AllowMultipleArgumentsPerToken = true };
        var patients = new Option<int?>("--patients") { Description = "Patients of a site that begins, 10 to 1,000,000 (default 10,000)" };
        var sites = new Option<int?>("--sites") { Description = "Sites that come back at once, 2 to 1,000 (default 200)" };
        var markdown = new Option<string?>("--markdown") { Description = "Write the table to this file too" };
        var folder = new Option<string?>("--folder") { Description = "Where databases lie while it runs: a disk, not a tmpfs (default: the temporary folder)" };
        only.Validators.Add(result => Check(result, (result.GetValue(only) ?? []).FirstOrDefault(name => !AllParts.Contains(name)) is { } name ? $"--only: there is no part {name}." : null));
        rates.Validators.Add(result => Check(result, (result.GetValue(rates) ?? []).Any(r => r is < 1 or > 100_000) ? "--rates: give 1 to 100,000 each." : null));
        patients.Validators.Add(result => Check(result, result.GetValue(patients) is < 10 or > 1_000_000 ? "--patients: give 10 to 1,000,000." : null));
        sites.Validators.Add(result => Check(result, result.GetValue(sites) is < 2 or > 1_000 ? "--sites: give 2 to 1,000." : null));
        var command = new Command("sync", "Measures plan sync between sites.") { shortRun, only, rates, patients, sites, markdown, folder };
        command.SetAction((parsed, cancellationToken) =>
        {
            var chosen = parsed.GetValue(shortRun) ? Short : Usual;
            return run(
                chosen with
                {
                    Parts = parsed.GetValue(only) is { Length: > 0 } named ? named : chosen.Parts,
                    Rates = parsed.GetValue(rates) is { Length: > 0 } given ? given : chosen.Rates,
                    Patients = parsed.GetValue(patients) ?? chosen.Patients,
                    Sites = parsed.GetValue(sites) ?? chosen.Sites,
                    MarkdownFile = parsed.GetValue(markdown),
                    Folder = parsed.GetValue(folder),
                },
                cancellationToken);
        });
        return command;
    }

    /// <returns>0; 1 when a change was not seen, a patient missed or a site did not converge. A goal missed is a result, not a failure.</returns>
    public static async Task<int> RunAsync(SyncSettings settings, TextWriter screen, CancellationToken cancellationToken)
    {
        using var folder = WorkFolder.Create(settings.Folder);
        await using var report = new BenchmarkReport(screen, settings.MarkdownFile, cancellationToken);
        foreach (var line in (await MachineFacts.ReadAsync(folder.Path, cancellationToken)).Lines)
        {
            await report.SayAsync("- " + line);
        }

        await using var postgres = await PrivatePostgres.CreateAsync(folder.Sub("postgres"), cancellationToken, "max_connections=500", "shared_buffers=1GB", "max_wal_size=8GB");
        await report.SayAsync("");
        await report.SayAsync("| what | figure | goal |");
        await report.SayAsync("| --- | --- | --- |");
        var whole = true;
        if (settings.Parts.Contains(Seen) || settings.Parts.Contains(Back))
        {
            whole &= await WritingAsync(settings, folder, postgres, report, cancellationToken);
        }

        if (settings.Parts.Contains(First) || settings.Parts.Contains(Feed))
        {
            whole &= await ReadingAsync(settings, folder, postgres, report, cancellationToken);
        }

        return whole ? 0 : 1;
    }

    /// <summary>Three silos, each with its gateway.</summary>
    private static async Task<bool> WritingAsync(SyncSettings settings, WorkFolder folder, PrivatePostgres postgres, BenchmarkReport report, CancellationToken cancellationToken)
    {
        await using var network = await Network.CreateAsync("sync_three", folder.Sub("three"), postgres, cancellationToken);
        var servers = await network.StartAsync(Layout.Three, cancellationToken);
        await network.RegisterClinicAsync(cancellationToken);
        var whole = !settings.Parts.Contains(Seen) || await SeenAsync(settings, network, servers, report, cancellationToken);
        if (!settings.Parts.Contains(Back))
        {
            return whole;
        }

        whole &= await BackAsync(settings, network, servers, "", report, cancellationToken);
        await network.StopAsync();
        var limit = Math.Max(LimitMin, LimitOfSite * settings.Sites).ToString(CultureInfo.InvariantCulture);
        await using var limited = await Network.CreateAsync("sync_limited", folder.Sub("limited"), postgres, cancellationToken);
        servers = await limited.StartAsync(Layout.Three, cancellationToken, "--ClinicNetwork:CallsPerSecondMax", limit, "--ClinicNetwork:CallsBurstMax", limit);
        return whole & await BackAsync(settings, limited, servers, $" as one client of {limit} calls/s", report, cancellationToken);
    }

    private static async Task<bool> BackAsync(SyncSettings settings, Network network, Servers servers, string how, BenchmarkReport report, CancellationToken cancellationToken)
    {
        var back = await new Reconnection(network, servers.Doors, settings.Sites).MeasureAsync(cancellationToken);
        await report.SayAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"| {settings.Sites} sites come back at once{how}, each with {Reconnection.PatientsOfSite} patients and {back.Pushed / settings.Sites} changes of a week, and sync | {back.Pushed:N0} pushed ({back.Conflicts:N0} conflicts, {back.Refused:N0} refused), {back.Read:N0} read; {back.Seconds:0.0} s, {back.Pushed / back.Seconds:N0} pushed/s, the last site after {back.LongestSeconds:0.0} s; {back.Told}; {back.Again} steps done again by their sites, {back.Failed} sites failed, {back.Apart} replicas apart; another client's GetPlan meanwhile p50 {back.OthersP50Ms:0.0} ms, p99 {back.OthersP99Ms:0} ms, {back.OthersFailed} failed | converge without an error that retry does not cure, shed politely: {Met(back.IsWhole)} |"));
        return back.IsWhole;
    }

    private static async Task<bool> SeenAsync(SyncSettings settings, Network network, Servers servers, BenchmarkReport report, CancellationToken cancellationToken)
    {
        await network.RegisterClinicAsync(Visibility.Second, cancellationToken);
        var population = new Population("seen", settings.Shared, RowPerCommand: true);
        await network.PopulateAsync(population, Unheard.Instance, cancellationToken);
        await network.AnalyseAsync(cancellationToken);
        var visibility = new Visibility(servers.Doors, population);
        await visibility.ShareAsync(cancellationToken);
        var whole = true;
        foreach (var rate in settings.Rates)
        {
            // The first second of a rate is left out: code is compiled, patients are activated.
            var seen = await visibility.MeasureAsync(rate, settings.Window, cancellationToken);
            whole &= seen.Unseen == 0;
            await report.SayAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"| change seen at a second site after the acknowledgement, {rate:N0} writes/s asked, {seen.Rate:N0} made | p50 {seen.P50Ms:0.0} ms, p99 {seen.P99Ms:0.0} ms, {seen.Unseen} of {seen.Changes:N0} not seen | 50 and 250 ms: {Met(seen is { Unseen: 0, P50Ms: <= 50, P99Ms: <= 250 })} |"));
        }

        return whole;
    }

    /// <summary>A gateway that is a process of its own.</summary>
    private static async Task<bool> ReadingAsync(SyncSettings settings, WorkFolder folder, PrivatePostgres postgres, BenchmarkReport report, CancellationToken cancellationToken)
    {
        // Others', read before: by then the network's processes have compiled what they need.
        var (population, others) = (new Population("read", settings.Patients, RowPerCommand: false), new Population("other", settings.Patients / 5, RowPerCommand: false, "other"));
        await using var network = await Network.CreateAsync("sync_read", folder.Sub("read"), postgres, cancellationToken);
        await network.StartAsync(Layout.Separate, cancellationToken, SnapshotOfEach);
        await network.RegisterClinicAsync(cancellationToken);
        await network.RegisterClinicAsync($"clinics/{others.Clinic}", cancellationToken);
        await network.PopulateAsync(population, Unheard.Instance, cancellationToken);
        await network.PopulateAsync(others, Unheard.Instance, cancellationToken);
        await network.AnalyseAsync(cancellationToken);
        await network.StopAsync();
        var whole = true;
        if (settings.Parts.Contains(First))
        {
            whole &= await FirstAsync(false, "nobody active, without snapshots, just started", "all active");
            whole &= await FirstAsync(false, "nobody active, with snapshots, just started");
            whole &= await FirstAsync(true, "nobody active, with snapshots, of a network that runs");
            await network.ForgetSnapshotsAsync(cancellationToken);
            whole &= await FirstAsync(true, "nobody active, without snapshots, of a network that runs");
        }

        if (settings.Parts.Contains(Feed))
        {
            await FeedAsync(settings, await StartAsync(), report, cancellationToken);
        }

        return whole;

        async Task<FeedReading> StartAsync()
        {
            var servers = await network.StartAsync(Layout.Separate, cancellationToken, SnapshotOfEach);
            return new(servers.Door, servers.ProcessIds[^1], servers.SiloProcessId, postgres.ProcessId);
        }

        async Task<bool> FirstAsync(bool runs, params IReadOnlyList<string> states)
        {
            var reading = await StartAsync();
            var all = !runs || (await reading.SyncAsync(others, cancellationToken)).Whole;
            foreach (var state in states)
            {
                var first = await reading.SyncAsync(population, cancellationToken);
                all &= first.Whole;
                await report.SayAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"| first sync of {settings.Patients:N0} patients with replicas, {state} | {first.Seconds:0.0} s, {first.Bytes / 1024.0 / 1024:0.0} MiB, {settings.Patients / first.Seconds:N0}/s; CPU s: gateway {first.GatewayCpu:0.0}, silo {first.SiloCpu:0.0}, PostgreSQL {first.PostgresCpu:0.0}{(first.Whole ? "" : ", **not whole**")} | 10 s: {Met(first.Whole && first.Seconds <= 10)} |"));
            }

            await network.StopAsync();
            return all;
        }
    }

    private static async Task FeedAsync(SyncSettings settings, FeedReading reading, BenchmarkReport report, CancellationToken cancellationToken)
    {
        foreach (var (what, kind, page, goal) in FeedReading.Kinds)
        {
            var read = await reading.ReadAsync(kind, page, settings.Window, cancellationToken);
            await report.SayAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"| feed read, {what}, pages of {page:N0} | {read.Changes / read.Seconds:N0}/s, {read.Changes / read.GatewayCpu:N0}/s per core of the gateway, {read.Bytes / read.Changes:N0} bytes each | {goal:N0}/s per core: {Met(read.Changes / read.GatewayCpu >= goal)} |"));
        }
    }

    private static void Check(System.CommandLine.Parsing.OptionResult result, string? problem)
    {
        if (problem is not null)
        {
            result.AddError(problem);
        }
    }

    private static string Met(bool met) => met ? "met" : "**missed**";
}
