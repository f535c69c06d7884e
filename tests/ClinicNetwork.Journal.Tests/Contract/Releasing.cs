namespace ClinicNetwork.Journal.Tests.Contract;

/// <summary>Persons who wait, and the steps of a publication about them, as the release grain writes them.</summary>
internal static class Releasing
{
    public const int Registries = 1 | 16;
    public const int Partners = 2 | 16;
    public const int Both = Registries | Partners;
    public const string Profile = "rl-public-outcomes";
    public const string Recipient = "ag-1";

    public static readonly DateTimeOffset Day = new(2025, 10, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Persons with an outcome for WEEK_4.</summary>
    public static async Task<Dictionary<string, StreamDriver>> EnterAsync(IStoreUnderTest store, int recipients, params string[] persons)
    {
        var drivers = new Dictionary<string, StreamDriver>();
        foreach (var person in persons)
        {
            var driver = drivers[person] = new StreamDriver(store.Journal, person);
            await driver.AcceptAsync(
                new Projection.PatientIndexed("cl-n", person, "Anna", "Muster", new DateOnly(1980, 5, 17)),
                new Projection.ConsentSet(recipients),
                new Projection.PoolEntered("2025-Q3", [person + "-sex", person + "-age"]),
                new Projection.OutcomeReady("WEEK_4", [person + "-remission"]));
        }

        return drivers;
    }

    public static NewReleaseCell Cell(string cell, int recipients, params string[] members) => new(cell, "2025-Q3", recipients, ["female", "*"], members);

    public static NewReleasedRow Row(string person, string cell, string milestone = "WEEK_4", string value = "published") => new(person, cell, milestone, [$"{person}-{value}"]);

    public static byte[] Leaf(string person) => [.. Enumerable.Repeat((byte)person[^1], 32)];

    public static PreparedStep Step(int publication, params IReadOnlyList<NewReleasedRow> rows) => new(publication, [], [], [], [], rows);

    /// <summary>A cell is formed and one milestone of it released.</summary>
    public static PreparedStep Form(int publication, NewReleaseCell cell) =>
        new(publication, [cell], [new(cell.Cell, "WEEK_4", "RELEASED")], [], [], [.. cell.Members.Select(member => Row(member, cell.Cell))]);

    public static Task<AppendOutcome> PrepareAsync(StreamDriver release, PreparedStep step) => release.AppendAsync(release.Next(new Projection.PublicationPrepared(step)));

    public static Task<AppendOutcome.Appended> AgreeAsync(IStoreUnderTest store, string agreement, int required) =>
        new StreamDriver(store.Journal, "pa-" + agreement).AcceptAsync(new Projection.AgreementSet(Agreement(agreement, required)));

    public static AgreementRecord Agreement(string agreement, int required) =>
        new(agreement, "partner", "public-outcomes", required, ["pseudonym", "cell"], Day.AddDays(-90), Day.AddDays(900), 5_000, 1, "ACTIVE");

    /// <summary>Seals what the recipient was never given and may have; returns what a commit needs.</summary>
    public static async Task<NewDeliveryBatch> SealAsync(IStoreUnderTest store, StreamDriver release, int publication, int number, int required, int k = 1, string recipient = Recipient)
    {
        var rows = await store.Exchange.ReadUndeliveredAsync(recipient, required, k, publication, null, 100, Day, default);
        var untold = await store.Exchange.ReadUntoldAsync(recipient, required, k, publication, 100, Day, default);
        await release.AcceptAsync(new Projection.RowsSealed(new(
            recipient, number, 0, [.. rows.Select(row => new SealedRow(row.Person, row.Milestone, row.Publication, row.Epoch ?? 1, Leaf(row.Person)))])));
        return new(recipient, number, rows.Count, [1], [2], [3], [.. untold.Select(row => (row.Batch, row.Row))]);
    }

    public static Task<AppendOutcome> CommitAsync(StreamDriver release, int publication, long prepared, params IReadOnlyList<NewDeliveryBatch> batches) =>
        release.AppendAsync(release.Next(new Projection.PublicationCommitted(new(publication, Day, prepared, batches, []))));

    /// <summary>One publication for one recipient, from its steps to its commit.</summary>
    public static async Task PublishAsync(IStoreUnderTest store, StreamDriver release, int number, int required, PreparedStep step, int k = 1)
    {
        Assert.IsType<AppendOutcome.Appended>(await PrepareAsync(release, step));
        var batch = await SealAsync(store, release, step.Publication, number, required, k);
        var prepared = await store.Exchange.CountPreparedAsync(step.Publication, default);
        Assert.IsType<AppendOutcome.Appended>(await CommitAsync(release, step.Publication, prepared, batch));
    }

    /// <summary>Values as they would be delivered; null for a row that is a leaf.</summary>
    public static async Task<IReadOnlyList<string?>> DeliveredAsync(
        IStoreUnderTest store, int batch, int required, int k = 1, string recipient = Recipient, DateTimeOffset? now = null) =>
        [.. (await store.Exchange.ReadBatchRowsAsync(recipient, batch, 0, 100, required, k, now ?? Day, default)).Select(row => row.Values?[0])];
}
