using System.Globalization;
using ClinicNetwork.Simulation;

namespace ClinicNetwork.Cli.Demo;

/// <summary>What <c>clinicnet demo</c> was asked for.</summary>
/// <param name="Baseline">Where sex, age and baseline PHQ-9 are drawn from.</param>
/// <param name="Folder">Null takes a new temporary folder, removed at the end.</param>
/// <param name="Port">0 takes any free one.</param>
internal sealed record DemoSettings(
    int Patients, ulong Seed, BaselineTable Baseline, string BaselineName, bool Keep, string? Folder, int Port)
{
    /// <summary>First day of enrolment; the store's clock starts there at 05:00 UTC.</summary>
    internal static DateOnly FirstDay { get; } = new(2025, 7, 1);

    internal static DateTimeOffset Start { get; } = new(2025, 7, 1, 5, 0, 0, TimeSpan.Zero);

    /// <summary>A day after the publication day that ends the half-year.</summary>
    internal static DateTimeOffset End { get; } = new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Sixteen weeks: the last one enrolled reaches the end of induction before <see cref="End"/>.</summary>
    internal const int EnrolmentDays = 112;

    /// <summary>The server's command line: a test store with a manual clock, where one client plays all clinics as fast as it can.</summary>
    internal static string[] Server(string folder, int port) =>
    [
        "--ClinicNetwork:Folder", folder, "--ClinicNetwork:Port", port.ToString(CultureInfo.InvariantCulture),
        "--clock", "manual", "--ClinicNetwork:ClockStart", Start.ToString("O", CultureInfo.InvariantCulture),
        "--ClinicNetwork:CallsPerSecondMax", "100000",
    ];

    /// <summary>
    /// Nobody changes the home clinic: the contract has no transfer yet. Everything else is the default course.
    /// </summary>
    internal CohortSpec Cohort => new(
        Patients, Seed, FirstDay, EnrolmentDays, FollowUpWeeks: 12, DemoClinic.All.Count, Baseline,
        CourseModel.McInnes2022Fit with { Participation = new ParticipationRates { Transferred = 0 } });
}
