namespace ClinicNetwork.Faults.Checker;

/// <summary>How a verdict stands.</summary>
public enum Standing
{
    /// <summary>Something was looked at and nothing is wrong.</summary>
    Passed,

    /// <summary>At least one thing is wrong.</summary>
    Broken,

    /// <summary>The history holds nothing that it speaks of: proves nothing, and counts as not passed.</summary>
    Unproven,

    /// <summary>The product does not have its subject.</summary>
    NotBuilt,

    /// <summary>The product has its subject, and the rig does not drive it: nothing is said of it here.</summary>
    NotDriven,
}

/// <summary>What the checker says of one of the guide's properties.</summary>
/// <param name="Looked">Things looked at.</param>
/// <param name="Broken">Each thing wrong, with its ids; the first thousand.</param>
public sealed record Verdict(string Name, string Says, Standing Standing, long Looked, IReadOnlyList<string> Broken)
{
    public static Verdict NotBuilt(string name, string says) => new(name, says, Standing.NotBuilt, 0, []);

    public static Verdict NotDriven(string name, string says) => new(name, says, Standing.NotDriven, 0, []);
}

/// <summary>Gathers what a verdict finds.</summary>
public sealed class Findings(string name, string says)
{
    private const int KeptMax = 1000;

    private readonly List<string> _broken = [];

    public long Looked { get; private set; }

    public void Look(bool good, Func<string> wrong)
    {
        Looked++;
        if (!good)
        {
            Add(wrong());
        }
    }

    public void Add(string wrong)
    {
        if (_broken.Count < KeptMax)
        {
            _broken.Add(wrong);
        }
    }

    public Verdict Judge() => new(name, says, _broken.Count > 0 ? Standing.Broken : Looked > 0 ? Standing.Passed : Standing.Unproven, Looked, _broken);
}
