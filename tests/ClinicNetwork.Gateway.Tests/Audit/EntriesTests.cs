using ClinicNetwork.Gateway.Audit;
using ClinicNetwork.Gateway.Identity;

namespace ClinicNetwork.Gateway.Tests.Audit;

/// <summary>Each rpc's purpose is one of HL7's code system v3-ActReason, and says what the rpc is for.</summary>
public sealed class EntriesTests
{
    private static readonly string[] Codes = ["TREAT", "HRESCH", "HCOMPL", "RECORDMGT", "HSYSADMIN"];

    [Fact]
    public void Every_rpc_has_a_purpose() =>
        Assert.All(Access.Rows.Keys, method => Assert.Contains(Entries.PurposeOf(method["/clinicnetwork.".Length..]), Codes));

    [Theory]
    [InlineData("care.v1.PatientService/GetPlan", "TREAT")]
    [InlineData("sync.v1.PlanFeedService/WatchPlans", "TREAT")]
    [InlineData("sync.v1.PlanFeedService/ListSitePatients", "TREAT")]
    [InlineData("care.v1.ClinicService/ListRoster", "TREAT")]
    [InlineData("care.v1.RecordService/ExportPatient", "RECORDMGT")]
    [InlineData("care.v1.ClinicService/RegisterClinic", "HSYSADMIN")]
    [InlineData("exchange.v1.ReleaseService/StreamBatch", "HRESCH")]
    [InlineData("exchange.v1.PartnerService/SuspendAgreement", "HRESCH")]
    [InlineData("audit.v1.AuditService/ListAccesses", "HCOMPL")]
    [InlineData("admin.v1.ApprovalService/GetApproval", "RECORDMGT")]
    [InlineData("admin.v1.ApprovalService/ListApprovals", "RECORDMGT")]
    [InlineData("admin.v1.NetworkService/AdvanceClock", "HSYSADMIN")]
    [InlineData("oauth2/token", "")]
    public void A_purpose_says_what_the_call_is_for(string rpc, string purpose) => Assert.Equal(purpose, Entries.PurposeOf(rpc));
}
