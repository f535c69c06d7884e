namespace ClinicNetwork.Gateway.Identity.Tokens;

/// <summary>A token or an assertion is not good. Nothing of it is in the message.</summary>
internal sealed class TokenException(TokenProblem problem) : Exception(problem.ToString())
{
    public TokenProblem Problem => problem;

    public static TokenException Invalid() => new(TokenProblem.Invalid);
}

internal enum TokenProblem
{
    /// <summary>Form, algorithm, key, issuer, audience or a claim: which is not told.</summary>
    Invalid,

    /// <summary>Its time is over, or has not begun.</summary>
    Expired,

    /// <summary>It is another certificate's.</summary>
    NotBound,

    /// <summary>Nothing can be said of it now: its issuer's keys cannot be had.</summary>
    IssuerAway,
}
