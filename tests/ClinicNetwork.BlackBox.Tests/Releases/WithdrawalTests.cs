using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Identity;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Exchange.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Releases;

/// <summary>After the answer to a withdrawal no row of the person leaves, from new or old batches. Guarantee 7.</summary>
public sealed class WithdrawalTests(PublishedFixture fixture) : IClassFixture<PublishedFixture>
{
    private readonly Network _network = fixture.Network;

    [Fact]
    public async Task Withdrawn_rows_come_as_leaves_in_every_batch_and_the_release_still_verifies()
    {
        var before = await AllRowsAsync();
        var gone = await WithdrawSomebodyReleasedAsync(before, from: 0);
        var after = await AllRowsAsync();
        Assert.All(before.Zip(after), pair => AssertSameLeaves(pair.First, pair.Second));
        Assert.DoesNotContain(gone, after.SelectMany(b => b).Where(r => !ReleasedLeaf.IsLeafOnly(r)).Select(r => r.Values[0]));

        using var folder = await PulledFolder.PullAsync(fixture);
        var report = folder.Verify();
        Assert.True(report.Accepted, string.Join('\n', report.Findings));
        Assert.All(folder.Files(), file => Assert.True(file.Value.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(gone)) < 0, $"{file.Key} holds the withdrawn person's pseudonym"));
    }

    [Fact]
    public async Task Consenting_again_does_not_bring_a_row_back()
    {
        var before = await AllRowsAsync();
        var person = 40;
        var gone = await WithdrawSomebodyReleasedAsync(before, person, found => person = found);
        await _network.Patients.SetResearchConsentAsync(Valid.Consent(PublishedFixture.NameOf(person), RecipientClass.ResearchRegistry));
        Assert.DoesNotContain(gone, (await AllRowsAsync()).SelectMany(b => b).Where(r => !ReleasedLeaf.IsLeafOnly(r)).Select(r => r.Values[0]));
    }

    /// <summary>Two persons, over the contract: the erasure is a withdrawal towards every recipient, and every site is told.</summary>
    [Fact]
    public async Task An_erased_persons_rows_come_as_leaves_and_the_sites_feed_tells_of_the_erasure()
    {
        using var certificates = new TestCertificates(fixture.Server);
        using var channel = fixture.Server.Open(certificates.Good("role:network-admin"));
        var second = new Network(channel);
        var before = await AllRowsAsync();
        var gone = await WithdrawSomebodyReleasedAsync(before, from: 80, withdraw: async person =>
        {
            var (name, approval) = (PublishedFixture.NameOf(person), $"approvals/erase-{person}");
            await _network.Approvals.ProposeErasureAsync(Valid.Erasure(approval, name));
            await second.Approvals.ApproveAsync(Valid.Approval((await second.Approvals.GetApprovalAsync(new() { Name = approval })).Approval));
            await RefusalSeen.AssertAsync(StatusCode.NotFound, "PATIENT_ERASED", async () => await _network.Patients.GetPatientAsync(new() { Name = name }));
            Assert.Contains(await _network.FeedAsync(Network.Harbour), change => change.Patient == name && change.Kind == ChangeKind.Erased);
        });
        var after = await AllRowsAsync();
        Assert.All(before.Zip(after), pair => AssertSameLeaves(pair.First, pair.Second));
        Assert.DoesNotContain(gone, after.SelectMany(b => b).Where(r => !ReleasedLeaf.IsLeafOnly(r)).Select(r => r.Values[0]));
        using var folder = await PulledFolder.PullAsync(fixture);
        var report = folder.Verify();
        Assert.True(report.Accepted, string.Join('\n', report.Findings));
    }

    [Fact]
    public async Task A_cell_that_falls_under_eleven_is_delivered_as_leaves_alone()
    {
        var before = await AllRowsAsync();
        var after = before;
        // Most of a group: its cell loses more than it can. Another group where chance withheld every milestone of the first.
        for (var group = 7; group > 3 && Leaves(after) == Leaves(before); group--)
        {
            foreach (var person in Enumerable.Range(0, PublishedFixture.Persons).Where(p => p % 8 == group).Take(12))
            {
                await WithdrawAsync(person);
            }

            after = await AllRowsAsync();
        }

        Assert.True(Leaves(after) > Leaves(before));
        foreach (var cell in after.SelectMany(b => b).Where(r => !ReleasedLeaf.IsLeafOnly(r)).GroupBy(r => (r.Values[1], r.Values[2])))
        {
            Assert.True(cell.Select(r => r.Values[0]).Distinct().Count() >= 11, $"{cell.Key} shows {cell.Count()} persons");
        }

        using var folder = await PulledFolder.PullAsync(fixture);
        var report = folder.Verify();
        Assert.True(report.Accepted, string.Join('\n', report.Findings));
    }

    /// <summary>Withdraws persons from a number on until one was in a released row; gives that one's pseudonym.</summary>
    private async Task<string> WithdrawSomebodyReleasedAsync(IReadOnlyList<IReadOnlyList<ReleasedRow>> before, int from, Action<int>? found = null, Func<int, Task>? withdraw = null)
    {
        for (var person = from; person < from + 4; person++)
        {
            var old = await AllRowsAsync();
            await (withdraw ?? WithdrawAsync)(person);
            var now = await AllRowsAsync();
            var changed = old.SelectMany(b => b).Zip(now.SelectMany(b => b)).Where(p => !ReleasedLeaf.IsLeafOnly(p.First) && ReleasedLeaf.IsLeafOnly(p.Second)).ToList();
            if (changed.Count > 0)
            {
                found?.Invoke(person);
                // One row a milestone, all of one person.
                Assert.True(changed.Count <= before.Count);
                return Assert.Single(changed.Select(p => p.First.Values[0]).Distinct());
            }
        }

        Assert.Fail("four persons in a row were in no released cell");
        return "";
    }

    private async Task WithdrawAsync(int person) => await _network.Patients.SetResearchConsentAsync(Valid.Consent(PublishedFixture.NameOf(person)));

    private async Task<IReadOnlyList<IReadOnlyList<ReleasedRow>>> AllRowsAsync()
    {
        var all = new List<IReadOnlyList<ReleasedRow>>();
        foreach (var batch in await fixture.BatchesAsync())
        {
            all.Add(await fixture.RowsAsync(batch.Name));
        }

        return all;
    }

    private static int Leaves(IReadOnlyList<IReadOnlyList<ReleasedRow>> batches) => batches.SelectMany(b => b).Count(ReleasedLeaf.IsLeafOnly);

    private static void AssertSameLeaves(IReadOnlyList<ReleasedRow> before, IReadOnlyList<ReleasedRow> after) =>
        Assert.Equal(before.Select(ReleasedLeaf.Of), after.Select(ReleasedLeaf.Of));
}
