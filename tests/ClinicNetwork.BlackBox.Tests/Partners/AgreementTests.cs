using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Releases;
using ClinicNetwork.Protocol.Admin.V1;
using ClinicNetwork.Protocol.Exchange.V1;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Partners;

/// <summary>An agreement's life on a server of its own, over a kill, by the command line of two administrators and the wire.</summary>
public sealed class AgreementTests
{
    private const string Partner = RegistryPartner.Name;
    private const string Agreement = Partner + "/agreements/dua-9";

    [Fact]
    public async Task Two_persons_want_it_one_suspends_it_two_resume_it_one_ends_it_and_another_expires_by_the_clock()
    {
        await using var server = await ServerProcess.StartAsync();
        using var second = await server.IssueAsync("second", "network-admin");
        Assert.StartsWith("registered " + Partner, await RunAsync(server, "partner", "register", Partner, "--display-name", "Registry A", "--class", "research-registry"), StringComparison.Ordinal);
        await RunAsync(
            server, "agreement", "draft", "registry-a/dua-9", "--profile", "public-outcomes", "--purpose", "research", "--fields", "response,remission",
            "--from", "2025-07-01", "--to", "2025-09-01", "--document", "DUA 9");
        using var channel = server.Open();
        using var seconds = server.Open(second.Certificate);
        var (first, other) = (new Network(channel), new Network(seconds));

        var draft = await ReadAsync(first);
        Assert.Equal((AgreementStatus.Draft, ""), (draft.Status, draft.Approval));
        await RunAsync(server, "agreement", "propose", "registry-a/dua-9", "approvals/begin", "--etag", draft.Etag, "--reason", "a study of outcomes");
        Assert.Equal((AgreementStatus.Proposed, "approvals/begin"), (await ReadAsync(first)) is var proposed ? (proposed.Status, proposed.Approval) : default);
        var approval = (await other.Approvals.GetApprovalAsync(new() { Name = "approvals/begin" })).Approval;
        Assert.Equal((Agreement, ""), (approval.Offer.Agreement, approval.Site));
        await RefusalSeen.AssertAsync(StatusCode.PermissionDenied, "SAME_PERSON", async () => await first.Approvals.ApproveAsync(Valid.Approval(approval)));
        await other.Approvals.ApproveAsync(Valid.Approval(approval));
        await server.KillAsync();
        await server.StartAgainAsync();
        using var channelAfter = server.Open();
        using var secondsAfter = server.Open(second.Certificate);
        (first, other) = (new Network(channelAfter), new Network(secondsAfter));
        await UntilAsync(first, AgreementStatus.Active);

        Assert.StartsWith("suspended " + Agreement, await RunAsync(server, "agreement", "suspend", "registry-a/dua-9", "--reason", "a question"), StringComparison.Ordinal);
        var suspended = await ReadAsync(first);
        Assert.Equal((AgreementStatus.Suspended, "a question"), (suspended.Status, suspended.Reason));
        await RunAsync(server, "agreement", "resume", "registry-a/dua-9", "approvals/resume", "--etag", suspended.Etag, "--reason", "it was answered");
        Assert.Equal(AgreementStatus.Suspended, (await ReadAsync(first)).Status);
        await other.Approvals.ApproveAsync(Valid.Approval((await other.Approvals.GetApprovalAsync(new() { Name = "approvals/resume" })).Approval));
        await UntilAsync(first, AgreementStatus.Active);
        Assert.Equal(ApprovalStatus.Executed, (await other.Approvals.GetApprovalAsync(new() { Name = "approvals/resume" })).Approval.Status);

        // Two months later, recorded by the due loop: read, an agreement is over by the clock alone, but its last change is only then the end of its period.
        var end = (await ReadAsync(first)).Terms.ValidTo;
        await first.AdvanceAsync(end.ToDateTimeOffset().AddHours(2));
        Assert.Equal(AgreementStatus.Expired, (await ReadAsync(first)).Status);
        await Bounded.UntilAsync("its end is recorded", async () => (await ReadAsync(first)).ChangedAt >= end);
        await RefusalSeen.AssertAsync(StatusCode.FailedPrecondition, "AGREEMENT_ENDED", async () =>
            await first.Partners.EndAgreementAsync(new() { RequestId = Valid.Id(), Agreement = Agreement, Reason = "over" }));

        const string Next = Partner + "/agreements/dua-10";
        await first.Partners.DraftAgreementAsync(RegistryPartner.Draft(Next, end.ToDateTimeOffset()));
        Assert.StartsWith("ended " + Next, await RunAsync(server, "agreement", "end", "registry-a/dua-10", "--reason", "not wanted after all"), StringComparison.Ordinal);
        Assert.Equal(
            [AgreementStatus.Expired, AgreementStatus.Ended], (await first.Partners.ListAgreementsAsync(new() { Parent = Partner })).Agreements.Select(one => one.Status));
    }

    [Theory]
    [InlineData("registry-a", "registry", "give partners/{partner}")]
    [InlineData("partners/registry-a", "nurse", "the role registry alone")]
    [InlineData("partners/registry-a", "registry,network-admin", "the role registry alone")]
    public async Task A_partners_certificate_is_a_registrys_alone(string partner, string role, string told)
    {
        using var folder = new TempFolder();
        var (code, _, error) = await ServerProgram.RunAsync(["certs", "issue", "--keys", folder.Path, "--name", "r", "--role", role, "--out", folder.Path + "/r.pem", "--partner", partner]);
        Assert.True(code != 0 && error.Contains(told, StringComparison.Ordinal), error);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    private static async Task<string> RunAsync(ServerProcess server, params string[] arguments)
    {
        var (code, told, error) = await Clinicnet.RunAsync(server.Folder, [.. arguments, "--server", server.Address.ToString(), "--identity", Path.Combine(server.Folder, "admin.pem")]);
        Assert.True(code == 0, error);
        return told;
    }

    private static async Task<Agreement> ReadAsync(Network network) => (await network.Partners.GetAgreementAsync(new() { Name = Agreement })).Agreement;

    private static Task UntilAsync(Network network, AgreementStatus status) =>
        Bounded.UntilAsync($"the agreement is {status}", async () => (await ReadAsync(network)).Status == status);
}
