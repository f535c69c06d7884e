using ClinicNetwork.Benchmarks.Rig;
using ClinicNetwork.Client;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Exchange.V1;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.Benchmarks.Networks;

/// <summary>A registry that pulls: registered, given an agreement by two administrators, with a certificate of its own. Its recipient is <see cref="ReleasePath.Agreement"/>.</summary>
internal static class BenchRegistry
{
    private const string Name = "partners/" + ReleasePath.Partner;
    private const string Agreement = Name + "/agreements/feed";
    private const string Approval = "approvals/bench";

    /// <param name="network">Runs.</param>
    public static async Task<ClientIdentity> AgreeAsync(Network network, CancellationToken cancellationToken)
    {
        using var admin = ClinicNetworkClient.Connect(network.Running.Door.Address, new() { Identity = network.Running.Door.Identity });
        await admin.Partners.RegisterPartnerAsync(
            new() { RequestId = RequestIds.New(), Partner = new() { Name = Name, DisplayName = "Benchmark registry", RecipientClass = RecipientClass.ResearchRegistry } },
            cancellationToken: cancellationToken);
        var now = (await admin.Network.GetStatusAsync(new(), cancellationToken: cancellationToken)).StoreTime.ToDateTimeOffset();
        var terms = new AgreementTerms
        {
            Profile = ReleasePuller.PublicOutcomes,
            Purpose = ResearchPurpose.Research,
            Fields = { ReleaseProfiles.PublicOutcomes.Columns },
            ValidFrom = now.ToTimestamp(),
            ValidTo = now.AddYears(3).ToTimestamp(),
            Document = "made up",
        };
        await admin.Partners.DraftAgreementAsync(new() { RequestId = RequestIds.New(), Agreement = Agreement, Terms = terms }, cancellationToken: cancellationToken);
        var draft = await admin.Partners.GetAgreementAsync(new() { Name = Agreement }, cancellationToken: cancellationToken);
        await admin.Partners.ProposeAgreementAsync(
            new() { RequestId = RequestIds.New(), Agreement = Agreement, Etag = draft.Agreement.Etag, Approval = Approval, Reason = "the benchmark's registry" }, cancellationToken: cancellationToken);

        using var identity = await network.IssueAsync("second-admin", "network-admin", cancellationToken);
        using var second = ClinicNetworkClient.Connect(network.Running.Door.Address, new() { Identity = identity });
        var approval = await second.Approvals.GetApprovalAsync(new() { Name = Approval }, cancellationToken: cancellationToken);
        await second.Approvals.ApproveAsync(new() { RequestId = RequestIds.New(), Approval = Approval, Etag = approval.Approval.Etag }, cancellationToken: cancellationToken);
        return await network.IssueAsync(ReleasePath.Partner, "registry", cancellationToken, "--partner", Name);
    }
}
