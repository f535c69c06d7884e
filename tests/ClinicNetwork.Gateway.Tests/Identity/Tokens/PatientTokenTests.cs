using System.Text.Json.Nodes;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Identity.Tokens;
using ClinicNetwork.Gateway.Tests.Harness;

namespace ClinicNetwork.Gateway.Tests.Identity.Tokens;

/// <summary>A person's token that says that the person is a patient.</summary>
public sealed class PatientTokenTests : IDisposable
{
    private readonly PaperIssuer _issuer = new();

    [Theory]
    [InlineData("\"p-7\"", "p-7", Roles.Patient)]
    [InlineData("\"patients/p-7\"", "p-7", Roles.Patient)]
    [InlineData("[\"p-7\"]", "p-7", Roles.Patient)]
    [InlineData("[\"p-7\",\"p-8\"]", null, Roles.None)]
    [InlineData("\"p-7 p-8\"", null, Roles.None)]
    [InlineData("\"clinics/harbour\"", null, Roles.None)]
    [InlineData("\"Upper\"", null, Roles.None)]
    [InlineData(null, null, Roles.Patient | Roles.Nurse)]
    public async Task It_is_for_that_patient_alone_or_for_nobody(string? claim, string? patient, Roles roles)
    {
        var token = _issuer.Token(TimeProvider.System.GetUtcNow());
        token.Claims["ward_roles"] = "ward-nurse self";
        if (claim is not null)
        {
            token.Claims["person"] = JsonNode.Parse(claim);
        }

        using var fetching = new KeyFetching(_issuer);
        var options = new TokenOptions { Secret = new byte[32], Network = "network", Issuers = [PaperIssuer.Options with { PatientClaim = "person", Roles = Words }] };
        var scope = (await new OpenIdIssuers(options, fetching, TimeProvider.System).ReadAsync(CompactToken.Read(token.Make()), "thumbprint", CancellationToken.None)).Scope;
        Assert.Equal((patient, roles), (scope.Patient?.Value, scope.Roles));
        Assert.False(scope.Roles == Roles.None && scope.MayActFor(null));
    }

    public void Dispose() => _issuer.Dispose();

    private static Dictionary<string, Roles> Words => new(StringComparer.Ordinal) { ["ward-nurse"] = Roles.Nurse, ["self"] = Roles.Patient };
}
