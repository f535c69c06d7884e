namespace ClinicNetwork.Verification;

/// <summary>What a verification decided, why, and the figures it recomputed.</summary>
/// <param name="Findings">The reasons to refuse, in the order met; at most <see cref="Limits.FindingsMax"/>.</param>
/// <param name="MoreFindings">More were found than are listed.</param>
/// <param name="Figures">Recomputed from what could be read; only meaningful when <see cref="Accepted"/>.</param>
public sealed record VerificationReport(IReadOnlyList<Finding> Findings, bool MoreFindings, ReleaseFigures Figures)
{
    /// <summary>Nothing was found: every rule of docs/release-format.md holds.</summary>
    public bool Accepted => Findings.Count == 0;
}
