using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Simulation;
using Xunit.Abstractions;

namespace ClinicNetwork.Domain.Tests.Calibration;

/// <summary>
/// The published rates through the real definitions: cohorts fitted to McInnes 2022 (10.1016/j.jad.2021.12.097) are folded through the
/// domain and read by its outcome definitions. 20 seeds of 600 patients; the published figure lies in the 95 % interval of most.
/// </summary>
public sealed class PublishedRateTests(PublishedRateTests.Cohorts cohorts, ITestOutputHelper output) : IClassFixture<PublishedRateTests.Cohorts>
{
    private const int HeldMin = 14;

    [Fact]
    public void Response_remission_and_worsening_are_those_of_McInnes_2022()
    {
        Assert.True(Held(PublishedFigures.Response, o => o.Response) >= HeldMin);
        Assert.True(Held(PublishedFigures.Remission, o => o.Remission) >= HeldMin);
        Assert.True(Held(PublishedFigures.Worsening, o => o.Worsening) >= HeldMin);
    }

    [Fact]
    public void A_wrong_definition_is_caught_by_its_own_figure()
    {
        Assert.True(Held(PublishedFigures.Remission, o => o.Phq9 <= 5) < HeldMin, "The VA's remission of at most 5 (Pfeiffer 2024) passes for McInnes'.");
        Assert.True(Held(PublishedFigures.Worsening, o => o.Phq9 >= o.BaselinePhq9 + 5) < HeldMin, "A rise of 5 points passes for any worsening.");
        Assert.True(Held(PublishedFigures.Worsening, o => o.Phq9 >= o.BaselinePhq9) < HeldMin, "No change passes for worsening.");
        Assert.True(Held(PublishedFigures.Response, o => o.Phq9 * 4 <= o.BaselinePhq9 * 3) < HeldMin, "A fall of 25 % passes for response.");
    }

    [Fact]
    public void Every_simulated_command_is_accepted_by_the_domain()
    {
        output.WriteLine($"{cohorts.Replay.Commands} commands, {cohorts.Replay.Overrides} held sessions with an override");
        foreach (var ((useCase, reason), count) in cohorts.Replay.Refusals)
            output.WriteLine($"{useCase}: {reason} {count}");

        Assert.Empty(cohorts.Replay.Refusals);
        Assert.True(cohorts.Replay.Overrides > 100, "The simulation meets no pressure above 140/90.");
    }

    [Fact]
    public void Nobody_treated_is_left_out_of_the_denominator() =>
        Assert.All(cohorts.BySeed, cohort => Assert.Equal(600, cohort.Count));

    [Fact]
    public void The_domain_reads_each_measured_patient_as_the_simulation_drew_it() =>
        Assert.All(cohorts.BySeed.SelectMany(c => c), read =>
        {
            var (truth, outcome) = read;
            if (!outcome.Measured)
                return;
            Assert.Equal((truth.BaselinePhq9, truth.EndpointPhq9), (outcome.BaselinePhq9, outcome.Phq9));
            Assert.Equal(truth.Responder, outcome.Response);
        });

    /// <summary>One evaluator: what was stored at the milestone is what the definitions say of the course, and the adapter sees what the events say.</summary>
    [Fact]
    public void Definitions_judge_a_course_as_the_stored_milestone_does() =>
        Assert.All(cohorts.Courses, read =>
        {
            var (series, patient, outcome) = read;
            var judged = OutcomeCatalogue.OfMilestones.Select(d => OutcomeJudging.Judge(d, series, DateOnly.MaxValue)).ToArray();
            Assert.Equal(
                outcome.Measured ? [outcome.Response, outcome.Remission, outcome.Worsening] : [false, false, false],
                judged.Select(j => j.Kind == JudgementKind.Met));
            Assert.All(judged, j => Assert.Equal(outcome.Missing, j.Reason));
            Assert.All(OutcomeCatalogue.All, d => Assert.Equal(
                OutcomeJudging.Judge(d, VirtualSeries.Of(patient), DateOnly.MaxValue) with { Totals = [] }, OutcomeJudging.Judge(d, series, DateOnly.MaxValue) with { Totals = [] }));
        });

    private int Held(PublishedFigure figure, Func<MilestoneOutcome, bool> meets)
    {
        var rates = cohorts.BySeed
            .Select(c => c.Select(r => r.Outcome).Where(o => o.Measured).ToArray())
            .Select(measured => (Count: measured.Count(meets), Of: measured.Length))
            .ToArray();
        var held = rates.Count(r => WilsonInterval.Of95(r.Count, r.Of).Contains(figure.Value));
        output.WriteLine($"{figure.Id} {figure.Value:P1}: in {held} of {rates.Length} intervals; pooled {rates.Sum(r => r.Count) / (double)rates.Sum(r => r.Of):P1} of {rates.Sum(r => r.Of)} measured");
        return held;
    }

    /// <summary>Seeds 1 to 20, drawn and folded once for all tests.</summary>
    public sealed class Cohorts
    {
        public Cohorts() => BySeed = [.. Enumerable.Range(1, 20).Select(Read)];

        /// <summary>End of induction of everybody treated.</summary>
        internal IReadOnlyList<IReadOnlyList<(CourseTruth Truth, MilestoneOutcome Outcome)>> BySeed { get; }

        internal CohortReplay Replay { get; } = new();

        /// <summary>The same patients' courses, as the domain's state gives them.</summary>
        internal List<(CourseSeries Series, VirtualPatient Patient, MilestoneOutcome Outcome)> Courses { get; } = [];

        private List<(CourseTruth, MilestoneOutcome)> Read(int seed)
        {
            var spec = new CohortSpec(600, (ulong)seed, new DateOnly(2025, 1, 6), 112, 12, 4, BaselineTable.Embedded, CourseModel.McInnes2022Fit);
            var read = new List<(CourseTruth, MilestoneOutcome)>();
            foreach (var patient in Cohort.Draw(spec))
            {
                var state = Replay.Replay(patient);
                foreach (var outcome in state.Outcomes.Where(o => o.Milestone == Milestone.EndOfInduction))
                {
                    read.Add((patient.Truth, outcome));
                    Courses.Add((PatientSeries.Of(state)!, patient, outcome));
                }
            }

            return read;
        }
    }
}
