using ClinicNetwork.Journal.Postgres;
using Npgsql;

namespace ClinicNetwork.Journal.Tests.Postgres;

/// <summary>What a store on PostgreSQL refuses to be opened as, each in one clear line, and what a migration does.</summary>
public sealed class PostgresOpeningTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static async Task<string> RefusalAsync(PostgresStoreOptions options)
    {
        var message = (await Assert.ThrowsAsync<StoreRefusedException>(() => PostgresStore.OpenAsync(options, default))).Message;
        Assert.DoesNotContain('\n', message);
        Assert.DoesNotContain(new NpgsqlConnectionStringBuilder(options.ConnectionString).Password!, message, StringComparison.Ordinal);
        return message;
    }

    private static PostgresStoreOptions Connect(PostgresStoreOptions options, Action<NpgsqlConnectionStringBuilder> change)
    {
        var connection = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        change(connection);
        return options with { ConnectionString = connection.ConnectionString };
    }

    [Fact]
    public async Task A_database_that_cannot_be_had_is_named_with_what_to_do()
    {
        var options = await PostgresInstance.NewStoreAsync();
        Assert.Contains("cannot be reached", await RefusalAsync(Connect(options, c => c.Port = 1)), StringComparison.Ordinal);
        Assert.Contains("password", await RefusalAsync(Connect(options, c => c.Password = "wrong")), StringComparison.Ordinal);
        Assert.Contains("no database", await RefusalAsync(Connect(options, c => c.Database = "nowhere")), StringComparison.Ordinal);
        Assert.Contains("migrate", await RefusalAsync(Connect(options, c => c.Database = "template1")), StringComparison.Ordinal);
        await PostgresInstance.DropAsync(options);
    }

    [Theory]
    [InlineData("UPDATE store SET schema_version = 99, min_reader = 99", "newer server")]
    [InlineData("UPDATE store SET write_level = 9", "newer server")]
    [InlineData("UPDATE store SET schema_version = 0", "migrate")]
    [InlineData("UPDATE store SET key_check = '\\x00'", "of another store")]
    [InlineData("UPDATE store SET clock_mode = 'System', manual_now = NULL", "clock")]
    [InlineData("DELETE FROM store", "migrate")]
    [InlineData("ALTER TABLE journal DROP CONSTRAINT journal_stream_request_id_key", "journal (stream,request_id)")]
    [InlineData("ALTER TABLE cell_member DROP CONSTRAINT cell_member_pkey; CREATE UNIQUE INDEX ON cell_member (person) WHERE lost = 0", "cell_member (person)")]
    [InlineData("ALTER TABLE due DROP CONSTRAINT due_pkey; CREATE UNIQUE INDEX ON due (stream, kind)", "due (stream,kind,at)")]
    [InlineData("ALTER TABLE consent DROP CONSTRAINT consent_pkey; CREATE INDEX ON consent (person)", "consent (person)")]
    public async Task A_store_that_does_not_fit_is_refused(string damage, string word)
    {
        var options = await PostgresInstance.NewStoreAsync();
        await PostgresInstance.SqlAsync(options.ConnectionString, damage);
        Assert.Contains(word, await RefusalAsync(options), StringComparison.Ordinal);
        await PostgresInstance.DropAsync(options);
    }

    /// <summary>The list of what must be there is compared with what the migrations make, so that a new key is not forgotten in it.</summary>
    [Fact]
    public async Task A_store_that_lacks_any_of_its_unique_keys_is_refused()
    {
        var whole = await PostgresInstance.NewStoreAsync();
        var keys = (await PostgresInstance.ScalarAsync<string>(
            whole.ConnectionString,
            """
            SELECT string_agg(concat_ws(' ', t.relname, x.relname, c.conname), ';' ORDER BY x.oid)
            FROM pg_index AS i JOIN pg_class AS t ON t.oid = i.indrelid JOIN pg_class AS x ON x.oid = i.indexrelid
                 LEFT JOIN pg_constraint AS c ON c.conindid = x.oid AND c.conrelid = t.oid AND c.contype IN ('p', 'u')
            WHERE i.indisunique AND t.relnamespace = 'public'::regnamespace
            """)).Split(';').Select(key => key.Split(' ')).ToArray();
        Assert.InRange(keys.Length, 24, 99);
        foreach (var key in keys)
        {
            var options = await PostgresInstance.NewStoreAsync();
            await PostgresInstance.SqlAsync(
                options.ConnectionString, key.Length > 2 ? $"ALTER TABLE {key[0]} DROP CONSTRAINT {key[2]} CASCADE" : $"DROP INDEX {key[1]}");
            Assert.Contains($"unique key {key[0]} (", await RefusalAsync(options), StringComparison.OrdinalIgnoreCase);
            await PostgresInstance.DropAsync(options);
        }

        await using (await PostgresStore.OpenAsync(whole, default))
        {
        }

        await PostgresInstance.DropAsync(whole);
    }

    [Theory]
    [InlineData("Target Session Attributes=primary")]
    [InlineData("Multiplexing=true")]
    [InlineData("SSL Negotiation=Direct;SSL Mode=Disable")]
    public async Task A_connection_string_that_cannot_be_used_is_refused_and_not_repeated(string addition)
    {
        var options = await PostgresInstance.NewEmptyAsync();
        options = options with { ConnectionString = options.ConnectionString + ";" + addition };
        Assert.Contains("connection string", await RefusalAsync(options), StringComparison.Ordinal);
        Assert.Contains("connection string", (await Assert.ThrowsAsync<StoreRefusedException>(() => PostgresStore.MigrateAsync(options, default))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Orleans_sources_refuse_it_too() =>
        Assert.DoesNotContain(
            "secret",
            Assert.Throws<StoreRefusedException>(() => PostgresOrleans.Source("Host=db;Password=secret;SSL Negotiation=Direct;SSL Mode=Disable", PostgresOrleans.Clustering)).Message,
            StringComparison.Ordinal);

    [Fact]
    public async Task A_key_file_that_cannot_be_read_or_made_is_refused_with_what_to_do()
    {
        var options = await PostgresInstance.NewStoreAsync();
        var file = Path.Combine(options.KeyFolder, "master.key");
        File.Delete(file);

        // As a file of another user: it is there and cannot be read, also by root.
        File.CreateSymbolicLink(file, "/proc/self/mem");
        Assert.Contains("owned by the user that runs the server", await RefusalAsync(options), StringComparison.Ordinal);
        await PostgresInstance.DropAsync(options);

        var empty = await PostgresInstance.NewEmptyAsync();
        Directory.CreateDirectory(Path.Combine(empty.KeyFolder, "master.key"));
        Assert.Contains("master.key", (await Assert.ThrowsAsync<StoreRefusedException>(() => PostgresStore.MigrateAsync(empty, default))).Message, StringComparison.Ordinal);
        await PostgresInstance.DropAsync(empty);
    }

    [Fact]
    public async Task A_restored_store_that_servers_work_on_is_not_even_migrated()
    {
        var options = await PostgresInstance.NewEmptyAsync();
        await using (var source = Sessions.Single(options, "write"))
        await using (await source.OpenConnectionAsync())
        {
            Assert.Contains("stop all servers", (await Assert.ThrowsAsync<StoreRefusedException>(() => PostgresStore.RestoredAsync(options, default))).Message, StringComparison.Ordinal);
            Assert.False(await PostgresInstance.ScalarAsync<bool>(options.ConnectionString, "SELECT to_regclass('store') IS NOT NULL"));
        }

        await PostgresStore.RestoredAsync(options, default);
        await PostgresInstance.DropAsync(options);
    }

    [Fact]
    public async Task A_store_of_version_0_2_is_not_migrated_beside_its_servers()
    {
        var options = await PostgresInstance.NewStoreAsync();
        await PostgresInstance.SqlAsync(options.ConnectionString, "UPDATE store SET schema_version = 3, min_reader = 1");
        await using (var source = Sessions.Single(options, "read"))
        await using (await source.OpenConnectionAsync())
        {
            Assert.Contains("stop all servers", (await Assert.ThrowsAsync<StoreRefusedException>(() => PostgresStore.MigrateAsync(options, default))).Message, StringComparison.Ordinal);
            Assert.Equal(3, await PostgresInstance.ScalarAsync<int>(options.ConnectionString, "SELECT schema_version FROM store"));

            // Beside servers of this version it may run.
            await PostgresInstance.SqlAsync(options.ConnectionString, $"UPDATE store SET schema_version = {PostgresSchema.Known}, min_reader = 4");
            await PostgresStore.MigrateAsync(options, default);
        }

        await PostgresInstance.DropAsync(options);
    }

    [Fact]
    public async Task A_newer_schema_that_is_readable_is_opened()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        await store.SqlAsync("UPDATE store SET schema_version = 99");
        await store.RestartAsync();
        Assert.Equal(99, store.Store.SchemaVersion);
        await new StreamDriver(store.Journal, "pt-a").AcceptAsync();
    }

    [Fact]
    public async Task A_missing_key_file_and_another_one_are_refused()
    {
        var options = await PostgresInstance.NewStoreAsync();
        var file = Path.Combine(options.KeyFolder, "master.key");
        await File.WriteAllBytesAsync(file, new byte[32]);
        Assert.Contains("of another store", await RefusalAsync(options), StringComparison.Ordinal);
        File.Delete(file);
        Assert.Contains("master.key is missing", await RefusalAsync(options), StringComparison.Ordinal);
        Assert.Contains("master.key is missing", (await Assert.ThrowsAsync<StoreRefusedException>(() => PostgresStore.MigrateAsync(options, default))).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(file));
        await PostgresInstance.DropAsync(options);
    }

    [Theory]
    [InlineData("fsync")]
    [InlineData("full_page_writes")]
    public async Task A_database_that_would_lose_records_is_refused(string setting)
    {
        var folder = PostgresInstance.NewFolder();
        await using var postgres = await ClinicNetwork.Cli.Cluster.PrivatePostgres.CreateAsync(folder, default, setting + "=off");
        Assert.Contains(setting + " off", await RefusalAsync(PostgresInstance.Options(postgres, "postgres", folder + "-keys")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_machine_whose_clock_is_off_by_more_than_2_s_is_refused()
    {
        await using var store = await PostgresStoreUnderTest.CreateBySystemClockAsync();
        var slow = store.Options with { TimeProvider = new ShiftedTime(TimeSpan.FromSeconds(-3)) };
        Assert.Contains("clock differs", await RefusalAsync(slow), StringComparison.Ordinal);
        await using var near = await PostgresStore.OpenAsync(store.Options with { TimeProvider = new ShiftedTime(TimeSpan.FromSeconds(1)) }, default);
    }

    [Fact]
    public async Task Two_that_migrate_at_once_make_one_store()
    {
        var options = await PostgresInstance.NewEmptyAsync();
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PostgresStore.MigrateAsync(options, default))).WaitAsync(Patience);
        Assert.Single(results.Distinct());
        Assert.Equal((PostgresSchema.Known, 32), (results[0].SchemaVersion, results[0].Incarnation.Length));
        Assert.Equal(results[0], await PostgresStore.MigrateAsync(options, default));
        await using (var store = await PostgresStore.OpenAsync(options, default))
        {
            Assert.Equal(results[0].Incarnation, store.Incarnation);
            Assert.Contains("stop all servers", (await Assert.ThrowsAsync<StoreRefusedException>(() => PostgresStore.RestoredAsync(options, default))).Message, StringComparison.Ordinal);
        }

        Assert.NotEqual(results[0].Incarnation, (await PostgresStore.RestoredAsync(options, default)).Incarnation);
        await PostgresInstance.DropAsync(options);
    }

    [Fact]
    public async Task Every_session_is_durable_whatever_the_databases_default()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        await store.SqlAsync($"ALTER DATABASE {new NpgsqlConnectionStringBuilder(store.Options.ConnectionString).Database} SET synchronous_commit = off");
        await store.RestartAsync();
        await using var source = Sessions.Writers(store.Options);
        await using var command = source.CreateCommand("SHOW synchronous_commit");
        Assert.Equal("on", await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_connection_that_only_listens_finds_out_that_it_died()
    {
        await using var source = Sessions.Listening(PostgresInstance.Options(await PostgresInstance.Shared, "nowhere", "keys"));
        Assert.Equal(10, new NpgsqlConnectionStringBuilder(source.ConnectionString).KeepAlive);
    }

    private sealed class ShiftedTime(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
