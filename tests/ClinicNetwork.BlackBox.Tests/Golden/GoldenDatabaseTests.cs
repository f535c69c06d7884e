using System.Text;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Cluster;
using ClinicNetwork.BlackBox.Tests.Hosting;

namespace ClinicNetwork.BlackBox.Tests.Golden;

/// <summary>
/// As <see cref="GoldenStoreTests"/>, for PostgreSQL: every released version's dump is loaded into a new instance, migrated as restored, and
/// answers as it did. <c>tests/golden/make</c> writes this version's dump.
/// </summary>
public class GoldenDatabaseTests
{
    private const string DumpFile = "database.sql";
    private const string KeysFolder = "keys";

    /// <summary>Versions that knew PostgreSQL.</summary>
    public static TheoryData<string> Versions =>
        [.. Directory.EnumerateDirectories(GoldenStoreTests.GoldenFolder()).Select(folder => Path.Combine(folder, "postgres")).Where(Directory.Exists)];

    [Theory]
    [MemberData(nameof(Versions), DisableDiscoveryEnumeration = true)]
    public async Task A_released_version_s_dump_is_restored_and_answers_as_it_did(string released) =>
        await AssertRestoredAsync(
            await File.ReadAllTextAsync(Path.Combine(released, DumpFile)), Path.Combine(released, KeysFolder), await File.ReadAllLinesAsync(Path.Combine(released, GoldenStoreTests.CallsFile)));

    [Fact]
    public async Task A_database_made_now_is_restored_and_answers_as_it_did()
    {
        using var temp = new TempFolder();
        await using var made = await ClusterUnderTest.MigratedAsync();
        var calls = await GoldenStore.MakeAsync(temp.Sub("server"), "--postgres", made.Postgres.ConnectionString(), "--keys", made.Keys);
        var dump = await PostgresDump.SaveAsync(made.Postgres);
        string[] lines = [.. calls.Select(c => c.ToLine())];
        if (Environment.GetEnvironmentVariable(GoldenStoreTests.OutVariable) is { Length: > 0 } target)
        {
            var folder = Path.Combine(target, "postgres");
            GoldenStoreTests.Copy(made.Keys, Path.Combine(folder, KeysFolder));
            await File.WriteAllTextAsync(Path.Combine(folder, DumpFile), dump, new UTF8Encoding(false));
            await File.WriteAllLinesAsync(Path.Combine(folder, GoldenStoreTests.CallsFile), lines);
        }

        var feed = await FeedAsync(temp.Sub("server"), made);
        Assert.True(feed.Count > 500, $"only {feed.Count} changes to keep in order");
        var restored = await AssertRestoredAsync(dump, made.Keys, lines);
        // Cursors of before the restore are refused, so only a patient's own order has to stay.
        Assert.Equal(feed.Order(), restored.Order());
        Assert.All(restored.GroupBy(change => change.Patient, change => change.Version), versions => Assert.Equal(versions.Order(), versions));
    }

    /// <summary>Patient and version of each change at the clinic, in the feed's order.</summary>
    private static async Task<IReadOnlyList<(string Patient, long Version)>> FeedAsync(string folder, ClusterUnderTest cluster)
    {
        await using var server = await ServerProcess.StartAsync(folder, cluster.Arguments());
        using var channel = server.Open();
        return [.. (await new Network(channel, GoldenStore.Clinic).FeedAsync(GoldenStore.Clinic)).Select(change => (change.Patient, change.Version))];
    }

    /// <summary>The restored feed.</summary>
    private static async Task<IReadOnlyList<(string Patient, long Version)>> AssertRestoredAsync(string dump, string keys, string[] lines)
    {
        await using var restored = await ClusterUnderTest.EmptyAsync();
        GoldenStoreTests.Copy(keys, restored.Keys);
        await PostgresDump.LoadAsync(restored.Postgres, dump);
        var (code, text, error) = await ServerProgram.RunAsync(["migrate", "--restored", .. restored.Arguments()]);
        Assert.Equal((0, ""), (code, error));
        Assert.Matches(ClusterUnderTest.Migrated[..^1] + "ledger: 0 publications and 0 withdrawals that the backup had not\n$", text);
        Assert.DoesNotContain(text.Split('\n')[^3].Split(' ')[^1], dump, StringComparison.Ordinal);

        using var temp = new TempFolder();
        // Before anything else is written: what a transaction of the other instance wrote must not be held back here.
        var feed = await FeedAsync(Directory.CreateDirectory(temp.Sub("server")).FullName, restored);
        // An etag names the incarnation, so that none of before the restore is taken for one of after it.
        await GoldenStoreTests.AssertAnswersAsync(temp.Sub("server"), lines, "etag", "--postgres", restored.Postgres.ConnectionString(), "--keys", restored.Keys);
        return feed;
    }
}
