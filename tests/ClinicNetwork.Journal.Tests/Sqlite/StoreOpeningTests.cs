using ClinicNetwork.Journal.Sqlite;

namespace ClinicNetwork.Journal.Tests.Sqlite;

/// <summary>What a store refuses to be opened as, each in one clear line, and what its files are.</summary>
public sealed class StoreOpeningTests
{
    private static async Task<string> RefusalAsync(SqliteStoreOptions options)
    {
        var message = (await Assert.ThrowsAsync<StoreRefusedException>(() => SqliteStore.OpenAsync(options, default))).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }

    /// <summary>What is refused after this was done to the files; the store opens again once it is undone.</summary>
    private static async Task<string> RefusalAfterAsync(Action<string> damage, Func<SqliteStoreOptions, SqliteStoreOptions>? configure = null)
    {
        await using var store = await SqliteStoreUnderTest.CreateAsync();
        await new StreamDriver(store.Journal, "pt-a").AcceptAsync();
        var message = "";
        var copy = store.Folder + "-damaged";
        await store.RestartAsync(() =>
        {
            Directory.CreateDirectory(copy);
            foreach (var file in Directory.GetFiles(store.Folder))
            {
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }
        });
        damage(copy);
        var options = SqliteStoreUnderTest.Options(copy);
        message = await RefusalAsync(configure?.Invoke(options) ?? options);
        Directory.Delete(copy, recursive: true);
        return message;
    }

    private static void Sql(string folder, string script)
    {
        using var session = SqliteSession.Open(Path.Combine(folder, "journal.db"), Microsoft.Data.Sqlite.SqliteOpenMode.ReadWrite);
        session.RunScript(script);
    }

    [Fact]
    public async Task Files_are_readable_by_their_owner_only()
    {
        await using var store = await SqliteStoreUnderTest.CreateAsync();
        await new StreamDriver(store.Journal, "pt-a").AcceptAsync();
        const UnixFileMode Mine = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(Mine | UnixFileMode.UserExecute, new DirectoryInfo(store.Folder).UnixFileMode);
        Assert.Equal(
            ["journal.db", "journal.db-shm", "journal.db-wal", "lock", "master.key"],
            Directory.GetFiles(store.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.All(Directory.GetFiles(store.Folder), file => Assert.Equal(Mine, new FileInfo(file).UnixFileMode));
        Assert.Equal(32, new FileInfo(Path.Combine(store.Folder, "master.key")).Length);
    }

    [Fact]
    public async Task A_second_opener_is_refused_and_told_the_folder()
    {
        await using var store = await SqliteStoreUnderTest.CreateAsync();
        Assert.Contains(store.Folder, await RefusalAsync(SqliteStoreUnderTest.Options(store.Folder)), StringComparison.Ordinal);
        await new StreamDriver(store.Journal, "pt-a").AcceptAsync();
    }

    [Fact]
    public async Task Incarnation_and_secrets_stay_and_differ_between_stores()
    {
        await using var one = await SqliteStoreUnderTest.CreateAsync();
        await using var other = await SqliteStoreUnderTest.CreateAsync();
        var (incarnation, secret) = (one.Store.Incarnation, one.Store.DeriveSecret("cursor"));
        await one.RestartAsync();
        Assert.Equal((incarnation, 32, Schema.Known), (one.Store.Incarnation, incarnation.Length, one.Store.SchemaVersion));
        Assert.Equal(secret, one.Store.DeriveSecret("cursor"));
        Assert.NotEqual(secret, one.Store.DeriveSecret("pseudonym"));
        Assert.NotEqual(secret, other.Store.DeriveSecret("cursor"));
        Assert.NotEqual(incarnation, other.Store.Incarnation);
    }

    [Fact]
    public async Task A_test_store_does_not_open_with_the_machines_clock_nor_the_other_way_round()
    {
        Assert.Contains("test store", await RefusalAfterAsync(_ => { }, options => options with { ClockMode = ClockMode.System }), StringComparison.Ordinal);

        await using var system = await SqliteStoreUnderTest.CreateAsync(options => options with { ClockMode = ClockMode.System });
        await system.Store.DisposeAsync();
        Assert.Contains("machine's clock", await RefusalAsync(SqliteStoreUnderTest.Options(system.Folder)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_key_file_is_refused_and_not_replaced() =>
        Assert.Contains("master.key is missing", await RefusalAfterAsync(folder => File.Delete(Path.Combine(folder, "master.key"))), StringComparison.Ordinal);

    [Fact]
    public async Task Another_stores_key_file_is_refused() =>
        Assert.Contains("of another store", await RefusalAfterAsync(folder => File.WriteAllBytes(Path.Combine(folder, "master.key"), new byte[32])), StringComparison.Ordinal);

    [Fact]
    public async Task A_cut_key_file_is_refused() =>
        Assert.Contains("31 bytes", await RefusalAfterAsync(folder => File.WriteAllBytes(Path.Combine(folder, "master.key"), new byte[31])), StringComparison.Ordinal);

    [Fact]
    public async Task A_newer_schema_is_refused() =>
        Assert.Contains("newer server", await RefusalAfterAsync(folder => Sql(folder, "UPDATE store SET schema_version = 99, min_reader = 99")), StringComparison.Ordinal);

    [Fact]
    public async Task A_newer_schema_that_this_version_may_read_is_opened()
    {
        await using var store = await SqliteStoreUnderTest.CreateAsync();
        await store.RestartAsync(() => Sql(store.Folder, "UPDATE store SET schema_version = 99"));
        Assert.Equal(99, store.Store.SchemaVersion);
        await new StreamDriver(store.Journal, "pt-a").AcceptAsync();
    }

    [Fact]
    public async Task A_restored_store_gets_a_new_incarnation_and_keeps_its_rows()
    {
        await using var store = await SqliteStoreUnderTest.CreateAsync();
        await new StreamDriver(store.Journal, "pt-a").AcceptAsync();
        var (before, told) = (store.Store.Incarnation, new MigrationResult(0, ""));
        await store.RestartAsync(() => told = SqliteStore.RestoredAsync(SqliteStoreUnderTest.Options(store.Folder), default).GetAwaiter().GetResult());
        Assert.Equal((told.Incarnation, Schema.Known), (store.Store.Incarnation, told.SchemaVersion));
        Assert.NotEqual(before, store.Store.Incarnation);
        Assert.Equal(1, await store.Journal.ReadHeadAsync("pt-a", default));
    }

    [Fact]
    public async Task A_store_in_use_or_not_there_is_not_renewed()
    {
        await using var store = await SqliteStoreUnderTest.CreateAsync();
        var inUse = await Assert.ThrowsAsync<StoreRefusedException>(() => SqliteStore.RestoredAsync(SqliteStoreUnderTest.Options(store.Folder), default));
        Assert.Contains(store.Folder, inUse.Message, StringComparison.Ordinal);
        var empty = store.Folder + "-none";
        var none = await Assert.ThrowsAsync<StoreRefusedException>(() => SqliteStore.RestoredAsync(SqliteStoreUnderTest.Options(empty), default));
        Assert.Contains("no store", none.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(empty));
    }

    [Fact]
    public async Task A_store_without_a_unique_key_is_refused()
    {
        const string Script = "CREATE TABLE copy AS SELECT * FROM cell_member; DROP TABLE cell_member; ALTER TABLE copy RENAME TO cell_member;";
        Assert.Contains("cell_member (person)", await RefusalAfterAsync(folder => Sql(folder, Script)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused() =>
        Assert.Contains("journal.db", await RefusalAfterAsync(folder => File.WriteAllText(Path.Combine(folder, "journal.db"), new string('?', 5_000))), StringComparison.Ordinal);
}
