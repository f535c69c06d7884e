namespace ClinicNetwork.Gateway.Identity.Tokens;

/// <summary>A token was asked for and is not given (RFC 6749, section 5.2). Nothing that was sent is in it.</summary>
/// <param name="error">The RFC's word.</param>
/// <param name="description">A stable reason, and what to do.</param>
internal sealed class TokenRequestException(string error, string description, int status = 400) : Exception("No token is given.")
{
    public const string InvalidRequest = "invalid_request";
    public const string InvalidClient = "invalid_client";
    public const string InvalidScope = "invalid_scope";
    public const string UnsupportedGrantType = "unsupported_grant_type";
    public const string Unavailable = "temporarily_unavailable";

    public string Error => error;

    public string Description => description;

    public int Status => status;

    /// <summary>Of the audit: the word and the stable reason.</summary>
    public string Outcome => $"{error} {description.Split(':')[0]}";
}
