using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Identity;
using ClinicNetwork.BlackBox.Tests.Releases;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Exchange.V1;

namespace ClinicNetwork.BlackBox.Tests.Partners;

/// <summary>A partner pushes thousands of records; the server is killed while they come.</summary>
public sealed class SubmissionKillTests
{
    private const int Copies = 100;
    private const int HeldBack = 3_000;

    [Fact]
    public async Task A_push_goes_on_after_SIGKILL_behind_what_is_stored_and_every_record_has_one_receipt()
    {
        await using var server = await ServerProcess.StartAsync();
        using var channel = server.Open();
        var network = new Network(channel);
        using var partner = await RegistryPartner.JoinAsync(server, network);
        var opening = new SubmissionOpening { Submission = "killed", Profile = PublishedFixture.Profile, ProfileVersion = 2 };
        var name = RegistryPartner.Name + "/submissions/killed";
        using var killed = new ManualResetEventSlim();
        var enumerations = 0;
        IEnumerable<OutcomeRecord> Held(IReadOnlyList<string> columns)
        {
            // The first time they are only hashed.
            var sent = Interlocked.Increment(ref enumerations) > 1;
            foreach (var (record, i) in Records(columns).Select((record, i) => (record, i)))
            {
                if (sent && i == HeldBack)
                {
                    killed.Wait(Bounded.Wait);
                }

                yield return record;
            }
        }

        using (var client = Connect(server, partner))
        {
            var push = Task.Run(() => new SubmissionPusher(client, opening).PushAsync(Held));
            await Bounded.UntilAsync("records are stored", async () =>
                (await network.Submissions.ListSubmissionsAsync(new())).Submissions.Any(one => one.Records > 0));
            await server.KillAsync();
            killed.Set();
            await Assert.ThrowsAsync<ClinicNetworkException>(() => push).Within();
        }

        await server.StartAgainAsync();
        using var again = server.Open();
        network = new Network(again);
        var there = (await network.Submissions.GetSubmissionAsync(new() { Name = name })).Submission;
        Assert.Equal(SubmissionStatus.InProgress, there.Status);
        Assert.InRange(there.Records, 1, HeldBack);
        using var resumed = Connect(server, partner);
        var began = -1L;
        var result = await new SubmissionPusher(resumed, opening).PushAsync(Records, new First(done => began = done)).Within();
        var total = Records(there.Columns).Count();
        Assert.Equal((SubmissionStatus.Complete, total, there.Records), (result.Status, result.Records, began));

        var receipts = new List<string>();
        var token = "";
        do
        {
            var page = await network.Submissions.ListReceiptsAsync(new() { Parent = name, PageSize = 1_000, PageToken = token });
            receipts.AddRange(page.Receipts.Select(receipt => receipt.Record));
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        Assert.Equal(Records(there.Columns).Select(record => record.Record).Order(StringComparer.Ordinal), receipts);
    }

    private static ClinicNetworkClient Connect(ServerProcess server, RegistryPartner partner) =>
        ClinicNetworkClient.Connect(server.Address, new() { Identity = partner.Identity, StreamReopensMax = 0, TotalTimeout = Bounded.Wait });

    /// <summary>The documented example many times over, each time of other persons in other cells.</summary>
    private static IEnumerable<OutcomeRecord> Records(IReadOnlyList<string> columns)
    {
        var lines = File.ReadAllLines(Path.Combine(AccessMatrixTests.Root(), "docs", "examples", "submission.csv"));
        var order = columns.Select(column => Array.IndexOf(lines[0].Split(','), column)).ToArray();
        foreach (var copy in Enumerable.Range(0, Copies))
        {
            foreach (var values in lines[1..].Select(line => line.Split(',')))
            {
                var record = new OutcomeRecord { Record = $"{copy:d3}-{values[0]}" };
                record.Values.AddRange(order.Select(at => lines[0].Split(',')[at] switch
                {
                    "pseudonym" => $"{copy:x4}{values[at][4..]}",
                    "cell" => $"c-{copy:x4}{values[at][6..]}",
                    _ => values[at],
                }));
                yield return record;
            }
        }
    }

    /// <summary>Where a push began.</summary>
    private sealed class First(Action<long> begun) : IProgress<(long Done, long Total)>
    {
        private bool _told;

        public void Report((long Done, long Total) value)
        {
            if (!_told)
            {
                begun(value.Done);
            }

            _told = true;
        }
    }
}
