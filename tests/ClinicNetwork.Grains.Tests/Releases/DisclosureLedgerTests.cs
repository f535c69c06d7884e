using System.Collections.Concurrent;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Grains.Due;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using ClinicNetwork.Journal.Ledger;
using Microsoft.Extensions.DependencyInjection;

namespace ClinicNetwork.Grains.Tests.Releases;

/// <summary>Nothing is published, and no withdrawal acknowledged, that the ledger does not have; what it alone has is done again, once.</summary>
public sealed class DisclosureLedgerTests
{
    [Fact]
    public async Task A_publication_is_in_the_ledger_before_the_commit_and_is_made_once_though_killed_in_between()
    {
        await using var network = await Publishing.PlantedAsync(20);
        var kept = new Kept { FailsAfterwards = true };
        var cluster = await network.AddClusterAsync(configure: silo => silo.Services.AddSingleton<IDisclosureLedger>(kept));
        await Assert.ThrowsAsync<DueFailedException>(() => cluster.Stepper.AdvanceAsync(Publishing.FirstDay, default));
        Assert.Empty(await network.BatchesAsync());
        Assert.Empty(await network.HeldAsync());
        Assert.Equal(20 + Publishing.Men, kept.Publications[0].Rows.Count);
        Assert.Equal((0, 0), await LedgerReplay.RunAsync(network.Store, [.. kept.Entries], restored: false, default));

        kept.FailsAfterwards = false;
        await cluster.Stepper.AdvanceAsync(Publishing.FirstDay.AddHours(1), default);
        var batch = Assert.Single(await network.BatchesAsync());
        Assert.Single(await network.HeldAsync());
        Assert.Equal(1, Assert.IsType<LedgerEntry.Committed>(kept.Entries.Last()).Number);
        Assert.All(kept.Publications, p => Assert.Equal(batch.Root, Assert.Single(p.Batches).Root));
        var last = kept.Publications[^1];
        Assert.Equal(batch.Manifest, last.Batches[0].Manifest);
        Assert.Equal(batch.Signature, last.Batches[0].Signature);
        Assert.Equal(
            (await network.CellsAsync()).Select(c => string.Join(' ', [c.Cell, .. c.Members.Select(m => m.Person)])),
            last.Cells.OrderBy(c => c.Cell, StringComparer.Ordinal).Select(c => string.Join(' ', [c.Cell, .. c.Members])));
        Assert.Equal(
            (await network.DeliveredAsync(1)).Select(r => (r.Person, r.Milestone, Convert.ToHexString(r.Leaf))),
            last.Batches[0].Rows.Select(r => (last.Rows[r.Of].Person, last.Rows[r.Of].Milestone, Convert.ToHexString(r.Leaf))));
        Assert.Equal((0, 0), await LedgerReplay.RunAsync(network.Store, [.. kept.Entries], restored: true, default));
    }

    [Fact]
    public async Task A_day_that_another_server_ended_otherwise_is_not_told_to_be_committed()
    {
        await using var network = await Publishing.PlantedAsync(20);
        var kept = new Kept();
        var cluster = await network.AddClusterAsync(configure: silo => silo.Services.AddSingleton<IDisclosureLedger>(kept));
        var other = await network.AddClusterAsync(configure: silo => silo.Services.AddSingleton<IPublicationCheck>(new Refusing()));
        await network.Clock.AdvanceAsync(Publishing.FirstDay.AddSeconds(-1), default);
        await cluster.Due.RunAsync(network.Clock.Now, TimeSpan.Zero, default);
        await network.Clock.AdvanceAsync(Publishing.FirstDay, default);
        var origin = Origins.Next();
        async Task BlockAsync(Append append)
        {
            if (append.Events.OfType<Domain.Releases.PublicationHeld>().Any())
            {
                Assert.Null((await other.Release.Publish(origin)).Refusal);
                return;
            }

            cluster.Journal.BeforeNext(Publishing.Stream, BlockAsync);
        }

        cluster.Journal.BeforeNext(Publishing.Stream, BlockAsync);
        Assert.Null((await cluster.Release.Publish(origin)).Refusal);
        Assert.Equal("REFUSED", (await other.Release.Read(Replies.Confirmed)).State!.Blocked);
        Assert.Empty(await network.BatchesAsync());
        Assert.Single(kept.Publications);
        Assert.Empty(kept.Entries.OfType<LedgerEntry.Committed>());
    }

    [Fact]
    public async Task What_was_committed_is_replayed_and_not_what_another_server_wrote_later()
    {
        await using var network = await Publishing.PlantedAsync(20);
        var kept = new Kept();
        var cluster = await network.AddClusterAsync(configure: silo => silo.Services.AddSingleton<IDisclosureLedger>(kept));
        await cluster.Stepper.AdvanceAsync(Publishing.FirstDay, default);
        var made = Assert.Single(kept.Publications);
        var late = made with { At = made.At.AddSeconds(1), Batches = [made.Batches[0] with { Root = new byte[32] }] };

        await using var restored = await Publishing.PlantedAsync(0);
        Assert.Equal((1, 0), await LedgerReplay.RunAsync(restored.Store, [.. kept.Entries, late], restored: true, default));
        Assert.Equal(made.Batches[0].Root, Assert.Single(await restored.BatchesAsync()).Root);
    }

    [Fact]
    public async Task A_withdrawal_waits_for_the_ledger_and_one_that_it_alone_has_is_made_again_once()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        var kept = new Kept();
        var cluster = await network.AddClusterAsync(configure: silo => silo.Services.AddSingleton<IDisclosureLedger>(kept));
        var patient = await cluster.EnrolledAsync("anna");
        await patient.SetResearchConsent(Commands.Consent(RecipientClass.ResearchRegistry, RecipientClass.Industry), Origins.Next());
        Assert.Empty(kept.Entries);

        kept.FailsAfterwards = true;
        var (narrowing, origin) = (Commands.Consent(RecipientClass.Industry), Origins.Next());
        (await patient.SetResearchConsent(narrowing, origin)).RefusedAs("LEDGER_UNAVAILABLE", RefusalKind.Unavailable);
        Assert.Equal(2, (await patient.StandsAtAsync()).State.ResearchConsent.Length);
        kept.FailsAfterwards = false;
        Assert.Null((await patient.SetResearchConsent(narrowing, origin)).Refusal);
        Assert.Null((await patient.SetResearchConsent(narrowing, origin)).Refusal);
        Assert.Equal(RecipientClass.Industry, Assert.Single((await patient.StandsAtAsync()).State.ResearchConsent));
        Assert.All(kept.Entries, e => Assert.Equal((origin.RequestId, (int)RecipientClass.Industry | 16), ((LedgerEntry.Withdrawal)e) is var w ? (w.RequestId, w.Permitted) : default));
        Assert.Equal((0, 0), await LedgerReplay.RunAsync(network.Store, [.. kept.Entries], restored: true, default));

        LedgerEntry[] lost =
        [
            .. kept.Entries,
            new LedgerEntry.Withdrawal("pt-anna", "lost-request", 0, DateTimeOffset.MaxValue, network.Clock.Now),
            new LedgerEntry.Withdrawal("pt-anna", "of-before-it-was-given", 0, DateTimeOffset.MaxValue, network.Clock.Now.AddDays(-1)),
            new LedgerEntry.Withdrawal("pt-nobody", "lost-request", 0, DateTimeOffset.MaxValue, network.Clock.Now),
        ];
        for (var run = 0; run < 2; run++)
        {
            Assert.Equal((0, 1), await LedgerReplay.RunAsync(network.Store, lost, restored: false, default));
        }

        await cluster.Due.RunAsync(network.Clock.Now, TimeSpan.Zero, default);
        Assert.Empty((await patient.StandsAtAsync()).State.ResearchConsent);
        Assert.Equal("WithdrawAgain", (await patient.CommandsAsync())[^1]);
        Assert.Equal((0, 0), await LedgerReplay.RunAsync(network.Store, lost, restored: true, default));
        Assert.Empty(await network.Store.Projections.ReadDueAsync(network.Clock.Now, 9, TimeSpan.Zero, default));
    }

    private sealed class Refusing : IPublicationCheck
    {
        public Task<RedTeamSummary> AttackAsync(CandidateRelease release, CancellationToken cancellationToken) => throw new PublicationBlockedException("REFUSED");

        public Task<IReadOnlyList<string>> VerifyAsync(CandidateRelease release, CancellationToken cancellationToken) => throw new PublicationBlockedException("REFUSED");
    }

    private sealed class Kept : IDisclosureLedger
    {
        public bool FailsAfterwards { get; set; }

        public ConcurrentQueue<LedgerEntry> Entries { get; } = [];

        public IReadOnlyList<LedgerEntry.Publication> Publications => [.. Entries.OfType<LedgerEntry.Publication>()];

        public Task AppendAsync(LedgerEntry entry, CancellationToken cancellationToken)
        {
            Entries.Enqueue(entry);
            return FailsAfterwards ? Task.FromException(new LedgerUnavailableException("full", new IOException())) : Task.CompletedTask;
        }
    }
}
