namespace ClinicNetwork.Simulation.Tests;

public class OutcomeClassTests
{
    [Fact]
    public void The_measured_scores_give_the_drawn_class_by_the_published_rules() => Specs.ForEveryPatient((patient, _) =>
    {
        var (baseline, endpoint) = (patient.Truth.BaselinePhq9, patient.Truth.EndpointPhq9);
        var byRule = endpoint > baseline ? OutcomeClass.Worsening
            : endpoint < 5 ? OutcomeClass.Remission
            : 2 * endpoint <= baseline ? OutcomeClass.Response
            : OutcomeClass.NoResponse;
        Assert.Equal(byRule, patient.Truth.Class);
        Assert.InRange(endpoint, 0, 27);
        var measured = patient.All<Phq9Answered>().Where(answered => answered.Purpose == Phq9Purpose.EndOfInduction);
        Assert.All(measured, answered => Assert.Equal(endpoint, answered.Total));
    });

    [Fact]
    public void A_response_holds_until_it_is_lost_and_stays_lost() => Specs.ForEveryPatient((patient, _) =>
        Assert.All(patient.All<Phq9Answered>().Where(answered => answered.Purpose >= Phq9Purpose.Week4), answered =>
        {
            var milestone = Enum.Parse<VirtualMilestone>(answered.Purpose.ToString());
            var holds = patient.Truth.Responder && !(patient.Truth.ResponseLostBy <= milestone);
            Assert.Equal(holds, 2 * answered.Total <= patient.Truth.BaselinePhq9);
        }));

    [Fact]
    public void The_targets_are_met_exactly_over_the_embedded_baseline()
    {
        var chances = OutcomeChances.For(BaselineTable.Embedded, new OutcomeRates());
        Assert.Equal(PublishedFigures.Remission.Value, Mean(chances.Remission), 12);
        Assert.Equal(PublishedFigures.Worsening.Value, Mean(chances.Worsening), 12);
        Assert.Equal(0, chances.Worsening(27));
        Assert.True(chances.Remission(10) > chances.Remission(15) && chances.Remission(15) > chances.Remission(20));
        Assert.Equal(0.5, chances.Remission(20) / chances.Remission(10), 12);
    }

    /// <summary>Nearly all severe: the few moderate ones would need more remission than response, and the rest makes up for it.</summary>
    [Fact]
    public void The_targets_are_met_where_remission_reaches_the_response()
    {
        var severe = new BaselineTable([new BaselineRow(VirtualSex.Male, 40, 10, 1), new BaselineRow(VirtualSex.Male, 40, 22, 99)], 100);
        var chances = OutcomeChances.For(severe, new OutcomeRates());
        Assert.Equal(0.536, chances.Remission(10), 12);
        Assert.Equal(0.289, 0.01 * chances.Remission(10) + 0.99 * chances.Remission(22), 12);
    }

    /// <summary>McInnes 2022: response flat over severity, remission lower when severe.</summary>
    [Fact]
    public void Response_is_flat_over_severity_and_remission_falls()
    {
        var truths = Cohort.Draw(Specs.Demo with { Patients = 40_000 }).Select(patient => patient.Truth).ToList();
        var moderate = truths.Where(truth => truth.BaselinePhq9 < 15).ToList();
        var severe = truths.Where(truth => truth.BaselinePhq9 >= 20).ToList();
        Assert.InRange(Share(moderate, truth => truth.Responder) - Share(severe, truth => truth.Responder), -0.035, 0.035);
        Assert.InRange(Share(moderate, IsRemission) - Share(severe, IsRemission), 0.12, 0.21);

        static bool IsRemission(CourseTruth truth) => truth.Class == OutcomeClass.Remission;
        static double Share(List<CourseTruth> truths, Func<CourseTruth, bool> rule) => truths.Count(rule) / (double)truths.Count;
    }

    private static double Mean(Func<int, double> chance) =>
        Enumerable.Range(10, 18).Sum(score => BaselineTable.Embedded.Share(score) * chance(score));
}
