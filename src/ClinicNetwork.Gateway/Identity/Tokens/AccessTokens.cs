using System.Security.Cryptography;
using System.Text.Json;
using ClinicNetwork.Domain.Identity;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ClinicNetwork.Gateway.Identity.Tokens;

/// <summary>
/// Access tokens for machines (RFC 9068), bound to the certificate of the connection that asked (RFC 8705). The gateways of a network make them and
/// nobody else reads them, so they are signed under a secret that all of them derive.
/// </summary>
internal sealed class AccessTokens(TokenOptions options, RegisteredClients clients, TimeProvider time)
{
    /// <summary>RFC 9068, section 2.1.</summary>
    public const string Type = "at+jwt";

    /// <summary>Begins the journal's actor, <c>clients/{id}</c>.</summary>
    public const string ActorPrefix = IssuerOptions.NotAName + "/";

    /// <summary>Every site, and the network itself.</summary>
    public const string AllSites = "*";

    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private static readonly JsonWebTokenHandler Handler = new() { SetDefaultTimesOnTokenCreation = false };

    private readonly SymmetricSecurityKey _key = new(options.Secret);

    public string Issuer { get; } = "urn:clinicnetwork:" + options.Network;

    /// <param name="scope">Of the token: not more than of its client.</param>
    /// <param name="thumbprint">Of the certificate over whose connections it is good.</param>
    public string Issue(RegisteredClient client, Scope scope, string thumbprint)
    {
        var now = time.GetUtcNow();
        return Handler.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = Type,
            Issuer = Issuer,
            Audience = Issuer,
            IssuedAt = now.UtcDateTime,
            Expires = (now + Life).UtcDateTime,
            SigningCredentials = new(_key, SecurityAlgorithms.HmacSha256),
            Claims = new Dictionary<string, object>
            {
                ["sub"] = client.Registration.Id,
                ["client_id"] = client.Registration.Id,
                ["jti"] = RandomNumberGenerator.GetHexString(32, lowercase: true),
                ["scope"] = TextOf(scope.Roles),
                ["sites"] = scope.IsNetwork ? [AllSites] : scope.Sites.Select(site => site.Value).Order(StringComparer.Ordinal).ToArray(),
                ["partner"] = client.Registration.Partner?.Value ?? "",
                ["cnf"] = new Dictionary<string, object> { ["x5t#S256"] = thumbprint },
            },
        });
    }

    /// <exception cref="TokenException">It is none of ours, over, another certificate's, or its client was removed.</exception>
    public async Task<GoodToken> ReadAsync(CompactToken token, string thumbprint)
    {
        if (token.Type != Type || token.Algorithm != SecurityAlgorithms.HmacSha256)
        {
            throw TokenException.Invalid();
        }

        await Signatures.CheckAsync(token, _key, SecurityAlgorithms.HmacSha256, Issuer, [Issuer], Type);
        var end = Times.Check(token, time.GetUtcNow(), Life);
        if (Binding.Of(token) != thumbprint)
        {
            throw new TokenException(TokenProblem.NotBound);
        }

        if (!clients.TryFind(token.TextOf("sub"), out var client))
        {
            throw TokenException.Invalid();
        }

        var sites = token.Claims.TryGetProperty("sites", out var named) ? CompactToken.Texts(named).ToList() : [];
        // Of one that is another partner's machine by now nothing is left.
        var roles = token.TextOf("partner") == (client.Registration.Partner?.Value ?? "") ? RolesOf(token.TextOf("scope")) ?? Roles.None : Roles.None;
        var scope = new Scope(roles, SiteNames.Read(sites), sites.Contains(AllSites));
        return new(ActorPrefix + client.Registration.Id, scope.Within(client.Scope), end, client);
    }

    /// <summary>As RFC 6749, section 3.3, writes it.</summary>
    public static string TextOf(Roles roles) => RoleNames.Join(roles, ' ');

    /// <summary>Null: it names something that is no role.</summary>
    public static Roles? RolesOf(string scope)
    {
        var roles = Roles.None;
        foreach (var name in scope.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!RoleNames.All.TryGetValue(name, out var role))
            {
                return null;
            }

            roles |= role;
        }

        return roles;
    }
}

/// <summary>What a token says, once it is believed.</summary>
/// <param name="Name">The journal's actor.</param>
/// <param name="Client">Null: a person's.</param>
internal sealed record GoodToken(string Name, Scope Scope, DateTimeOffset End, RegisteredClient? Client);

/// <summary><c>cnf</c> (RFC 7800): to which certificate a token is bound.</summary>
internal static class Binding
{
    /// <returns>Null: to none.</returns>
    /// <exception cref="TokenException">It is bound to something else, or unreadably.</exception>
    public static string? Of(CompactToken token)
    {
        if (!token.Claims.TryGetProperty("cnf", out var bound))
        {
            return null;
        }

        return bound.ValueKind == JsonValueKind.Object && bound.EnumerateObject().ToList() is [{ Name: "x5t#S256", Value.ValueKind: JsonValueKind.String } thumbprint]
            ? thumbprint.Value.GetString()!
            : throw new TokenException(TokenProblem.NotBound);
    }
}

internal static class SiteNames
{
    /// <summary><c>harbour</c> or <c>clinics/harbour</c>; what is no site's name is left out and so grants nothing.</summary>
    public static HashSet<ClinicId> Read(IEnumerable<string> names)
    {
        var sites = new HashSet<ClinicId>();
        foreach (var name in names)
        {
            if (ClinicId.TryParseName(name.Contains('/', StringComparison.Ordinal) ? name : "clinics/" + name, out var site))
            {
                sites.Add(site);
            }
        }

        return sites;
    }
}
