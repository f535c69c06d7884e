namespace ClinicNetwork.Gateway.Identity.Tokens;

/// <summary>Whether a token is of now.</summary>
internal static class Times
{
    /// <summary>How far another machine's clock may be off.</summary>
    public static readonly TimeSpan Skew = TimeSpan.FromSeconds(10);

    /// <param name="lifetimeMax">Longest from its issue, or from now, to its end.</param>
    /// <returns>When it ends.</returns>
    /// <exception cref="TokenException">It is not of now, says no end, or would be good for too long.</exception>
    public static DateTimeOffset Check(CompactToken token, DateTimeOffset now, TimeSpan lifetimeMax)
    {
        var (end, issued, begin) = (token.Instant("exp") ?? throw TokenException.Invalid(), token.Instant("iat"), token.Instant("nbf"));
        if (end > now + lifetimeMax + Skew || end - issued > lifetimeMax)
        {
            throw TokenException.Invalid();
        }

        return end + Skew > now && !(issued > now + Skew) && !(begin > now + Skew) ? end : throw new TokenException(TokenProblem.Expired);
    }
}
