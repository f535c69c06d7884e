namespace ClinicNetwork.Verification.RedTeam;

/// <summary>How an attack ended.</summary>
public enum AttackVerdict
{
    /// <summary>Within its bound.</summary>
    Held,

    /// <summary>Above its bound: a finding.</summary>
    Exceeded,

    /// <summary>Too few were attacked, or there is no control: printed, and no finding.</summary>
    NotEstablished,

    /// <summary>Something that it needs was not given.</summary>
    NotRun,

    /// <summary>It has no bound.</summary>
    Reported,
}

/// <summary>One attack on what was released.</summary>
/// <param name="Found">One line for people; never a value of a file.</param>
/// <param name="Figures">Counts, and shares of 0 to 1, by name.</param>
public sealed record AttackResult(string Attack, AttackVerdict Verdict, string Found, IReadOnlyDictionary<string, double> Figures)
{
    internal static AttackResult NotRun(string attack, string needs) => new(attack, AttackVerdict.NotRun, needs, new Dictionary<string, double>());

    internal static string Percent(double share) => double.IsNaN(share) ? "-" : FormattableString.Invariant($"{100 * share:0.0} %");
}
