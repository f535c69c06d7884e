using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Gateway.Identity.Tokens;

/// <summary>What tokens are made with, and whose are taken.</summary>
public sealed record TokenOptions
{
    /// <summary>Purpose of the store's derived secret.</summary>
    public const string Purpose = "access-tokens";

    /// <summary>Under which access tokens are made and read, the same in all gateways of a network: 32 bytes.</summary>
    public required byte[] Secret { get; init; }

    /// <summary>The store's incarnation: issuer and audience of access tokens.</summary>
    public required string Network { get; init; }

    /// <summary>Names and addresses in the gateway's certificate.</summary>
    public IReadOnlyCollection<string> Names { get; init; } = [];

    /// <summary>URLs of the token endpoint beside those made of <see cref="Names"/> and the port, for gateways behind a balancer.</summary>
    public IReadOnlyList<string> Audiences { get; init; } = [];

    /// <summary>Whose tokens for people are taken.</summary>
    public IReadOnlyList<IssuerOptions> Issuers { get; init; } = [];

    /// <summary>To fetch keys with; null: the usual, which trusts what the machine trusts.</summary>
    public HttpMessageHandler? Handler { get; init; }
}

/// <summary>An OpenID Connect issuer.</summary>
public sealed record IssuerOptions
{
    /// <summary>Machines' names begin so in the journal.</summary>
    public const string NotAName = "clients";

    /// <summary>Begins the journal's actor: <c>{name}/{sub}</c>; not <see cref="NotAName"/>.</summary>
    public required string Name { get; init; }

    /// <summary>The https URL under which its discovery document lies.</summary>
    public required string Authority { get; init; }

    /// <summary>What its tokens for this network say as <c>aud</c>.</summary>
    public required string Audience { get; init; }

    /// <summary>Claim with what it calls roles: a text with blanks between, or a list; a dot leads into an object (<c>realm_access.roles</c>).</summary>
    public required string RolesClaim { get; init; }

    /// <summary>Our roles by its words. A word that is not here grants nothing.</summary>
    public required IReadOnlyDictionary<string, Roles> Roles { get; init; }

    /// <summary>Claim with sites, <c>harbour</c> or <c>clinics/harbour</c>, <c>*</c> for the whole network; empty: what the connection may.</summary>
    public string SitesClaim { get; init; } = "";

    /// <summary>Claim with the patient that the holder is, <c>p-7</c> or <c>patients/p-7</c>; who has it is that patient and nothing else. Empty: its tokens name none.</summary>
    public string PatientClaim { get; init; } = "";

    /// <summary>Claim with the partner that the holder acts for, <c>eu-registry</c> or <c>partners/eu-registry</c>; who has it is that partner and nothing else. Empty: its tokens name none.</summary>
    public string PartnerClaim { get; init; } = "";

    /// <summary>
    /// Its access tokens say <c>typ</c> JWT, as its other tokens do, and not <c>at+jwt</c> (RFC 9068): then one has to say as well what it is for or who asked for it, which no
    /// ID token does.
    /// </summary>
    public bool TakesAnyType { get; init; }

    /// <summary>Longest life of a token that is taken.</summary>
    public TimeSpan LifetimeMax { get; init; } = TimeSpan.FromHours(1);
}
