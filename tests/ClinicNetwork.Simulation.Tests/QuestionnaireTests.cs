namespace ClinicNetwork.Simulation.Tests;

public class QuestionnaireTests
{
    [Fact]
    public void Nine_items_of_0_to_3_make_the_total() => Specs.ForEveryPatient((patient, _) => Assert.All(patient.All<Phq9Answered>(), answered =>
    {
        Assert.Equal(9, answered.Items.Count);
        Assert.All(answered.Items, item => Assert.InRange(item, 0, 3));
        Assert.Equal(answered.Items.Sum(), answered.Total);
    }));

    [Fact]
    public void The_last_questionnaire_before_the_first_dose_is_the_baseline() => Specs.ForEveryPatient((patient, _) =>
    {
        var first = patient.All<SessionGiven>().First();
        var before = patient.Events.TakeWhile(happened => happened != first).OfType<Phq9Answered>().ToList();
        var baseline = before[^1];
        Assert.Equal(Phq9Purpose.Baseline, baseline.Purpose);
        Assert.InRange(first.Day.DayNumber - baseline.Day.DayNumber, 0, 7);
        Assert.Equal(patient.Truth.BaselinePhq9, baseline.Total);
        Assert.InRange(baseline.Total, 10, 27);
        Assert.Single(patient.All<Phq9Answered>(), answered => answered.Purpose == Phq9Purpose.Baseline);
    });

    [Fact]
    public void Each_planned_milestone_is_answered_or_missed_once_inside_its_window() => Specs.ForEveryPatient((patient, spec) =>
    {
        var seen = patient.Events
            .Select(happened => happened switch
            {
                VisitMissed missed => (missed.Milestone, missed.Day),
                Phq9Answered { Purpose: >= Phq9Purpose.EndOfInduction } answered => (Milestone(answered.Purpose), answered.Day),
                _ => ((VirtualMilestone?)null, happened.Day),
            })
            .Where(visit => visit.Item1 is not null)
            .Select(visit => (Milestone: visit.Item1!.Value, After: patient.DaysAfterLastDose(visit.Day)))
            .ToList();
        if (patient.All<TreatmentLeft>().Any())
        {
            Assert.Empty(seen);
            return;
        }
        Assert.Equal(spec.Milestones, seen.Select(visit => visit.Milestone));
        Assert.All(seen, visit => Assert.InRange(visit.After, Window(visit.Milestone).From, Window(visit.Milestone).To));
    });

    [Fact]
    public void Between_last_dose_and_week_4_there_is_at_most_the_one_questionnaire() => Specs.ForEveryPatient((patient, _) =>
        Assert.True(patient.All<Phq9Answered>().Count(answered => patient.DaysAfterLastDose(answered.Day) is >= 1 and < 43) <= 1));

    [Fact]
    public void Before_each_session_from_the_second_at_most_one_is_answered_that_day() => Specs.ForEveryPatient((patient, _) =>
    {
        var sessions = patient.All<SessionGiven>().Skip(1).ToDictionary(session => session.Day);
        var before = patient.All<Phq9Answered>().Where(answered => answered.Purpose == Phq9Purpose.BeforeSession).ToList();
        Assert.Distinct(before.Select(answered => answered.Day));
        Assert.All(before, answered => Assert.True(answered.Time < sessions[answered.Day].Time));
    });

    [Fact]
    public void The_ninth_item_is_the_lowest_but_present()
    {
        var answers = Cohort.Draw(Specs.Demo).SelectMany(patient => patient.All<Phq9Answered>()).ToList();
        var means = Enumerable.Range(0, 9).Select(item => answers.Average(answered => answered.Items[item])).ToList();
        Assert.Equal(means.Min(), means[8]);
        Assert.InRange(means[8], 0.1, 0.8);
    }

    private static VirtualMilestone? Milestone(Phq9Purpose purpose) => Enum.Parse<VirtualMilestone>(purpose.ToString());

    /// <summary>22 + 7 n ± 7 days after the last dose; 14-31 at the end of induction.</summary>
    private static (int From, int To) Window(VirtualMilestone milestone) => milestone switch
    {
        VirtualMilestone.EndOfInduction => (14, 31),
        VirtualMilestone.Week4 => (43, 57),
        VirtualMilestone.Week8 => (71, 85),
        _ => (99, 113),
    };
}
