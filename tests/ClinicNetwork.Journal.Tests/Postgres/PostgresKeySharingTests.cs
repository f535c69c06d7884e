using ClinicNetwork.Journal.Keys;
using ClinicNetwork.Journal.Postgres;

namespace ClinicNetwork.Journal.Tests.Postgres;

/// <summary>Keys when several processes work on one database, and when a migration or a rotation is broken off.</summary>
public sealed class PostgresKeySharingTests
{
    private const int Seed = 20251126;

    private static readonly string[] Sites = ["clinics/a", "clinics/b", "clinics/c", "clinics/d"];

    [Fact]
    public async Task Rotation_under_appends_and_sharing_fails_no_call_and_loses_no_key()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        await using var other = await PostgresStore.OpenAsync(store.Options, default);
        using var stop = new CancellationTokenSource();
        var streams = 0;
        var writers = Enumerable.Range(0, 4).Select(async number =>
        {
            var random = new Random(Seed + number);
            var drivers = new List<StreamDriver>();
            while (!stop.IsCancellationRequested)
            {
                if (drivers.Count < 4 || (drivers.Count < 16 && random.Next(4) == 0))
                {
                    var driver = new StreamDriver(number % 2 == 0 ? store.Journal : other.Journal, $"pt-{Interlocked.Increment(ref streams)}");
                    drivers.Add(driver);
                    await driver.AcceptAsync(new Noted(driver.Stream, []), new Projection.SitesSet(Some(random)));
                }
                else
                {
                    await drivers[random.Next(drivers.Count)].AcceptAsync(random.Next(2) == 0 ? [] : [new Projection.SitesSet(Some(random))]);
                }
            }
        }).ToList();

        for (var version = 2; version <= 3; version++)
        {
            var before = Volatile.Read(ref streams);
            await Until.TrueAsync("more are enrolled", () => Task.FromResult(Volatile.Read(ref streams) >= Math.Min(before + 10, 4 * 16)));
            KeyEncryptionKeys.Add(store.KeyFolder);
            await store.RotateKeysAsync();
        }

        await stop.CancelAsync();
        await Task.WhenAll(writers);
        File.Delete(KeyEncryptionKeys.FileOf(store.KeyFolder, 2));
        await other.DisposeAsync();
        await store.RestartAsync();
        for (var i = 1; i <= streams; i++)
        {
            Assert.Equal($"pt-{i}", ((Noted)(await store.Journal.ReadAsync($"pt-{i}", 0, 1, default))[0].Events[0]).Text);
        }

        // Sharing and wraps agree after all of it.
        Assert.Empty(await store.QueryAsync("SELECT a.site FROM patient_access AS a LEFT JOIN key_wrap AS w ON w.stream = a.stream AND w.holder = a.site WHERE w.stream IS NULL"));
        Assert.Empty(await store.QueryAsync("SELECT w.holder FROM key_wrap AS w LEFT JOIN patient_access AS a ON a.stream = w.stream AND a.site = w.holder WHERE a.stream IS NULL"));
        Assert.True(streams > 20, $"only {streams} streams were made meanwhile");

        static string[] Some(Random random) => [.. Sites.Where(_ => random.Next(2) == 0).DefaultIfEmpty(Sites[0])];
    }

    [Fact]
    public async Task What_one_process_destroys_the_others_forget_within_seconds()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        await using var other = await PostgresStore.OpenAsync(store.Options, default);
        var (erased, alone) = (new StreamDriver(store.Journal, "pt-erased"), new StreamDriver(store.Journal, "pt-alone"));
        await erased.AcceptAsync(new Projection.SitesSet([Sites[0], Sites[1]]));
        await alone.AcceptAsync(new Projection.SitesSet([Sites[0]]));
        Assert.Single(await other.Journal.ReadAsync("pt-erased", 0, 10, default));
        Assert.Single(await other.Journal.ReadAsync("pt-alone", 0, 10, default));
        var late = erased.Next();
        await erased.AcceptAsync(new Projection.ConsentSet(0), new Projection.Erased());
        await new StreamDriver(store.Journal, "cl-a").AcceptAsync(new Projection.HolderDestroyed(Sites[0]));

        // At once, by the database: who decided on what was before it loses.
        Assert.Equal(KeyLoss.Erased, (await Assert.ThrowsAsync<KeyLostException>(() => other.Journal.AppendAsync(late, default))).Loss);
        await Until.TrueAsync("the other process forgets", () => Task.FromResult(
            (other.Keys.LossOf("pt-erased"), other.Keys.LossOf("pt-alone"), other.Keys.LossOf(Sites[0])) == (KeyLoss.Erased, KeyLoss.Orphaned, KeyLoss.Holder)));
        Assert.Equal(KeyLoss.Erased, (await Assert.ThrowsAsync<KeyLostException>(() => other.Journal.ReadAsync("pt-erased", 0, 10, default))).Loss);
        Assert.Equal(KeyLoss.Orphaned, (await Assert.ThrowsAsync<KeyLostException>(() => other.Journal.ReadAsync("pt-alone", 0, 10, default))).Loss);
        Assert.Equal(new AppendOutcome.KeyTaken("holder"), await new StreamDriver(other.Journal, "pt-new").AppendAsync(new StreamDriver(other.Journal, "pt-new").Next(new Projection.SitesSet([Sites[0]]))));
    }

    [Fact]
    public async Task A_holder_destroyed_while_sharing_changes_never_takes_the_last_wrap_unnoticed()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        await using var other = await PostgresStore.OpenAsync(store.Options, default);
        for (var round = 0; round < 8; round++)
        {
            var (doomed, stays, stream) = ($"clinics/doomed-{round}", $"clinics/stays-{round}", $"pt-{round}");
            var patient = new StreamDriver(store.Journal, stream);
            await patient.AcceptAsync(new Projection.SitesSet([doomed, stays]));
            var destroyed = new StreamDriver(other.Journal, $"cl-{round}").AcceptAsync(new Projection.HolderDestroyed(doomed));
            // The other site goes at the same moment: either its wrap stays, or the loss is told.
            await Task.WhenAll(destroyed, patient.AppendAsync(patient.Next(new Projection.SitesSet([doomed]))));
            var (wraps, gone) = ((await store.QueryAsync($"SELECT holder FROM key_wrap WHERE stream = '{stream}'")).Count, (await store.QueryAsync($"SELECT kind FROM key_gone WHERE name = '{stream}'")).Count);
            Assert.Equal(1, wraps + gone);
        }
    }

    [Fact]
    public async Task A_migration_broken_off_between_pages_goes_on_and_no_server_starts_before()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        for (var i = 0; i < 8; i++)
        {
            await new StreamDriver(store.Journal, $"pt-{i}").AcceptAsync(i == 7 ? [] : [new Projection.SitesSet([Sites[0], Sites[1]])]);
        }

        // As an older version left them.
        var master = new MasterKey(await File.ReadAllBytesAsync(MasterKeyFile.FileIn(store.KeyFolder)));
        var keks = new KeyEncryptionKeys(store.KeyFolder, master);
        foreach (var row in await store.QueryAsync("SELECT d.stream, d.key_id, w.wrapped, h.holder, h.key_id, h.kek_version, h.wrapped FROM data_key AS d JOIN key_wrap AS w ON w.stream = d.stream JOIN holder_key AS h ON h.holder = w.holder WHERE w.holder <> 'clinics/b'"))
        {
            Assert.True(keks.Unwrap(new((string)row[3]!, (byte[])row[4]!, (int)row[5]!, (byte[])row[6]!)).TryUnwrap((string)row[0]!, (byte[])row[1]!, (byte[])row[2]!, out var key));
            await store.SqlAsync($"UPDATE data_key SET wrapped = '\\x{Convert.ToHexString(new KeyWrap(master).Wrap(key))}' WHERE stream = '{row[0]}'");
        }

        await store.SqlAsync("DELETE FROM key_wrap; DELETE FROM holder_key; ALTER TABLE key_wrap ADD CONSTRAINT killed CHECK (stream <> 'pt-4')");
        var options = store.Options with { KeyPageMax = 3 };
        await Assert.ThrowsAsync<StoreRefusedException>(() => PostgresStore.MigrateAsync(options, default));
        Assert.Equal(6, (await store.QueryAsync("SELECT stream FROM key_wrap")).Count);
        Assert.Contains("migrate", (await Assert.ThrowsAsync<StoreRefusedException>(store.RestartAsync)).Message, StringComparison.Ordinal);
        await store.SqlAsync("ALTER TABLE key_wrap DROP CONSTRAINT killed");
        await PostgresStore.MigrateAsync(options, default);
        await store.RestartAsync();
        Assert.Equal(15, (await store.QueryAsync("SELECT stream FROM key_wrap")).Count);
        Assert.Empty(await store.QueryAsync("SELECT stream FROM data_key WHERE wrapped <> ''"));
        for (var i = 0; i < 8; i++)
        {
            Assert.Single(await store.Journal.ReadAsync($"pt-{i}", 0, 10, default));
        }
    }
}
