using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Identity.Tokens;

namespace ClinicNetwork.Server;

/// <summary>One of <see cref="ServerSettings.Issuers"/>, as it is written in settings.</summary>
public sealed record IssuerSettings
{
    private const int LifetimeMinutesMax = 24 * 60;

    /// <summary>RFC 9068, section 2.1.</summary>
    private const string AccessTokenType = "at+jwt";

    private const string AnyType = "JWT";

    /// <value>1 to 40 of a-z, 0-9 and inner dashes, not <c>clients</c>; the journal's actor is {name}/{sub}.</value>
    public string Name { get; init; } = "";

    /// <value>https URL of the issuer, letter for letter as its tokens say it.</value>
    public string Authority { get; init; } = "";

    /// <value>What its tokens for this network say as <c>aud</c>.</value>
    public string Audience { get; init; } = "";

    /// <value>Claim with its words for roles; default <c>roles</c>.</value>
    public string RolesClaim { get; init; } = "roles";

    /// <value>Our roles by its words, <c>ward-nurse=nurse,doctor=clinician</c>; what is not here grants nothing.</value>
    public string Roles { get; init; } = "";

    /// <value>Claim with sites; default empty: those of the connection's certificate.</value>
    public string SitesClaim { get; init; } = "";

    /// <value>Claim with the patient that the holder is, <c>p-7</c> or <c>patients/p-7</c>; default empty: its tokens name none.</value>
    public string PatientClaim { get; init; } = "";

    /// <value>Claim with the partner that the holder acts for, <c>eu-registry</c> or <c>partners/eu-registry</c>; default empty: its tokens name none.</value>
    public string PartnerClaim { get; init; } = "";

    /// <value>Longest life of a token that is taken, 1 to 1,440 min; default 60.</value>
    public int LifetimeMinutes { get; init; } = 60;

    /// <value>What its access tokens say as <c>typ</c>: <c>at+jwt</c>, the default, or <c>JWT</c>, which others of its tokens say too.</value>
    public string TokenType { get; init; } = AccessTokenType;

    /// <exception cref="SettingsException">One line that names the setting and says what to give.</exception>
    public IssuerOptions Checked()
    {
        if (!Slug.IsValid(Name) || Name == IssuerOptions.NotAName)
        {
            throw new SettingsException($"Issuers: give each a Name of 1 to {Slug.LengthMax} of a-z, 0-9 and inner dashes, not clients.");
        }

        if (!IsHttps(Authority))
        {
            throw new SettingsException($"Issuers: give {Name} an Authority, the https URL that its tokens name as iss.");
        }

        if (Audience.Length == 0 || RolesClaim.Length == 0 || LifetimeMinutes is < 1 or > LifetimeMinutesMax)
        {
            throw new SettingsException($"Issuers: give {Name} an Audience, a RolesClaim and LifetimeMinutes of 1 to {LifetimeMinutesMax}.");
        }

        if (TokenType is not (AccessTokenType or AnyType))
        {
            throw new SettingsException($"Issuers: give {Name} a TokenType of {AccessTokenType}, or {AnyType} where its access tokens say no more.");
        }

        return new()
        {
            Name = Name, Authority = Authority, Audience = Audience, RolesClaim = RolesClaim, Roles = RolesByWord(), SitesClaim = SitesClaim,
            PatientClaim = PatientClaim, PartnerClaim = PartnerClaim,
            LifetimeMax = TimeSpan.FromMinutes(LifetimeMinutes), TakesAnyType = TokenType == AnyType,
        };
    }

    public static bool IsHttps(string url) => Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps && address.UserInfo.Length == 0;

    private Dictionary<string, Roles> RolesByWord()
    {
        var roles = new Dictionary<string, Roles>(StringComparer.Ordinal);
        foreach (var pair in Roles.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var cut = pair.LastIndexOf('=');
            if (cut < 1 || !RoleNames.All.TryGetValue(pair[(cut + 1)..].Trim(), out var role))
            {
                throw new SettingsException($"Issuers: give {Name} Roles as word=role by comma, with roles {string.Join(", ", RoleNames.All.OrderBy(r => r.Value).Select(r => r.Key))}.");
            }

            var word = pair[..cut].Trim();
            roles[word] = roles.GetValueOrDefault(word) | role;
        }

        return roles.Count > 0 ? roles : throw new SettingsException($"Issuers: give {Name} Roles, for example ward-nurse=nurse,doctor=clinician.");
    }
}
