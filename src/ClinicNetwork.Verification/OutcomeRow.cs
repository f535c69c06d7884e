using System.Numerics;

namespace ClinicNetwork.Verification;

/// <summary>A delivered row as numbers; the codes are those of <see cref="OutcomeProfile.Closed"/>.</summary>
internal record struct OutcomeRow
{
    public UInt128 Pseudonym;
    public ulong Cell;

    /// <summary>The four label numbers, 15 bits each.</summary>
    public ulong QuasiIdentifiers;

    /// <summary>Sum of the four values' losses, 0 to 4.</summary>
    public double Loss;

    /// <summary><c>*</c> in every quasi-identifier.</summary>
    public bool AtRoot;

    public byte Milestone;
    public byte Status;
    public byte MissingReason;
    public byte Response;
    public byte Remission;
    public byte Worsening;
    public byte Severity;

    public readonly bool Measured => Status == OutcomeProfile.Measured;

    /// <summary>
    /// One bit: worsening, else remission, else response, else no change (docs/release-format.md, <c>l_distinct</c>).
    /// </summary>
    public readonly byte OutcomeCategory =>
        Worsening == OutcomeProfile.Yes ? (byte)1
        : Remission == OutcomeProfile.Yes ? (byte)2
        : Response == OutcomeProfile.Yes ? (byte)4
        : (byte)8;

    public static int CategoriesIn(byte set) => BitOperations.PopCount(set);

    /// <summary>The contradiction within the row, or null.</summary>
    public readonly string? Contradiction()
    {
        if (!Measured)
        {
            if (MissingReason == OutcomeProfile.Empty) return "missing without a reason";
            return (Response | Remission | Worsening | Severity) == OutcomeProfile.Empty ? null : "missing with an outcome";
        }

        if (MissingReason != OutcomeProfile.Empty) return "measured with a reason for missing";
        if (Math.Min(Math.Min(Response, Remission), Math.Min(Worsening, Severity)) == OutcomeProfile.Empty)
            return "measured without an outcome";
        if (Worsening == OutcomeProfile.Yes && Response == OutcomeProfile.Yes) return "worsening with response";
        return Remission == OutcomeProfile.Yes && Severity != OutcomeProfile.Minimal ? "remission outside the lowest severity band" : null;
    }
}
