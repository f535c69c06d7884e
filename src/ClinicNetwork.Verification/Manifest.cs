namespace ClinicNetwork.Verification;

/// <summary>A manifest whose every field was present and within its domain; whether it is true is checked against the rows.</summary>
internal sealed record Manifest
{
    public required ReleaseFormat Format { get; init; }
    public required string Network { get; init; }
    public required int Batch { get; init; }
    public required string PreviousRoot { get; init; }
    public required string Root { get; init; }
    public required int Rows { get; init; }
    public required int K { get; init; }
    public required int DistinctL { get; init; }

    /// <summary>Position of each <see cref="Column"/> among a row's values; -1: the agreement does not name it.</summary>
    public required int[] Positions { get; init; }

    /// <summary>In the order of <see cref="OutcomeProfile.QuasiIdentifiers"/>.</summary>
    public required Hierarchy[] Hierarchies { get; init; }

    public required IReadOnlyList<ManifestCell> Cells { get; init; }
    public required int Persons { get; init; }
    public required int Classes { get; init; }
    public required int ClassMin { get; init; }
    public required double Ncp { get; init; }
    public required double RiskMax { get; init; }
    public required double RiskAvg { get; init; }
    public required int LDistinct { get; init; }
    public required int Suppressed { get; init; }
    public required string Waiting { get; init; }
    public required int WithheldCells { get; init; }

    /// <summary>In the order of <see cref="OutcomeProfile.MissingReasons"/>.</summary>
    public required ReportedCount[] Missing { get; init; }

    /// <summary>What version 2 adds; null in version 1.</summary>
    public ManifestExchange? Exchange { get; init; }

    /// <summary>Number of the network-wide publication day; version 1 had one recipient, whose batches were the publications.</summary>
    public int Publication => Exchange?.Publication ?? Batch;

    public int Width => Positions.Count(position => position >= 0);

    /// <summary>Rows that replace rows of earlier batches, in order of their number.</summary>
    public IReadOnlyList<Correction> Corrections => Exchange?.Corrections ?? [];
}

/// <summary>What a manifest of version 2 says beyond version 1.</summary>
/// <param name="Publication">Number of the network-wide publication day.</param>
/// <param name="T">Most that a cell and milestone of full bands may be away from its reference, 0 to 1.</param>
/// <param name="Reference">Shares by milestone, in the order of <see cref="OutcomeCategory"/>; null for a milestone without.</param>
internal sealed record ManifestExchange(
    string Recipient,
    int Publication,
    double T,
    double TMax,
    double[]?[] Reference,
    IReadOnlyList<(int Batch, int Row)> Tombstones,
    IReadOnlyList<Correction> Corrections,
    IReadOnlyList<AttackClaim> Attacks);

/// <summary>Row <paramref name="Row"/> of this batch replaces row <paramref name="Of"/> of an earlier <paramref name="Batch"/>.</summary>
internal readonly record struct Correction(int Row, int Batch, int Of);

/// <summary>What a manifest says of one attack.</summary>
internal readonly record struct AttackClaim(string Verdict, double ExcessHigh);

/// <summary>A cell and milestone as published, withdrawn members included.</summary>
internal readonly record struct ManifestCell(ulong Cell, int Milestone, int Members, Bands Bands);

/// <summary>A count of persons as a manifest shows it: exact, or only "fewer than k" for 1 to k - 1. Inclusive bounds.</summary>
internal readonly record struct ReportedCount(int Low, int High)
{
    public static ReportedCount FewerThan(int k) => new(1, k - 1);

    /// <summary>A number under k, other than 0, would show a small count.</summary>
    public bool Discloses(int k) => Low == High && Low > 0 && Low < k;

    public bool Meets(int low, int high) => Low <= high && High >= low;
}
