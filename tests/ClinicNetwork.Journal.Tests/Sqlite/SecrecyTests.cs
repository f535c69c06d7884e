using System.Text;
using ClinicNetwork.Journal.Sqlite;
using ClinicNetwork.Journal.Tests.Contract;
using ClinicNetwork.Journal.Tests.Snapshots;

namespace ClinicNetwork.Journal.Tests.Sqlite;

/// <summary>No byte of what identifies or describes a person lies readable in any file, log files included.</summary>
public sealed class SecrecyTests
{
    private const string GivenName = "Zwetschgenröschen";
    private const string FamilyName = "Querulowitsch";
    private const string RecordNumber = "MRN-7731-XK-20";
    private const string FreeText = "dreams of burning orchards";
    private const string Leaf = "age-leaf-47-planted";
    private const string Outcome = "remission-planted";
    private const string Answer = "answer-planted-5512";

    private static IEnumerable<byte[]> Planted()
    {
        foreach (var text in (string[])[GivenName, FamilyName, RecordNumber, FreeText, Leaf, Outcome, Answer, "1961-11-23", "pt-typed-by-a-caller", "[3,2,3,1,0,2,3,1,2]", "test-noted"])
        {
            yield return Encoding.UTF8.GetBytes(text);
            yield return Encoding.Unicode.GetBytes(text);
        }

        yield return [3, 2, 3, 1, 0, 2, 3, 1, 2];
    }

    [Fact]
    public async Task What_was_planted_is_found_in_no_file()
    {
        await using var store = await SqliteStoreUnderTest.CreateAsync();
        var stream = new StreamDriver(store.Journal, "pt-searched-for");
        var noted = new Noted(FreeText, [3, 2, 3, 1, 0, 2, 3, 1, 2]);
        var append = stream.Next(
            noted,
            new Projection.PatientIndexed("cl-n", RecordNumber, GivenName, FamilyName, new DateOnly(1961, 11, 23)),
            new Projection.ConsentSet(17),
            new Projection.PoolEntered("2025-Q1", [Leaf]),
            new Projection.OutcomeReady("WEEK_4", [Outcome])) with { Answer = new Receipt(Answer) };
        Assert.IsType<AppendOutcome.Appended>(await stream.AppendAsync(append));
        await new StreamDriver(store.Journal, "rl-public").AcceptAsync(new Projection.PublicationPrepared(new(
            1, [new("c-1", "2025-Q1", 17, ["*"], ["pt-searched-for"])], [], [], [], [new("pt-searched-for", "c-1", "WEEK_4", [Outcome])])));

        await store.Audit.RecordAsync([AuditTools.Access(0) with { Subject = "pt-typed-by-a-caller", Outcome = "NotFound PATIENT_NOT_FOUND" }], default);

        var connection = SnapshotDatabase.Prepare(store.Folder);
        var snapshot = await store.Store.Snapshots.SealAsync("pt-searched-for", 1, store.Store.Snapshots.Encode(noted), default);
        await SnapshotTable.WriteAsync(connection, "pt-searched-for", snapshot, null);

        var files = new List<string>();
        await SearchAsync(store.Folder, files);
        Assert.Contains("journal.db-wal", files);
        await store.RestartAsync();
        await SearchAsync(store.Folder, files);
        Assert.Contains("snapshots.db", files);
    }

    private static async Task SearchAsync(string folder, List<string> files)
    {
        var found = false;
        foreach (var file in Directory.GetFiles(folder).Where(file => Path.GetFileName(file) != "lock"))
        {
            files.Add(Path.GetFileName(file));
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[stream.Length];
            await stream.ReadExactlyAsync(bytes);
            Assert.All(Planted(), planted => Assert.True(bytes.AsSpan().IndexOf(planted) < 0, $"{file} holds {Encoding.UTF8.GetString(planted)}"));
            found |= bytes.AsSpan().IndexOf("pt-searched-for"u8) >= 0;
        }

        Assert.True(found, "The search itself finds nothing: ids lie in clear and should be found.");
    }

    [Fact]
    public async Task A_snapshot_opens_for_its_stream_version_and_store_only()
    {
        await using var store = await SqliteStoreUnderTest.CreateAsync();
        await using var other = await SqliteStoreUnderTest.CreateAsync();
        foreach (var one in (SqliteStoreUnderTest[])[store, other])
        {
            await new StreamDriver(one.Journal, "pt-a").AcceptAsync();
            await new StreamDriver(one.Journal, "pt-b").AcceptAsync();
        }

        var snapshots = store.Store.Snapshots;
        var sealedBytes = await snapshots.SealAsync("pt-a", 5, "{}"u8.ToArray(), default);
        Assert.Equal("{}"u8.ToArray(), await snapshots.OpenAsync("pt-a", 5, sealedBytes, default));
        Assert.Null(await snapshots.OpenAsync("pt-a", 6, sealedBytes, default));
        Assert.Null(await snapshots.OpenAsync("pt-b", 5, sealedBytes, default));
        Assert.Null(await snapshots.OpenAsync("pt-nobody", 5, sealedBytes, default));
        Assert.Null(await other.Store.Snapshots.OpenAsync("pt-a", 5, sealedBytes, default));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await snapshots.SealAsync("pt-nobody", 1, [], default));
        await store.RestartAsync();
        Assert.NotNull(await store.Store.Snapshots.OpenAsync("pt-a", 5, sealedBytes, default));
    }
}
