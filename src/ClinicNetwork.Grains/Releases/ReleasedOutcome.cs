namespace ClinicNetwork.Grains.Releases;

/// <summary>
/// One milestone of one person in released form: eight values from closed vocabularies and nothing else. The only type that the
/// release engine accepts; anything outside the vocabularies throws, and so blocks the batch instead of leaking.
/// </summary>
public sealed record ReleasedOutcome
{
    private static readonly string[][] Vocabularies =
    [
        ["MEASURED", "MISSING"],
        ["", "NOT_ATTENDED", "LEFT_TREATMENT", "INDUCTION_INCOMPLETE", "DECLINED", "UNREACHABLE", "BASELINE_MISSING"],
        ["", "yes", "no"],
        ["", "yes", "no"],
        ["", "yes", "no"],
        ["", "MINIMAL", "MILD", "MODERATE", "MODERATELY_SEVERE", "SEVERE"],
        ["1-3", "4-8", "9+"],
        ["NONE", "MILD", "MODERATE", "SEVERE"],
    ];

    /// <param name="values">status, missing_reason, response, remission, worsening, severity, sessions, side_effects.</param>
    /// <exception cref="ArgumentException">A value is outside its vocabulary; the message names the position only.</exception>
    public ReleasedOutcome(IReadOnlyList<string> values)
    {
        if (values.Count != Vocabularies.Length)
        {
            throw new ArgumentException("A released outcome has eight values.", nameof(values));
        }

        for (var i = 0; i < values.Count; i++)
        {
            if (!Vocabularies[i].Contains(values[i], StringComparer.Ordinal))
            {
                throw new ArgumentException($"Value {i} of a released outcome is outside its vocabulary.", nameof(values));
            }
        }

        Values = values;
    }

    public IReadOnlyList<string> Values { get; }

    public bool Measured => Values[0] == "MEASURED";

    public string MissingReason => Values[1];

    /// <summary>The sensitive value that diversity is counted on: worsening, remission, response or no_change; null when missing.</summary>
    public string? Category =>
        !Measured ? null : Values[4] == "yes" ? "worsening" : Values[3] == "yes" ? "remission" : Values[2] == "yes" ? "response" : "no_change";
}
