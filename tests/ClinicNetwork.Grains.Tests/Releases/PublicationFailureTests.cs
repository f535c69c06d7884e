using ClinicNetwork.Grains.Due;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using Microsoft.Extensions.DependencyInjection;

namespace ClinicNetwork.Grains.Tests.Releases;

/// <summary>A publication day is held once, with the same result, whatever happens in the middle of it.</summary>
public sealed class PublicationFailureTests
{
    /// <summary>Killed before or after each of its rows in the journal, in turn: the batch is the one of a day on which nothing was killed.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_batch_after_kills_at_every_step_is_the_one_without_and_exists_once(bool committed)
    {
        await using var whole = await Publishing.PlantedAsync(20);
        await whole.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay, default);
        await using var network = await Publishing.PlantedAsync(20);
        await network.Clock.AdvanceAsync(Publishing.FirstDay.AddSeconds(-1), default);
        await network.Cluster.Due.RunAsync(network.Clock.Now, TimeSpan.Zero, default);
        await network.Clock.AdvanceAsync(Publishing.FirstDay, default);
        var kills = 0;
        for (var survive = 0; (await network.HeldAsync()).Count == 0; survive++)
        {
            var left = survive;
            Task KillAsync(Append append)
            {
                if (left-- == 0)
                {
                    kills++;
                    return Task.FromException(new OutcomeUnknownException("killed"));
                }

                Next();
                return Task.CompletedTask;
            }

            void Next()
            {
                if (committed)
                {
                    network.Journal.AfterNext(Publishing.Stream, KillAsync);
                }
                else
                {
                    network.Journal.BeforeNext(Publishing.Stream, KillAsync);
                }
            }

            Next();
            await network.Cluster.Due.RunAsync(network.Clock.Now, TimeSpan.Zero, default);
        }

        var (expected, batch) = (Assert.Single(await whole.BatchesAsync()), Assert.Single(await network.BatchesAsync()));
        Assert.True(kills >= 2);
        Assert.Equal(Publishing.Men + 20, batch.Rows);
        Assert.Equal(expected.Rows, batch.Rows);
        Assert.Equal((await whole.DeliveredAsync(1)).Select(r => r.Person), (await network.DeliveredAsync(1)).Select(r => r.Person));
        Assert.Equal(expected.Root, batch.Root);
        Assert.Single(await network.HeldAsync());
        Assert.Equal(Publishing.FirstDay.AddMonths(1), await NextPublicationAsync(network));
    }

    [Fact]
    public async Task What_the_check_refuses_blocks_the_publication_alerts_and_is_tried_again_after_an_hour()
    {
        await using var network = await Publishing.PlantedAsync(20);
        var check = new Refusing();
        var cluster = await network.AddClusterAsync(configure: silo => silo.Services.AddSingleton<IPublicationCheck>(check));
        await cluster.Stepper.AdvanceAsync(Publishing.FirstDay.AddMinutes(30), default);

        Assert.Empty(await network.BatchesAsync());
        Assert.Empty(await network.HeldAsync());
        Assert.Equal("VERIFIER", (await cluster.Release.Read(Replies.Confirmed)).State!.Blocked);
        Assert.Equal(Publishing.FirstDay, await cluster.Services.GetRequiredService<PublicationAlert>().ReadBlockedSinceAsync(default));
        Assert.Equal(Publishing.FirstDay.AddHours(1), await NextPublicationAsync(network));

        check.Refuses = false;
        await cluster.Stepper.AdvanceAsync(Publishing.FirstDay.AddHours(1), default);
        Assert.Single(await network.BatchesAsync());
        Assert.Null(await cluster.Services.GetRequiredService<PublicationAlert>().ReadBlockedSinceAsync(default));
        Assert.Equal(Publishing.FirstDay.AddMonths(1), await NextPublicationAsync(network));
    }

    private sealed class Refusing : IPublicationCheck
    {
        public bool Refuses { get; set; } = true;

        public Task<RedTeamSummary> AttackAsync(CandidateRelease release, CancellationToken cancellationToken) => Task.FromResult(new RedTeamSummary("none", 0, []));

        public Task<IReadOnlyList<string>> VerifyAsync(CandidateRelease release, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<string>>(Refuses ? ["ROOT: planted"] : []);
    }

    [Fact]
    public async Task A_kill_of_the_whole_process_after_the_commit_changes_nothing()
    {
        await using var network = await Publishing.PlantedAsync(20);
        Task KillAsync(Append append)
        {
            if (append.Events.OfType<Domain.Releases.PublicationHeld>().Any())
            {
                return Task.FromException(new OutcomeUnknownException("killed"));
            }

            network.Journal.AfterNext(Publishing.Stream, KillAsync);
            return Task.CompletedTask;
        }

        network.Journal.AfterNext(Publishing.Stream, KillAsync);
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
        Assert.Single(replies, r => r.Refusal is null);
        Assert.Single(replies, r => r.Refusal?.Reason == "PUBLICATION_NOT_DUE");
        Assert.Single(await network.BatchesAsync());
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

        // Who lost a step is told to come back, and comes back to a day that is held.
        var origin = Origins.Next();
        var replies = await Task.WhenAll(network.Cluster.Release.Publish(origin), other.Release.Publish(sameRequest ? origin : Origins.Next()));
        Assert.All(replies, r => Assert.True(r.Refusal is null or { Reason: "NOT_EXECUTED" or "PUBLICATION_NOT_DUE" }, r.ToString()));
        Assert.Null((await network.Cluster.Release.Publish(origin)).Refusal is { Reason: "NOT_EXECUTED" } refused ? refused : null);
        Assert.Single(await network.BatchesAsync());
        Assert.Single(await network.HeldAsync());
    }

    [Fact]
    public async Task A_retried_publication_gets_its_answer_after_the_next_day_was_set()
    {
        await using var network = await Publishing.PlantedAsync(14);
        await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay, default);
        var origin = DueRunner.OriginOf(new(Publishing.Stream, DueKinds.Publish, Publishing.FirstDay));
        Assert.Null((await network.Cluster.Release.Publish(origin)).Refusal);
        Assert.Single(await network.HeldAsync());
    }

    /// <summary>When the profile is due again; milestones of its persons are due before.</summary>
    private static async Task<DateTimeOffset> NextPublicationAsync(NetworkUnderTest network) =>
        (await network.Store.Projections.ReadDueAsync(DateTimeOffset.MaxValue, 10_000, TimeSpan.Zero, default)).Single(d => d.Stream == Publishing.Stream).At;
}
