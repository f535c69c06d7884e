using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Identity;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Exchange.V1;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.BlackBox.Tests.Releases;

/// <summary>A research registry with an agreement that two administrators wanted, and its own certificate.</summary>
internal sealed class RegistryPartner(ClientIdentity identity) : IDisposable
{
    public const string Name = "partners/registry-a";
    public const string Agreement = Name + "/agreements/dua-1";

    /// <summary>All of the profile.</summary>
    internal static readonly string[] Columns =
    [
        "pseudonym", "cell", "milestone", "sex", "age", "treatment", "baseline_severity", "status", "missing_reason", "response", "remission", "worsening", "severity", "sessions",
        "side_effects", "courses", "treatment_at", "sessions_since",
    ];

    public ClientIdentity Identity => identity;

    /// <param name="quota">Rows a day; 0: no limit.</param>
    public static async Task<RegistryPartner> JoinAsync(ServerProcess server, Network first, long quota = 0)
    {
        using var certificates = new TestCertificates(server);
        using var channel = server.Open(certificates.Good("role:network-admin"));
        var second = new Network(channel);
        var now = (await first.Admin.GetStatusAsync(new())).StoreTime.ToDateTimeOffset();
        await first.Partners.RegisterPartnerAsync(new()
        {
            RequestId = Valid.Id(), Partner = new() { Name = Name, DisplayName = "Registry A", RecipientClass = RecipientClass.ResearchRegistry },
        });
        await first.Partners.DraftAgreementAsync(Draft(Agreement, now, quota));
        var drafted = (await first.Partners.GetAgreementAsync(new() { Name = Agreement })).Agreement;
        await first.Partners.ProposeAgreementAsync(new() { RequestId = Valid.Id(), Agreement = Agreement, Etag = drafted.Etag, Approval = "approvals/dua-1", Reason = "A study of outcomes." });
        await second.Approvals.ApproveAsync(Valid.Approval((await second.Approvals.GetApprovalAsync(new() { Name = "approvals/dua-1" })).Approval));
        return new(await server.IssueAsync("registry-a", "registry", "--partner", Name));
    }

    /// <param name="from">Null: when a new manual clock begins.</param>
    /// <param name="quota">Rows a day; 0: no limit.</param>
    public static DraftAgreementRequest Draft(string agreement, DateTimeOffset? from = null, long quota = 0)
    {
        var begin = from ?? ServerProcess.ClockStart;
        return new()
        {
            RequestId = Valid.Id(),
            Agreement = agreement,
            Terms = new()
            {
                Profile = PublishedFixture.Profile,
                Purpose = ResearchPurpose.Research,
                Fields = { Columns },
                ValidFrom = begin.ToTimestamp(),
                ValidTo = begin.AddYears(3).ToTimestamp(),
                QuotaRowsADay = quota,
                Document = "DUA 1",
            },
        };
    }

    public void Dispose() => identity.Dispose();
}
