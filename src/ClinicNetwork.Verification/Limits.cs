namespace ClinicNetwork.Verification;

/// <summary>
/// Bounds on what the verifier reads. A release beyond one of them is refused under <see cref="Rules.Format"/> (or the rule named), never
/// truncated silently. Memory grows with persons and cells (some 60 bytes a person), not with the bytes of a file.
/// </summary>
public static class Limits
{
    /// <summary>Longest line of rows.ndjson in bytes, without its line end. A row of the profile takes some 350.</summary>
    public const int LineBytesMax = 64 * 1024;

    /// <summary>Largest manifest.json in bytes: some 200,000 cells and milestones.</summary>
    public const int ManifestBytesMax = 16 * 1024 * 1024;

    /// <summary>Largest re-key list in bytes: some 900,000 pairs.</summary>
    public const int RekeyBytesMax = 64 * 1024 * 1024;

    /// <summary>Largest network-key.pem in bytes; a P-256 public key takes 178.</summary>
    public const int KeyBytesMax = 4 * 1024;

    /// <summary>Most rows in one batch.</summary>
    public const int RowsMax = 50_000_000;

    /// <summary>Most batches in one folder.</summary>
    public const int BatchesMax = 99_999;

    /// <summary>Most leaves of one hierarchy; more is refused as <see cref="Rules.Hierarchy"/>.</summary>
    public const int LeavesMax = 10_000;

    /// <summary>Most levels of one hierarchy, the root's included.</summary>
    public const int LevelsMax = 16;

    /// <summary>
    /// Most different labels of one quasi-identifier over all batches: 15 bits, so that four of them and a milestone fit one 64-bit key.
    /// </summary>
    public const int LabelsMax = 32_767;

    /// <summary>Most findings in a report; <see cref="VerificationReport.MoreFindings"/> says that there were more.</summary>
    public const int FindingsMax = 100;

    /// <summary>Most findings of one rule, so that a flood of one does not hide the others.</summary>
    public const int FindingsPerRuleMax = 20;

    /// <summary>
    /// Smallest k a manifest of this profile may state, in persons. CMS shows no cell of 1 to 10 (cell size suppression policy); EMA Policy
    /// 0070's risk threshold 0.09 is 1/11.
    /// </summary>
    public const int KMin = 11;

    /// <summary>
    /// Most that an attack may succeed more often on a release's persons than on others, upper bound of the 95 % interval (docs/release-format.md, <c>RED_TEAM</c>).
    /// </summary>
    public const double ExcessMax = 0.05;
}
