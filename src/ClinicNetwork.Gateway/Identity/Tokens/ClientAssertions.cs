using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Journal;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;

namespace ClinicNetwork.Gateway.Identity.Tokens;

/// <summary>
/// Assertions by which a machine proves that it holds its private key (RFC 7523, <c>private_key_jwt</c>, as SMART App Launch 2.2 wants it of backend services):
/// ES384 or RS384, for this endpoint alone, at most 5 minutes, each used once in the whole network.
/// </summary>
internal sealed class ClientAssertions(RegisteredClients clients, IUsedAssertions used, TimeProvider time)
{
    public static readonly string[] Algorithms = [SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.RsaSha384];

    private const string Type = "JWT";

    private static readonly TimeSpan LifetimeMax = TimeSpan.FromMinutes(5);

    /// <summary>A used id is kept for so much longer than its assertion is good, so that gateways' clocks may differ.</summary>
    private static readonly TimeSpan KeptLonger = TimeSpan.FromMinutes(10);

    /// <summary>Everything but whether it was used; nothing is kept yet.</summary>
    /// <param name="audiences">This endpoint's URLs.</param>
    /// <exception cref="TokenRequestException">It proves nothing.</exception>
    public async Task<GoodAssertion> CheckAsync(string assertion, IReadOnlyCollection<string> audiences, CancellationToken cancellationToken)
    {
        try
        {
            var token = CompactToken.Read(assertion);
            if (!Algorithms.Contains(token.Algorithm) || token.Type != Type || token.KeyId.Length is 0 or > CompactToken.IdLengthMax)
            {
                throw new TokenRequestException(TokenRequestException.InvalidClient, "ASSERTION_FORM: sign by ES384 or RS384, with typ JWT and the kid of your key");
            }

            var (id, jti, audience) = (token.TextOf("sub"), token.TextOf("jti"), token.TextOf("aud"));
            if (!audiences.Contains(audience))
            {
                throw new TokenRequestException(TokenRequestException.InvalidClient, "ASSERTION_AUDIENCE: aud is this endpoint's URL, one text");
            }

            if (jti.Length is 0 or > CompactToken.IdLengthMax)
            {
                throw new TokenRequestException(TokenRequestException.InvalidClient, "ASSERTION_ID: give a jti of 1 to 128 characters, a new one each time");
            }

            var end = Times.Check(token, time.GetUtcNow(), LifetimeMax);
            if (id != token.TextOf("iss") || !clients.TryFind(id, out var client)
                || await client.FindKeyAsync(token.KeyId, token.Algorithm, cancellationToken) is not { } key)
            {
                throw TokenException.Invalid();
            }

            await Signatures.CheckAsync(token, key, token.Algorithm, id, [audience], Type);
            return new(client, SHA256.HashData(Encoding.UTF8.GetBytes($"{id}\n{jti}")), end + KeptLonger);
        }
        catch (TokenException exception)
        {
            throw new TokenRequestException(TokenRequestException.InvalidClient, exception.Problem == TokenProblem.Expired
                ? "ASSERTION_EXPIRED: it is not good at this time; make a new one, and see whether your clock is right"
                : "ASSERTION_INVALID: iss and sub are your registered id, exp is at most 5 minutes ahead, and the key is one that is registered");
        }
    }

    /// <exception cref="TokenRequestException">It was used before, at whichever gateway; or the database is away and nobody can tell.</exception>
    public async Task UseAsync(GoodAssertion assertion, CancellationToken cancellationToken)
    {
        bool taken;
        try
        {
            taken = await used.TryUseAsync(assertion.Id, assertion.Until, cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            throw new TokenRequestException(
                TokenRequestException.Unavailable, "STORE_UNAVAILABLE: the database does not answer; try again with a new assertion", StatusCodes.Status503ServiceUnavailable);
        }

        if (!taken)
        {
            throw new TokenRequestException(TokenRequestException.InvalidClient, "ASSERTION_USED: make a new one for each request, with a jti of its own");
        }
    }
}

/// <param name="Id">What is kept of it once it is used.</param>
/// <param name="Until">How long it is kept.</param>
internal sealed record GoodAssertion(RegisteredClient Client, byte[] Id, DateTimeOffset Until);
