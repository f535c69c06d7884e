using System.Globalization;
using System.Security.Cryptography;
using ClinicNetwork.Journal.Audit;
using ClinicNetwork.Journal.Keys;

namespace ClinicNetwork.Journal.Tests.Contract;

/// <summary>Who can open what: wraps per clinic, and what is left when keys are destroyed or rotated.</summary>
public abstract class KeyContract(IStoreFactory stores)
{
    private const string North = "clinics/north";
    private const string South = "clinics/south";
    private const string East = "clinics/east";

    private static readonly DateTimeOffset Day = new(2025, 10, 1, 0, 0, 0, TimeSpan.Zero);

    private static Projection.PatientIndexed Patient(string recordNumber) => new(North, recordNumber, "Anna", "Muster", new DateOnly(1980, 5, 17));

    private static async Task<StreamDriver> EnrolAsync(IStoreUnderTest store, string stream, params string[] sites)
    {
        var driver = new StreamDriver(store.Journal, stream);
        await driver.AcceptAsync(new Noted("secret of " + stream, []), Patient(stream), new Projection.SitesSet(sites));
        return driver;
    }

    private static async Task<IReadOnlyList<string>> HoldersAsync(IStoreUnderTest store, string stream) =>
        [.. (await store.QueryAsync($"SELECT holder FROM key_wrap WHERE stream = '{stream}' ORDER BY holder")).Select(row => (string)row[0]!)];

    private static async Task<string> ReadAsync(IStoreUnderTest store, string stream) =>
        ((Noted)(await store.Journal.ReadAsync(stream, 0, 10, default))[0].Events[0]).Text;

    private static async Task<KeyLoss> LossAsync(Func<Task> call) => (await Assert.ThrowsAsync<KeyLostException>(call)).Loss;

    [Fact]
    public async Task Wraps_follow_sharing_and_what_is_no_patients_is_the_networks()
    {
        await using var store = await stores.CreateAsync();
        await new StreamDriver(store.Journal, "cl-north").AcceptAsync(new Projection.ClinicIndexed("cl-north"), new Projection.HolderAdded(North));
        Assert.Equal([HolderKey.Network], await HoldersAsync(store, "cl-north"));
        var anna = await EnrolAsync(store, "pt-a", North);
        Assert.Equal([North], await HoldersAsync(store, "pt-a"));
        await anna.AcceptAsync(new Projection.SitesSet([North, South, South]));
        Assert.Equal([North, South], await HoldersAsync(store, "pt-a"));
        await anna.AcceptAsync();
        await anna.AcceptAsync(new Projection.SitesSet([North]));
        Assert.Equal([North], await HoldersAsync(store, "pt-a"));

        // A refused command changes nothing about keys.
        var loser = new StreamDriver(store.Journal, "pt-b");
        Assert.IsType<AppendOutcome.KeyTaken>(await loser.AppendAsync(loser.Next(Patient("pt-a"), new Projection.SitesSet([East]))));
        await anna.AppendAsync(anna.Next(new Projection.SitesSet([East])) with { BaseHash = new byte[32] });
        Assert.Empty(await HoldersAsync(store, "pt-b"));
        Assert.Empty(await store.QueryAsync($"SELECT holder FROM holder_key WHERE holder = '{East}'"));
        Assert.Equal([North], await HoldersAsync(store, "pt-a"));
        Assert.Empty(await store.QueryAsync("SELECT stream FROM data_key WHERE wrapped <> (SELECT wrapped FROM data_key WHERE stream = 'pt-a')"));
    }

    [Fact]
    public async Task Each_holder_alone_opens_the_stream()
    {
        await using var store = await stores.CreateAsync();
        string[] sites = [North, South, East];
        for (var i = 0; i < sites.Length; i++)
        {
            await EnrolAsync(store, $"pt-{i}", sites);
            await store.SqlAsync($"DELETE FROM key_wrap WHERE stream = 'pt-{i}' AND holder <> '{sites[i]}'");
        }

        await store.RestartAsync();
        for (var i = 0; i < sites.Length; i++)
        {
            Assert.Equal($"secret of pt-{i}", await ReadAsync(store, $"pt-{i}"));
        }
    }

    /// <summary>N and S are clinics; N may read a and b, S may read b and c.</summary>
    private static readonly string[] Moves =
    [
        "UPDATE key_wrap SET wrapped = (SELECT wrapped FROM key_wrap AS o WHERE o.stream = 'b' AND o.holder = 'N') WHERE stream = 'a'",
        "UPDATE key_wrap SET holder = 'S', holder_key = (SELECT key_id FROM holder_key WHERE holder = 'S') WHERE stream = 'a'",
        """
        UPDATE key_wrap SET holder_key = (SELECT key_id FROM holder_key WHERE holder = 'S'), holder = 'S',
            wrapped = (SELECT wrapped FROM key_wrap AS o WHERE o.stream = 'b' AND o.holder = 'S') WHERE stream = 'a'
        """,
        "UPDATE holder_key SET wrapped = (SELECT wrapped FROM holder_key AS o WHERE o.holder = 'S') WHERE holder = 'N'",
        "UPDATE holder_key SET kek_version = 2 WHERE holder = 'N'",
    ];

    [Fact]
    public async Task A_wrap_that_was_moved_opens_nothing()
    {
        await using var store = await stores.CreateAsync();
        KeyEncryptionKeys.Add(store.KeyFolder);
        for (var i = 0; i < Moves.Length; i++)
        {
            var (north, south) = ($"{North}-{i}", $"{South}-{i}");
            await EnrolAsync(store, $"pt-a{i}", north);
            await EnrolAsync(store, $"pt-b{i}", north, south);
            await EnrolAsync(store, $"pt-c{i}", south);
            await store.SqlAsync(Moves[i].Replace("'N'", $"'{north}'", StringComparison.Ordinal).Replace("'S'", $"'{south}'", StringComparison.Ordinal)
                .Replace("'a'", $"'pt-a{i}'", StringComparison.Ordinal).Replace("'b'", $"'pt-b{i}'", StringComparison.Ordinal));
        }

        await store.RestartAsync();
        for (var i = 0; i < Moves.Length; i++)
        {
            await Assert.ThrowsAsync<StoreDamagedException>(() => ReadAsync(store, $"pt-a{i}"));
            Assert.Equal($"secret of pt-b{i}", await ReadAsync(store, $"pt-b{i}"));
            Assert.Equal($"secret of pt-c{i}", await ReadAsync(store, $"pt-c{i}"));
        }
    }

    [Fact]
    public async Task A_destroyed_holder_takes_only_its_own_access()
    {
        await using var store = await stores.CreateAsync();
        var shared = await EnrolAsync(store, "pt-shared", North, South);
        var alone = await EnrolAsync(store, "pt-alone", North);
        await alone.AcceptAsync(
            new Projection.ConsentSet(Releasing.Registries), new Projection.PoolEntered("2025-Q3", ["a"]), new Projection.OutcomeReady("WEEK_4", ["b"]), new Projection.DueSet("visit", Day));
        await new StreamDriver(store.Journal, "cl-north").AcceptAsync(new Projection.HolderDestroyed(North));

        Assert.Equal(KeyLoss.Holder, store.Keys.LossOf(North));
        Assert.Null(store.Keys.LossOf(South));
        await shared.AcceptAsync();
        await store.RestartAsync();
        Assert.Equal(KeyLoss.Holder, store.Keys.LossOf(North));
        Assert.Equal("secret of pt-shared", await ReadAsync(store, "pt-shared"));
        Assert.Equal(KeyLoss.Orphaned, await LossAsync(() => ReadAsync(store, "pt-alone")));
        Assert.Null(await store.Projections.ReadNextDueAsync(default));
        Assert.Empty(await store.Exchange.ReadWaitingAsync("", 10, Day, default));
        Assert.Empty(await store.Exchange.ReadOutcomesAsync(["pt-alone"], "WEEK_4", default));

        // Nobody makes another key for it, and what is shared with it alone is not lost.
        shared = new StreamDriver(store.Journal, "pt-new");
        Assert.Equal(new AppendOutcome.KeyTaken("holder"), await shared.AppendAsync(shared.Next(new Projection.SitesSet([North]))));
        await shared.AcceptAsync(new Projection.SitesSet([North, South]));
        Assert.Equal([South], await HoldersAsync(store, "pt-new"));
        await shared.AcceptAsync(new Projection.SitesSet([North]));
        Assert.Equal([South], await HoldersAsync(store, "pt-new"));
    }

    /// <param name="steps">Who may read, step by step; with ! for an emergency alone. At - the key of north is destroyed.</param>
    /// <param name="left">Whose wraps are there at the end; nobody's: the record is lost.</param>
    [Theory]
    [InlineData("north, north east!, north", "north")]
    [InlineData("north, north east!, -", "")]
    [InlineData("north, north east!, north east, -", "east")]
    [InlineData("north east, north east!, -", "")]
    [InlineData("north south, north south east!, -, north south", "south")]
    [InlineData("north south, north south east!, -, north east!, north", "south")]
    [InlineData("north east, -, north east!, north", "east")]
    [InlineData("north south east, -, north south! east!, north", "east south")]
    public async Task An_emergency_keeps_no_record_from_being_lost_and_takes_none(string steps, string left)
    {
        await using var store = await stores.CreateAsync();
        var patient = new StreamDriver(store.Journal, "pt-a");
        foreach (var step in steps.Split(", "))
        {
            var sites = step.Split(' ').Select(site => (Name: "clinics/" + site.TrimEnd('!'), Passes: site.EndsWith('!'))).ToList();
            await (step == "-"
                ? new StreamDriver(store.Journal, "cl-north").AcceptAsync(new Projection.HolderDestroyed(North))
                : patient.AcceptAsync(new Projection.SitesSet(sites.ConvertAll(site => site.Name)) { ForEmergency = [.. sites.Where(site => site.Passes).Select(site => site.Name)] }));
        }

        Assert.Equal(left.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(site => "clinics/" + site), await HoldersAsync(store, "pt-a"));
        string[] gone = left.Length == 0 ? ["ORPHANED"] : [];
        Assert.Equal(gone, (await store.QueryAsync("SELECT kind FROM key_gone WHERE name = 'pt-a'")).Select(row => (string)row[0]!));
    }

    [Fact]
    public async Task What_is_due_of_a_stream_that_nobody_can_open_is_never_due()
    {
        await using var store = await stores.CreateAsync();
        var (anna, berta) = (await EnrolAsync(store, "pt-a", North), await EnrolAsync(store, "pt-b", North));
        await berta.AcceptAsync(new Projection.DueSet("visit", Day.AddDays(1)));
        await anna.AcceptAsync(new Projection.ConsentSet(0), new Projection.Erased());
        await store.SqlAsync($"INSERT INTO due (stream, kind, at) VALUES ('pt-a', 'visit', {Day.ToUnixTimeMilliseconds()})");
        Assert.Equal(Day.AddDays(1), await store.Projections.ReadNextDueAsync(default));
        foreach (var lease in (TimeSpan[])[TimeSpan.Zero, TimeSpan.FromSeconds(15)])
        {
            Assert.Equal(["pt-b"], (await store.Projections.ReadDueAsync(Day.AddDays(2), 10, lease, default)).Select(row => row.Stream));
        }
    }

    [Fact]
    public async Task An_erased_stream_is_opened_by_nothing_that_is_left()
    {
        await using var store = await stores.CreateAsync();
        var anna = await EnrolAsync(store, "pt-a", North, South);
        await anna.AcceptAsync(
            new Projection.ConsentSet(Releasing.Registries),
            new Projection.PoolEntered("2025-Q3", ["a"]),
            new Projection.OutcomeReady("WEEK_4", ["b"]),
            new Projection.DueSet("visit", Day),
            new Projection.FollowUpSet(North, "WEEK_4", Day, Day.AddDays(1)),
            new Projection.FeedReference(South, FeedKind.Changed, false));
        await EnrolAsync(store, "pt-b", North);
        var release = new StreamDriver(store.Journal, Releasing.Profile);
        await Releasing.PublishAsync(store, release, 1, Releasing.Registries, Releasing.Form(1, Releasing.Cell("c-1", Releasing.Registries, "pt-a")));
        await Releasing.PrepareAsync(release, Releasing.Step(2, Releasing.Row("pt-a", "c-1", "WEEK_8")));
        await Releasing.SealAsync(store, release, 2, 2, Releasing.Registries);
        Assert.Equal(["pt-a-published"], await Releasing.DeliveredAsync(store, 1, Releasing.Registries));

        var erase = anna.Next(new Projection.ConsentSet(0), new Projection.FeedReference(South, FeedKind.Erased, false), new Projection.Erased());
        var erased = Assert.IsType<AppendOutcome.Appended>(await anna.AppendAsync(erase));

        Assert.Equal(new Erasure(erase.Origin.RequestId, 3, erased.RecordedAt, "tester", "north"), await store.Keys.FindErasureAsync("pt-a", default));
        Assert.Equal(KeyLoss.Erased, store.Keys.LossOf("pt-a"));
        for (var round = 0; round < 2; round++, await store.RestartAsync())
        {
            Assert.Equal(3, await store.Journal.ReadHeadAsync("pt-a", default));
            Assert.Equal(KeyLoss.Erased, await LossAsync(() => ReadAsync(store, "pt-a")));
            Assert.Equal(KeyLoss.Erased, await LossAsync(() => store.Journal.FindRequestAsync("pt-a", erase.Origin.RequestId, erase.Origin.PayloadHash, default)));
            Assert.Equal(KeyLoss.Erased, await LossAsync(() => store.Journal.AppendAsync(erase, default)));
            Assert.Equal(KeyLoss.Erased, await LossAsync(() => store.Journal.AppendAsync(anna.Next(), default)));
        }

        Assert.Equal(FeedKind.Erased, Assert.Single((await store.Projections.ReadFeedAsync(South, FeedPosition.Start, 10, default)).Rows).Kind);
        Assert.Equal([null], await Releasing.DeliveredAsync(store, 1, Releasing.Registries));
        Assert.Equal(0, await store.Exchange.CountPreparedAsync(2, default));
        Assert.Empty(await Releasing.DeliveredAsync(store, 2, Releasing.Registries));
        Assert.Equal(["pt-b"], (await store.Projections.ReadRosterAsync(North, "", 10, default)).Select(one => one.Stream));
        foreach (var (table, column) in ((string, string)[])[("key_wrap", "stream"), ("patient", "stream"), ("patient_access", "stream"), ("pool", "person"), ("outcome", "person"), ("due", "stream"), ("follow_up", "stream")])
        {
            Assert.Empty(await store.QueryAsync($"SELECT {column} FROM {table} WHERE {column} = 'pt-a'"));
        }

        Assert.Equal(0, await OpenedAsync(store, "pt-a"));
        Assert.Equal(2, await OpenedAsync(store, "pt-b"));
        await EnrolAsync(store, "pt-c", North);
    }

    [Fact]
    public async Task The_audit_still_proves_what_was_done_to_an_erased_stream()
    {
        await using var store = await stores.CreateAsync();
        using var signing = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var anna = await EnrolAsync(store, "pt-a", North);
        await AuditTools.PlaceAsync(store.Audit, AuditTools.Heads(signing), 1);
        var before = (await store.Audit.ReadEntriesAsync(0, 10, default))[0];
        await anna.AcceptAsync(new Projection.ConsentSet(0), new Projection.Erased());
        var head = (await AuditTools.PlaceAsync(store.Audit, AuditTools.Heads(signing), 1))!;

        var entries = await store.Audit.ReadEntriesAsync(0, 10, default);
        Assert.Equal([("pt-a", 1L), ("pt-a", 2L)], entries.Select(entry => (entry.Entry!.Subject, entry.Entry.Version)));
        Assert.Equal(before.Leaf, entries[0].Leaf);
        Assert.All(entries, entry => Assert.Equal(AuditLeaf.Of(entry.Entry!), entry.Leaf));
        Assert.Equal(Convert.ToBase64String(AuditTools.Root([.. entries.Select(entry => entry.Leaf)])), head.Note.Split('\n')[2]);
    }

    /// <summary>Envelopes of a stream that open with any key that the tables and files still hold.</summary>
    private static async Task<int> OpenedAsync(IStoreUnderTest store, string stream)
    {
        var master = new MasterKey(await File.ReadAllBytesAsync(MasterKeyFile.FileIn(store.KeyFolder)));
        var keks = new KeyEncryptionKeys(store.KeyFolder, master);
        var holders = (await store.QueryAsync("SELECT holder, key_id, kek_version, wrapped FROM holder_key WHERE wrapped IS NOT NULL"))
            .Select(row => keks.Unwrap(new((string)row[0]!, (byte[])row[1]!, Convert.ToInt32(row[2], CultureInfo.InvariantCulture), (byte[])row[3]!))).ToList();
        var ids = (await store.QueryAsync("SELECT stream, key_id FROM data_key")).ToDictionary(row => (string)row[0]!, row => (byte[])row[1]!);
        var data = new List<byte[]>();
        foreach (var row in await store.QueryAsync("SELECT stream, wrapped FROM key_wrap"))
        {
            data.AddRange(holders.Select(holder => holder.TryUnwrap((string)row[0]!, ids[(string)row[0]!], (byte[])row[1]!, out var key) ? key.DataKey : null).OfType<byte[]>());
        }

        Assert.NotEmpty(data);
        var keys = data.Concat(holders.Select(holder => holder.Key)).Append(master.DeriveSecret("wrap-data-keys")).Select(key => new StreamKey(stream, ids[stream], key)).ToList();
        var opened = 0;
        foreach (var row in await store.QueryAsync($"SELECT version, events, answer FROM journal WHERE stream = '{stream}'"))
        {
            var version = Convert.ToInt64(row[0], CultureInfo.InvariantCulture);
            opened += keys.Count(key => Envelope.TryOpen(key, StoredRow.EventsAt(stream, version), (byte[])row[1]!, out _));
            opened += keys.Count(key => Envelope.TryOpen(key, StoredRow.AnswerAt(stream, version), (byte[])row[2]!, out _));
        }

        foreach (var row in await store.QueryAsync($"SELECT publication, milestone, values_ FROM released WHERE person = '{stream}'"))
        {
            var place = ReleasePlaces.Released(stream, Convert.ToInt32(row[0], CultureInfo.InvariantCulture), (string)row[1]!);
            opened += keys.Count(key => Envelope.TryOpen(key, place, (byte[])row[2]!, out _));
        }

        return opened;
    }

    [Fact]
    public async Task After_two_rotations_all_opens_without_the_key_files_between_and_under_new_keys_alone()
    {
        await using var store = await stores.CreateAsync();
        for (var i = 0; i < 10; i++)
        {
            await EnrolAsync(store, $"pt-{i}", North, i % 2 == 0 ? South : East);
        }

        await new StreamDriver(store.Journal, "cl-east").AcceptAsync(new Projection.HolderDestroyed(East));
        var before = await WrappedAsync();
        for (var version = 2; version <= 3; version++)
        {
            Assert.Equal(version, KeyEncryptionKeys.Add(store.KeyFolder));
            await store.RotateKeysAsync();
            // What is enrolled between goes under the version in use.
            await EnrolAsync(store, $"pt-new-{version}", North, $"clinics/new-{version}");
            var versions = await store.QueryAsync("SELECT DISTINCT kek_version FROM holder_key WHERE wrapped IS NOT NULL");
            Assert.Equal(version, Convert.ToInt32(Assert.Single(versions)[0], CultureInfo.InvariantCulture));
        }

        File.Delete(KeyEncryptionKeys.FileOf(store.KeyFolder, 2));
        await store.RestartAsync();
        foreach (var stream in Enumerable.Range(0, 10).Select(i => $"pt-{i}").Concat(["pt-new-2", "pt-new-3"]))
        {
            Assert.Equal("secret of " + stream, await ReadAsync(store, stream));
        }

        Assert.Empty((await WrappedAsync()).Intersect(before));
        Assert.Empty(await store.QueryAsync("SELECT holder FROM holder_key GROUP BY holder HAVING count(*) > 1"));

        File.Delete(KeyEncryptionKeys.FileOf(store.KeyFolder, 3));
        var refused = await Assert.ThrowsAsync<StoreRefusedException>(store.RestartAsync);
        Assert.Contains("kek-3.key", refused.Message, StringComparison.Ordinal);

        async Task<IReadOnlyList<string>> WrappedAsync() =>
            [.. (await store.QueryAsync("SELECT wrapped FROM key_wrap UNION ALL SELECT wrapped FROM holder_key WHERE wrapped IS NOT NULL")).Select(row => Convert.ToHexString((byte[])row[0]!))];
    }
}
