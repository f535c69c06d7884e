using System.Globalization;

namespace ClinicNetwork.Simulation;

/// <summary>What to draw. Equal specs give equal cohorts, on any thread, culture and platform.</summary>
/// <param name="Patients">1 to 100,000. A longer cohort of the same seed starts with the shorter one.</param>
/// <param name="FirstDay">First day of enrolment, 2000-01-01 to 2099-12-31.</param>
/// <param name="EnrolmentDays">1 to 3,660 calendar days; patients are spread evenly over the open ones (not Sunday).</param>
/// <param name="FollowUpWeeks">0 to 12 after the end of induction: milestones (4, 8, 12) up to here are planned;
/// the end of induction always is.</param>
/// <param name="Clinics">1 to 1,000; everybody comes to one of them with equal chance.</param>
public sealed record CohortSpec(
    int Patients, ulong Seed, DateOnly FirstDay, int EnrolmentDays, int FollowUpWeeks, int Clinics, BaselineTable Baseline,
    CourseModel Course)
{
    /// <summary>No event lies after this day.</summary>
    public DateOnly LastDay
    {
        get
        {
            var afterLastDose = Milestones.Max(milestone => MilestoneVisit.LatestDay(milestone));
            return FirstDay.AddDays(EnrolmentDays - 1 + IntakeCalendar.FirstDoseDaysMax + InductionSchedule.SpanDaysMax + afterLastDose);
        }
    }

    /// <summary>In order of time.</summary>
    public IReadOnlyList<VirtualMilestone> Milestones =>
        [.. Enum.GetValues<VirtualMilestone>().Where(milestone => MilestoneVisit.Weeks(milestone) <= FollowUpWeeks)];

    /// <summary>Everything that keeps this from being drawn; empty if nothing does.</summary>
    public IReadOnlyList<SpecProblem> Problems()
    {
        var problems = new List<SpecProblem>();
        Check("patients", Patients, 1, 100_000);
        Check("enrolment_days", EnrolmentDays, 1, 3_660);
        Check("follow_up_weeks", FollowUpWeeks, 0, 12);
        Check("clinics", Clinics, 1, 1_000);
        if (FirstDay.Year is < 2000 or > 2099)
            problems.Add(new SpecProblem("first_day", "a day from 2000-01-01 to 2099-12-31"));
        else if (EnrolmentDays == 1 && !OpenDays.IsOpen(FirstDay))
            problems.Add(new SpecProblem("first_day", "the clinic is closed on Sunday; take another day or more enrolment days"));
        problems.AddRange(Course.Problems());
        if (problems.Count == 0 && OutcomeChances.Problem(Baseline, Course.Outcomes) is { } unreachable)
            problems.Add(unreachable);
        return problems;

        void Check(string field, int value, int low, int high)
        {
            if (value < low || value > high)
                problems.Add(new SpecProblem(field, string.Create(CultureInfo.InvariantCulture, $"a whole number from {low} to {high}")));
        }
    }
}
