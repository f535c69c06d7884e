using System.Net;
using System.Net.Sockets;
using ClinicNetwork.Client.Tests.Fakes;

namespace ClinicNetwork.Client.Tests.Cli;

public sealed class ExitCodeTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("demo --help")]
    [InlineData("patient session start --help")]
    [InlineData("--version")]
    [InlineData("")]
    public async Task Help_ends_with_0(string line)
    {
        var run = await CommandLineRun.OfAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("", run.Error);
        Assert.NotEqual("", run.Out);
    }

    [Fact]
    public async Task Help_ends_with_examples() =>
        Assert.Contains(
            "clinicnet registry pull --out release", (
                await CommandLineRun.OfAsync("registry", "pull", "--help")).Out, StringComparison.Ordinal);

    [Theory]
    [InlineData("bogus", "bogus")]
    [InlineData("clinic", "command")]
    [InlineData("clinic show Harbour!", "clinic: give clinics/{clinic}")]
    [InlineData("clinic register harbour --display-name H --time-zone Mars/Base", "--time-zone")]
    [InlineData("clinic register harbour --display-name H", "--time-zone")]
    [InlineData("patient assess p-1 a-1 --items 1,2,3", "--items: give the nine")]
    [InlineData("patient assess p-1 a-1 --items 0,0,0,0,0,0,0,0,4", "--items: give the nine")]
    [InlineData("patient scale p-1 g-1 --scale moon --items 1", "--scale: Which scale: phq-9, gad-7")]
    [InlineData("patient scale p-1 g-1 --scale gad-7 --items 1,x", "--items: give the answers")]
    [InlineData("patient scale p-1 g-1 --scale gad-7 --items 1,10", "--items: give the answers")]
    [InlineData("patient scale p-1 g-1 --scale gad-7 --items 1,,1", "--items: give the answers")]
    [InlineData("patient session start p-1 s-1 --clinic harbour --bp 80/120 --weight 70", "--bp")]
    [InlineData("patient session start p-1 s-1 --clinic harbour --bp 120/80 --weight 700", "--weight: Body weight in kg")]
    [InlineData(
        "patient plan p-1 --protocol x --setting moon --goal g", "--setting: Where doses are given: clinic, certified-clinic, home")]
    [InlineData("patient plan p-1 --protocol x --setting clinic --goal g;99", "--goal")]
    [InlineData(
        "patient enrol p-1 --clinic c --given-name A --family-name B --birth-date 17.5.1980 --sex female --record-number R",
            "--birth-date: give Day of birth, YYYY-MM-DD")]
    [InlineData("patient session start p-1 s-1 --clinic harbour --bp 120/80 --override moon=x", "--override: give a gate and a clinician's reason")]
    [InlineData("patient session start p-1 s-1 --clinic harbour --bp 120/80 --spo2 49", "--spo2: Oxygen saturation in %, 50 to 100")]
    [InlineData("patient session complete p-1 s-1 --bp 120/80 --confirm everything", "--confirm: give oriented, walks")]
    [InlineData("patient session leave p-1 s-1 --kind gone --reason x", "--kind: How: against-advice")]
    [InlineData("patient vitals p-1 s-1 --bp 80/120", "--bp")]
    [InlineData("patient vitals p-1 s-1 --moaas 6", "--moaas: Sedation")]
    [InlineData("patient resolve-side-effect p-1", "--number")]
    [InlineData("patient revise p-1 --reason why", "--dose-mg-per-kg: nothing to change")]
    [InlineData("patient propose p-1 --reason why --etag e", "--dose-mg-per-kg: nothing to change")]
    [InlineData("patient propose p-1 --reason why --dose-mg-per-kg 0.6", "--etag")]
    [InlineData("patient resolve-conflict p-1 --conflict 1 --reason why --holds both", "--holds: What holds")]
    [InlineData("patient share p-1", "--with: give the sites, or --nobody")]
    [InlineData("patient share p-1 --with clinics/hillside:rule", "--with")]
    [InlineData("patient consent p-1 --to everybody", "--to: give research-registry")]
    [InlineData("patient end p-1 --reason x --at yesterday", "--at")]
    [InlineData("approvals", "command")]
    [InlineData("approvals propose-erasure Erase! p-1 --reason x", "approval: give approvals/{approval}")]
    [InlineData("approvals propose-erasure erase-7 p-1", "--reason")]
    [InlineData("approvals propose-erasure erase-7 p-1 --reason x --hours 169", "--hours: Hours until it expires")]
    [InlineData("approvals propose-key-destruction close-7 Harbour! --reason x", "clinic: give clinics/{clinic}")]
    [InlineData("approvals approve erase-7", "--etag")]
    [InlineData("approvals reject erase-7", "--reason")]
    [InlineData("clock advance --to soon", "--to")]
    [InlineData("status --server ftp://example.org", "--server: give an address such as https://127.0.0.1:5070")]
    [InlineData("status --site Nowhere!", "--site")]
    [InlineData("demo --patients 3", "--patients: Virtual patients, 60 to 20000")]
    [InlineData("demo --seeds 3 --keep", "--seeds: cannot be combined")]
    [InlineData("demo --baseline no-such-file.csv", "--baseline")]
    [InlineData("registry verify no-such-folder", "folder")]
    [InlineData("import csv no-such-file.csv --clinic clinics/harbour", "file")]
    public async Task Bad_input_ends_with_2_and_one_line_that_names_the_field(string line, string told)
    {
        var run = await CommandLineRun.OfAsync(line.Split(' '));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(told, run.Line, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("clinic list --json")]
    [InlineData("patient show p-1")]
    [InlineData("patient end p-1 --reason x --at 2025-07-01T10:00Z")]
    [InlineData("approvals list")]
    [InlineData("approvals show erase-7 --json")]
    [InlineData("approvals approve erase-7 --etag e")]
    public async Task A_server_that_is_away_ends_with_3_and_one_line(string line)
    {
        var run = await CommandLineRun.OfAsync([.. line.Split(' '), "--server", ClosedPort()]);

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("SERVER_AWAY", run.Line, StringComparison.Ordinal);
        Assert.Contains(ClosedPort()[..16], run.Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_with_an_unknown_outcome_says_how_to_repeat_it()
    {
        var run = await CommandLineRun.OfAsync(
            "patient", "end", "p-1", "--reason", "x", "--at", "2025-07-01T10:00:00Z", "--request-id", "my-request-1", "--server",
                ClosedPort());

        Assert.Contains("--request-id my-request-1 --at 2025-07-01T10:00:00.000Z", run.Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_release_that_is_refused_ends_with_2_and_lists_the_rules()
    {
        using var folder = new TemporaryFolder();

        var run = await CommandLineRun.OfAsync("registry", "verify", folder.Path);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("SIGNATURE", run.Out, StringComparison.Ordinal);
        Assert.Contains("the release is refused", run.Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pull_with_nobody_there_ends_with_3()
    {
        using var folder = new TemporaryFolder();

        var run = await CommandLineRun.OfAsync("registry", "pull", "--out", folder.Path, "--server", ClosedPort());

        Assert.Equal(3, run.ExitCode);
        _ = run.Line;
    }

    private static string ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
    }
}
