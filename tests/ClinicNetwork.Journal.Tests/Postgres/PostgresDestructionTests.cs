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
