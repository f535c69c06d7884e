namespace ClinicNetwork.Domain.Releases.Statistics;

/// <summary>What a table is computed from: one released row as its recipient has it, and nothing else. A value that the recipient was not given is null.</summary>
/// <param name="Treatment">As published: a node of the grid.</param>
/// <param name="BaselineSeverity">Likewise.</param>
/// <param name="MissingReason">Empty: measured.</param>
/// <param name="Response">Null: missing, or not among the agreement's fields; the same for the others, and for coarse bands.</param>
public sealed record StatisticRow(
    string Pseudonym, string Milestone, string Treatment, string BaselineSeverity, string MissingReason, bool? Response, bool? Remission, bool? Worsening)
{
    public bool Measured => MissingReason.Length == 0;

    /// <summary>Without the values.</summary>
    public override string ToString() => nameof(StatisticRow);
}
