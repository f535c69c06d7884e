namespace ClinicNetwork.Journal.Tests.Contract;

/// <summary>How a stream is folded from a row that is known: by this alone a patient whom nobody has active is read.</summary>
public abstract class TailContract(IStoreFactory stores)
{
    /// <summary>More than share one statement.</summary>
    private const int Streams = 50;

    private static Projection.PatientIndexed Patient(string recordNumber) => new("clinics/north", recordNumber, "Anna", "Muster", new DateOnly(1980, 5, 17));

    private static async Task<StreamDriver> AppendedAsync(IStoreUnderTest store, string stream, int commands)
    {
        var driver = new StreamDriver(store.Journal, stream);
        for (var i = 1; i <= commands; i++)
        {
            IReadOnlyList<Projection> projections = i == 1 ? [Patient(stream), new Projection.SitesSet(["clinics/north"])] : [];
            await driver.AcceptAsync(new Noted($"{stream} {i}", []), projections);
        }

        return driver;
    }

    private static IEnumerable<string> Texts(IReadOnlyList<JournalRow>? rows) => rows!.Select(row => ((Noted)Assert.Single(row.Events)).Text);

    [Fact]
    public async Task Rows_after_a_known_row_come_without_answers_and_none_after_one_that_is_another()
    {
        await using var store = await stores.CreateAsync();
        await AppendedAsync(store, "pt-a", 5);
        var all = await store.Journal.ReadAsync("pt-a", 0, 10, default);

        var tail = await store.Journal.ReadTailAsync("pt-a", 2, all[1].RowHash, 2, default);
        Assert.Equal(["pt-a 3", "pt-a 4"], Texts(tail));
        Assert.All(all.Skip(2).Zip(tail!), one => Assert.Equal((one.First.RequestId, one.First.RecordedAt, Convert.ToHexString(one.First.RowHash), null), (one.Second.RequestId, one.Second.RecordedAt, Convert.ToHexString(one.Second.RowHash), one.Second.Answer)));
        Assert.Equal(["pt-a 1", "pt-a 2", "pt-a 3"], Texts(await store.Journal.ReadTailAsync("pt-a", 0, [], 3, default)));
        Assert.Empty((await store.Journal.ReadTailAsync("pt-a", 5, all[4].RowHash, 10, default))!);
        Assert.Null(await store.Journal.ReadTailAsync("pt-a", 2, all[2].RowHash, 10, default));
        Assert.Null(await store.Journal.ReadTailAsync("pt-a", 6, all[4].RowHash, 10, default));
        Assert.Empty((await store.Journal.ReadTailAsync("pt-nobody", 0, [], 10, default))!);
        Assert.Null(await store.Journal.ReadTailAsync("pt-nobody", 1, all[0].RowHash, 10, default));
    }

    [Fact]
    public async Task Asked_for_at_once_each_stream_gets_its_own_rows_up_to_the_last_that_was_acknowledged()
    {
        await using var store = await stores.CreateAsync();
        var drivers = await Task.WhenAll(Enumerable.Range(0, Streams).Select(i => AppendedAsync(store, $"pt-{i}", 1 + (i % 4))));
        for (var round = 0; round < 3; round++)
        {
            var found = await Task.WhenAll(drivers.Select(driver => store.Journal.ReadTailAsync(driver.Stream, 0, [], 10, default)));
            Assert.All(drivers.Zip(found), one => Assert.Equal(Enumerable.Range(1, (int)one.First.Version).Select(i => $"{one.First.Stream} {i}"), Texts(one.Second)));

            // While others read, each is written to and read again: no read that began before the answer may be shared.
            await Task.WhenAll(drivers.Select(async driver =>
            {
                var (version, head) = (driver.Version, driver.Head);
                await driver.AcceptAsync(new Noted($"{driver.Stream} {version + 1}", []));
                Assert.Equal([$"{driver.Stream} {version + 1}"], Texts(await store.Journal.ReadTailAsync(driver.Stream, version, head, 10, default)));
            }));
        }
    }

    [Fact]
    public async Task An_erased_and_a_damaged_stream_fail_alone_beside_those_that_are_read_with_them()
    {
        await using var store = await stores.CreateAsync();
        var drivers = await Task.WhenAll(Enumerable.Range(0, Streams).Select(i => AppendedAsync(store, $"pt-{i}", 2)));
        await drivers[3].AcceptAsync(new Projection.ConsentSet(0), new Projection.Erased());
        await store.SqlAsync("UPDATE journal SET command = 'Other' WHERE stream = 'pt-5' AND version = 2");
        await store.SqlAsync("UPDATE journal SET version = 7 WHERE stream = 'pt-7' AND version = 2");
        await store.RestartAsync();

        Task<IReadOnlyList<JournalRow>?>[] reads = [.. drivers.Select(driver => store.Journal.ReadTailAsync(driver.Stream, 0, [], 10, default))];
        Assert.Equal(KeyLoss.Erased, (await Assert.ThrowsAsync<KeyLostException>(() => reads[3])).Loss);
        await Assert.ThrowsAsync<StoreDamagedException>(() => reads[5]);
        await Assert.ThrowsAsync<StoreDamagedException>(() => reads[7]);
        foreach (var i in Enumerable.Range(0, Streams).Except([3, 5, 7]))
        {
            Assert.Equal([$"pt-{i} 1", $"pt-{i} 2"], Texts(await reads[i]));
        }
    }
}
