using ClinicNetwork.Faults.Load;

namespace ClinicNetwork.Faults.Run;

/// <summary>Which faults a run goes through.</summary>
internal enum PlanKind
{
    /// <summary>Every fault once, short: about four minutes.</summary>
    Short,

    /// <summary>A quarter of all forms of the faults, in turn by the seed: about two minutes.</summary>
    Part,

    /// <summary>Rounds of every fault in full until the time is over.</summary>
    Long,

    /// <summary>What shows the planted defects: about a minute.</summary>
    SelfTest,
}

/// <summary>One run.</summary>
/// <param name="Length">After this no further fault strikes; zero: when the plan is over.</param>
/// <param name="Out">Folder for history and logs; made when missing.</param>
/// <param name="Defect">Planted defect, empty for none.</param>
internal sealed record RigSettings(int Seed, PlanKind Plan, TimeSpan Length, string Out, string Defect = "")
{
    /// <summary>A run that acknowledges less proves too little to count; far under what a slow machine does.</summary>
    public double FloorPerSecond => 10;

    /// <summary>Longest that a run may take beyond its plan before it is given up.</summary>
    public TimeSpan Max => Plan == PlanKind.Long ? Length + TimeSpan.FromMinutes(20) : TimeSpan.FromMinutes(30);

    public LoadSize Load => Plan switch
    {
        PlanKind.Long => new(24, 24, Math.Clamp((int)Length.TotalMinutes, 2, 80), 4, ThinkMaxMs),
        // Closer together: most defects show where commands meet.
        PlanKind.SelfTest => new(24, 24, 2, 3, ThinkMaxMs / 4),
        _ => new(24, 24, 2, 3, ThinkMaxMs),
    };

    /// <summary>How long something is waited for. With a planted defect some things never come, and need no more proof.</summary>
    public TimeSpan Patience(TimeSpan max) => Defect.Length > 0 && max > DefectPatience ? DefectPatience : max;

    private static readonly TimeSpan DefectPatience = TimeSpan.FromSeconds(4);

    private const int ThinkMaxMs = 1_000;

    /// <summary>Load before the first fault and before the levels are measured.</summary>
    public TimeSpan WarmUp => TimeSpan.FromSeconds(Plan == PlanKind.Long ? 20 : 5);
}
