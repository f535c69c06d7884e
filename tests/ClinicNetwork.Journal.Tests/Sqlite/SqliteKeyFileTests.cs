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
