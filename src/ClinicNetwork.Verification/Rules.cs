namespace ClinicNetwork.Verification;

/// <summary>The stable names of what is refused: docs/release-format.md, "What the verifier refuses".</summary>
public static class Rules
{
    public const string Signature = "SIGNATURE";
    public const string Format = "FORMAT";
    public const string Rows = "ROWS";
    public const string Root = "ROOT";
    public const string Hierarchy = "HIERARCHY";
    public const string CellSize = "CELL_SIZE";
    public const string CellUniform = "CELL_UNIFORM";
    public const string ClassSize = "CLASS_SIZE";
    public const string PersonOnce = "PERSON_ONCE";
    public const string Membership = "MEMBERSHIP";
    public const string Diversity = "DIVERSITY";
    public const string TCloseness = "T_CLOSENESS";
    public const string Consistent = "CONSISTENT";
    public const string Measures = "MEASURES";
    public const string Tombstone = "TOMBSTONE";
    public const string RedTeam = "RED_TEAM";
    public const string Chain = "CHAIN";
    public const string PseudonymShared = "PSEUDONYM_SHARED";
    public const string RootCell = "ROOT_CELL";

    /// <summary>Other persons than <see cref="Expected.Persons"/>.</summary>
    public const string Coverage = "COVERAGE";
}
