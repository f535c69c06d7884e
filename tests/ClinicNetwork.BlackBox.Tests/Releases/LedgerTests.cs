using System.Text;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Releases;

/// <summary>What was released and withdrawn after the last backup is known by the disclosure ledger, and nothing is without it.</summary>
public sealed class LedgerTests
{
    [Fact]
    public async Task After_a_restore_the_lost_withdrawal_and_publication_hold_and_the_registry_pulls_on()
    {
        var fixture = new PublishedFixture();
        try
        {
            await fixture.InitializeAsync();
            var server = fixture.Server;
            using var backup = new TempFolder();
            await server.StopAsync();
            CopyStore(server.Folder, backup.Path);
            await server.StartAgainAsync();

            using var folder = new PulledFolder();
            string gone;
            var person = 0;
            using (var channel = server.Open())
            {
                var network = new Network(channel);
                await Parallel.ForEachAsync(Enumerable.Range(0, PublishedFixture.Persons), async (p, _) => await AssessAsync(network, p));
                await network.AdvanceAsync(new(2025, 11, 2, 0, 0, 0, TimeSpan.Zero));
                await folder.PullAgainAsync(server.Address, fixture.Partner.Identity, default);
                var before = folder.Living();
                do
                {
                    await network.Patients.SetResearchConsentAsync(Valid.Consent(PublishedFixture.NameOf(person)));
                    using var now = new PulledFolder();
                    await now.PullAgainAsync(server.Address, fixture.Partner.Identity, default);
                    gone = before.Except(now.Living()).FirstOrDefault() ?? "";
                }
                while (gone.Length == 0 && ++person < 8);
            }

            var batches = Directory.GetDirectories(Path.Combine(folder.Path, "batches")).Length;
            Assert.Equal((true, 3), (gone.Length > 0, batches));
            await server.StopAsync();
            CopyStore(backup.Path, server.Folder);
            var (code, told, error) = await ServerProgram.RunAsync(["migrate", "--restored", "--folder", server.Folder, "--clock", "manual"]);
            Assert.Equal((0, ""), (code, error));
            Assert.Contains($"ledger: 1 publications and {person + 1} withdrawals", told, StringComparison.Ordinal);

            await server.StartAgainAsync();
            using var again = server.Open();
            var restored = new Network(again);
            using (var anew = new PulledFolder())
            {
                await anew.PullAgainAsync(server.Address, fixture.Partner.Identity, default);
                Assert.DoesNotContain(gone, anew.Living());
                Assert.Equal(batches, Directory.GetDirectories(Path.Combine(anew.Path, "batches")).Length);
            }

            await restored.AdvanceAsync(new(2025, 12, 2, 0, 0, 0, TimeSpan.Zero));
            Assert.Empty((await restored.Patients.GetPatientAsync(new() { Name = PublishedFixture.NameOf(person) })).Patient.ResearchConsent);
            Assert.Contains("WithdrawAgain", (await restored.HistoryAsync(PublishedFixture.NameOf(person))).Select(e => e.Command));
            await folder.PullAgainAsync(server.Address, fixture.Partner.Identity, default);
            Assert.True(Directory.GetDirectories(Path.Combine(folder.Path, "batches")).Length > batches);
            Assert.DoesNotContain(gone, folder.Living());
            var report = folder.Verify();
            Assert.True(report.Accepted, string.Join('\n', report.Findings));
        }
        finally
        {
            await fixture.DisposeAsync();
        }
    }

    [Fact]
    public async Task Without_the_ledger_no_withdrawal_is_acknowledged_and_health_says_so()
    {
        using var other = new TempFolder();
        var file = Path.Combine(other.Path, "no-folder");
        await File.WriteAllTextAsync(file, "");
        await using var server = await ServerProcess.StartWithAsync("--ledger", Path.Combine(file, "ledger"));
        using var channel = server.Open();
        var network = new Network(channel);
        await network.RegisterAsync(Network.Harbour);
        const string Patient = "patients/l-1";
        await network.Patients.EnrolPatientAsync(Valid.Enrolment(Patient));
        await network.Patients.SetResearchConsentAsync(Valid.Consent(Patient, RecipientClass.ResearchRegistry));
        Assert.Equal(1, await HealthAsync(channel));

        var withdrawal = Valid.Consent(Patient);
        await RefusalSeen.AssertAsync(StatusCode.Unavailable, "LEDGER_UNAVAILABLE", async () => await network.Patients.SetResearchConsentAsync(withdrawal));
        Assert.Single((await network.Patients.GetPatientAsync(new() { Name = Patient })).Patient.ResearchConsent);
        Assert.Equal(2, await HealthAsync(channel));
        Assert.Contains("Publications and withdrawals wait", server.Log.Text, StringComparison.Ordinal);

        File.Delete(file);
        await network.Patients.SetResearchConsentAsync(withdrawal);
        Assert.Empty((await network.Patients.GetPatientAsync(new() { Name = Patient })).Patient.ResearchConsent);
        Assert.Equal(1, await HealthAsync(channel));
    }

    /// <summary>Answers in the window of week 8, of different outcomes, by every other person or more.</summary>
    private static async Task AssessAsync(Network network, int person)
    {
        int? total = (person / 8 % 4) switch { 0 => 2, 1 => 8, 2 => 16, _ => null };
        if (total is { } score)
        {
            var at = new DateTimeOffset(2025, 9, 28, 8, 0, 0, TimeSpan.Zero);
            var request = Valid.Assessment(PublishedFixture.NameOf(person), "week-8", at, score);
            request.OccurredAt = at.ToTimestamp();
            await network.Patients.RecordAssessmentAsync(request);
        }
    }

    private static void CopyStore(string from, string to)
    {
        foreach (var file in Directory.GetFiles(to, "journal.db*").Concat(Directory.GetFiles(to, "snapshots.db*")))
        {
            File.Delete(file);
        }

        foreach (var file in Directory.GetFiles(from, "journal.db*"))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }

    /// <summary>Of grpc.health: 1 is SERVING, 2 NOT_SERVING.</summary>
    private static async Task<int> HealthAsync(ChannelBase channel)
    {
        var service = Encoding.ASCII.GetBytes("ledger");
        var answer = await RawCalls.UnaryAsync(channel, "grpc.health.v1.Health", "Check", [0x0a, (byte)service.Length, .. service]);
        return answer[^1];
    }
}
