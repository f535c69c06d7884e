using ClinicNetwork.Journal.Postgres;
using ClinicNetwork.Journal.Tests.Contract;

namespace ClinicNetwork.Journal.Tests.Postgres;

/// <summary>The same person enrolled on two silos at one moment, and compared by both.</summary>
public sealed class PostgresDoublesRaceTests
{
    private static readonly DateOnly Born = new(1980, 5, 17);

    private static readonly DateTimeOffset Now = new(2025, 10, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The second asks while the first has written and not committed.</summary>
    [Fact]
    public async Task While_one_silo_compares_another_is_told_at_once_and_the_pair_is_not_missed()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        await using var other = await PostgresStore.OpenAsync(store.Options, default);
        await EnrolAsync(store.Journal, "pt-a", "Anna");
        await EnrolAsync(other.Journal, "pt-b", "Anna");

        // Holds it back when it writes what it has found.
        await using var gate = await OpenTransaction.BeginAsync(store.Options.ConnectionString, "LOCK TABLE probable_double IN SHARE MODE");
        var first = Compare(store.Doubles, "pt-a", "Anna");
        await WaitingAsync(store, 1);
        Assert.False(await Compare(other.Doubles, "pt-b", "Anna").WaitAsync(Until.Patience));
        await gate.CommitAsync();
        Assert.True(await first.WaitAsync(Until.Patience));
        Assert.Equal(["pt-b"], await other.Doubles.ReadUncomparedAsync(10, default));
        Assert.True(await Compare(other.Doubles, "pt-b", "Anna"));
        Assert.Single(await store.Doubles.ReadAsync(null, false, null, 10, default));
    }

    [Fact]
    public async Task Of_a_hundred_persons_enrolled_twice_at_once_on_two_silos_each_is_found_once()
    {
        const int Persons = 100;
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        await using var other = await PostgresStore.OpenAsync(store.Options, default);
        var persons = Enumerable.Range(0, Persons).Select(i => $"Anna{i}").ToArray();
        await Task.WhenAll(SearchAsync(store.Store, "pt-n-"), SearchAsync(other, "pt-s-"));
        Assert.Equal(persons.Select(p => ($"pt-n-{p.ToLowerInvariant()}", $"pt-s-{p.ToLowerInvariant()}")).Order(),
            (await store.Doubles.ReadAsync(null, false, null, 1_000, default)).Select(row => (row.One.Stream, row.Other.Stream)).Order());

        async Task SearchAsync(PostgresStore silo, string prefix)
        {
            await Task.WhenAll(persons.Select(person => EnrolAsync(silo.Journal, prefix + person.ToLowerInvariant(), person)));
            foreach (var person in persons)
            {
                await Until.TrueAsync("nobody else compares", () => Compare(silo.Doubles, prefix + person.ToLowerInvariant(), person));
            }
        }
    }

    /// <summary>An erasure that is under way when a pair is found: the pair is not kept, and the next try does without it.</summary>
    [Fact]
    public async Task A_pair_with_somebody_who_is_erased_meanwhile_is_not_kept()
    {
        await using var store = await PostgresStoreUnderTest.CreateAsync();
        await EnrolAsync(store.Journal, "pt-a", "Anna");
        Assert.True(await Compare(store.Doubles, "pt-a", "Anna"));
        await EnrolAsync(store.Journal, "pt-b", "Anna");
        await using var erasure = await OpenTransaction.BeginAsync(store.Options.ConnectionString, "DELETE FROM patient WHERE stream = 'pt-a'");
        var comparing = Compare(store.Doubles, "pt-b", "Anna");
        await WaitingAsync(store, 1);
        await erasure.CommitAsync();
        Assert.False(await comparing.WaitAsync(Until.Patience));
        Assert.Equal(["pt-b"], await store.Doubles.ReadUncomparedAsync(10, default));
        Assert.True(await Compare(store.Doubles, "pt-b", "Anna"));
        Assert.Empty(await store.Doubles.ReadAsync(null, false, null, 10, default));
    }

    private static Task WaitingAsync(PostgresStoreUnderTest store, int sessions) => Until.TrueAsync($"{sessions} wait", () => PostgresInstance.ScalarAsync<bool>(
        store.Options.ConnectionString, $"SELECT count(*) = {sessions} FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"));

    private static Task<bool> Compare(IDoubles doubles, string stream, string given) => doubles.CompareAsync([new(stream, given, "Muster", Born)], [], Now, default);

    private static Task EnrolAsync(IJournal journal, string stream, string given) =>
        new StreamDriver(journal, stream).AcceptAsync(DoublesContract.Patient("clinics/north", stream, given, "Muster", Born), new Projection.SitesSet(["clinics/north"]));
}
