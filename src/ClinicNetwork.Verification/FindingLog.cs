namespace ClinicNetwork.Verification;

/// <summary>
/// Collects findings up to <see cref="Limits.FindingsMax"/> in all and <see cref="Limits.FindingsPerRuleMax"/> of one rule.
/// </summary>
internal sealed class FindingLog
{
    private readonly List<Finding> _findings = [];
    private readonly Dictionary<string, int> _perRule = [];

    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>Findings were left out.</summary>
    public bool More { get; private set; }

    /// <summary>All findings reported, the left-out ones included: tells whether a step was clean.</summary>
    public long Reported { get; private set; }

    public void Add(string rule, string file, long? line, string message)
    {
        Reported++;
        var ofRule = _perRule.GetValueOrDefault(rule);
        if (ofRule >= Limits.FindingsPerRuleMax || _findings.Count >= Limits.FindingsMax)
        {
            More = true;
            return;
        }

        _perRule[rule] = ofRule + 1;
        _findings.Add(new Finding(rule, file, line, message));
    }
}
