using ClinicNetwork.Journal.Sqlite;
using Microsoft.Data.Sqlite;

namespace ClinicNetwork.Journal.Tests.Sqlite;

/// <summary>What was deleted is not left in the files, and stores of released versions get their wraps.</summary>
public sealed class SqliteKeyFileTests
{
    [Fact]
    public async Task The_wraps_of_an_erased_patient_lie_in_no_file()
    {
        await using var store = await SqliteStoreUnderTest.CreateAsync();
        var drivers = new List<StreamDriver>();
        for (var i = 0; i < 40; i++)
        {
            drivers.Add(new StreamDriver(store.Journal, $"pt-{i:00}"));
            await drivers[i].AcceptAsync(new Projection.SitesSet(["clinics/a", "clinics/b"]));
        }

        var wraps = (await store.QueryAsync("SELECT wrapped FROM key_wrap WHERE stream = 'pt-07'")).Select(row => (byte[])row[0]!).ToList();
        Assert.Equal(2, wraps.Count);
        Assert.All(wraps, wrap => Assert.True(Holds(store.Folder, wrap)));
        await drivers[7].AcceptAsync(new Projection.ConsentSet(0), new Projection.Erased());
        Assert.All(wraps, wrap => Assert.False(Holds(store.Folder, wrap)));
        await store.RestartAsync();
        Assert.All(wraps, wrap => Assert.False(Holds(store.Folder, wrap)));
    }

    [Fact]
    public async Task Who_was_erased_after_a_backup_is_erased_again_when_it_is_restored()
    {
        await using var store = await SqliteStoreUnderTest.CreateAsync();
        var (gone, stays) = (new StreamDriver(store.Journal, "pt-gone"), new StreamDriver(store.Journal, "pt-stays"));
        await gone.AcceptAsync(new Projection.SitesSet(["clinics/a"]));
        await stays.AcceptAsync(new Projection.SitesSet(["clinics/a"]));
        var (file, backup) = (StoreFolder.JournalFileIn(store.Folder), Path.Combine(store.Folder, "backup"));
        await store.RestartAsync(() => File.Copy(file, backup));
        var wrap = (byte[])(await store.QueryAsync("SELECT wrapped FROM key_wrap WHERE stream = 'pt-gone'"))[0][0]!;
        var again = new StreamDriver(store.Journal, "pt-gone").Next(new Projection.ConsentSet(0), new Projection.Erased()) with
        {
            Version = 2,
            BaseHash = gone.Head,
            Origin = StreamDriver.Origin("erase", "p"),
        };
        Assert.IsType<AppendOutcome.Appended>(await store.Journal.AppendAsync(again, default));
        var list = await File.ReadAllTextAsync(Path.Combine(store.Folder, "erased.list"));
        Assert.DoesNotContain("gone", list, StringComparison.Ordinal);
        await store.RestartAsync(() =>
        {
            File.Copy(backup, file, overwrite: true);
            File.Delete(backup);
            SqliteStore.RestoredAsync(SqliteStoreUnderTest.Options(store.Folder), default).GetAwaiter().GetResult();
        });

        Assert.Equal(KeyLoss.Erased, (await Assert.ThrowsAsync<KeyLostException>(() => store.Journal.ReadAsync("pt-gone", 0, 10, default))).Loss);
        Assert.Single(await store.Journal.ReadAsync("pt-stays", 0, 10, default));
        Assert.False(Holds(store.Folder, wrap));
        Assert.Equal(list, await File.ReadAllTextAsync(Path.Combine(store.Folder, "erased.list")));
    }

    [Fact]
    public async Task A_clinics_key_that_was_destroyed_after_a_backup_is_destroyed_again_when_it_is_restored()
    {
        await using var store = await SqliteStoreUnderTest.CreateAsync();
        await new StreamDriver(store.Journal, "cl-a").AcceptAsync(new Projection.HolderAdded("clinics/a"));
        foreach (var (stream, sites) in ((string, string[])[])[("pt-alone", ["clinics/a"]), ("pt-shared", ["clinics/a", "clinics/b"]), ("pt-others", ["clinics/b"])])
        {
            await new StreamDriver(store.Journal, stream).AcceptAsync(new Projection.SitesSet(sites), new Projection.ConsentSet(1), new Projection.DueSet("visit", DateTimeOffset.UnixEpoch));
        }

        var (file, backup) = (StoreFolder.JournalFileIn(store.Folder), Path.Combine(store.Folder, "backup"));
        await store.RestartAsync(() => File.Copy(file, backup));
        var wrap = (byte[])(await store.QueryAsync("SELECT wrapped FROM holder_key WHERE holder = 'clinics/a'"))[0][0]!;
        await new StreamDriver(store.Journal, "cl-destroyer").AcceptAsync(new Projection.HolderDestroyed("clinics/a"));
        Assert.DoesNotContain("clinics", await File.ReadAllTextAsync(Path.Combine(store.Folder, "erased.list")), StringComparison.Ordinal);
        await store.RestartAsync(() =>
        {
            File.Copy(backup, file, overwrite: true);
            File.Delete(backup);
            SqliteStore.RestoredAsync(SqliteStoreUnderTest.Options(store.Folder), default).GetAwaiter().GetResult();
            // Once more finds nothing to do.
            SqliteStore.RestoredAsync(SqliteStoreUnderTest.Options(store.Folder), default).GetAwaiter().GetResult();
        });

        Assert.Equal((KeyLoss.Holder, null), (store.Keys.LossOf("clinics/a"), store.Keys.LossOf("clinics/b")));
        Assert.Equal(KeyLoss.Orphaned, (await Assert.ThrowsAsync<KeyLostException>(() => store.Journal.ReadAsync("pt-alone", 0, 10, default))).Loss);
        Assert.Single(await store.Journal.ReadAsync("pt-shared", 0, 10, default));
        Assert.Single(await store.Journal.ReadAsync("pt-others", 0, 10, default));
        Assert.Single(await store.Journal.ReadAsync("cl-a", 0, 10, default));
        Assert.Equal(["clinics/b", "clinics/b"], (await store.QueryAsync("SELECT holder FROM key_wrap WHERE stream LIKE 'pt-%'")).Select(row => (string)row[0]!));
        Assert.Equal(["pt-others", "pt-shared"], (await store.QueryAsync("SELECT stream FROM due ORDER BY stream")).Select(row => (string)row[0]!));
        Assert.Equal(["pt-alone"], (await store.QueryAsync("SELECT person FROM consent WHERE recipients = 0")).Select(row => (string)row[0]!));
        Assert.False(Holds(store.Folder, wrap));
        var late = new StreamDriver(store.Journal, "pt-late");
        Assert.Equal(new AppendOutcome.KeyTaken("holder"), await late.AppendAsync(late.Next(new Projection.SitesSet(["clinics/a"]))));
    }

    /// <summary>The disk refuses the list for a while: what was destroyed meanwhile is in it afterwards, and whoever looks is told.</summary>
    [Fact]
    public async Task What_was_destroyed_while_the_list_could_not_be_written_is_listed_later()
    {
        await using var store = await SqliteStoreUnderTest.CreateAsync();
        StreamDriver[] patients = [new(store.Journal, "pt-first"), new(store.Journal, "pt-second")];
        var list = Path.Combine(store.Folder, "erased.list");
        Directory.CreateDirectory(list);
        foreach (var patient in patients)
        {
            await patient.AcceptAsync(new Projection.SitesSet(["clinics/a"]));
            await patient.AcceptAsync(new Projection.ConsentSet(0), new Projection.Erased());
            await Assert.ThrowsAsync<StoreRefusedException>(() => store.Keys.ListDestroyedAsync(default));
        }

        Directory.Delete(list);
        Assert.True(await store.Keys.ListDestroyedAsync(default));
        Assert.Equal(2, File.ReadAllLines(list).Count(line => line.Length > 0));
        File.Delete(list);
        Assert.True(await store.Keys.ListDestroyedAsync(default));
        Assert.False(File.Exists(list), "It is written again though nothing lags.");
    }

    [Theory]
    [InlineData("0.1.0")]
    [InlineData("0.2.0")]
    public async Task A_released_versions_keys_are_wrapped_for_its_clinics_also_after_a_kill_in_the_middle(string version)
    {
        var folder = SqliteStoreUnderTest.NewFolder();
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(Path.Combine(GoldenFolder(), version, "store")))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        var old = Query(folder, "SELECT wrapped FROM data_key", row => row.GetFieldValue<byte[]>(0));
        var pages = 0;
        var options = new SqliteStoreOptions { Folder = folder, ClockMode = ClockMode.Manual, KeyPageMax = 5 };
        var killed = options with { Hooks = new WriterHooks { KeysWrapped = () => _ = ++pages == 3 ? throw new InvalidOperationException("killed") : 0 } };
        await Assert.ThrowsAsync<InvalidOperationException>(() => SqliteStore.OpenAsync(killed, default));
        Assert.Equal(10, Query(folder, "SELECT stream FROM data_key WHERE length(wrapped) = 0", row => 0).Count);
        await using (var store = await SqliteStore.OpenAsync(options, default))
        {
            Assert.Empty(Query(folder, "SELECT 1 FROM data_key WHERE length(wrapped) > 0", row => 0));
            Assert.Empty(Query(folder, "SELECT 1 FROM patient_access AS a LEFT JOIN key_wrap AS w ON w.stream = a.stream AND w.holder = a.site WHERE w.stream IS NULL", row => 0));
            foreach (var stream in Query(folder, "SELECT DISTINCT stream FROM journal", row => row.GetString(0)))
            {
                Assert.NotEmpty(await store.Journal.ReadAsync(stream, 0, 1_000, default));
            }

            Assert.All(old, wrap => Assert.False(Holds(folder, wrap)));
        }

        Directory.Delete(folder, recursive: true);
    }

    private static bool Holds(string folder, byte[] bytes) =>
        Directory.GetFiles(folder, "journal.db*").Any(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return copy.GetBuffer().AsSpan(0, (int)copy.Length).IndexOf(bytes) >= 0;
        });

    private static List<T> Query<T>(string folder, string sql, Func<SqliteDataReader, T> read)
    {
        using var session = SqliteSession.Open(StoreFolder.JournalFileIn(folder), SqliteOpenMode.ReadOnly);
        return session.List(sql, read);
    }

    private static string GoldenFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (Directory.Exists(Path.Combine(folder.FullName, "tests", "golden")))
            {
                return Path.Combine(folder.FullName, "tests", "golden");
            }
        }

        throw new InvalidOperationException("No folder above the tests holds tests/golden.");
    }
}
