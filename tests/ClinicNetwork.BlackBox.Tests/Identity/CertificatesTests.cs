using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Cluster;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Sync.V1;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Identity;

/// <summary><c>clinicnet certs</c>: a certificate from its issue to its end, on a running server.</summary>
public sealed class CertificatesTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>ServingStatus of grpc.health.</summary>
    private const byte NotServing = 2;

    [Fact]
    public async Task A_certificate_that_was_issued_opens_what_its_role_and_site_may()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder.Sub("data"), "--clock", "manual");
        string[] at = ["--server", server.Address.GetLeftPart(UriPartial.Authority), "--identity", "nurse-1.pem"];

        var (code, text, error) = await Clinicnet.RunAsync(folder.Path, "certs", "issue", "nurse-1", "--role", "nurse", "--for", "clinics/harbour", "--days", "7");
        Assert.Equal((0, ""), (code, error));
        Assert.Matches("^certificate [0-9A-F]{32} of nurse-1: nurse at clinics/harbour, until 20[0-9-]{8}, in .*/nurse-1.pem\n$", text);
        Assert.Equal(OwnerOnly, OperatingSystem.IsWindows() ? OwnerOnly : File.GetUnixFileMode(folder.Sub("nurse-1.pem")));

        (code, _, error) = await Clinicnet.RunAsync(folder.Path, ["status", .. at, "--site", "clinics/harbour"]);
        Assert.Equal((0, ""), (code, error));
        (code, _, error) = await Clinicnet.RunAsync(folder.Path, ["status", .. at]);
        Assert.Equal(2, code);
        Assert.Contains("SITE_NOT_YOURS", error, StringComparison.Ordinal);
        (code, _, error) = await Clinicnet.RunAsync(folder.Path, ["clock", "advance", "--to", "2026-01-02T00:00Z", .. at, "--site", "clinics/harbour"]);
        Assert.Equal(2, code);
        Assert.Contains("ROLE_NOT_ALLOWED", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "--role", "nurse-1", "--role", "surgeon")]
    [InlineData(2, "--role", "nurse-1")]
    [InlineData(2, "name", "Nurse One", "--role", "nurse")]
    [InlineData(2, "--for", "nurse-1", "--role", "nurse", "--for", "Not a clinic")]
    [InlineData(2, "--days", "nurse-1", "--role", "nurse", "--days", "366")]
    [InlineData(2, "--out", "nurse-1", "--role", "nurse", "--out", "taken.pem")]
    [InlineData(2, "authority.pem", "nurse-1", "--role", "nurse", "--keys", "nowhere")]
    public async Task What_cannot_be_issued_is_refused_in_one_line_and_leaves_no_file(int expected, string named, params string[] arguments)
    {
        using var folder = new TempFolder();
        await using (var server = await ServerProcess.StartAsync(folder.Sub("data"), "--clock", "manual"))
        {
            await server.StopAsync();
        }

        File.WriteAllText(folder.Sub("taken.pem"), "mine");
        var (code, text, error) = await Clinicnet.RunAsync(folder.Path, ["certs", "issue", .. arguments]);
        Assert.Equal((expected, ""), (code, text));
        Assert.Contains(named, Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(folder.Sub("taken.pem")));
        Assert.Equal(["data", "taken.pem"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_revoked_certificate_loses_its_open_streams_within_seconds_and_does_not_come_in_again()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder.Sub("data"), "--clock", "manual", "--clock-start", ServerProcess.ClockStart.ToString("O"));
        using var admins = server.Open();
        var network = new Network(admins);
        await network.RegisterAsync(Network.Harbour);
        var serial = await IssueAsync(folder, "doctor-1");
        using var identity = ClientIdentity.Load(folder.Sub("doctor-1.pem"));
        using var channel = server.Open(identity.Certificate);
        Assert.NotEmpty((await new Network(channel, Network.Harbour).Clinics.ListClinicsAsync(new())).Clinics);
        using var watch = new PlanFeedService.PlanFeedServiceClient(channel).WatchPlans(
            new() { Site = Network.Harbour }, new Metadata { { CallDefaults.SiteEntry, Network.Harbour } });
        Assert.True(await watch.ResponseStream.MoveNext(default).Within());

        var (code, text, error) = await Clinicnet.RunAsync(folder.Path, "certs", "revoke", serial);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("doctor-1 is revoked", text, StringComparison.Ordinal);
        var cut = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await watch.ResponseStream.MoveNext(default).Within())
            {
            }
        });
        Assert.NotEqual(StatusCode.OK, cut.StatusCode);
        await AssertShutOutAsync(server, identity);

        // Nobody else notices, the list that is lost takes nothing back, and a restart forgets nothing and is refused without it.
        Assert.NotEmpty((await network.Clinics.ListClinicsAsync(new())).Clinics);
        var list = Path.Combine(server.Folder, "revoked.csv");
        File.Move(list, folder.Sub("moved.csv"));
        await Bounded.UntilAsync("health tells of it", async () => await DatabaseAwayTests.ProbeAsync(admins, "registers") == NotServing);
        await AssertShutOutAsync(server, identity);
        await server.StopAsync();
        (code, _, error) = await ServerProgram.RunAsync("--folder", server.Folder, "--port", "0", "--clock", "manual");
        Assert.Equal(3, code);
        Assert.Contains("revoked.csv is missing", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        File.Move(folder.Sub("moved.csv"), list);
        await server.StartAgainAsync();
        await AssertShutOutAsync(server, identity);
        using var again = server.Open();
        Assert.NotEmpty((await new Network(again).Clinics.ListClinicsAsync(new())).Clinics);
        Assert.Contains(serial, server.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_issued_is_listed_renewed_and_revoked_once()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder.Sub("data"), "--clock", "manual");
        var first = await IssueAsync(folder, "doctor-1");
        var (code, text, error) = await Clinicnet.RunAsync(folder.Path, "certs", "renew", "doctor-1.pem", "--days", "10");
        Assert.Equal((0, ""), (code, error));
        var second = text.Split(' ')[1];
        Assert.NotEqual(first, second);
        Assert.Contains("clinician at clinics/harbour", text, StringComparison.Ordinal);

        // A name is one caller's: two certificates of it would be one actor in the journal and the audit.
        (code, text, error) = await Clinicnet.RunAsync(folder.Path, "certs", "issue", "doctor-1", "--role", "nurse", "--out", "second.pem");
        Assert.Equal((2, ""), (code, text));
        Assert.Contains(second, error, StringComparison.Ordinal);
        Assert.Contains("renew", error, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.Sub("second.pem")));

        (code, _, error) = await Clinicnet.RunAsync(folder.Path, "certs", "revoke", second);
        Assert.Equal((0, ""), (code, error));
        (code, _, error) = await Clinicnet.RunAsync(folder.Path, "certs", "revoke", second);
        Assert.Equal((0, ""), (code, error));
        (code, _, error) = await Clinicnet.RunAsync(folder.Path, "certs", "renew", "doctor-1.pem");
        Assert.Equal(2, code);
        Assert.Contains("is revoked; issue a new one", error, StringComparison.Ordinal);
        (code, _, error) = await Clinicnet.RunAsync(folder.Path, "certs", "revoke", "00");
        Assert.Equal(2, code);
        Assert.Contains("certs list shows them", error, StringComparison.Ordinal);

        (code, text, error) = await Clinicnet.RunAsync(folder.Path, "certs", "list");
        Assert.Equal((0, ""), (code, error));
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.Matches("^[0-9A-F]{32}  admin  all  network  20[0-9-]{8}  20[0-9-]{8}  good$", lines[0]);
        Assert.Matches($"^{first}  doctor-1  clinician  harbour  20[0-9-]{{8}}  20[0-9-]{{8}}  good$", lines[1]);
        Assert.Matches($"^{second}  doctor-1  clinician  harbour  20[0-9-]{{8}}  20[0-9-]{{8}}  revoked$", lines[2]);
        await AssertAuditedOnceAsync(server, first, second);
        await server.StopAsync();
        await server.StartAgainAsync();
        await AssertAuditedOnceAsync(server, first, second);
    }

    private static async Task AssertAuditedOnceAsync(ServerProcess server, string first, string second)
    {
        using var channel = server.Open();
        var audit = new Network(channel).Audit;
        await Bounded.UntilAsync("it is in the audit", async () => (await audit.ListAccessesAsync(new() { Parent = "certificates/" + second })).Entries.Count == 2);
        Assert.Equal(["certs/issue doctor-1 clinician", "certs/revoke"], await ActionsAsync(second));
        Assert.Equal(["certs/issue doctor-1 clinician"], await ActionsAsync(first));

        async Task<IEnumerable<string>> ActionsAsync(string serial) =>
            (await audit.ListAccessesAsync(new() { Parent = "certificates/" + serial })).Entries.Select(placed => placed.Entry).OrderBy(e => e.Action).Select(e =>
            {
                Assert.Equal(("authority", "certificate-" + serial, 1), (e.Actor, e.Subject, e.Count));
                return e.Action;
            });
    }

    /// <summary>The certificate is renewed and the old one revoked while calls go on: the client shows the new one and no call fails.</summary>
    [Fact]
    public async Task A_certificate_is_renewed_under_load_without_a_failed_call()
    {
        const int Callers = 4;
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder.Sub("data"), "--clock", "manual", "--clock-start", ServerProcess.ClockStart.ToString("O"));
        using var admins = server.Open();
        await new Network(admins).RegisterAsync(Network.Harbour);
        var first = await IssueAsync(folder, "doctor-1");
        using var identity = ClientIdentity.Load(folder.Sub("doctor-1.pem"));
        using var client = ClinicNetworkClient.Connect(server.Address, new() { Identity = identity, ActingSite = Network.Harbour, RetryDelayFirst = TimeSpan.FromMilliseconds(20) });
        using var end = new CancellationTokenSource();
        var calls = 0L;
        var callers = Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                await client.Clinics.GetClinicAsync(new() { Name = Network.Harbour, Read = new() { Confirmed = true } });
                Interlocked.Increment(ref calls);
            }
        })).ToArray();

        var (code, _, error) = await Clinicnet.RunAsync(folder.Path, "certs", "renew", "doctor-1.pem");
        Assert.Equal((0, ""), (code, error));
        (code, _, error) = await Clinicnet.RunAsync(folder.Path, "certs", "revoke", first);
        Assert.Equal((0, ""), (code, error));
        await Bounded.UntilAsync("the old connection is closed", () => Task.FromResult(server.Log.Text.Contains(first, StringComparison.Ordinal)));
        var before = Interlocked.Read(ref calls);
        await Bounded.UntilAsync("calls go on", () => Task.FromResult(Interlocked.Read(ref calls) > before + 200 || callers.Any(c => c.IsFaulted)));
        await end.CancelAsync();
        await Task.WhenAll(callers).Within();
        Assert.NotEqual(first, identity.Certificate.SerialNumber);
    }

    /// <returns>Its serial number.</returns>
    private static async Task<string> IssueAsync(TempFolder folder, string name)
    {
        var (code, text, error) = await Clinicnet.RunAsync(folder.Path, "certs", "issue", name, "--role", "clinician", "--for", "clinics/harbour");
        Assert.Equal((0, ""), (code, error));
        return text.Split(' ')[1];
    }

    /// <summary>On connections of its own: no call is answered.</summary>
    private static Task AssertShutOutAsync(ServerProcess server, ClientIdentity identity) => Bounded.UntilAsync("the certificate is shut out", async () =>
    {
        using var channel = server.Open(identity.Certificate);
        try
        {
            await new Network(channel, Network.Harbour).Clinics.ListClinicsAsync(new());
            return false;
        }
        catch (RpcException exception)
        {
            Assert.IsAssignableFrom<HttpRequestException>(exception.Status.DebugException);
            return true;
        }
    });
}
