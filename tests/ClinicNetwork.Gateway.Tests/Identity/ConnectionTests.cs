using ClinicNetwork.Domain.Approvals;
using ClinicNetwork.Gateway.Identity.Tokens;
using ClinicNetwork.Gateway.Tests.Harness;
using Grpc.Core;

namespace ClinicNetwork.Gateway.Tests.Identity;

/// <summary>Who is another person is decided by the name and by the certificate that it came over: both reach the grains.</summary>
public sealed class ConnectionTests(TokenGateway gateway) : IClassFixture<TokenGateway>
{
    [Fact]
    public async Task Grain_calls_are_sealed_with_the_name_of_the_certificate_that_a_token_came_over()
    {
        foreach (var authorization in (string?[])[null, "Bearer " + gateway.AccessToken().Make(), "Bearer " + gateway.PersonToken().Make()])
        {
            Assert.Equal(StatusCode.OK, (await gateway.CallAsync(authorization)).Code);
            Assert.Equal("pacs", gateway.Connection);
        }

        Assert.Equal(StatusCode.OK, (await gateway.CallAsync("Bearer " + gateway.PersonToken().Make(), certificate: 1)).Code);
        Assert.Equal("other", gateway.Connection);
    }

    [Fact]
    public void A_registered_machine_is_known_by_its_name() => Assert.Equal(AccessTokens.ActorPrefix, Person.MachinePrefix);
}
