using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using ClinicNetwork.Benchmarks.Machine;
using ClinicNetwork.Benchmarks.Rig;
using ClinicNetwork.Cli.Cluster;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal.Postgres;
using ClinicNetwork.Server;

namespace ClinicNetwork.Benchmarks.Networks;

/// <param name="Persons">Who wait.</param>
internal sealed record ReleasesSettings(int Persons, string? MarkdownFile, string? Folder);

/// <summary><c>releases</c>: a publication over many waiting persons on PostgreSQL, whole and broken off in the middle.</summary>
internal static class ReleasesCommand
{
    private const int PersonsUsual = 100_000;
    private const int PersonsShort = 3_000;

    /// <summary>A step has up to 1,000 persons: killed after two fifths of them.</summary>
    private const int PersonsOfKill = 2_500;
    private const double GoalSeconds = 60;
    private const double GoalRecords = 20_000;

    /// <param name="run">Gives the exit code.</param>
    public static Command Build(Func<ReleasesSettings, CancellationToken, Task<int>> run)
    {
        var shortRun = new Option<bool>("--short") { Description = "3,000 persons: to see that it works, not to compare" };
        var persons = new Option<int?>("--persons") { Description = "Persons who wait, 100 to 1,000,000 (default 100,000)" };
        var markdown = new Option<string?>("--markdown") { Description = "Write the table to this file too" };
        var folder = new Option<string?>("--folder") { Description = "Where databases lie while it runs: a disk, not a tmpfs (default: the temporary folder)" };
        persons.Validators.Add(result =>
        {
            if (result.GetValue(persons) is < 100 or > 1_000_000)
            {
                result.AddError("--persons: give 100 to 1,000,000.");
            }
        });
        var command = new Command("releases", "Measures publications on PostgreSQL.") { shortRun, persons, markdown, folder };
        command.SetAction((parsed, cancellationToken) =>
        {
            var isShort = parsed.GetValue(shortRun);
            return run(
                new(parsed.GetValue(persons) ?? (isShort ? PersonsShort : PersonsUsual), parsed.GetValue(markdown), parsed.GetValue(folder)), cancellationToken);
        });
        return command;
    }

    /// <returns>0. A goal missed is a result, not a failure.</returns>
    public static async Task<int> RunAsync(ReleasesSettings settings, TextWriter screen, CancellationToken cancellationToken)
    {
        using var folder = WorkFolder.Create(settings.Folder);
        await using var report = new BenchmarkReport(screen, settings.MarkdownFile, cancellationToken);
        foreach (var line in (await MachineFacts.ReadAsync(folder.Path, cancellationToken)).Lines)
        {
            await report.SayAsync("- " + line);
        }

        await using var postgres = await PrivatePostgres.CreateAsync(folder.Sub("postgres"), cancellationToken, "max_connections=200", "shared_buffers=1GB", "max_wal_size=8GB");
        await report.SayAsync("");
        await report.SayAsync("| what | rows | s | CPU s of engine | CPU s of PostgreSQL | rows/s per core | goal |");
        await report.SayAsync("| --- | ---: | ---: | ---: | ---: | ---: | --- |");
        foreach (var killed in new[] { false, true })
        {
            await using var network = await Network.CreateAsync(killed ? "releases_killed" : "releases_whole", folder.Sub(killed ? "killed" : "whole"), postgres, cancellationToken);
            await using var store = await network.OpenStoreAsync(cancellationToken);
            await ReleasePath.AgreeAsync(store);
            await ReleasePath.WaitAsync(store, settings.Persons);
            await network.AnalyseAsync(cancellationToken);
            using var key = ECDsa.Create();
            key.ImportFromPem(await File.ReadAllTextAsync(Path.Combine(network.Keys, "release.key"), cancellationToken));
            await PublishAsync(store, new ReleaseSecrets(store.DeriveSecret, key), postgres.ProcessId, killed ? Math.Max(1, settings.Persons / PersonsOfKill) : null, report.SayAsync);
        }

        return 0;
    }

    private static async Task PublishAsync(PostgresStore store, ReleaseSecrets secrets, int postgres, int? killedAfter, Func<string, Task> say)
    {
        var timed = new TimedCheck(new PublicationCheck(TimeProvider.System));
        var spent = new Spent(0, 0, 0);
        var path = new ReleasePath(store, secrets, timed);
        await path.LoadAsync();
        if (killedAfter is not null)
        {
            path.KilledAfter = killedAfter;
            try
            {
                spent += await Spent.OfAsync(postgres, path.PublishAsync);
            }
            catch (ReleasePath.KilledException)
            {
                path = new ReleasePath(store, secrets, timed);
            }

            await path.LoadAsync();
        }

        spent += await Spent.OfAsync(postgres, path.PublishAsync);
        var progress = path.State.ProgressOf(ReleasePath.Agreement) ?? throw new InvalidOperationException("nothing was published");
        var rows = (int)progress.Rows;
        await say(Row(
            killedAfter is { } steps ? $"publication, killed after {steps} steps, resumed: the second part" : "publication, prepared, sealed, attacked, verified, committed", rows, spent, spent.Own + spent.Database,
            string.Create(CultureInfo.InvariantCulture, $"≤ {GoalSeconds:0} s: {Met(spent.Seconds <= GoalSeconds)}; ≥ {GoalRecords:N0}: {Met(rows / (spent.Own + spent.Database) >= GoalRecords)}")));
        await say(Row("of it red team", rows, timed.Attack, timed.Attack.Own, ""));
        await say(Row("of it verifier", rows, timed.Verify, timed.Verify.Own, ""));
    }

    private static string Met(bool met) => met ? "met" : "**missed**";

    private static string Row(string what, int rows, Spent spent, double cpu, string goal) => string.Create(
        CultureInfo.InvariantCulture, $"| {what} | {rows:N0} | {spent.Seconds:0.0} | {spent.Own:0.0} | {spent.Database:0.0} | {rows / cpu:N0} | {goal} |");

    private sealed class TimedCheck(IPublicationCheck check) : IPublicationCheck
    {
        public Spent Attack { get; private set; } = new(0, 0, 0);

        public Spent Verify { get; private set; } = new(0, 0, 0);

        public async Task<RedTeamSummary> AttackAsync(CandidateRelease release, CancellationToken cancellationToken)
        {
            RedTeamSummary? summary = null;
            Attack += await Spent.OfAsync(Environment.ProcessId, async () => summary = await check.AttackAsync(release, cancellationToken));
            return summary!;
        }

        public async Task<IReadOnlyList<string>> VerifyAsync(CandidateRelease release, CancellationToken cancellationToken)
        {
            IReadOnlyList<string> findings = [];
            Verify += await Spent.OfAsync(Environment.ProcessId, async () => findings = await check.VerifyAsync(release, cancellationToken));
            return findings;
        }
    }
}
