using System.Security.Cryptography.X509Certificates;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClinicNetwork.BlackBox.Tests.Identity;

/// <summary>
/// Every rpc × every role × own site, another site, no site, another network, revoked, and every rpc by nobody, as docs/security/authorisation.csv says; over real connections.
/// </summary>
public sealed class AccessMatrixTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    internal const string NoRole = "none";

    internal static readonly string[] Table = File.ReadAllLines(Path.Combine(Root(), "docs", "security", "authorisation.csv"));

    public static TheoryData<string> Roles => [.. Table[0].Split(',')[1..], NoRole];

    [Theory]
    [MemberData(nameof(Roles))]
    public async Task A_role_may_do_what_its_column_says_and_nothing_else(string role)
    {
        using var certificates = new TestCertificates(fixture.Server);
        string[] scope = role == NoRole ? ["other:thing"] : [$"role:{role}"];
        using var network = Open(certificates, scope);
        using var site = Open(certificates, [.. scope, "site:harbour"]);
        var column = Array.IndexOf(Table[0].Split(','), role);
        foreach (var row in Table[1..].Select(line => line.Split(',')))
        {
            var allowed = column > 0 && row[column] != "no";
            var ofNetwork = column > 0 && row[column] == "network";
            // A patient that is named is PatientAccessTests', a partner PartnerAccessTests'.
            var unnamed = column > 0 && row[column] == "own" ? role == "registry" ? "PARTNER_NOT_NAMED" : "PATIENT_NOT_NAMED" : null;
            await AssertAsync(network, row[0], null, allowed ? unnamed : "ROLE_NOT_ALLOWED");
            await AssertAsync(network, row[0], Network.Hill, allowed ? ofNetwork ? "SITE_NOT_YOURS" : unnamed : "ROLE_NOT_ALLOWED");
            await AssertAsync(site, row[0], Network.Harbour, allowed ? ofNetwork ? "SITE_NOT_YOURS" : unnamed : "ROLE_NOT_ALLOWED");
            await AssertAsync(site, row[0], Network.Hill, allowed ? "SITE_NOT_YOURS" : "ROLE_NOT_ALLOWED");
            await AssertAsync(site, row[0], null, allowed ? "SITE_NOT_YOURS" : "ROLE_NOT_ALLOWED");
        }
    }

    /// <summary>What another network's authority says of roles and sites is worth nothing here: no call of it is read.</summary>
    [Theory]
    [MemberData(nameof(Roles))]
    public async Task A_role_of_another_network_may_do_nothing(string role)
    {
        using var certificates = new TestCertificates(fixture.Server);
        foreach (var scope in (string[][])[[$"role:{role}"], [$"role:{role}", "site:harbour"]])
        {
            // One channel: each call of it makes another attempt at a connection.
            using var stranger = fixture.Server.Open(certificates.OfALookAlike(scope));
            foreach (var rpc in scope.Length == 1 ? Rpcs : Rpcs[..1])
            {
                AssertShutOut(await EndAsync(stranger, rpc, scope.Length == 1 ? null : Network.Harbour), rpc);
            }
        }
    }

    /// <summary>Without a certificate, and with one that its holder made: no call is read.</summary>
    [Fact]
    public async Task Nobody_may_do_anything()
    {
        using var certificates = new TestCertificates(fixture.Server);
        foreach (var shown in (X509Certificate2?[])[null, certificates.SelfSigned()])
        {
            using var nobody = fixture.Server.Open(shown);
            foreach (var rpc in Rpcs)
            {
                AssertShutOut(await EndAsync(nobody, rpc, null), rpc);
            }
        }
    }

    /// <summary>Each role's connection is open and has been answered on when its certificate is revoked; then every rpc.</summary>
    [Fact]
    public async Task A_revoked_role_may_do_nothing_on_the_connection_that_it_has_open()
    {
        await using var server = await ServerProcess.StartAsync();
        using var certificates = new TestCertificates(server);
        var connections = Table[0].Split(',')[1..].Append(NoRole).Select(role =>
        {
            var certificate = certificates.Good($"role:{role}");
            return (Role: role, certificate.SerialNumber, Channel: server.Open(certificate));
        }).ToList();
        foreach (var (role, _, channel) in connections)
        {
            await AssertAsync(channel, "admin.v1.NetworkService/GetStatus", null, role == NoRole ? "ROLE_NOT_ALLOWED" : null);
        }

        File.WriteAllLines(
            Path.Combine(server.Folder, "revoked.csv"), ["serial,revoked_at", .. connections.Select(one => one.SerialNumber + ",2026-01-01T00:00:00Z")]);
        await Bounded.UntilAsync("all revocations are noticed", () => Task.FromResult(connections.All(one => server.Log.Text.Contains(one.SerialNumber, StringComparison.Ordinal))));
        foreach (var (role, _, channel) in connections)
        {
            using (channel)
            {
                foreach (var rpc in Rpcs)
                {
                    AssertShutOut(await EndAsync(channel, rpc, null), $"{role}: {rpc}");
                }
            }
        }

        using var admins = server.Open();
        await AssertAsync(admins, "admin.v1.NetworkService/GetStatus", null, null);
    }

    [Fact]
    public async Task Several_roles_and_sites_add_up_and_what_is_not_known_grants_nothing()
    {
        using var certificates = new TestCertificates(fixture.Server);
        using var two = Open(certificates, ["role:nurse", "role:registry", "site:harbour", "site:hill"]);
        foreach (var site in (string[])[Network.Harbour, Network.Hill])
        {
            await AssertAsync(two, "care.v1.PatientService/StartSession", site, null);
            await AssertAsync(two, "exchange.v1.ReleaseService/ListBatches", site, null);
            await AssertAsync(two, "care.v1.PatientService/EndTreatment", site, "ROLE_NOT_ALLOWED");
        }

        await AssertAsync(two, "care.v1.PatientService/StartSession", Network.Meadow, "SITE_NOT_YOURS");
        using var odd = Open(certificates, ["role:NURSE", "role:nurse2", "role:", "site:Not a slug"]);
        await AssertAsync(odd, "care.v1.PatientService/StartSession", null, "ROLE_NOT_ALLOWED");
        using var unreadable = Open(certificates, ["role:nurse", "site:Upper"]);
        await AssertAsync(unreadable, "care.v1.PatientService/StartSession", null, "SITE_NOT_YOURS");
    }

    /// <summary>What may not be sent as a call may not be sent as an item either.</summary>
    [Fact]
    public async Task An_item_of_a_stream_needs_the_role_of_its_own_rpc_and_the_journal_names_who_sent_it()
    {
        var patient = await fixture.Network.TreatAsync("patients/matrix-1");
        using var certificates = new TestCertificates(fixture.Server);
        using var channel = Open(certificates, ["role:nurse", "role:clinician", "site:harbour"]);
        using var nurses = Open(certificates, ["role:nurse", "site:harbour"]);
        var nurse = new Network(nurses, Network.Harbour);
        await RefusalSeen.AssertAsync(StatusCode.PermissionDenied, "ROLE_NOT_ALLOWED", async () => await nurse.OverFacts().Patients.RecordConsultationAsync(Valid.Consultation(patient)));
        await RefusalSeen.AssertAsync(StatusCode.PermissionDenied, "ROLE_NOT_ALLOWED", async () => await nurse.OverFacts().Patients.EndTreatmentAsync(Valid.Ending(patient)));
        await RefusalSeen.AssertAsync(StatusCode.PermissionDenied, "ROLE_NOT_ALLOWED", async () => await nurse.OverPush().Patients.EndTreatmentAsync(Valid.Ending(patient)));
        var etag = await fixture.Network.EtagAsync(patient);
        await RefusalSeen.AssertAsync(StatusCode.PermissionDenied, "ROLE_NOT_ALLOWED", async () => await nurse.OverPush().Patients.ProposeRevisionAsync(Valid.Proposal(patient, etag)));
        Assert.Equal(4, (await nurse.OverFacts().Patients.RecordAssessmentAsync(Valid.Assessment(patient, "a-matrix"))).Receipt.Version);
        Assert.Equal(5, (await new Network(channel, Network.Harbour).Patients.EndTreatmentAsync(Valid.Ending(patient))).Receipt.Version);
        var history = await fixture.Network.HistoryAsync(patient);
        Assert.Equal(["admin", "admin", "admin", "tester", "tester"], history.Select(e => e.Actor));
    }

    private static string[] Rpcs => [.. Table[1..].Select(line => line.Split(',')[0])];

    /// <summary>No word of the server came back: no reason, and no status of its own.</summary>
    private static void AssertShutOut(RefusalSeen? seen, string what) =>
        Assert.True(seen is { Reason: "", Cause: HttpRequestException or IOException }, $"{what}: {(seen is null ? "answered" : $"{seen.Code} {seen.Reason}")}");

    private GrpcChannel Open(TestCertificates certificates, string[] scope) => fixture.Server.Open(certificates.Good(scope));

    /// <summary>Calls with an empty message, which no mutation accepts.</summary>
    /// <param name="reason">Null: it is not refused for who calls.</param>
    internal static async Task AssertAsync(ChannelBase channel, string rpc, string? site, string? reason)
    {
        var seen = await EndAsync(channel, rpc, site);
        var denied = seen?.Code is StatusCode.PermissionDenied ? seen.Reason : null;
        Assert.True(reason == denied, $"{rpc} for {site ?? "the network"}: {seen?.Code} {seen?.Reason}");
        Assert.False(seen?.Code is StatusCode.Internal or StatusCode.Unknown or StatusCode.Unimplemented or StatusCode.Unavailable, $"{rpc}: {seen?.Code} {seen?.Reason}");
    }

    /// <param name="message">Null: an empty one.</param>
    /// <returns>Null: it was answered.</returns>
    internal static Task<RefusalSeen?> EndAsync(ChannelBase channel, string rpc, string? site, byte[]? message = null) => EndAsync(channel.CreateCallInvoker(), rpc, site, message);

    /// <inheritdoc cref="EndAsync(ChannelBase, string, string?, byte[])"/>
    internal static async Task<RefusalSeen?> EndAsync(CallInvoker calls, string rpc, string? site, byte[]? message = null)
    {
        var parts = rpc.Split('/');
        var (service, method) = ("clinicnetwork." + parts[0], parts[1]);
        var bytes = Marshallers.Create<byte[]>(b => b, b => b);
        var headers = site is null ? [] : new Metadata { { CallDefaults.SiteEntry, site } };
        var options = new CallOptions(headers, Bounded.Deadline);
        try
        {
            switch (method)
            {
                case "IngestFacts" or "PushChanges":
                    using (var call = calls.AsyncDuplexStreamingCall(new Method<byte[], byte[]>(MethodType.DuplexStreaming, service, method, bytes, bytes), null, options))
                    {
                        await call.RequestStream.CompleteAsync();
                        await call.ResponseStream.MoveNext(default).Within();
                    }

                    return null;
                case "SubmitOutcomes":
                    using (var call = calls.AsyncClientStreamingCall(new Method<byte[], byte[]>(MethodType.ClientStreaming, service, method, bytes, bytes), null, options))
                    {
                        if (message is not null)
                        {
                            await call.RequestStream.WriteAsync(message);
                        }

                        await call.RequestStream.CompleteAsync();
                        await call.ResponseAsync.Within();
                    }

                    return null;
                case "WatchPlans" or "StreamBatch" or "StreamSubmission" or "StreamEntries" or "ExportPatient":
                    using (var call = calls.AsyncServerStreamingCall(new Method<byte[], byte[]>(MethodType.ServerStreaming, service, method, bytes, bytes), null, options, message ?? []))
                    {
                        await call.ResponseStream.MoveNext(default).Within();
                    }

                    return null;
                default:
                    await calls.AsyncUnaryCall(new Method<byte[], byte[]>(MethodType.Unary, service, method, bytes, bytes), null, options, message ?? []);
                    return null;
            }
        }
        catch (RpcException exception)
        {
            return RefusalSeen.Of(exception);
        }
    }

    internal static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ClinicNetwork.sln")))
        {
            folder = folder.Parent!;
        }

        return folder.FullName;
    }
}
