using System.Text.Json;
using ClinicNetwork.Domain.Identity;
using Microsoft.IdentityModel.Tokens;

namespace ClinicNetwork.Gateway.Identity.Tokens;

/// <summary>Access tokens of people, by the OpenID Connect issuers that the settings name. What an ID token looks like is refused: it is for the client it was made for.</summary>
internal sealed class OpenIdIssuers
{
    private const int SubjectLengthMax = 100;

    /// <summary>Of any token: one of an issuer that calls its access tokens no more than this has to be told from an ID token by its claims.</summary>
    private const string AnyType = "JWT";

    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
    ];

    /// <summary>Of access tokens alone (RFC 9068, section 4).</summary>
    private static readonly string[] Types = [AccessTokens.Type, "application/" + AccessTokens.Type];

    private static readonly string[] TypesAndAny = [.. Types, AnyType];

    /// <summary>Claims of which an access token has one: what it is for, or the client that asked (RFC 9068, section 2.2; <c>scp</c> elsewhere). No ID token has any.</summary>
    private static readonly string[] OfAccessTokens = ["scope", "scp", "client_id"];

    /// <summary>Claims of an ID token (OpenID Connect Core, section 2) that no access token has.</summary>
    private static readonly string[] OfIdTokens = ["nonce", "at_hash", "c_hash", "s_hash"];

    private readonly TimeProvider _time;
    private readonly List<(IssuerOptions Options, Refreshed<VerifyingKeys> Keys)> _issuers;

    public OpenIdIssuers(TokenOptions options, KeyFetching fetching, TimeProvider time)
    {
        _time = time;
        _issuers = [.. options.Issuers.Select(issuer => (issuer, new Refreshed<VerifyingKeys>(() => fetching.DiscoverAsync(issuer.Authority), time)))];
    }

    /// <exception cref="TokenException">It is of no issuer of ours, not for us, over, or another certificate's.</exception>
    public async Task<GoodToken> ReadAsync(CompactToken token, string thumbprint, CancellationToken cancellationToken)
    {
        var (options, keys) = _issuers.FirstOrDefault(issuer => issuer.Options.Authority == token.TextOf("iss"));
        if (options is null || !Algorithms.Contains(token.Algorithm) || !IsAccessToken(token, options)
            || token.KeyId.Length is 0 or > CompactToken.IdLengthMax)
        {
            throw TokenException.Invalid();
        }

        if (await keys.GetAsync(cancellationToken) is null)
        {
            throw new TokenException(TokenProblem.IssuerAway);
        }

        var key = await keys.FindAsync(set => set.Find(token.KeyId, token.Algorithm), cancellationToken) ?? throw TokenException.Invalid();
        await Signatures.CheckAsync(token, key, token.Algorithm, options.Authority, [options.Audience], TypesOf(options));
        var end = token.Has("iat") ? Times.Check(token, _time.GetUtcNow(), options.LifetimeMax) : throw TokenException.Invalid();
        if (Binding.Of(token) is { } bound && bound != thumbprint)
        {
            throw new TokenException(TokenProblem.NotBound);
        }

        var subject = token.TextOf("sub");
        return subject.Length is > 0 and <= SubjectLengthMax && subject.All(IsSafe)
            ? new(options.Name + "/" + subject, ScopeOf(options, token), end, null)
            : throw TokenException.Invalid();
    }

    private static bool IsAccessToken(CompactToken token, IssuerOptions options) =>
        TypesOf(options).Contains(token.Type) && !OfIdTokens.Any(token.Has) && (token.Type != AnyType || OfAccessTokens.Any(token.Has));

    private static string[] TypesOf(IssuerOptions options) => options.TakesAnyType ? TypesAndAny : Types;

    /// <summary>It stands in the journal, in lists and on terminals.</summary>
    private static bool IsSafe(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '@' or ':' or '+' or '=' or '~' or '|';

    private static Scope ScopeOf(IssuerOptions options, CompactToken token)
    {
        var roles = Roles.None;
        foreach (var word in Words(token.Claims, options.RolesClaim))
        {
            roles |= options.Roles.GetValueOrDefault(word);
        }

        // No issuer makes anybody the network itself.
        roles &= ~Roles.System;
        if (options.PatientClaim.Length > 0 && Words(token.Claims, options.PatientClaim).ToList() is { Count: > 0 } named)
        {
            // One that cannot be read, or a second, is a limit all the same: nobody is two.
            return named is [var one] && PatientId.TryParseName(one.Contains('/', StringComparison.Ordinal) ? one : "patients/" + one, out var patient)
                ? Scope.Of(patient, roles)
                : new(Roles.None, new HashSet<ClinicId>(), false);
        }

        if (options.PartnerClaim.Length > 0 && Words(token.Claims, options.PartnerClaim).ToList() is { Count: > 0 } partners)
        {
            return partners is [var one] && PartnerId.TryParseName(one.Contains('/', StringComparison.Ordinal) ? one : "partners/" + one, out var partner)
                ? Scope.Of(partner, roles)
                : new(Roles.None, new HashSet<ClinicId>(), false);
        }

        if (options.SitesClaim.Length == 0)
        {
            return new(roles, new HashSet<ClinicId>(), true);
        }

        var sites = Words(token.Claims, options.SitesClaim).ToList();
        return new(roles, SiteNames.Read(sites), sites.Contains(AccessTokens.AllSites));
    }

    /// <summary>Of a claim by its whole name, else by the way through objects that its dots tell.</summary>
    private static IEnumerable<string> Words(JsonElement claims, string name)
    {
        if (!claims.TryGetProperty(name, out var value))
        {
            value = claims;
            foreach (var part in name.Split('.'))
            {
                if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(part, out value))
                {
                    return [];
                }
            }
        }

        return CompactToken.Texts(value).SelectMany(text => text.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}
