namespace ClinicNetwork.Simulation.Tests;

public class EventOrderTests
{
    [Fact]
    public void Events_are_in_order_at_different_times_on_open_days_in_clinic_hours() => Specs.ForEveryPatient((patient, spec) =>
    {
        var times = patient.Events.Select(happened => happened.Day.ToDateTime(happened.Time)).ToList();
        Assert.Equal(times.Distinct().Order(), times);
        Assert.All(patient.Events, happened =>
        {
            Assert.NotEqual(DayOfWeek.Sunday, happened.Day.DayOfWeek);
            Assert.InRange(happened.Time, new TimeOnly(9, 0), new TimeOnly(17, 0));
            Assert.InRange(happened.Day, spec.FirstDay, spec.LastDay);
        });
    });

    [Fact]
    public void Everybody_is_enrolled_consulted_and_planned_once_before_the_first_dose() => Specs.ForEveryPatient((patient, spec) =>
    {
        var enrolled = Assert.IsType<Enrolled>(patient.Events[0]);
        Assert.InRange(enrolled.Day, spec.FirstDay, spec.FirstDay.AddDays(spec.EnrolmentDays - 1));
        var first = patient.All<SessionGiven>().First();
        VirtualEvent[] intake =
            [enrolled, patient.All<Consulted>().Single(), patient.All<GoalsAgreed>().Single(), patient.All<PlanChosen>().Single()];
        var at = intake.Select(happened => happened.Day.ToDateTime(happened.Time)).ToList();
        Assert.Equal(at.Order(), at);
        Assert.True(at[^1] < first.Day.ToDateTime(first.Time));
        Assert.InRange(first.Day.DayNumber - enrolled.Day.DayNumber, 3, 10);
        Assert.Equal(patient.Treatment, patient.All<PlanChosen>().Single().Treatment);
        Assert.InRange(patient.All<GoalsAgreed>().Single().Goals.Count, 1, 3);
    });

    [Fact]
    public void Who_leaves_had_one_to_three_sessions_and_nothing_after() => Specs.ForEveryPatient((patient, _) =>
    {
        var sessions = patient.All<SessionGiven>().Count();
        if (!patient.All<TreatmentLeft>().Any())
        {
            Assert.Equal(patient.Treatment.Sessions, sessions);
            return;
        }
        Assert.InRange(sessions, 1, 3);
        var left = patient.All<TreatmentLeft>().Single();
        Assert.IsType<TreatmentLeft>(patient.Events.Last(happened => happened is not ResearchConsentWithdrawn));
        Assert.InRange(patient.DaysAfterLastDose(left.Day), 1, 6);
    });
}
