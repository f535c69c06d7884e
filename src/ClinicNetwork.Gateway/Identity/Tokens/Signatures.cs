using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ClinicNetwork.Gateway.Identity.Tokens;

/// <summary>
/// The signature of a token by one key and one algorithm, which the caller chose and not the token. The library looks at issuer, audience and type
/// as well, so that none of them hangs on our own reading alone.
/// </summary>
internal static class Signatures
{
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false, MaximumTokenSizeInBytes = CompactToken.LengthMax };

    /// <summary>A verifier is made for each token from the key that was chosen: the library's own would be kept in the process under what a key says of itself.</summary>
    private static readonly CryptoProviderFactory Uncached = new() { CacheSignatureProviders = false };

    /// <exception cref="TokenException">It is not signed so.</exception>
    public static async Task CheckAsync(CompactToken token, SecurityKey key, string algorithm, string issuer, IEnumerable<string> audiences, params string[] types)
    {
        var result = await Handler.ValidateTokenAsync(token.Text, new TokenValidationParameters
        {
            ValidAlgorithms = [algorithm],
            ValidTypes = types,
            ValidIssuer = issuer,
            ValidAudiences = audiences,
            IssuerSigningKeyResolver = (_, _, _, _) => [key],
            CryptoProviderFactory = Uncached,
            TryAllIssuerSigningKeys = false,
            RequireSignedTokens = true,
            RequireAudience = true,
            ValidateIssuer = true,
            ValidateAudience = true,
            ValidateIssuerSigningKey = true,
            // By our own clock, before: Times.
            ValidateLifetime = false,
            LogValidationExceptions = false,
        });
        if (!result.IsValid)
        {
            throw TokenException.Invalid();
        }
    }
}
