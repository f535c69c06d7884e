using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Identity;
using ClinicNetwork.Protocol.Admin.V1;
using ClinicNetwork.Protocol.Audit.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Data.Sqlite;

namespace ClinicNetwork.BlackBox.Tests.Approvals;

/// <summary>On a server of its own, by its own clock, from the proposal on the command line to what is left in the files.</summary>
public sealed class TwoPersonTests : IDisposable
{
    private const string Patient = "patients/erased-1";
    private const string Erasure = "approvals/erase-1";
    private const string Closing = "approvals/close-hill";

    private readonly List<GrpcChannel> _channels = [];

    public void Dispose() => _channels.ForEach(channel => channel.Dispose());

    [Fact]
    public async Task What_two_persons_want_is_done_once_over_kills_and_leaves_neither_key_nor_index_of_the_patient()
    {
        await using var server = await ServerProcess.StartAsync(null);
        using var certificates = new TestCertificates(server);
        var (first, second) = Open(server, certificates);
        await first.RegisterAsync(Network.Harbour);
        await first.RegisterAsync(Network.Hill);
        await first.TreatAsync(Patient);
        await first.ShareAsync(Patient, Network.Hill);
        await AssertListedAsync(first);
        var (code, told, error) = await RunAsync(server, "propose-erasure", Erasure, Patient, "--reason", "asked for in writing");
        Assert.True(code == 2 && error.Contains("RETENTION_NOT_OVER", StringComparison.Ordinal) && error.Contains("2035-", StringComparison.Ordinal), error);
        (code, told, error) = await RunAsync(server, "propose-erasure", Erasure, Patient, "--reason", "asked for in writing", "--ground", "persons-right");
        Assert.True(code == 0 && told.StartsWith($"{Erasure} waits for another person until ", StringComparison.Ordinal), told + error);
        Assert.Contains(Erasure, (await RunAsync(server, "list")).Out, StringComparison.Ordinal);
        var read = (await second.Approvals.GetApprovalAsync(new() { Name = Erasure })).Approval;
        (code, _, error) = await RunAsync(server, "approve", Erasure, "--etag", read.Etag);
        Assert.True(code == 2 && error.Contains("SAME_PERSON", StringComparison.Ordinal), error);
        var secrets = SecretsOf(server, "pt-erased-1");
        Assert.All(secrets, secret => Assert.True(Holds(server, secret)));

        await second.Approvals.ApproveAsync(Valid.Approval(read));
        await server.KillAsync();
        await server.StartAgainAsync();
        (first, second) = Open(server, certificates);
        await UntilAsync(second, Erasure, ApprovalStatus.Executed);
        foreach (var site in (string[])[Network.Harbour, Network.Hill])
        {
            await RefusalSeen.AssertAsync(StatusCode.NotFound, "PATIENT_NOT_FOUND", async () => await first.As(site).Patients.GetPatientAsync(new() { Name = Patient }));
        }

        await RefusalSeen.AssertAsync(StatusCode.NotFound, "PATIENT_ERASED", async () => await first.Patients.GetPatientAsync(new() { Name = Patient }));
        await Bounded.UntilAsync("no file holds a key or an index of the patient", () => Task.FromResult(!secrets.Any(secret => Holds(server, secret))));

        first = await KilledInTheMiddleAsync(server, certificates);
        Assert.Equal(
            ["Approve tester OK", "CloseApproval due-loop OK", "ProposeErasure admin OK", "admin.v1.ApprovalService/Approve admin PermissionDenied SAME_PERSON"],
            (await EntriesAsync(first, Erasure)).Where(e => !e.Action.EndsWith("/GetApproval", StringComparison.Ordinal)).Select(Text).Order(StringComparer.Ordinal));
        Assert.Equal(["ErasePatient approval:erase-1 OK"], (await EntriesAsync(first, Patient)).Where(e => e.Action == "ErasePatient").Select(Text));
        Assert.Equal(["DestroyClinicKey approval:close-hill OK"], (await EntriesAsync(first, Network.Hill)).Where(e => e.Action == "DestroyClinicKey").Select(Text));
        (_, told, _) = await RunAsync(server, "show", Erasure);
        Assert.Contains("erasure of patients/erased-1: executed", told, StringComparison.Ordinal);
        Assert.Contains("0 approvals", (await RunAsync(server, "list")).Out, StringComparison.Ordinal);
    }

    /// <summary>The server is killed while the approval is on its way: whatever it had done by then, the same request id makes it done, and once.</summary>
    private async Task<Network> KilledInTheMiddleAsync(ServerProcess server, TestCertificates certificates)
    {
        var (first, second) = Open(server, certificates);
        await second.Approvals.ProposeKeyDestructionAsync(Valid.KeyDestruction(Closing, Network.Hill));
        var approval = Valid.Approval((await first.Approvals.GetApprovalAsync(new() { Name = Closing })).Approval);
        var (_, again) = Open(server, certificates);
        await RefusalSeen.AssertAsync(StatusCode.PermissionDenied, "SAME_PERSON", async () => await again.Approvals.ApproveAsync(approval));
        approval.RequestId = Valid.Id();
        var call = first.Approvals.ApproveAsync(approval);
        await server.KillAsync();
        try
        {
            await call;
        }
        catch (RpcException)
        {
            // Most likely; nobody knows what was done.
        }

        await server.StartAgainAsync();
        (first, second) = Open(server, certificates);
        await first.Approvals.ApproveAsync(approval);
        await UntilAsync(second, Closing, ApprovalStatus.Executed);
        await RefusalSeen.AssertAsync(StatusCode.FailedPrecondition, "CLINIC_KEY_DESTROYED", async () => await first.As(Network.Hill).Clinics.ListRosterAsync(new() { Parent = Network.Hill }));
        return first;
    }

    /// <summary>Two administrators: the server's own, and the holder of a certificate that is a new one each time, of the same name.</summary>
    private (Network First, Network Second) Open(ServerProcess server, TestCertificates certificates)
    {
        var (first, second) = (server.Open(), server.Open(certificates.Good("role:network-admin")));
        _channels.AddRange([first, second]);
        return (new(first), new(second));
    }

    /// <summary>By pages of one, what expires first first; a site's own for a site.</summary>
    private static async Task AssertListedAsync(Network network)
    {
        foreach (var (approval, clinic, hours) in ((string, string, int)[])[("approvals/c-3", Network.Harbour, 3), ("approvals/c-1", Network.Hill, 1), ("approvals/c-2", Network.Harbour, 2)])
        {
            var proposal = Valid.KeyDestruction(approval, clinic);
            proposal.Hours = hours;
            await network.Approvals.ProposeKeyDestructionAsync(proposal);
        }

        Assert.Equal(["approvals/c-1", "approvals/c-2", "approvals/c-3"], await OpenAsync(network));
        Assert.Equal(["approvals/c-2", "approvals/c-3"], await OpenAsync(network.As(Network.Harbour)));
        var ofNetwork = (await network.Approvals.ListApprovalsAsync(new() { PageSize = 1 })).NextPageToken;
        await RefusalSeen.AssertAsync(
            StatusCode.InvalidArgument, "PAGE_TOKEN_INVALID", async () => await network.As(Network.Harbour).Approvals.ListApprovalsAsync(new() { PageToken = ofNetwork }));
        await RefusalSeen.AssertAsync(
            StatusCode.NotFound, "APPROVAL_NOT_FOUND", async () => await network.As(Network.Harbour).Approvals.GetApprovalAsync(new() { Name = "approvals/c-1" }));
        foreach (var approval in await OpenAsync(network))
        {
            await network.Approvals.RejectAsync(new() { RequestId = Valid.Id(), Approval = approval, Reason = "not wanted" });
        }

        Assert.Empty(await OpenAsync(network));
    }

    private static async Task<IReadOnlyList<string>> OpenAsync(Network network)
    {
        var (names, token) = (new List<string>(), "");
        do
        {
            var page = await network.Approvals.ListApprovalsAsync(new() { PageSize = 1, PageToken = token });
            names.AddRange(page.Approvals.Select(approval => approval.Name));
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return names;
    }

    private static string Text(AuditEntry entry) => $"{entry.Action} {entry.Actor} {entry.Outcome}";

    private static Task UntilAsync(Network network, string approval, ApprovalStatus status) => Bounded.UntilAsync(
        $"{approval} is {status}", async () => (await network.Approvals.GetApprovalAsync(new() { Name = approval })).Approval.Status == status);

    /// <summary>All about a subject but for this question itself, once the last change of it was placed.</summary>
    private static async Task<IReadOnlyList<AuditEntry>> EntriesAsync(Network network, string parent)
    {
        IReadOnlyList<AuditEntry> entries = [];
        await Bounded.UntilAsync($"entries of {parent}", async () =>
        {
            entries = [.. (await network.Audit.ListAccessesAsync(new() { Parent = parent, PageSize = 500 })).Entries
                .Select(placed => placed.Entry).Where(e => !e.Action.StartsWith("audit.", StringComparison.Ordinal))];
            return entries.Any(e => e.Action is "CloseApproval" or "ErasePatient" or "DestroyClinicKey");
        });
        return entries;
    }

    private static Task<(int ExitCode, string Out, string Error)> RunAsync(ServerProcess server, params string[] arguments) =>
        Clinicnet.RunAsync(server.Folder, ["approvals", .. arguments, "--server", server.Announced, "--identity", Path.Combine(server.Folder, "admin.pem")]);

    /// <summary>What opens the patient's record, for each clinic, and what the record number and the names are found by.</summary>
    private static List<byte[]> SecretsOf(ServerProcess server, string stream)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(server.Folder, "journal.db")};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            SELECT wrapped FROM key_wrap WHERE stream = $stream
            UNION ALL SELECT record_number FROM patient WHERE stream = $stream
            """;
        command.Parameters.AddWithValue("$stream", stream);
        using var rows = command.ExecuteReader();
        var secrets = new List<byte[]>();
        while (rows.Read())
        {
            secrets.Add(rows.GetFieldValue<byte[]>(0));
        }

        Assert.Equal(3, secrets.Count);
        return secrets;
    }

    private static bool Holds(ServerProcess server, byte[] secret) => Directory.GetFiles(server.Folder, "*.db*").Any(file =>
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.GetBuffer().AsSpan(0, (int)copy.Length).IndexOf(secret) >= 0;
    });
}
