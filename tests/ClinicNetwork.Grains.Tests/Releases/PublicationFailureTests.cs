using ClinicNetwork.Grains.Due;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Tests.Releases;

/// <summary>A publication day is held once, with the same result, whatever happens in the middle of it.</summary>
public sealed class PublicationFailureTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_batch_after_a_kill_is_the_one_before_it_and_exists_once(bool committed)
    {
        await using var network = await Publishing.PlantedAsync(20);
        Publication? before = null;
        Task KillAsync(Append append)
        {
            before = Publishing.PublicationOf(append);
            return Task.FromException(new OutcomeUnknownException("killed"));
        }

        if (committed)
        {
            network.Journal.AfterNext(Publishing.Stream, KillAsync);
        }
        else
        {
            network.Journal.BeforeNext(Publishing.Stream, KillAsync);
        }

        await Assert.ThrowsAsync<DueFailedException>(() => network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay, default));
        Assert.Equal(committed ? 0 : 1, await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay, default));

        var batch = Assert.Single(await network.Store.Releases.ReadBatchesAsync(0, 10, default));
        Assert.Equal(before!.Batch!.Root, batch.Root);
        Assert.Equal(before.Batch.Manifest, batch.Manifest);
        Assert.Equal(before.Rows.Select(r => r.Person), (await network.DeliveredAsync(1)).Select(r => r.Person));
        Assert.Single(await network.HeldAsync());
        Assert.Equal(Publishing.FirstDay.AddMonths(1), await NextPublicationAsync(network));
    }

    [Fact]
    public async Task A_kill_of_the_whole_process_after_the_commit_changes_nothing()
    {
        await using var network = await Publishing.PlantedAsync(20);
        network.Journal.FailAfterNext(Publishing.Stream, new OutcomeUnknownException("killed"));
        await Assert.ThrowsAsync<DueFailedException>(() => network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay, default));
        await network.ReopenAsync();
        var cluster = await network.AddClusterAsync();
        Assert.Equal(0, await cluster.Stepper.AdvanceAsync(Publishing.FirstDay.AddHours(1), default));
        Assert.Single(await network.HeldAsync());
        Assert.Equal(20, (await network.WomenDeliveredAsync(1)).Count);
    }

    [Fact]
    public async Task Two_publications_at_once_publish_once()
    {
        await using var network = await Publishing.PlantedAsync(20);
        await network.Clock.AdvanceAsync(Publishing.FirstDay.AddSeconds(-1), default);
        await network.Cluster.Due.RunAsync(network.Clock.Now, TimeSpan.Zero, default);
        await network.Clock.AdvanceAsync(Publishing.FirstDay, default);

        var replies = await Task.WhenAll(network.Cluster.Release.Publish(Origins.Next()), network.Cluster.Release.Publish(Origins.Next()));
        Assert.Single(replies, r => r.Version == 2);
        Assert.Single(replies, r => r.Refusal?.Reason == "PUBLICATION_NOT_DUE");
        Assert.Single(await network.Store.Releases.ReadBatchesAsync(0, 10, default));
        Assert.Equal(20, (await network.WomenDeliveredAsync(1)).Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_clusters_that_publish_at_once_publish_once(bool sameRequest)
    {
        await using var network = await Publishing.PlantedAsync(20);
        var other = await network.AddClusterAsync();
        await network.Clock.AdvanceAsync(Publishing.FirstDay.AddSeconds(-1), default);
        await network.Cluster.Due.RunAsync(network.Clock.Now, TimeSpan.Zero, default);
        await network.Clock.AdvanceAsync(Publishing.FirstDay, default);
        var meeting = new Meeting(2);
        network.Journal.BeforeNext(Publishing.Stream, _ => meeting.ArriveAsync());
        other.Journal.BeforeNext(Publishing.Stream, _ => meeting.ArriveAsync());

        var origin = Origins.Next();
        var replies = await Task.WhenAll(network.Cluster.Release.Publish(origin), other.Release.Publish(sameRequest ? origin : Origins.Next()));
        if (sameRequest)
        {
            replies[0].AcceptedAs(2);
            Assert.Equal(replies[0], replies[1]);
        }
        else
        {
            Assert.Single(replies, r => r.Version == 2);
            Assert.Single(replies, r => r.Refusal?.Reason == "PUBLICATION_NOT_DUE");
        }

        Assert.Single(await network.Store.Releases.ReadBatchesAsync(0, 10, default));
        Assert.Single(await network.HeldAsync());
    }

    [Fact]
    public async Task A_retried_publication_gets_its_answer_after_the_next_day_was_set()
    {
        await using var network = await Publishing.PlantedAsync(14);
        await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay, default);
        var origin = DueRunner.OriginOf(new(Publishing.Stream, DueKinds.Publish, Publishing.FirstDay));
        (await network.Cluster.Release.Publish(origin)).AcceptedAs(2);
        Assert.Single(await network.HeldAsync());
    }

    /// <summary>When the profile is due again; milestones of its persons are due before.</summary>
    private static async Task<DateTimeOffset> NextPublicationAsync(NetworkUnderTest network) =>
        (await network.Store.Projections.ReadDueAsync(DateTimeOffset.MaxValue, 10_000, TimeSpan.Zero, default)).Single(d => d.Stream == Publishing.Stream).At;
}
