using System.Diagnostics;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Site.Tests.Rig;
using Xunit.Abstractions;

namespace ClinicNetwork.Site.Tests;

/// <summary>The command line as a clinic uses it: <c>site run</c> beside the others, with the network and without.</summary>
public sealed class SiteCommandTests(ITestOutputHelper output)
{
    private const string Home = "clinics/home";
    private const string Far = "clinics/far";
    private const string Patient = "patients/p-1";

    [Fact]
    public async Task Offline_edit_conflict_resolve_online()
    {
        await using var network = await SiteNetwork.StartAsync();
        await network.ShareAsync(Patient, Home, Far);
        var folder = Path.Combine(network.Folder, "far");
        await RunAsync(network, $"site init {Far} --folder {folder}");
        using var run = network.Start("site", "run", "--folder", folder);
        Assert.Contains("1 patient, waiting 0", await LineAsync(run, "online: pulled 1, pushed 0"), StringComparison.Ordinal);

        network.Line.Cut();
        Assert.Contains("waits for the network", await RunAsync(network, $"site record-phq9 {Patient} --items 2,2,3,2,1,2,2,1,0 --folder {folder}"), StringComparison.Ordinal);
        await RunAsync(network, $"site propose {Patient} --dose-mg-per-kg 0.6 --reason little-effect --folder {folder}");
        await LineAsync(run, "offline: ");
        var shown = await RunAsync(network, $"site show {Patient} --folder {folder}");
        Assert.Contains("plan      revision 2: 0.6 mg/kg, 6 induction sessions: little-effect", shown, StringComparison.Ordinal);
        Assert.Contains("15, moderately severe", shown, StringComparison.Ordinal);
        Assert.Equal(2, shown.Split("not confirmed").Length - 1);
        var (code, _, error) = await Clinicnet.RunAsync(network.Folder, "site", "start-session", Patient, "s-1", "--bp", "124/78", "--weight", "71.5", "--folder", folder);
        Assert.True(code == 2 && error.Contains("DOSING_NOT_HERE", StringComparison.Ordinal), error);

        await network.AskAsync(async n => await n.As(Home).Patients.RevisePlanAsync(Revision(await n.EtagAsync(Patient))));
        network.Line.Mend();
        await LineAsync(run, "conflicts 1, refused 0");
        var conflict = await RunAsync(network, $"site conflicts --folder {folder}");
        Assert.True(conflict.StartsWith($"{Patient}\nconflict 1, open", StringComparison.Ordinal) && conflict.Contains("0.6 mg/kg", StringComparison.Ordinal), conflict);
        await RunAsync(network, $"site resolve {Patient} --conflict 1 --holds proposed --reason agreed --folder {folder}");
        // Long before it asks the network for want of anything else.
        await LineAsync(run, "pushed 1;").Within();
        await Bounded.UntilAsync("the resolution", async () => (await RunAsync(network, $"site conflicts --folder {folder}")).Trim() == "no conflict");
        Assert.Contains("0.6 mg/kg", await RunAsync(network, $"site show {Patient} --folder {folder}"), StringComparison.Ordinal);
        Assert.Contains("waiting   0", await RunAsync(network, $"site status --folder {folder}"), StringComparison.Ordinal);
        Assert.Contains("propose_revision", await RunAsync(network, $"site outbox --folder {folder}"), StringComparison.Ordinal);
        Assert.Contains("Ada Testperson", await RunAsync(network, $"site patients --folder {folder}"), StringComparison.Ordinal);
        run.Kill();
    }

    [Fact]
    public async Task What_was_said_to_be_recorded_is_there_after_kills_and_what_is_there_can_be_read()
    {
        var random = new Random(Bounded.Seed());
        await using var network = await SiteNetwork.StartAsync();
        await network.ShareAsync(Patient, Home, Far);
        var site = network.Site(Far);
        await site.MeetAsync();
        var said = new List<long>();
        for (var i = 0; i < Bounded.Rounds(6); i++)
        {
            using var process = network.Start("site", "record-phq9", Patient, "--items", "2,2,3,2,1,2,2,1,0", "--folder", site.Folder);
            // Every other one as soon as it has said so, the rest wherever it is.
            var told = process.StandardOutput.ReadLineAsync();
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(random.Next(100, 1_200)));
            await (i % 2 == 0 ? told : (Task)timer.WaitForNextTickAsync().AsTask()).WaitAsync(Bounded.Wait);
            process.Kill();
            await process.WaitForExitAsync().Within();
            if ((await told)?.Split("recorded as ") is [_, var rest])
            {
                said.Add(long.Parse(rest.Split(',')[0], System.Globalization.CultureInfo.InvariantCulture));
            }

            site.Reopen();
            var (items, view) = (site.Replica.Outbox(), site.Replica.Find(Patient)!);
            Assert.Empty(said.Except(items.Select(item => item.Number)));
            Assert.Equal(items.Count, view.State!.Assessments.Length);
        }

        Assert.NotEmpty(said);
        output.WriteLine($"{said.Count} of {Bounded.Rounds(6)} were said to be recorded before the kill");
        await site.MeetAsync();
        Assert.Equal(site.Replica.Outbox().Count, site.Replica.Find(Patient)!.State!.Assessments.Length);
    }

    private static RevisePlanRequest Revision(string etag)
    {
        var request = Valid.Revision(Patient, etag);
        request.DoseMgPerKg = 0.8;
        return request;
    }

    private static async Task<string> RunAsync(SiteNetwork network, string line)
    {
        var (code, told, error) = await Clinicnet.RunAsync(network.Folder, line.Split(' '));
        Assert.True(code == 0, $"{line}: {error}");
        return told;
    }

    private static async Task<string> LineAsync(Process process, string with)
    {
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(2 * Bounded.Wait) is { } line)
        {
            if (line.Contains(with, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"site run ended without '{with}'");
    }
}
