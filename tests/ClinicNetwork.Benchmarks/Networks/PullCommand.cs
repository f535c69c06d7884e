using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using ClinicNetwork.Benchmarks.Figures;
using ClinicNetwork.Benchmarks.Machine;
using ClinicNetwork.Benchmarks.Rig;
using ClinicNetwork.Cli.Cluster;
using ClinicNetwork.Client;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Server;
using ClinicNetwork.Verification;

namespace ClinicNetwork.Benchmarks.Networks;

/// <param name="Persons">Who wait before the batch is published.</param>
/// <param name="Pulls">Of each kind; the median of each column counts.</param>
internal sealed record PullSettings(int Persons, int Pulls, string? MarkdownFile, string? Folder);

/// <summary>
/// <c>pull</c>: a registry with an agreement pulls one large batch into empty folders, from a gateway that is a process of its own. This process is the registry's
/// alone; it does what <c>clinicnet registry pull</c> does, the verification before the batch is kept and the acknowledgement included.
/// </summary>
internal static class PullCommand
{
    private const int PersonsUsual = 110_000;
    private const int PersonsShort = 3_000;
    private const int PullsUsual = 3;
    private const double GoalRows = 100_000;

    private static readonly (string Name, CurrentFormat? Current)[] Kinds =
        [("rows", null), ("rows and current.ndjson", CurrentFormat.Ndjson), ("rows and current.csv", CurrentFormat.Csv)];

    /// <param name="run">Gives the exit code.</param>
    public static Command Build(Func<PullSettings, CancellationToken, Task<int>> run)
    {
        var shortRun = new Option<bool>("--short") { Description = "3,000 persons, one pull: to see that it works, not to compare" };
        var persons = new Option<int?>("--persons") { Description = "Persons whose rows are published, 100 to 1,000,000 (default 110,000)" };
        var pulls = new Option<int?>("--pulls") { Description = "Pulls of each kind, 1 to 99; the median counts (default 3)" };
        var markdown = new Option<string?>("--markdown") { Description = "Write the table to this file too" };
        var folder = new Option<string?>("--folder") { Description = "Where databases and releases lie while it runs: a disk, not a tmpfs (default: the temporary folder)" };
        persons.Validators.Add(result => Check(result, result.GetValue(persons) is < 100 or > 1_000_000 ? "--persons: give 100 to 1,000,000." : null));
        pulls.Validators.Add(result => Check(result, result.GetValue(pulls) is < 1 or > 99 ? "--pulls: give 1 to 99." : null));
        var command = new Command("pull", "Measures a registry's pull of one batch.") { shortRun, persons, pulls, markdown, folder };
        command.SetAction((parsed, cancellationToken) =>
        {
            var isShort = parsed.GetValue(shortRun);
            return run(
                new(
                    parsed.GetValue(persons) ?? (isShort ? PersonsShort : PersonsUsual),
                    parsed.GetValue(pulls) ?? (isShort ? 1 : PullsUsual),
                    parsed.GetValue(markdown),
                    parsed.GetValue(folder)),
                cancellationToken);
        });
        return command;
    }

    /// <returns>0; 1 when a folder does not hold what was published. A goal missed is a result, not a failure.</returns>
    public static async Task<int> RunAsync(PullSettings settings, TextWriter screen, CancellationToken cancellationToken)
    {
        using var folder = WorkFolder.Create(settings.Folder);
        await using var report = new BenchmarkReport(screen, settings.MarkdownFile, cancellationToken);
        foreach (var line in (await MachineFacts.ReadAsync(folder.Path, cancellationToken)).Lines)
        {
            await report.SayAsync("- " + line);
        }

        await using var postgres = await PrivatePostgres.CreateAsync(folder.Sub("postgres"), cancellationToken, "max_connections=200", "shared_buffers=1GB", "max_wal_size=8GB");
        await using var network = await Network.CreateAsync("pull", folder.Sub("network"), postgres, cancellationToken);
        await network.StartAsync(Layout.CoHosted, cancellationToken);
        using var registry = await BenchRegistry.AgreeAsync(network, cancellationToken);
        await network.StopAsync();
        var rows = await PublishAsync(network, settings.Persons, cancellationToken);
        var servers = await network.StartAsync(Layout.Separate, cancellationToken);
        var bench = new PullBench(new(servers.Door.Address, registry), servers.ProcessIds[^1], postgres.ProcessId, rows);
        await report.SayAsync("");
        await report.SayAsync("| into the folder | rows | s | CPU s of registry | of it verifier | CPU s of gateway | CPU s of PostgreSQL | rows/s | per core of the registry | per core of the gateway | goal |");
        await report.SayAsync("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |");
        var whole = await bench.PullAsync(folder.Sub("rehearsal"), null, cancellationToken) is not null;
        foreach (var (name, current) in Kinds)
        {
            var pulls = new List<Pulled>();
            for (var pull = 1; whole && pull <= settings.Pulls; pull++)
            {
                var target = folder.Sub(string.Create(CultureInfo.InvariantCulture, $"release-{current}-{pull}"));
                if (await bench.PullAsync(target, current, cancellationToken) is { } pulled)
                {
                    pulls.Add(pulled);
                }

                Directory.Delete(target, recursive: true);
            }

            whole &= pulls.Count == settings.Pulls;
            await report.SayAsync(Row(name, rows, pulls));
        }

        return whole ? 0 : 1;
    }

    /// <returns>Rows of the one batch.</returns>
    private static async Task<int> PublishAsync(Network network, int persons, CancellationToken cancellationToken)
    {
        await using var store = await network.OpenStoreAsync(cancellationToken);
        await ReleasePath.WaitAsync(store, persons);
        await network.AnalyseAsync(cancellationToken);
        using var key = ECDsa.Create();
        key.ImportFromPem(await File.ReadAllTextAsync(Path.Combine(network.Keys, "release.key"), cancellationToken));
        var path = new ReleasePath(store, new ReleaseSecrets(store.DeriveSecret, key), new PublicationCheck(TimeProvider.System));
        await path.LoadAsync();
        await path.PublishAsync();
        await network.AnalyseAsync(cancellationToken);
        return (int)(path.State.ProgressOf(ReleasePath.Agreement) ?? throw new InvalidOperationException("nothing was published")).Rows;
    }

    private static void Check(System.CommandLine.Parsing.OptionResult result, string? problem)
    {
        if (problem is not null)
        {
            result.AddError(problem);
        }
    }

    private static string Row(string name, int rows, List<Pulled> pulls)
    {
        if (pulls.Count == 0)
        {
            return $"| {name} | **not what was published** | | | | | | | | | |";
        }

        double Of(Func<Pulled, double> column) => Statistics.Median([.. pulls.Select(column)]);
        var (seconds, own, gateway) = (Of(p => p.Spent.Seconds), Of(p => p.Spent.Own), Of(p => p.Gateway));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {name} | {rows:N0} | {seconds:0.00} | {own:0.00} | {Of(p => p.Verifier):0.00} | {gateway:0.00} | {Of(p => p.Spent.Database):0.00} | {rows / seconds:N0} | {rows / own:N0} | {rows / gateway:N0} | ≥ {GoalRows:N0} per core: registry {Met(rows / own >= GoalRows)}, gateway {Met(rows / gateway >= GoalRows)} |");
    }

    private static string Met(bool met) => met ? "met" : "**missed**";
}

/// <param name="Verifier">CPU s of it.</param>
/// <param name="Gateway">CPU s of the gateway's process.</param>
internal sealed record Pulled(Spent Spent, double Verifier, double Gateway);

/// <param name="rows">That the release has.</param>
internal sealed class PullBench(Load.Door door, int gateway, int postgres, int rows)
{
    /// <returns>Null: the folder does not hold what was published.</returns>
    public async Task<Pulled?> PullAsync(string folder, CurrentFormat? current, CancellationToken cancellationToken)
    {
        var (verifier, accepted, result) = (0.0, false, default(PullResult));
        var meter = new CpuMeter(gateway);
        var before = meter.Read();
        var spent = await Spent.OfAsync(postgres, async () =>
        {
            using var client = ClinicNetworkClient.Connect(door.Address, new() { Identity = door.Identity });
            var puller = new ReleasePuller(client, folder) { Check = Verify, Current = current };
            result = await puller.PullAsync(cancellationToken: cancellationToken);
        });
        var pulled = new Pulled(spent, verifier, (meter.Read() - before).TotalSeconds);
        return accepted && result is { Batches: 1, Acknowledged: 1 } && result.Rows == rows && (current is null || result.Current == rows) ? pulled : null;

        void Verify(string view, CancellationToken cancel)
        {
            var begin = Environment.CpuUsage.TotalTime;
            accepted = ReleaseVerifier.VerifyFolder(view, cancel) is { Accepted: true } report && report.Figures.Rows == rows;
            verifier = (Environment.CpuUsage.TotalTime - begin).TotalSeconds;
        }
    }
}
