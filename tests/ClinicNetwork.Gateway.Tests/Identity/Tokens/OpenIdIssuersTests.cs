using System.Text.Json.Nodes;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Identity.Tokens;
using ClinicNetwork.Gateway.Tests.Harness;

namespace ClinicNetwork.Gateway.Tests.Identity.Tokens;

/// <summary>What of a person's token is taken before its connection is looked at, which hides what stands behind it.</summary>
public sealed class OpenIdIssuersTests : IDisposable
{
    private readonly PaperIssuer _issuer = new();

    [Fact]
    public async Task A_word_for_the_networks_own_role_grants_it_to_nobody()
    {
        var token = Token();
        token.Claims["ward_roles"] = "ward-nurse root";
        Assert.Equal(Roles.Nurse, (await ReadAsync(token)).Scope.Roles);
    }

    [Theory]
    [InlineData("at+jwt", true, true)]
    [InlineData("application/at+jwt", true, true)]
    [InlineData("JWT", false, true)]
    [InlineData("jwt", false, false)]
    [InlineData("", false, false)]
    [InlineData("logout+jwt", false, false)]
    public async Task A_type_that_ID_tokens_have_too_is_taken_where_the_settings_say_so(string type, bool taken, bool takenOfAny)
    {
        var token = Token();
        token.Header["typ"] = type;
        await AssertAsync(taken, token, takesAnyType: false);
        await AssertAsync(takenOfAny, token, takesAnyType: true);
    }

    /// <summary>Where ID tokens have the same type: what access tokens of the usual issuers have, and what their ID tokens do.</summary>
    [Theory]
    [InlineData(true, """{"scope":"openid profile","azp":"ward-app","sid":"1"}""")]
    [InlineData(true, """{"scp":"plans.read","azp":"ward-app"}""")]
    [InlineData(true, """{"client_id":"ward-app"}""")]
    [InlineData(false, """{"azp":"clinic-network","sid":"1","auth_time":1767225600,"acr":"1","email":"anna@hospital.example"}""")]
    [InlineData(false, """{"name":"Anna K","preferred_username":"anna.k"}""")]
    [InlineData(false, """{"scope":"openid","nonce":"x"}""")]
    [InlineData(false, """{"scope":"openid","at_hash":"x"}""")]
    public async Task Of_tokens_of_one_type_those_are_taken_that_say_what_they_are_for(bool taken, string claims)
    {
        var token = Token();
        token.Header["typ"] = "JWT";
        token.Claims.Remove("scope");
        foreach (var (name, value) in JsonNode.Parse(claims)!.AsObject())
        {
            token.Claims[name] = value!.DeepClone();
        }

        await AssertAsync(taken, token, takesAnyType: true);
    }

    public void Dispose() => _issuer.Dispose();

    private Recipe Token() => _issuer.Token(TimeProvider.System.GetUtcNow());

    private async Task AssertAsync(bool taken, Recipe token, bool takesAnyType)
    {
        var refused = await Record.ExceptionAsync(() => ReadAsync(token, takesAnyType));
        Assert.True(taken ? refused is null : refused is TokenException { Problem: TokenProblem.Invalid }, $"{token.Claims.ToJsonString()}: {refused?.GetType().Name ?? "taken"}");
    }

    private async Task<GoodToken> ReadAsync(Recipe token, bool takesAnyType = false)
    {
        using var fetching = new KeyFetching(_issuer);
        var options = new TokenOptions { Secret = new byte[32], Network = "network", Issuers = [PaperIssuer.Options with { TakesAnyType = takesAnyType }] };
        return await new OpenIdIssuers(options, fetching, TimeProvider.System).ReadAsync(CompactToken.Read(token.Make()), "thumbprint", CancellationToken.None);
    }
}
