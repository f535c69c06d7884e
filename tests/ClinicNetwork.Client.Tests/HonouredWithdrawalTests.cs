using ClinicNetwork.Client.Tests.Fakes;
using Grpc.Core;
using Xunit.Abstractions;

namespace ClinicNetwork.Client.Tests;

/// <summary>A folder over many publication days: what is withdrawn goes, what is acknowledged is on the disk, whatever cuts in.</summary>
public sealed class HonouredWithdrawalTests(ITestOutputHelper output)
{
    private static int Rounds => int.TryParse(Environment.GetEnvironmentVariable("CLINICNETWORK_TEST_ROUNDS"), out var rounds) ? rounds : 1;

    private static string RowsFile(string folder, int number) => Path.Combine(folder, "batches", $"{number:0000}", "rows.ndjson");

    private static ReleasePuller Puller(FakeRegistry registry, string folder, CurrentFormat? current = null, Action<string>? check = null) =>
        new(registry.Client(), folder, 8) { Current = current, Check = check is null ? null : (view, _) => check(view) };

    [Fact(Timeout = Patience.Ms)]
    public async Task Rows_that_a_manifest_tells_to_be_withdrawn_become_hashes_in_batches_pulled_before()
    {
        using var folder = new TemporaryFolder();
        using var registry = new FakeRegistry([], 30) { Agreed = true };
        await Puller(registry, folder.Path, CurrentFormat.Ndjson).PullAsync();
        registry.Withdraw(1, 5);
        registry.Withdraw(1, 6);
        registry.Publish(10);

        var result = await Puller(registry, folder.Path).PullAsync();

        Assert.Equal(2, result.Tombstones);
        var lines = File.ReadAllLines(RowsFile(folder.Path, 1));
        Assert.Equal($"{{\"row\":5,\"leaf\":\"{Convert.ToHexStringLower(registry.Rows(1)[5].Leaf.Span)}\"}}", lines[5]);
        Assert.DoesNotContain("person-6\"", string.Concat(lines), StringComparison.Ordinal);
        // The file of usable rows was made by the pull before, and is kept true without being named again.
        Assert.DoesNotContain(File.ReadLines(Path.Combine(folder.Path, "current.ndjson")), line => line.StartsWith("{\"batch\":1,\"row\":5,", StringComparison.Ordinal));
        Assert.Equal(File.ReadLines(Path.Combine(folder.Path, "current.ndjson")).Count(), result.Current);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task What_is_acknowledged_is_on_the_disk_and_told_once()
    {
        using var folder = new TemporaryFolder();
        using var registry = new FakeRegistry([], 30, 4) { Agreed = true };
        await Assert.ThrowsAsync<InvalidOperationException>(() => Puller(registry, folder.Path, check: _ => throw new InvalidOperationException("refused")).PullAsync());
        Assert.Empty(registry.Acknowledged);
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(folder.Path, "batches")));

        var client = registry.Client();
        var honest = registry.Server.Unary;
        registry.Server.Unary = (attempt, method, request, token) => method == "AcknowledgeBatch"
            ? throw new RpcException(new Status(StatusCode.Unavailable, "")) : honest(attempt, method, request, token);
        await Assert.ThrowsAsync<ClinicNetworkException>(() => new ReleasePuller(client, folder.Path).PullAsync());
        Assert.True(File.Exists(RowsFile(folder.Path, 2)));

        var again = await Puller(registry, folder.Path).PullAsync();
        await Puller(registry, folder.Path).PullAsync();

        Assert.Equal((2, 0L), (again.Acknowledged, again.Rows));
        Assert.Equal(2, Assert.Single(registry.Acknowledged).Number);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task A_release_without_an_agreement_is_pulled_and_not_acknowledged()
    {
        using var folder = new TemporaryFolder();
        using var registry = new FakeRegistry([], 30);

        Assert.Equal(0, (await Puller(registry, folder.Path).PullAsync()).Acknowledged);
        Assert.Empty(registry.Acknowledged);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task What_is_checked_is_the_whole_release_with_its_new_batches_and_with_its_withdrawals()
    {
        using var folder = new TemporaryFolder();
        using var registry = new FakeRegistry([], 30) { Agreed = true };
        await Puller(registry, folder.Path).PullAsync();
        registry.Withdraw(1, 5);
        registry.Publish(9);
        var seen = "";

        await Puller(registry, folder.Path, check: view => seen = string.Join('\n',
            Directory.EnumerateDirectories(Path.Combine(view, "batches")).Order().Select(batch => File.ReadAllText(Path.Combine(batch, "rows.ndjson"))))).PullAsync();

        Assert.Equal(File.ReadAllText(RowsFile(folder.Path, 1)) + "\n" + File.ReadAllText(RowsFile(folder.Path, 2)), seen);
    }

    [Theory(Timeout = Patience.Ms)]
    [InlineData(1, 30)]
    [InlineData(2, 0)]
    [InlineData(0, 0)]
    public async Task A_tombstone_of_no_such_row_is_refused(int batch, int row)
    {
        using var folder = new TemporaryFolder();
        using var registry = new FakeRegistry([], 30) { Agreed = true };
        registry.Publish(9);
        registry.Tell(2, batch, row);

        var error = await Assert.ThrowsAsync<ClinicNetworkException>(() => Puller(registry, folder.Path).PullAsync());

        Assert.Equal(Reasons.Manifest, error.Reason);
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(folder.Path, "batches")));
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task Usable_rows_have_the_pseudonyms_of_the_last_list_and_are_RFC_4180()
    {
        using var folder = new TemporaryFolder();
        using var registry = new FakeRegistry([], 3) { Agreed = true };
        registry.Replace(("person-0", "once-0"), ("person-1", "once-1"));
        registry.Replace(("once-0", "twice-0"));

        await Puller(registry, folder.Path, CurrentFormat.Csv).PullAsync();
        await Puller(registry, folder.Path, CurrentFormat.Ndjson).PullAsync();

        Assert.Equal(
            "batch,row,pseudonym,sex,sessions,note,more\r\n1,0,twice-0,female,9+,\"ö \"\"quoted\"\"\",\r\n1,1,once-1,female,9+,\"ö \"\"quoted\"\"\",\r\n1,2,person-2,female,9+,\"ö \"\"quoted\"\"\",\r\n",
            File.ReadAllText(Path.Combine(folder.Path, "current.csv")));
        Assert.Equal(
            "{\"batch\":1,\"row\":0,\"pseudonym\":\"twice-0\",\"sex\":\"female\",\"sessions\":\"9+\",\"note\":\"ö \\\"quoted\\\"\",\"more\":\"\"}",
            File.ReadLines(Path.Combine(folder.Path, "current.ndjson")).First());
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task A_value_that_would_be_a_formula_is_refused_in_CSV_alone()
    {
        using var folder = new TemporaryFolder();
        using var registry = new FakeRegistry([], 1) { Agreed = true };
        registry.Replace(("person-0", "=1+1"));

        var error = await Assert.ThrowsAsync<ClinicNetworkException>(() => Puller(registry, folder.Path, CurrentFormat.Csv).PullAsync());

        Assert.Equal(Reasons.FormulaValue, error.Reason);
        Assert.Equal(1, (await Puller(registry, folder.Path, CurrentFormat.Ndjson).PullAsync()).Current);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task Another_profile_is_not_pulled_into_the_folder()
    {
        using var folder = new TemporaryFolder();
        using var registry = new FakeRegistry([], 1) { Agreed = true };
        await Puller(registry, folder.Path).PullAsync();

        var error = await Assert.ThrowsAsync<ClinicNetworkException>(() => Puller(registry, folder.Path).PullAsync("profiles/research-outcomes"));

        Assert.Equal(Reasons.OtherRelease, error.Reason);
    }

    /// <summary>Pages cut, pulls ended at any page, before the check, at the acknowledgement, and partial files cut at any byte as a full disk or a kill leaves them.</summary>
    [Fact(Timeout = 60 * Patience.Ms)]
    public async Task After_any_number_of_cuts_the_copy_is_what_the_source_would_deliver()
    {
        var seed = Environment.GetEnvironmentVariable("CLINICNETWORK_TEST_SEED") is { Length: > 0 } given ? int.Parse(given) : Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var (random, cuts) = (new Random(seed), 0);
        while (cuts < 150 * Rounds)
        {
            using var folder = new TemporaryFolder();
            using var fresh = new TemporaryFolder();
            using var registry = new FakeRegistry([], random.Next(60)) { Agreed = true };
            for (var day = 0; day < 4; day++)
            {
                cuts += await PullWithCutsAsync(registry, folder.Path, random);
                WithdrawSome(registry, random);
                registry.Publish(random.Next(40));
            }
            cuts += await PullWithCutsAsync(registry, folder.Path, random);

            await Puller(registry, fresh.Path, CurrentFormat.Csv).PullAsync();

            foreach (var file in Directory.EnumerateFiles(fresh.Path, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(fresh.Path, f)).Where(f => !f.StartsWith('.')))
                Assert.Equal($"seed {seed}: {file}: " + File.ReadAllText(Path.Combine(fresh.Path, file)), $"seed {seed}: {file}: " + File.ReadAllText(Path.Combine(folder.Path, file)));
            Assert.All(Enumerable.Range(1, registry.Batches), number => Assert.Equal(
                registry.Rows(number).Select(row => row.Leaf.Length > 0), File.ReadLines(RowsFile(folder.Path, number)).Select(line => line.Contains("\"leaf\":", StringComparison.Ordinal))));
        }
        output.WriteLine($"{cuts} cuts");
    }

    private static void WithdrawSome(FakeRegistry registry, Random random)
    {
        for (var left = random.Next(6); left > 0; left--)
        {
            var number = random.Next(1, registry.Batches + 1);
            if (registry.Rows(number).Count > 0)
                registry.Withdraw(number, random.Next(registry.Rows(number).Count));
        }
    }

    /// <returns>Times that it was ended before its end.</returns>
    private static async Task<int> PullWithCutsAsync(FakeRegistry registry, string folder, Random random)
    {
        for (var cuts = 0; ; cuts++)
        {
            using var end = new CancellationTokenSource();
            var (pages, atCheck, atAcknowledgement) = (random.Next(12), random.Next(4) == 0, random.Next(4) == 0);
            var client = registry.Client(new() { RetriesMax = 0, StreamReopensMax = 0 });
            var honest = registry.Server.Unary;
            registry.Server.Unary = (attempt, method, request, token) => method == "AcknowledgeBatch" && atAcknowledgement
                ? throw new RpcException(new Status(StatusCode.Unavailable, "")) : honest(attempt, method, request, token);
            var puller = new ReleasePuller(client, folder, random.Next(1, 12))
            {
                Current = CurrentFormat.Csv,
                Check = (_, _) => _ = atCheck ? throw new OperationCanceledException() : 0,
            };
            try
            {
                await puller.PullAsync(progress: new Ending(() => pages-- == 0, end), cancellationToken: end.Token);
                return cuts;
            }
            catch (Exception error) when (error is OperationCanceledException or ClinicNetworkException { Code: StatusCode.Unavailable })
            {
                CutAFile(folder, random);
            }
        }
    }

    private static void CutAFile(string folder, Random random)
    {
        foreach (var rows in Directory.EnumerateFiles(Path.Combine(folder, ".partial"), "rows.ndjson", SearchOption.AllDirectories).ToList())
        {
            using var file = File.OpenWrite(rows);
            if (random.Next(2) == 0)
                file.SetLength(random.NextInt64(file.Length + 1));
        }
    }

    private sealed class Ending(Func<bool> now, CancellationTokenSource end) : IProgress<PullProgress>
    {
        public void Report(PullProgress value)
        {
            if (now())
                end.Cancel();
        }
    }
}
