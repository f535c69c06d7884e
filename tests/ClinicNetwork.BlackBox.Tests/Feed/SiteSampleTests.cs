using System.Text.RegularExpressions;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Identity;
using ClinicNetwork.BlackBox.Tests.Releases;
using ClinicNetwork.Protocol.Care.V1;
using Xunit.Abstractions;

namespace ClinicNetwork.BlackBox.Tests.Feed;

/// <summary>docs/samples/node/site.mjs: a clinic's program in another language, from the protos alone, over connections that are cut.</summary>
public sealed partial class SiteSampleTests(ITestOutputHelper output) : IDisposable
{
    private const int Answers = 60;

    private static readonly string[] Patients = ["patients/n-1", "patients/n-2", "patients/n-3"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_site_of_another_language_misses_no_change_repeats_no_fact_and_is_shown_a_conflict()
    {
        var seed = Bounded.Seed();
        await using var server = await ServerProcess.StartAsync(null);
        using var channel = server.Open();
        var network = new Network(channel);
        var harbour = network.As(Network.Harbour);
        await PrepareAsync(server, network);
        var sample = await SampleFolder.InstallAsync(_folder, "node");
        await using var proxy = new CuttingProxy(server.Address, seed, bytesMax: 10_000);
        Task<(int ExitCode, string Out, string Error)> SiteAsync(params string[] command) => RunAsync(server, sample, proxy.Address, command);

        var (code, told, error) = await SiteAsync("follow");
        Assert.True(code == 0, error);
        Assert.Equal([.. Patients.Select(patient => $"{patient}, home clinics/harbour, version 4, plan revision 1"), "caught up"], told.Split('\n')[..^1]);

        // Every change once and in order, whatever is cut.
        for (var i = 0; i < Answers; i++)
        {
            await harbour.Patients.RecordAssessmentAsync(Valid.Assessment(Patients[i % 3], $"a-{i}", total: i % 28));
        }

        await harbour.Patients.RevisePlanAsync(Valid.Revision(Patients[0], await network.EtagAsync(Patients[0])));
        var before = proxy.Cuts;
        (code, told, error) = await SiteAsync("follow");
        Assert.True(code == 0, $"seed {seed}: {error}");
        var lines = told.Split('\n')[..^1];
        output.WriteLine($"seed {seed}: {proxy.Cuts - before} cuts while it followed");
        Assert.True(proxy.Cuts - before >= 3, $"seed {seed}: too few cuts");
        Assert.Equal(
            [.. Enumerable.Range(0, Answers).Select(i => $"{Patients[i % 3]}, version {5 + i / 3}: RecordAssessment"), $"{Patients[0]}, version {5 + Answers / 3}: RevisePlan, plan revision 2", "caught up"],
            lines.Select((line, i) => i < Answers ? PlanTold().Replace(line, "") : line));

        // Nobody answers: it waits, with its request id, and is recorded once, however often it is sent.
        (code, _, error) = await RunAsync(server, sample, new("https://127.0.0.1:1"), "phq9", Patients[0], "phq9-away", "1,1,1,1,1,1,0,0,0", "--attempts", "1");
        var waiting = Assert.Single(Directory.GetFiles(Path.Combine(sample, "hill", "outbox")));
        Assert.True(code == 2 && File.Exists(waiting), error);
        var kept = File.ReadAllText(waiting);
        (code, told, error) = await SiteAsync("send");
        Assert.True(code == 0, error);
        Assert.Equal($"RecordAssessment of patients/n-1: version {6 + Answers / 3}, total 6\n", told);
        Assert.False(File.Exists(waiting));
        File.WriteAllText(waiting, kept);
        Assert.Equal(told, (await SiteAsync("send")).Out);
        Assert.Single((await network.Patients.GetPatientAsync(new() { Name = Patients[0] })).Patient.Assessments, a => a.Total == 6 && a.Name.EndsWith("/phq9-away", StringComparison.Ordinal));

        // What is refused is not lost.
        (code, _, error) = await SiteAsync("phq9", Patients[0], "phq9-short", "1,1");
        Assert.True(code == 2 && error.Contains("was refused, ITEMS_INCOMPLETE", StringComparison.Ordinal), error);
        Assert.Single(Directory.GetFiles(Path.Combine(sample, "hill", "refused")));

        // The harbour changes the dose; the hill decided on the plan before.
        var revision = Valid.Revision(Patients[0], await network.EtagAsync(Patients[0]));
        (revision.DoseMgPerKg, revision.Reason) = (0.55, "pressure was high");
        await harbour.Patients.RevisePlanAsync(revision);
        (code, told, error) = await SiteAsync("propose", Patients[0], "--dose-mg-per-kg", "0.75", "--reason", "little effect");
        Assert.True(code == 0, error);
        Assert.Contains("conflict 1: nothing of the proposal is in the plan", told, StringComparison.Ordinal);
        Assert.Contains("  dose_mg_per_kg: was 0.5, is 0.55, proposed 0.75\n  revision 3 at clinics/harbour: pressure was high\n", told, StringComparison.Ordinal);
        Assert.Single((await network.Patients.GetPlanAsync(new() { Name = Patients[0] + "/plan" })).OpenConflicts);

        // What is shared no longer is forgotten.
        await harbour.Patients.SetSharingAsync(new() { RequestId = Valid.Id(), Patient = Patients[1], OccurredAt = Valid.At(TimeSpan.FromDays(1)) });
        Assert.Contains("n-2", File.ReadAllText(Path.Combine(sample, "hill", "plans.json")), StringComparison.Ordinal);
        (code, _, error) = await SiteAsync("follow");
        Assert.True(code == 0, error);
        Assert.DoesNotContain("n-2", File.ReadAllText(Path.Combine(sample, "hill", "plans.json")), StringComparison.Ordinal);

        // A cursor that does not hold any more: everybody once more.
        File.WriteAllText(Path.Combine(sample, "hill", "cursor"), "");
        Assert.Equal(2, (await SiteAsync("follow")).Out.Split('\n').Count(line => line.Contains("home clinics/harbour", StringComparison.Ordinal)));
    }

    /// <summary>Three patients of the harbour, whom the hill may read and change.</summary>
    private static async Task PrepareAsync(ServerProcess server, Network network)
    {
        await network.RegisterAsync(Network.Harbour);
        await network.RegisterAsync(Network.Hill);
        foreach (var patient in Patients)
        {
            await network.TreatAsync(patient);
            await network.As(Network.Harbour).Patients.SetSharingAsync(Valid.Sharing(patient, SiteAccess.Write, Network.Hill));
        }

        using var identity = await server.IssueAsync("hill-1", "clinician", "--site", Network.Hill);
    }

    private static Task<(int ExitCode, string Out, string Error)> RunAsync(ServerProcess server, string sample, Uri address, params string[] command) => Programs.RunAsync(
        sample,
        SampleFolder.Usual,
        [
            "node", "site.mjs", .. command, "--server", address.ToString(), "--identity", Path.Combine(server.Folder, "hill-1.pem"), "--protos", Path.Combine(AccessMatrixTests.Root(), "protos"),
            "--site", Network.Hill, "--folder", "hill",
        ]);

    /// <summary>A patient's last change of those that are sent together has the plan with it; which that is depends on the cuts.</summary>
    [GeneratedRegex(", plan revision [12]$")]
    private static partial Regex PlanTold();
}
