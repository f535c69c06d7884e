using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Errors;
using ClinicNetwork.BlackBox.Tests.Releases;
using ClinicNetwork.Protocol.Exchange.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Identity;

/// <summary>A partner's certificate against every rpc: itself, another partner that is there, and as what it is not.</summary>
public sealed class PartnerAccessTests(CastFixture fixture) : IClassFixture<CastFixture>
{
    private const string Other = "partners/other";

    [Fact]
    public async Task A_partner_may_do_what_the_registrys_column_says_and_does_not_learn_who_else_is_there()
    {
        await fixture.Network.Partners.RegisterPartnerAsync(new()
        {
            RequestId = Valid.Id(), Partner = new() { Name = Other, DisplayName = "Other", RecipientClass = Protocol.Care.V1.RecipientClass.Industry },
        });
        await fixture.Network.Partners.DraftAgreementAsync(RegistryPartner.Draft(Other + "/agreements/dua-1"));
        using var channel = fixture.Server.Open(fixture.Partner.Identity.Certificate);
        var column = Array.IndexOf(AccessMatrixTests.Table[0].Split(','), "registry");
        foreach (var row in AccessMatrixTests.Table[1..].Select(line => line.Split(',')))
        {
            await AccessMatrixTests.AssertAsync(channel, row[0], null, row[column] == "no" ? "ROLE_NOT_ALLOWED" : null);
            await AccessMatrixTests.AssertAsync(channel, row[0], Network.Harbour, row[column] == "no" ? "ROLE_NOT_ALLOWED" : "SITE_NOT_YOURS");
        }

        (string Rpc, Func<string, IMessage> Of)[] reads =
        [
            ("GetPartner", partner => new GetPartnerRequest { Name = partner }), ("GetAgreement", partner => new GetAgreementRequest { Name = partner + "/agreements/dua-1" }),
            ("ListAgreements", partner => new ListAgreementsRequest { Parent = partner }),
        ];
        foreach (var (rpc, of) in reads)
        {
            Task<RefusalSeen?> EndAsync(string partner) => AccessMatrixTests.EndAsync(channel, "exchange.v1.PartnerService/" + rpc, null, of(partner).ToByteArray());
            var (own, other, nobody) = (await EndAsync(RegistryPartner.Name), await EndAsync(Other), await EndAsync("partners/nobody"));
            Assert.True(own is null, $"{rpc}: {own?.Code} {own?.Reason}");
            Assert.Equal((rpc, StatusCode.NotFound, "PARTNER_NOT_FOUND"), (rpc, other?.Code, other?.Reason));
            Assert.Equal((rpc, other!.Text), (rpc, nobody?.Text));
        }
    }

    [Theory]
    [InlineData("PARTNER_NOT_NAMED", "role:registry")]
    [InlineData("ROLE_NOT_ALLOWED", "partner:registry-a")]
    [InlineData("ROLE_NOT_ALLOWED", "role:nurse", "partner:registry-a")]
    public async Task A_certificate_that_is_not_a_partners_submits_nothing(string reason, params string[] scope)
    {
        using var certificates = new TestCertificates(fixture.Server);
        using var channel = fixture.Server.Open(certificates.Good(scope));
        await AccessMatrixTests.AssertAsync(channel, "exchange.v1.SubmissionService/SubmitOutcomes", null, reason);
        await AccessMatrixTests.AssertAsync(channel, "exchange.v1.PartnerService/GetAgreement", null, reason);
    }
}
