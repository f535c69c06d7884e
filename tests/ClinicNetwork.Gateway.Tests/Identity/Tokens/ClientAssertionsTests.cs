using System.Security.Cryptography;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Identity.Tokens;
using ClinicNetwork.Gateway.Tests.Harness;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Gateway.Tests.Identity.Tokens;

/// <summary>What an assertion is refused for before anything is done for it.</summary>
public sealed class ClientAssertionsTests
{
    /// <summary>The signature's check would find it too, with the other's keys fetched for nothing.</summary>
    [Fact]
    public async Task An_assertion_in_two_names_is_refused_before_keys_are_fetched_for_it()
    {
        using var issuer = new PaperIssuer();
        using var fetching = new KeyFetching(issuer);
        var clients = new RegisteredClients(fetching, TimeProvider.System);
        clients.Replace([new("pacs-1", Roles.Nurse, [], PaperIssuer.Authority + "keys")]);
        var assertions = new ClientAssertions(clients, new NeverAsked(), TimeProvider.System);

        var twoNames = Assertion(issuer);
        twoNames.Claims["iss"] = "pacs-2";
        var refused = await Assert.ThrowsAsync<TokenRequestException>(() => assertions.CheckAsync(twoNames.Make(), ["here"], CancellationToken.None));
        Assert.Equal("invalid_client ASSERTION_INVALID", refused.Outcome);
        Assert.Equal(0, issuer.Fetched);

        Assert.Equal("pacs-1", (await assertions.CheckAsync(Assertion(issuer).Make(), ["here"], CancellationToken.None)).Client.Registration.Id);
        Assert.Equal(1, issuer.Fetched);
    }

    private static Recipe Assertion(PaperIssuer issuer) => new(
        new() { ["alg"] = "RS384", ["typ"] = "JWT", ["kid"] = "rsa-1" },
        new() { ["iss"] = "pacs-1", ["sub"] = "pacs-1", ["aud"] = "here", ["iat"] = Recipe.Now, ["exp"] = Recipe.Now + 60, ["jti"] = Guid.NewGuid().ToString() },
        Recipe.Rs(issuer.Key, HashAlgorithmName.SHA384));

    private sealed class NeverAsked : IUsedAssertions
    {
        public Task<bool> TryUseAsync(byte[] id, DateTimeOffset until, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
