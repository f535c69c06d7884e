using ClinicNetwork.Cli.Servers;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Exchange.V1;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.Cli.Demo;

/// <summary>A registry that gets the outcomes: registered, and given an agreement by two administrators, the second of whom gets a certificate of his own.</summary>
internal sealed class DemoRegistry(Uri server, ClinicNetworkClient network, DemoFolder folder)
{
    private const string Partner = "partners/demo-registry";
    internal const string Agreement = Partner + "/agreements/outcomes";
    private const string Approval = "approvals/demo-outcomes";

    /// <summary>All columns that the profile has beside those of every agreement.</summary>
    private static readonly string[] Fields =
    [
        "pseudonym", "cell", "milestone", "sex", "age", "treatment", "baseline_severity", "status", "missing_reason", "response", "remission", "worsening", "severity", "sessions",
        "side_effects", "courses", "treatment_at", "sessions_since",
    ];

    internal async Task AgreeAsync(CancellationToken cancellationToken)
    {
        await IssueAsync(["--name", "second-admin", "--role", "network-admin"], folder.SecondIdentity, cancellationToken);
        await IssueAsync(["--name", "demo-registry", "--role", "registry", "--partner", Partner], folder.RegistryIdentity, cancellationToken);
        await network.Partners.RegisterPartnerAsync(
            new() { RequestId = RequestIds.New(), Partner = new() { Name = Partner, DisplayName = "Demo registry", RecipientClass = RecipientClass.ResearchRegistry } },
            cancellationToken: cancellationToken);
        var terms = new AgreementTerms
        {
            Profile = ReleasePuller.PublicOutcomes,
            Purpose = ResearchPurpose.Research,
            ValidFrom = DemoSettings.Start.ToTimestamp(),
            ValidTo = DemoSettings.Start.AddYears(5).ToTimestamp(),
            Document = "made up",
        };
        terms.Fields.AddRange(Fields);
        await network.Partners.DraftAgreementAsync(new() { RequestId = RequestIds.New(), Agreement = Agreement, Terms = terms }, cancellationToken: cancellationToken);
        var draft = await network.Partners.GetAgreementAsync(new() { Name = Agreement }, cancellationToken: cancellationToken);
        await network.Partners.ProposeAgreementAsync(
            new() { RequestId = RequestIds.New(), Agreement = Agreement, Etag = draft.Agreement.Etag, Approval = Approval, Reason = "the demo's registry" }, cancellationToken: cancellationToken);

        using var identity = ClientIdentity.Load(folder.SecondIdentity);
        using var second = ClinicNetworkClient.Connect(server, new() { Identity = identity });
        var approval = await second.Approvals.GetApprovalAsync(new() { Name = Approval }, cancellationToken: cancellationToken);
        await second.Approvals.ApproveAsync(new() { RequestId = RequestIds.New(), Approval = Approval, Etag = approval.Approval.Etag }, cancellationToken: cancellationToken);
    }

    private async Task IssueAsync(string[] what, string file, CancellationToken cancellationToken)
    {
        await using var issuing = ServerProcess.Launch(["certs", "issue", .. what, "--days", "90", "--out", file, "--again", "no", "--keys", folder.Network]);
        if (await issuing.EndAsync(cancellationToken) != 0)
            throw new DemoException("certs issue: " + issuing.LastLine);
    }
}
