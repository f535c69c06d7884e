using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Releases.Statistics;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Simulation;
using Xunit.Abstractions;

namespace ClinicNetwork.Domain.Tests.Calibration;

/// <summary>Who drops out, at random or by outcome, moves a reported rate by no more than the table says: the rate of the complete cohort lies between the two bounds, and the share is off by at most the share of whom nothing is known.</summary>
public sealed class DropOutTests(ITestOutputHelper output)
{
    private const string End = "END_OF_INDUCTION";
    private const int Patients = 2_000;

    private static readonly int[] Seeds = [1, 2, 3];

    private static readonly VisitRates Nobody = new() { LeftInduction = 0, MissedEndOfInduction = 0 };

    /// <summary>By the name; the ratio says how many times as often a non-responder misses.</summary>
    public static TheoryData<string, double, double, double> DropOuts => new()
    {
        { "at random, few", 0.05, 0.10, 1 },
        { "at random, many", 0.10, 0.40, 1 },
        { "by outcome", 0.08, 0.15, 3 },
        { "by outcome, strongly", 0.08, 0.10, 9 },
        { "by outcome, responders stay away", 0.08, 0.40, 0.1 },
    };

    [Theory]
    [MemberData(nameof(DropOuts))]
    public void A_reported_rate_is_off_by_no_more_than_it_says(string name, double left, double missed, double nonResponderRatio)
    {
        var (rates, farthest) = (0, 0.0);
        foreach (var seed in Seeds)
        {
            foreach (var (complete, reported) in Compared(seed, new() { LeftInduction = left, MissedEndOfInduction = missed, NonResponderMissRatio = nonResponderRatio }))
            {
                Assert.Equal(complete.Released, reported.Released);
                Assert.Null(Broken(complete, reported));
                (rates, farthest) = (rates + 1, Math.Max(farthest, Math.Abs(reported.Share!.Value - complete.Share!.Value)));
            }
        }

        output.WriteLine($"{name}: {rates} rates of {Seeds.Length} cohorts of {Patients}, off by at most {farthest:P1}");
        Assert.True(rates > 60, "Too few groups are compared.");
        Assert.True(nonResponderRatio == 1 || farthest > 0.05, "Dropping out by outcome moves nothing: the comparison shows nothing.");
    }

    /// <summary>The intervals tell of chance alone, so they hold as long as it is chance who is missing.</summary>
    [Fact]
    public void At_random_the_intervals_hold_the_complete_rate_and_by_outcome_they_do_not()
    {
        Assert.InRange(InInterval(1), 0.9, 1);
        Assert.InRange(InInterval(9), 0, 0.5);
    }

    [Fact]
    public void A_table_that_leaves_the_missing_out_of_its_denominator_is_found_out()
    {
        var broken = Seeds
            .SelectMany(seed => Compared(seed, new() { MissedEndOfInduction = 0.15, NonResponderMissRatio = 3 }))
            .Count(pair => Broken(pair.Complete, pair.Reported with { Released = pair.Reported.Known, Missing = 0 }) is not null);
        Assert.True(broken > 60);
    }

    private static double InInterval(double nonResponderRatio)
    {
        var pairs = Seeds.SelectMany(seed => Compared(seed, new() { MissedEndOfInduction = 0.15, NonResponderMissRatio = nonResponderRatio })).Where(p => p.Reported.Released > 500).ToArray();
        return pairs.Count(p => p.Complete.Share >= p.Reported.Interval!.Value.Low && p.Complete.Share <= p.Reported.Interval.Value.High) / (double)pairs.Length;
    }

    /// <summary>Null: the reported rate says enough of what is missing.</summary>
    private static string? Broken(OutcomeShare complete, OutcomeShare reported)
    {
        const double tolerance = 1e-12;
        return complete.Share < reported.LowIfMissing - tolerance || complete.Share > reported.HighIfMissing + tolerance ? "outside the bounds"
            : Math.Abs(reported.Share!.Value - complete.Share!.Value) > reported.UnknownShare + tolerance ? "further off than the unknown share"
            : null;
    }

    /// <summary>Each rate of the table's groups of 50 persons and more: of the whole cohort, and of the same persons when some drop out.</summary>
    private static IEnumerable<(OutcomeShare Complete, OutcomeShare Reported)> Compared(int seed, VisitRates visits)
    {
        var (complete, reported) = (OutcomeTable.Of(Rows(seed, Nobody), [End]), OutcomeTable.Of(Rows(seed, visits), [End]));
        Assert.Equal(complete.Select(Group), reported.Select(Group));
        Assert.All(complete, line => Assert.Equal(0, line.Response.Missing));
        return complete.Zip(reported).Where(pair => pair.First.Response.Released >= 50 && pair.Second.Response.Known > 0).SelectMany<(OutcomeLine First, OutcomeLine Second), (OutcomeShare, OutcomeShare)>(pair =>
        [
            (pair.First.Response, pair.Second.Response), (pair.First.Remission, pair.Second.Remission), (pair.First.Worsening, pair.Second.Worsening),
        ]);
    }

    private static (string, string) Group(OutcomeLine line) => (line.Treatment, line.BaselineSeverity);

    /// <summary>The same persons with the same outcomes whatever the rates: they are drawn apart from who is missing.</summary>
    private static IEnumerable<StatisticRow> Rows(int seed, VisitRates visits) => Cohort
        .Draw(new(Patients, (ulong)seed, new DateOnly(2025, 1, 6), 112, 0, 4, BaselineTable.Embedded, CourseModel.McInnes2022Fit with { Visits = visits }))
        .Select(RowOf);

    private static StatisticRow RowOf(VirtualPatient patient)
    {
        var series = VirtualSeries.Of(patient);
        OutcomeJudgement Judged(OutcomeDefinition definition) => OutcomeJudging.Judge(definition, series, DateOnly.MaxValue);
        bool? Met(OutcomeDefinition definition) => Judged(definition) switch { { Kind: JudgementKind.Met } => true, { Kind: JudgementKind.NotMet } => false, _ => null };
        return new(
            patient.RecordNumber, End, patient.Treatment.Drug.ToString(), Phq9.Name(Phq9.Severity(patient.Truth.BaselinePhq9)), Judged(OutcomeCatalogue.Response).Reason?.ToString() ?? "",
            Met(OutcomeCatalogue.Response), Met(OutcomeCatalogue.Remission), Met(OutcomeCatalogue.AnyWorsening));
    }
}
