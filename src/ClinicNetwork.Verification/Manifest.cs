namespace ClinicNetwork.Verification;

/// <summary>A manifest whose every field was present and within its domain; whether it is true is checked against the rows.</summary>
internal sealed record Manifest
{
    public required string Network { get; init; }
    public required int Batch { get; init; }
    public required string PreviousRoot { get; init; }
    public required string Root { get; init; }
    public required int Rows { get; init; }
    public required int K { get; init; }
    public required int DistinctL { get; init; }

    /// <summary>Position of each <see cref="Column"/> among a row's values.</summary>
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
}

/// <summary>A cell and milestone as published, withdrawn members included.</summary>
internal readonly record struct ManifestCell(ulong Cell, int Milestone, int Members);

/// <summary>A count of persons as a manifest shows it: exact, or only "fewer than k" for 1 to k - 1. Inclusive bounds.</summary>
internal readonly record struct ReportedCount(int Low, int High)
{
    public static ReportedCount FewerThan(int k) => new(1, k - 1);

    /// <summary>A number under k, other than 0, would show a small count.</summary>
    public bool Discloses(int k) => Low == High && Low > 0 && Low < k;

    public bool Meets(int low, int high) => Low <= high && High >= low;
}
