using System.Security.Cryptography;
using ClinicNetwork.Journal.Audit;
using ClinicNetwork.Journal.Keys;
using ClinicNetwork.Journal.Postgres;
using static ClinicNetwork.Journal.Tests.Contract.AuditTools;

namespace ClinicNetwork.Journal.Tests.Postgres;

/// <summary>Placing where commits do not come in the order of their ids, where several place, and after a restore.</summary>
public sealed class PostgresAuditOrderTests
{
    private const string AccessOfAnother =
        "INSERT INTO audit_access (recorded_at, action, actor, site, subject, purpose, outcome, count) VALUES (0, 'late', 'a', '', '', '', 'OK', 1)";

    [Fact]
    public async Task Nothing_is_placed_that_an_older_transaction_could_come_before()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var older = await OpenTransaction.BeginAsync(store.Options.ConnectionString, AccessOfAnother);
        await new StreamDriver(store.Journal, "pt-a").AcceptAsync();
        await store.Audit.RecordAsync([Access(1)], default);
        Assert.Equal(0, (await store.Audit.PlaceAsync(Heads(key), default)).Placed);

        await older.CommitAsync();
        await PlaceAsync(store.Audit, Heads(key), 3);
        Assert.Equal(["late", "Note", "care.v1.PatientService/GetPlan"], (await store.Audit.ReadEntriesAsync(0, 10, default)).Select(entry => entry.Entry!.Action));
    }

    /// <summary>A silo that is paused while it places holds up nobody: the others have nothing to do, and see what they would have placed when it is done.</summary>
    [Fact]
    public async Task Who_finds_the_tree_taken_places_nothing_and_does_not_wait()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync(options => options with { LockSecondsMax = 60 });
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await new StreamDriver(store.Journal, "pt-a").AcceptAsync();
        await using (var placing = await OpenTransaction.BeginAsync(store.Options.ConnectionString, "SELECT FROM audit_tree FOR UPDATE"))
        {
            Assert.Equal(AuditRound.Nothing, await store.Audit.PlaceAsync(Heads(key), default).WaitAsync(TimeSpan.FromSeconds(20)));
        }

        await PlaceAsync(store.Audit, Heads(key), 1);
    }

    [Fact]
    public async Task Several_place_at_once_and_each_entry_has_one_place()
    {
        const int Writers = 4;
        const int Each = 150;
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        await using var other = await PostgresStore.OpenAsync(store.Options, default);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var heads = Heads(key);
        using var end = new CancellationTokenSource();
        IAuditLog[] placing = [store.Audit, store.Audit, other.Audit, other.Audit];
        var placed = 0;
        var placers = placing.Select(audit => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                Interlocked.Add(ref placed, (await audit.PlaceAsync(heads, default)).Placed);
            }
        })).ToArray();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(async writer =>
        {
            var stream = new StreamDriver((writer % 2 == 0 ? store.Journal : other.Journal), $"pt-{writer}");
            for (var i = 0; i < Each; i++)
            {
                await stream.AcceptAsync();
                await store.Audit.RecordAsync([Access(i)], default);
            }
        }));
        await Until.TrueAsync("everything is placed", () => Task.FromResult(Volatile.Read(ref placed) >= 2 * Writers * Each));
        await end.CancelAsync();
        await Task.WhenAll(placers);

        var entries = await store.Audit.ReadEntriesAsync(0, 10_000, default);
        Assert.Equal(Enumerable.Range(0, 2 * Writers * Each).Select(i => (long)i), entries.Select(entry => entry.Position));
        Assert.All(entries, entry => Assert.Equal(AuditLeaf.Of(entry.Entry!), entry.Leaf));
        var changes = entries.Where(entry => entry.Entry!.Version > 0).GroupBy(entry => entry.Entry!.Subject).ToList();
        Assert.Equal(Writers, changes.Count);
        Assert.All(changes, stream => Assert.Equal(Enumerable.Range(1, Each).Select(v => (long)v), stream.Select(entry => entry.Entry!.Version)));
        Assert.Contains(Convert.ToBase64String(Root([.. entries.Select(entry => entry.Leaf)])), (await PlaceAsync(store.Audit, heads, 0) ?? await store.Audit.ReadHeadAsync(default))!.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restore_places_what_was_waiting_and_what_comes_after_it_comes_after_it()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await new StreamDriver(store.Journal, "pt-a").AcceptAsync();
        await store.Audit.RecordAsync([Access(1)], default);
        await store.Store.DisposeAsync();
        // As a dump from an instance that had come further: every id lies in this one's future.
        await store.SqlAsync("UPDATE journal SET tx = '900000000000'; UPDATE audit_access SET tx = '900000000000'; UPDATE audit_tree SET next_tx = '899999999999'");
        await using (var source = PostgresInstance.Source(store.Options.ConnectionString))
        await using (var connection = await source.OpenConnectionAsync())
        {
            await PostgresAuditLog.SealAsync(connection, new(MasterKeyFile.Load(store.Options.KeyFolder, storeExists: true), store.Store.Incarnation), default);
        }

        await PostgresStore.RestoredAsync(store.Options, default);
        await store.RestartAsync();
        Assert.Equal(2, (await store.Audit.ReadEntriesAsync(0, 10, default)).Count);

        await new StreamDriver(store.Journal, "pt-b").AcceptAsync();
        await PlaceAsync(store.Audit, Heads(key), 1);
        Assert.Equal(["pt-a", "pt-1", "pt-b"], (await store.Audit.ReadEntriesAsync(0, 10, default)).Select(entry => entry.Entry!.Subject));
    }
}
