namespace ClinicNetwork.Benchmarks.Rig;

/// <summary>How much and how long.</summary>
/// <param name="Lines">Names of the lines to measure.</param>
/// <param name="Rounds">Of each contender; the median counts. 1 to 99.</param>
/// <param name="Window">Measured time of a round; 1 s to 10 min.</param>
internal sealed record Settings(IReadOnlyList<string> Lines, int Rounds, TimeSpan Window, bool Short)
{
    /// <summary>Where databases, keys and data folders lie; null: a new folder below the temporary one, removed at the end.</summary>
    public string? Folder { get; init; }

    public string? JsonFile { get; init; }

    public string? MarkdownFile { get; init; }

    /// <summary>Left out of every round.</summary>
    public TimeSpan WarmUp => TimeSpan.FromSeconds(Math.Clamp(Window.TotalSeconds / 4, 0.5, 3));

    /// <summary>Patients in use that calls are spread over.</summary>
    public int Patients { get; init; } = Short ? 500 : 4_000;

    /// <summary>Active patients whose memory is measured.</summary>
    public int PatientsActive { get; init; } = Short ? 4_000 : 100_000;

    /// <summary>Patients of the large network in the comparison of latencies.</summary>
    public int PatientsMany { get; init; } = Short ? 8_000 : 200_000;

    /// <summary>Patients of the small one.</summary>
    public int PatientsFew { get; init; } = Short ? 500 : 2_000;

    /// <summary>Patients that are activated for the first time, with and without a snapshot.</summary>
    public int PatientsCold { get; init; } = Short ? 200 : 1_000;

    /// <summary>Streams of intake.</summary>
    public int Streams { get; init; } = 8;
}
