namespace ClinicNetwork.Anonymisation;

/// <summary>The engine's rules, the same for all profiles: versioned data.</summary>
/// <param name="K">Persons a released cell has at least; 11 = EMA Policy 0070's threshold of 0.09 and CMS' smallest cell ([K] both).</param>
/// <param name="Margin">Persons beyond <paramref name="K"/> that a cell needs when formed, so that withdrawals do not retire it at once.</param>
/// <param name="DistinctL">Distinct sensitive values among the measured members of a cell and milestone, at least.</param>
/// <param name="T">Largest total variation distance of a cell and milestone from all that was released of the milestone, 0 to 1; what is further comes in coarse bands.</param>
/// <param name="WithholdShare">Share of cell-milestones withheld by keyed hash, 0 to 1, so that withholding for lack of diversity tells nothing.</param>
/// <param name="RemainderMonths">Publication days, a month apart, that a person waits before joining a remainder over all quarters.</param>
/// <param name="Milestones">In order of time: a cell's milestone is decided after those before it.</param>
public sealed record ReleasePolicy(
    int Version,
    int K,
    int Margin,
    int DistinctL,
    double T,
    double WithholdShare,
    int RemainderMonths,
    Grid Grid,
    IReadOnlyList<string> Milestones);
