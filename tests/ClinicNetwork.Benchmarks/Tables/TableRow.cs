using System.Globalization;
using ClinicNetwork.Anonymisation.Tables;

namespace ClinicNetwork.Benchmarks.Tables;

/// <summary>One contender on one case.</summary>
/// <param name="Measures">Null: nothing was published, <paramref name="Problem"/> says why.</param>
/// <param name="Seconds">Least of the rounds; NaN without measures.</param>
/// <param name="CpuSeconds">Of the same round, all threads.</param>
/// <param name="PeakMiB">Highest resident memory of the process during a round, with the table and the runtime.</param>
/// <param name="Reference">NCP of the reference on the same case; NaN when it published nothing.</param>
internal sealed record TableRow(TableCase Case, string Contender, bool IsOurs, TableMeasures? Measures, string? Problem, double Seconds, double CpuSeconds, double PeakMiB, double Reference)
{
    public static readonly IReadOnlyList<string> Columns = ["table", "contender", "NCP", "x reference", "suppressed", "classes", "min class", "s", "CPU s", "peak MiB", "goals"];

    public double Ncp => Measures?.Ncp ?? double.NaN;

    public IReadOnlyList<string> Cells =>
        Measures is not { } m ? [Case.Name, Contender, "-", "-", "-", "-", "-", "-", "-", "-", Problem ?? ""]
        :
        [
            Case.Name, Contender, Number(m.Ncp, "0.0000"), Number(m.Ncp / Reference, "0.00"), Number(m.Suppressed, "N0"), Number(m.Classes, "N0"), Number(m.MinClass, "0"),
            Number(Seconds, "0.000"), Number(CpuSeconds, "0.00"), Number(PeakMiB, "N0"), Problem ?? string.Join(", ", IsOurs ? Case.Goals.Select(Verdict) : []),
        ];

    private string Verdict(TableGoal goal)
    {
        var (name, measured, format) = goal.Of switch
        {
            GoalOf.Ncp => ("NCP", Ncp, "0.0000"),
            GoalOf.Suppressed => ("suppressed", Measures!.Suppressed, "N0"),
            GoalOf.Seconds => ("s", Seconds, "0.00"),
            _ => throw new InvalidOperationException($"{goal.Of} is no goal"),
        };
        return $"{name} ≤ {Number(goal.Most, format)}: {(measured <= goal.Most ? "met" : "**missed**")}";
    }

    private static string Number(double value, string format) => double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "-";
}
