namespace ClinicNetwork.Verification;

/// <summary>Outcome category of a measured row, in the order in which the first that holds is taken.</summary>
internal enum OutcomeCategory : byte
{
    Worsening,
    Remission,
    Response,
    NoChange,

    /// <summary>Columns that would tell are not among the agreed ones.</summary>
    Unknown,
}

/// <summary>A delivered row as numbers; the codes are those of <see cref="ReleaseFormat.Closed"/>, or <see cref="OutcomeProfile.Hidden"/>.</summary>
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

    /// <summary>Total + 1.</summary>
    public byte Phq9;

    public readonly bool Measured => Status == OutcomeProfile.Measured;

    /// <summary>Of a measured row: docs/release-format.md, "Outcome category".</summary>
    public readonly OutcomeCategory CategoryIn(Bands bands)
    {
        if (bands == Bands.Coarse)
            return Response == OutcomeProfile.Hidden ? OutcomeCategory.Unknown : Response == OutcomeProfile.Yes ? OutcomeCategory.Response : OutcomeCategory.NoChange;
        // Nobody responds who is worse, so that a response tells that much.
        if (Worsening == OutcomeProfile.Hidden && Response != OutcomeProfile.Yes) return OutcomeCategory.Unknown;
        if (Worsening == OutcomeProfile.Yes) return OutcomeCategory.Worsening;
        if (Remission == OutcomeProfile.Hidden) return OutcomeCategory.Unknown;
        if (Remission == OutcomeProfile.Yes) return OutcomeCategory.Remission;
        return Response == OutcomeProfile.Hidden ? OutcomeCategory.Unknown : Response == OutcomeProfile.Yes ? OutcomeCategory.Response : OutcomeCategory.NoChange;
    }

    /// <summary>The contradiction within the row, among the columns that it has, or null.</summary>
    public readonly string? Contradiction(Bands bands)
    {
        if (!Measured)
        {
            if (MissingReason == OutcomeProfile.Empty) return "missing without a reason";
            return Told(Response) || Told(Remission) || Told(Worsening) || Told(Severity) || Told(Phq9) ? "missing with an outcome" : null;
        }

        if (MissingReason != OutcomeProfile.Empty) return "measured with a reason for missing";
        if (bands == Bands.Unknown) bands = IsCoarse || Remission == OutcomeProfile.Empty || Worsening == OutcomeProfile.Empty ? Bands.Coarse : Bands.Full;
        if (Response == OutcomeProfile.Empty || Severity == OutcomeProfile.Empty) return "measured without an outcome";
        return bands == Bands.Coarse ? CoarseContradiction() : FullContradiction();
    }

    private readonly string? FullContradiction()
    {
        if (Remission == OutcomeProfile.Empty || Worsening == OutcomeProfile.Empty) return "measured without an outcome";
        if (IsCoarse) return "a coarse severity in a cell and milestone of full bands";
        if (Worsening == OutcomeProfile.Yes && Response == OutcomeProfile.Yes) return "worsening with response";
        if (Remission == OutcomeProfile.Yes && Severity is not (OutcomeProfile.Minimal or OutcomeProfile.Hidden)) return "remission outside the lowest severity band";
        return Severity != OutcomeProfile.Hidden && Told(Phq9) && Severity != BandOf(Phq9 - 1) ? "a score outside the severity band" : null;
    }

    private readonly string? CoarseContradiction()
    {
        if (Severity is > OutcomeProfile.Empty and < OutcomeProfile.BelowModerate) return "a fine severity in a cell and milestone of coarse bands";
        return Told(Remission) || Told(Worsening) || Told(Phq9) ? "more than a response in a cell and milestone of coarse bands" : null;
    }

    private readonly bool IsCoarse => Severity is OutcomeProfile.BelowModerate or OutcomeProfile.BelowModerate + 1;

    private static bool Told(byte code) => code is not (OutcomeProfile.Empty or OutcomeProfile.Hidden);

    /// <summary>Severity band of a PHQ-9 total (Kroenke 2001, doi:10.1046/j.1525-1497.2001.016009606.x), as a code.</summary>
    private static int BandOf(int total) => total switch { < 5 => 1, < 10 => 2, < 15 => 3, < 20 => 4, _ => 5 };
}

/// <summary>How finely a cell and milestone tells its outcomes.</summary>
internal enum Bands : byte
{
    /// <summary>The manifest does not list it.</summary>
    Unknown,
    Full,
    Coarse,
}
