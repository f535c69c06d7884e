namespace ClinicNetwork.Anonymisation;

/// <summary>A release profile's rules: named, versioned data.</summary>
/// <param name="K">Persons a released cell has at least; 11 = EMA Policy 0070's threshold of 0.09 and CMS' smallest cell ([K] both).</param>
/// <param name="Margin">Persons beyond <paramref name="K"/> that a cell needs when formed, so that withdrawals do not retire it at once.</param>
/// <param name="DistinctL">Distinct sensitive values among the measured members of a cell and milestone, at least.</param>
/// <param name="WithholdShare">Share of cell-milestones withheld by keyed hash, 0 to 1, so that withholding for lack of diversity tells nothing.</param>
/// <param name="PolicyText">The policy it follows, for the manifest.</param>
public sealed record ReleasePolicy(
    string Profile,
    int Version,
    int K,
    int Margin,
    int DistinctL,
    double WithholdShare,
    string PolicyText,
    Grid Grid,
    IReadOnlyList<string> Columns,
    IReadOnlyList<string> Milestones);
