using ClinicNetwork.Journal.Keys;
using ClinicNetwork.Journal.Postgres;

namespace ClinicNetwork.Journal.Tests.Postgres;

/// <summary>Commands that meet the destruction of a key: the database decides, whatever another process has in memory.</summary>
public sealed class PostgresDestructionTests
{
    private const string North = "clinics/north";
    private const string South = "clinics/south";

    private static readonly DateTimeOffset Day = new(2025, 10, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A lock is waited for longer than in production, because a busy machine may need some seconds for what a test does meanwhile.</summary>
    private static Task<PostgresStoreUnderTest> CreateAsync() => PostgresStoreUnderTest.CreateAsync(options => options with { LockSecondsMax = 5 });

    private static Task<AppendOutcome> DestroyAsync(IJournal journal, string clinic) =>
        journal.AppendAsync(new StreamDriver(journal, clinic.Replace("clinics/", "cl-", StringComparison.Ordinal)).Next(new Projection.HolderDestroyed(clinic)), default);

    private static Task BothBlockedAsync(PostgresStoreUnderTest store, Task unless) => Until.TrueAsync(
        "two writers wait for locks",
        async () => unless.IsCompleted || await PostgresInstance.ScalarAsync<long>(
            store.Options.ConnectionString,
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND application_name LIKE '%-write'") == 2);

    private static async Task<IReadOnlyList<string>> TextsAsync(PostgresStoreUnderTest store, string sql) => [.. (await store.QueryAsync(sql)).Select(row => (string)row[0]!)];

    [Fact]
    public async Task A_patient_whose_last_key_was_destroyed_takes_no_command_of_a_process_that_has_its_key_in_memory()
    {
        await using var store = await CreateAsync();
        await using var other = await PostgresStore.OpenAsync(store.Options, default);
        var patient = new StreamDriver(other.Journal, "pt-a");
        await patient.AcceptAsync(new Projection.SitesSet([North]));
        Assert.IsType<AppendOutcome.Appended>(await DestroyAsync(store.Journal, North));

        foreach (var next in (Append[])[patient.Next(), patient.Next(new Projection.SitesSet([North, South]))])
        {
            Assert.Equal(KeyLoss.Orphaned, (await Assert.ThrowsAsync<KeyLostException>(() => other.Journal.AppendAsync(next, default))).Loss);
        }

        Assert.Equal(KeyLoss.Orphaned, other.Keys.LossOf("pt-a"));
        Assert.Equal(1, await store.Journal.ReadHeadAsync("pt-a", default));
        Assert.Empty(await store.QueryAsync("SELECT holder FROM key_wrap WHERE stream = 'pt-a'"));
    }

    [Fact]
    public async Task A_destruction_waits_for_a_command_under_way_and_takes_what_it_wrote()
    {
        await using var store = await CreateAsync();
        await using var other = await PostgresStore.OpenAsync(store.Options, default);
        var patient = new StreamDriver(store.Journal, "pt-a");
        await patient.AcceptAsync(new Projection.SitesSet([North]));

        // The command waits in its transaction, after it has written what is due.
        await using var gate = await OpenTransaction.BeginAsync(
            store.Options.ConnectionString, "INSERT INTO outcome (person, milestone, version, values_) VALUES ('pt-a', 'WEEK_4', 1, '')");
        var held = store.Journal.AppendAsync(patient.Next(new Projection.DueSet("visit", Day), new Projection.OutcomeReady("WEEK_4", ["b"])), default);
        await Until.BlockedAsync(store.Options.ConnectionString);
        var destroyed = DestroyAsync(other.Journal, North);
        await BothBlockedAsync(store, unless: destroyed);
        await gate.RunAsync("ROLLBACK");

        Assert.All(await Task.WhenAll(held, destroyed).WaitAsync(Until.Patience), outcome => Assert.IsType<AppendOutcome.Appended>(outcome));
        Assert.Equal(["ORPHANED"], await TextsAsync(store, "SELECT kind FROM key_gone WHERE name = 'pt-a'"));
        Assert.Empty(await store.QueryAsync("SELECT stream FROM due UNION ALL SELECT person FROM outcome"));
    }

    [Fact]
    public async Task Two_destructions_at_once_leave_no_patient_without_a_holder_and_without_a_word()
    {
        await using var store = await CreateAsync();
        await using var other = await PostgresStore.OpenAsync(store.Options, default);
        await new StreamDriver(store.Journal, "pt-a").AcceptAsync(new Projection.SitesSet([North, South]));

        // Both could have looked who else holds the patient before either takes a wrap.
        var gate = await OpenTransaction.BeginAsync(store.Options.ConnectionString, "LOCK TABLE key_wrap IN SHARE MODE");
        var destroyed = Task.WhenAll(DestroyAsync(store.Journal, North), DestroyAsync(other.Journal, South));
        await BothBlockedAsync(store, unless: destroyed);
        await gate.CommitAsync();
        await gate.DisposeAsync();

        Assert.All(await destroyed.WaitAsync(Until.Patience), outcome => Assert.IsType<AppendOutcome.Appended>(outcome));
        Assert.Equal(["ORPHANED"], await TextsAsync(store, "SELECT kind FROM key_gone WHERE name = 'pt-a'"));
        Assert.Empty(await store.QueryAsync("SELECT holder FROM key_wrap WHERE stream = 'pt-a'"));
    }

    [Fact]
    public async Task A_snapshot_goes_with_the_key_of_its_stream()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        var erased = new StreamDriver(store.Journal, "pt-erased");
        await erased.AcceptAsync(new Projection.SitesSet([South]));
        await new StreamDriver(store.Journal, "pt-orphaned").AcceptAsync(new Projection.SitesSet([North]));
        await new StreamDriver(store.Journal, "pt-stays").AcceptAsync(new Projection.SitesSet([North, South]));
        await store.SqlAsync(
            """
            INSERT INTO OrleansStorage (GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainIdExtensionString, ServiceId, PayloadBinary, Version)
            SELECT 1, 0, 0, 2, 'patient', stream, 'test', '\x01', 1 FROM data_key
            """);
        await erased.AcceptAsync(new Projection.ConsentSet(0), new Projection.Erased());
        Assert.IsType<AppendOutcome.Appended>(await DestroyAsync(store.Journal, North));
        Assert.Equal(["pt-stays"], await TextsAsync(store, "SELECT GrainIdExtensionString FROM OrleansStorage"));
        Assert.Equal(["pt-erased", "pt-orphaned"], await TextsAsync(store, "SELECT stream FROM data_key WHERE gone ORDER BY stream"));
    }

    [Fact]
    public async Task Who_was_erased_after_a_backup_is_erased_again_when_it_is_restored()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        foreach (var stream in (string[])["pt-back", "pt-stays"])
        {
            await new StreamDriver(store.Journal, stream).AcceptAsync(new Projection.SitesSet([North]));
        }

        // The same network after the backup: all stores of these tests have one master key.
        await using (var later = await CreateAsync())
        {
            var back = new StreamDriver(later.Journal, "pt-back");
            await back.AcceptAsync(new Projection.SitesSet([North]));
            await back.AcceptAsync(new Projection.ConsentSet(0), new Projection.Erased());
            Assert.Equal(1, await PostgresStore.ListErasedAsync(later.Options, default));
            Assert.Equal(0, await PostgresStore.ListErasedAsync(later.Options, default));
            Assert.DoesNotContain("back", await File.ReadAllTextAsync(ErasureList.FileIn(later.KeyFolder)), StringComparison.Ordinal);
            File.Copy(ErasureList.FileIn(later.KeyFolder), ErasureList.FileIn(store.KeyFolder));
        }

        await store.Store.DisposeAsync();
        await PostgresStore.RestoredAsync(store.Options, default);
        await store.RestartAsync();
        Assert.Equal(KeyLoss.Erased, (await Assert.ThrowsAsync<KeyLostException>(() => store.Journal.ReadAsync("pt-back", 0, 10, default))).Loss);
        Assert.Single(await store.Journal.ReadAsync("pt-stays", 0, 10, default));
        Assert.Equal(["pt-stays"], await TextsAsync(store, "SELECT stream FROM key_wrap"));
    }

    [Fact]
    public async Task A_clinics_key_that_was_destroyed_after_a_backup_is_destroyed_again_when_it_is_restored()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        foreach (var (stream, sites) in ((string, string[])[])[("pt-alone", [North]), ("pt-shared", [North, South]), ("pt-others", [South])])
        {
            await new StreamDriver(store.Journal, stream).AcceptAsync(new Projection.SitesSet(sites), new Projection.ConsentSet(1), new Projection.DueSet("visit", Day));
        }

        await using (var later = await CreateAsync())
        {
            await new StreamDriver(later.Journal, "pt-alone").AcceptAsync(new Projection.SitesSet([North]));
            await DestroyAsync(later.Journal, North);
            Assert.True(await later.Keys.ListDestroyedAsync(default));
            Assert.DoesNotContain("clinics", Assert.Single(ListIn(later.KeyFolder)), StringComparison.Ordinal);
            File.Copy(ErasureList.FileIn(later.KeyFolder), ErasureList.FileIn(store.KeyFolder));
        }

        await store.Store.DisposeAsync();
        await PostgresStore.RestoredAsync(store.Options, default);
        // Once more finds nothing to do.
        await PostgresStore.RestoredAsync(store.Options, default);
        await store.RestartAsync();
        Assert.Equal((KeyLoss.Holder, null), (store.Keys.LossOf(North), store.Keys.LossOf(South)));
        Assert.Equal(KeyLoss.Orphaned, (await Assert.ThrowsAsync<KeyLostException>(() => store.Journal.ReadAsync("pt-alone", 0, 10, default))).Loss);
        Assert.Single(await store.Journal.ReadAsync("pt-shared", 0, 10, default));
        Assert.Single(await store.Journal.ReadAsync("pt-others", 0, 10, default));
        Assert.Equal([South, South], await TextsAsync(store, "SELECT holder FROM key_wrap"));
        Assert.Equal(["pt-others", "pt-shared"], await TextsAsync(store, "SELECT stream FROM due ORDER BY stream"));
        Assert.Equal(["pt-alone"], await TextsAsync(store, "SELECT person FROM consent WHERE recipients = 0"));
        Assert.Empty(await store.QueryAsync($"SELECT 1 FROM holder_key WHERE holder = '{North}' AND wrapped IS NOT NULL"));
        var late = new StreamDriver(store.Journal, "pt-late");
        Assert.Equal(new AppendOutcome.KeyTaken("holder"), await late.AppendAsync(late.Next(new Projection.SitesSet([North]))));
    }

    /// <summary>Several servers of one folder, while patients are erased: each line stands there once, and none is missing.</summary>
    [Fact]
    public async Task Servers_of_one_folder_list_what_was_destroyed_once()
    {
        const int Patients = 30;
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        var servers = new List<PostgresStore> { store.Store };
        for (var i = 0; i < 3; i++)
        {
            servers.Add(await PostgresStore.OpenAsync(store.Options, default));
        }

        var erased = false;
        var looks = servers.ConvertAll(server => Task.Run(async () =>
        {
            for (var last = false; !last;)
            {
                last = Volatile.Read(ref erased);
                Assert.True(await server.Keys.ListDestroyedAsync(default));
            }
        }));
        for (var i = 0; i < Patients; i++)
        {
            var patient = new StreamDriver(servers[i % servers.Count].Journal, "pt-" + i);
            await patient.AcceptAsync(new Projection.SitesSet([North]));
            await patient.AcceptAsync(new Projection.ConsentSet(0), new Projection.Erased());
        }

        await DestroyAsync(store.Journal, North);
        Volatile.Write(ref erased, true);
        await Task.WhenAll(looks).WaitAsync(Until.Patience);
        var lines = ListIn(store.KeyFolder);
        Assert.Equal((Patients + 1, Patients + 1), (lines.Count, lines.Distinct().Count()));
        Assert.Equal(0, await PostgresStore.ListErasedAsync(store.Options, default));
        foreach (var other in servers.Skip(1))
        {
            await other.DisposeAsync();
        }
    }

    /// <summary>Who finds the list in another's hand waits, however that one shares it, and then sees what it wrote.</summary>
    [Fact]
    public async Task A_line_that_another_server_is_writing_is_not_written_again()
    {
        var folder = PostgresInstance.NewFolder();
        Directory.CreateDirectory(folder);
        var list = new ErasureList(folder, new MasterKey(new byte[32]));
        list.Add(["pt-a"]);
        var lines = await File.ReadAllTextAsync(ErasureList.FileIn(folder));
        await File.WriteAllTextAsync(ErasureList.FileIn(folder), "");
        Task add;
        await using (var other = new FileStream(ErasureList.FileIn(folder), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            add = Task.Run(() =>
            {
                while (true)
                {
                    try
                    {
                        list.Add(["pt-a"]);
                        return;
                    }
                    catch (StoreRefusedException)
                    {
                        // As the next look does.
                    }
                }
            });
            await Assert.ThrowsAsync<TimeoutException>(() => add.WaitAsync(TimeSpan.FromMilliseconds(200)));
            other.Write(System.Text.Encoding.ASCII.GetBytes(lines));
        }

        await add.WaitAsync(Until.Patience);
        Assert.Equal(lines, await File.ReadAllTextAsync(ErasureList.FileIn(folder)));
    }

    /// <summary>What a transaction destroys that was open when others were listed, and what was destroyed before this process began.</summary>
    [Fact]
    public async Task A_late_commit_and_an_earlier_processs_erasures_are_listed()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        await using var late = await OpenTransaction.BeginAsync(
            store.Options.ConnectionString, "INSERT INTO key_gone (name, kind, request_id, version, at) VALUES ('pt-late', 'ERASED', 'r', 1, 1)");
        var patient = new StreamDriver(store.Journal, "pt-a");
        await patient.AcceptAsync(new Projection.SitesSet([North]));
        await patient.AcceptAsync(new Projection.ConsentSet(0), new Projection.Erased());
        Assert.True(await store.Keys.ListDestroyedAsync(default));
        Assert.Single(ListIn(store.KeyFolder));
        await late.CommitAsync();
        Assert.True(await store.Keys.ListDestroyedAsync(default));
        var both = ListIn(store.KeyFolder);
        Assert.Equal(2, both.Count);

        File.Delete(ErasureList.FileIn(store.KeyFolder));
        await store.RestartAsync();
        Assert.True(await store.Keys.ListDestroyedAsync(default));
        Assert.Equal(both.Order(), ListIn(store.KeyFolder).Order());
    }

    /// <summary>A folder that cannot be written when the process begins is another's to keep; one that cannot be written later is trouble, and nothing is left out.</summary>
    [Fact]
    public async Task A_list_that_cannot_be_written_is_left_from_the_start_or_told_and_caught_up()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        var list = ErasureList.FileIn(store.KeyFolder);
        Directory.CreateDirectory(list);
        await using (var reader = await PostgresStore.OpenAsync(store.Options, default))
        {
            Assert.False(await reader.Keys.ListDestroyedAsync(default));
            Directory.Delete(list);
            Assert.False(await reader.Keys.ListDestroyedAsync(default));
        }

        Assert.True(await store.Keys.ListDestroyedAsync(default));
        File.Delete(list);
        Directory.CreateDirectory(list);
        var patient = new StreamDriver(store.Journal, "pt-a");
        await patient.AcceptAsync(new Projection.SitesSet([North]));
        await patient.AcceptAsync(new Projection.ConsentSet(0), new Projection.Erased());
        await Assert.ThrowsAsync<StoreRefusedException>(() => store.Keys.ListDestroyedAsync(default));
        await DestroyAsync(store.Journal, North);
        Directory.Delete(list);
        Assert.True(await store.Keys.ListDestroyedAsync(default));
        Assert.Equal(2, ListIn(store.KeyFolder).Count);
    }

    private static List<string> ListIn(string folder) => [.. File.ReadAllLines(ErasureList.FileIn(folder)).Where(line => line.Length > 0)];

    [Fact]
    public async Task A_process_without_the_newest_key_file_writes_nothing_and_names_the_file()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        var folder = PostgresInstance.NewFolder();
        Directory.CreateDirectory(folder);
        File.Copy(MasterKeyFile.FileIn(store.KeyFolder), MasterKeyFile.FileIn(folder));
        await using var other = await PostgresStore.OpenAsync(store.Options with { KeyFolder = folder }, default);
        await new StreamDriver(other.Journal, "pt-before").AcceptAsync(new Projection.SitesSet([North]));
        KeyEncryptionKeys.Add(store.KeyFolder);
        await store.RotateKeysAsync();

        var late = new StreamDriver(other.Journal, "pt-late").Next(new Projection.SitesSet([North]));
        var refused = await Assert.ThrowsAsync<StoreRefusedException>(() => other.Journal.AppendAsync(late, default));
        Assert.Contains("kek-2.key", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, await store.Journal.ReadHeadAsync("pt-late", default));
        File.Copy(KeyEncryptionKeys.FileOf(store.KeyFolder, 2), KeyEncryptionKeys.FileOf(folder, 2));
        Assert.IsType<AppendOutcome.Appended>(await other.Journal.AppendAsync(late, default));
    }
}
