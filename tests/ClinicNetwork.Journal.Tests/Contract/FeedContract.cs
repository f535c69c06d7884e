using CsCheck;

namespace ClinicNetwork.Journal.Tests.Contract;

/// <summary>Ordered, unique, reliable, resumable, bookmarkable; and nothing that the site may not read at this moment.</summary>
public abstract class FeedContract(IStoreFactory stores)
{
    private static Projection.FeedReference Changed(string site, bool planChanged = false) => new(site, FeedKind.Changed, planChanged);

    private static async Task<IReadOnlyList<FeedRow>> WholeAsync(IStoreUnderTest store, string site) =>
        (await store.Projections.ReadFeedAsync(site, FeedPosition.Start, int.MaxValue, default)).Rows;

    [Fact]
    public async Task References_come_in_commit_order_with_what_their_command_was()
    {
        await using var store = await stores.CreateAsync();
        var anna = new StreamDriver(store.Journal, "pt-a");
        var berta = new StreamDriver(store.Journal, "pt-b");
        await berta.AcceptAsync(new Projection.SitesSet(["cl-n"]), new Projection.FeedReference("cl-n", FeedKind.AccessGranted, false));
        await anna.AcceptAsync(new Projection.SitesSet(["cl-n"]), Changed("cl-n", planChanged: true));
        var last = await berta.AcceptAsync(Changed("cl-n"));

        var rows = await WholeAsync(store, "cl-n");
        Assert.Equal([("pt-b", 1L, FeedKind.AccessGranted, false), ("pt-a", 1, FeedKind.Changed, true), ("pt-b", 2, FeedKind.Changed, false)],
            rows.Select(row => (row.Stream, row.Version, row.Kind, row.PlanChanged)));
        Assert.Equal("Note", rows[2].Command);
        Assert.Equal(last.RecordedAt, rows[2].RecordedAt);
        Assert.True(rows[0].Position < rows[1].Position && rows[1].Position < rows[2].Position);
    }

    [Fact]
    public async Task Access_is_decided_when_the_feed_is_read_and_a_revocation_is_always_told()
    {
        await using var store = await stores.CreateAsync();
        var anna = new StreamDriver(store.Journal, "pt-a");
        await anna.AcceptAsync(new Projection.SitesSet(["cl-n", "cl-s"]), Changed("cl-n"), Changed("cl-s"));
        Assert.Single(await WholeAsync(store, "cl-s"));

        await anna.AcceptAsync(new Projection.SitesSet(["cl-n"]), Changed("cl-n"), new Projection.FeedReference("cl-s", FeedKind.AccessRevoked, false));
        Assert.Equal(FeedKind.AccessRevoked, Assert.Single(await WholeAsync(store, "cl-s")).Kind);
        Assert.Equal(2, (await WholeAsync(store, "cl-n")).Count);

        await anna.AcceptAsync(new Projection.SitesSet(["cl-n", "cl-s"]), new Projection.FeedReference("cl-s", FeedKind.AccessGranted, false));
        Assert.Equal([FeedKind.Changed, FeedKind.AccessRevoked, FeedKind.AccessGranted], (await WholeAsync(store, "cl-s")).Select(row => row.Kind));
    }

    [Fact]
    public async Task A_reader_makes_progress_over_what_is_hidden_and_over_other_sites()
    {
        await using var store = await stores.CreateAsync();
        var anna = new StreamDriver(store.Journal, "pt-a");
        await anna.AcceptAsync(new Projection.SitesSet(["cl-n"]), Changed("cl-n"), Changed("cl-s"));
        await anna.AcceptAsync(Changed("cl-n"), Changed("cl-s"));

        var hidden = await store.Projections.ReadFeedAsync("cl-s", FeedPosition.Start, 10, default);
        Assert.Empty(hidden.Rows);
        Assert.True(hidden.Exhausted);
        Assert.True((await store.Projections.ReadFeedAsync("cl-other", FeedPosition.Start, 10, default)).Exhausted);
        Assert.Empty((await store.Projections.ReadFeedAsync("cl-s", hidden.Scanned, 10, default)).Rows);
        var page = await store.Projections.ReadFeedAsync("cl-n", FeedPosition.Start, 1, default);
        Assert.Equal(Assert.Single(page.Rows).Position, page.Scanned);
        Assert.False(page.Exhausted);
        var beyond = new FeedPosition(page.Scanned.Transaction, page.Scanned.Entry + 99);
        Assert.True((await store.Projections.ReadFeedAsync("cl-n", beyond, 1, default)).Scanned >= beyond);
    }

    [Fact]
    public async Task Resumed_at_any_split_the_feed_is_the_whole_feed()
    {
        await using var store = await stores.CreateAsync();
        var streams = Enumerable.Range(0, 5).Select(i => new StreamDriver(store.Journal, $"pt-{i}")).ToList();
        for (var i = 0; i < 60; i++)
        {
            // Every third patient is hidden from cl-s, so pages must step over gaps.
            var sites = i % 5 % 3 == 0 ? new Projection.SitesSet(["cl-n"]) : new Projection.SitesSet(["cl-n", "cl-s"]);
            await streams[i % 5].AcceptAsync(sites, Changed("cl-n"), Changed("cl-s"));
        }

        var whole = new Dictionary<string, IReadOnlyList<FeedRow>> { ["cl-n"] = await WholeAsync(store, "cl-n"), ["cl-s"] = await WholeAsync(store, "cl-s") };
        Assert.True(whole["cl-n"].Count == 60 && whole["cl-s"].Count is > 20 and < 60);
        await Gen.Select(Gen.Bool.Select(north => north ? "cl-n" : "cl-s"), Gen.Int[1, 20].Array[60]).SampleAsync(
            async (site, pages) =>
            {
                var read = new List<FeedRow>();
                var position = FeedPosition.Start;
                foreach (var limit in pages)
                {
                    var page = await store.Projections.ReadFeedAsync(site, position, limit, default);
                    Assert.True(page.Scanned >= position && page.Rows.Count <= limit);
                    read.AddRange(page.Rows);
                    position = page.Scanned;
                }

                Assert.Equal(whole[site], read);
            },
            iter: 50,
            threads: 1);
    }

    [Fact]
    public async Task A_reader_beside_writers_misses_nothing_and_sees_nothing_twice()
    {
        await using var store = await stores.CreateAsync();
        const int Streams = 8;
        const int Commands = 25;
        var writing = Task.WhenAll(Enumerable.Range(0, Streams).Select(async i =>
        {
            var stream = new StreamDriver(store.Journal, $"pt-{i}");
            for (var n = 0; n < Commands; n++)
            {
                await stream.AcceptAsync(new Projection.SitesSet(["cl-n"]), Changed("cl-n"));
            }
        }));

        var read = new List<FeedRow>();
        var position = FeedPosition.Start;
        for (var done = false; !done;)
        {
            done = writing.IsCompleted;
            var page = await store.Projections.ReadFeedAsync("cl-n", position, 7, default);
            read.AddRange(page.Rows);
            done &= page.Rows.Count == 0;
            position = page.Scanned;
        }

        await writing;
        Assert.Equal(Streams * Commands, read.Select(row => (row.Stream, row.Version)).Distinct().Count());
        Assert.Equal(Streams * Commands, read.Count);
        Assert.All(read.GroupBy(row => row.Stream), rows => Assert.Equal(rows.Order(Comparer<FeedRow>.Create((a, b) => a.Version.CompareTo(b.Version))), rows));
    }

    [Fact]
    public async Task What_is_old_by_the_stores_clock_is_trimmed_and_who_had_not_read_it_is_told_so()
    {
        await using var store = await stores.CreateAsync();
        var anna = new StreamDriver(store.Journal, "pt-a");
        await anna.AcceptAsync(new Projection.SitesSet(["cl-n", "cl-s"]), Changed("cl-n"), Changed("cl-s"));
        await anna.AcceptAsync(Changed("cl-n"));
        var old = await WholeAsync(store, "cl-n");
        await store.Clock.AdvanceAsync(store.Clock.Now.AddDays(2), default);
        await anna.AcceptAsync(Changed("cl-n"));
        var before = store.Clock.Now.AddDays(-1);
        Assert.Equal(0, await TrimAsync(store, before.AddDays(-2)));
        Assert.Equal(3, await TrimAsync(store, before));
        Assert.Equal(0, await TrimAsync(store, before));

        foreach (var missed in (FeedPosition[])[FeedPosition.Start, old[0].Position])
        {
            Assert.True((await store.Projections.ReadFeedAsync("cl-n", missed, 10, default)).IsTooOld);
        }

        var rest = await store.Projections.ReadFeedAsync("cl-n", old[1].Position, 10, default);
        Assert.Equal((false, 3), (rest.IsTooOld, Assert.Single(rest.Rows).Version));
        Assert.False((await store.Projections.ReadFeedAsync("cl-other", FeedPosition.Start, 10, default)).IsTooOld);

        // A feed that was trimmed to its end goes on from there.
        var end = await store.Projections.ReadFeedHeadAsync("cl-s", default);
        Assert.True((await store.Projections.ReadFeedAsync("cl-s", FeedPosition.Start, 10, default)).IsTooOld);
        await anna.AcceptAsync(Changed("cl-s"));
        var page = await store.Projections.ReadFeedAsync("cl-s", end, 10, default);
        Assert.Equal((false, 4), (page.IsTooOld, Assert.Single(page.Rows).Version));
    }

    [Fact]
    public async Task The_ends_of_feeds_change_with_what_is_committed_for_the_site_and_with_nothing_else()
    {
        await using var store = await stores.CreateAsync();
        var anna = new StreamDriver(store.Journal, "pt-a");
        string[] sites = ["cl-n", "cl-s", "cl-none"];
        var ends = await store.Projections.ReadFeedEndsAsync(sites, default);
        Assert.Equal(sites.Select(site => (site, FeedPosition.Start)), sites.Select(site => (site, ends[site])));
        await anna.AcceptAsync(Changed("cl-n"));
        var after = await store.Projections.ReadFeedEndsAsync(sites, default);
        Assert.Equal([true, false, false], sites.Select(site => after[site] > ends[site]));
        Assert.Equal(after["cl-n"], (await store.Projections.ReadFeedAsync("cl-n", FeedPosition.Start, 10, default)).Scanned);
    }

    /// <summary>Whoever is told nothing of a trim has every version of every stream, one after the other.</summary>
    [Fact]
    public async Task Trimmed_beside_writers_a_feed_has_no_gap_that_a_reader_is_not_told_of()
    {
        await using var store = await stores.CreateAsync();
        const int Streams = 6;
        var writing = Task.WhenAll(Enumerable.Range(0, Streams).Select(async i =>
        {
            var stream = new StreamDriver(store.Journal, $"pt-{i}");
            for (var n = 0; n < 25; n++)
            {
                await stream.AcceptAsync(new Projection.SitesSet(["cl-n"]), Changed("cl-n"));
                await store.Clock.AdvanceAsync(store.Clock.Now.AddHours(1), default);
            }
        }));
        var trimming = TrimUntilAsync(store, writing);
        var (position, seen) = (FeedPosition.Start, new Dictionary<string, long>(StringComparer.Ordinal));
        for (var done = false; !done;)
        {
            done = writing.IsCompleted;
            var page = await store.Projections.ReadFeedAsync("cl-n", position, 3, default);
            if (page.IsTooOld)
            {
                (position, done) = (await store.Projections.ReadFeedHeadAsync("cl-n", default), false);
                seen.Clear();
                continue;
            }

            foreach (var row in page.Rows)
            {
                Assert.True(!seen.TryGetValue(row.Stream, out var version) || row.Version == version + 1, $"{row.Stream}: {row.Version} after {version}");
                seen[row.Stream] = row.Version;
            }

            done &= page.Rows.Count == 0;
            position = page.Scanned;
        }

        await Task.WhenAll(writing, trimming);
        await TrimAsync(store, store.Clock.Now.AddHours(-8));
        Assert.True((await store.Projections.ReadFeedAsync("cl-n", FeedPosition.Start, 3, default)).IsTooOld);
    }

    private static async Task TrimUntilAsync(IStoreUnderTest store, Task writing)
    {
        for (var last = false; !last;)
        {
            last = writing.IsCompleted;
            await store.Projections.TrimFeedAsync(store.Clock.Now.AddHours(-8), 4, default);
        }
    }

    /// <summary>Waits for what other tests' transactions hold back.</summary>
    private static async Task<long> TrimAsync(IStoreUnderTest store, DateTimeOffset before)
    {
        await store.Projections.ReadFeedAsync("cl-n", FeedPosition.Start, int.MaxValue, default);
        return await store.Projections.TrimFeedAsync(before, 2, default);
    }
}
