using ClinicNetwork.Domain.Alerts;
using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.Support;
using CsCheck;

namespace ClinicNetwork.Domain.Tests.Courses;

/// <summary>Courses never mix: each is read as if there were no other. CsCheck prints the seed of a failure.</summary>
public sealed class CourseLawTests
{
    /// <summary>Gaps in days between doses of a course, its answers in days from its first dose, and the days to the end and on to the next course.</summary>
    private sealed record Drawn(int[] Gaps, (int Day, int Total)[] Answers, int EndsAfter, int Pause);

    private static readonly Gen<Drawn> GenCourse = Gen.Select(
        Gen.Int[1, 9].Array[0, 9], Gen.Select(Gen.Int[-45, 130], Gen.Int[0, 24]).Array[0, 12], Gen.Int[1, 60], Gen.Int[0, 60], (gaps, answers, ends, pause) => new Drawn(gaps, answers, ends, pause));

    [Fact]
    public void A_course_is_judged_as_that_of_a_patient_who_has_no_other() =>
        Gen.Select(GenCourse, GenCourse, Gen.Int[1, 700]).Sample((one, two, day) => Hold(one, two, day), iter: 400, threads: 2);

    private static void Hold(Drawn one, Drawn two, int today)
    {
        var firstOfTwo = one.Gaps.Sum() + one.EndsAfter + one.Pause + 1;
        var (dosesOfOne, dosesOfTwo) = (Days(0, one.Gaps), Days(firstOfTwo, two.Gaps));
        var answers = one.Answers.Concat(two.Answers.Select(a => (Day: a.Day + firstOfTwo, a.Total))).DistinctBy(a => a.Day).Where(a => a.Day >= -39).OrderBy(a => a.Day).ToArray();
        var ended = dosesOfOne[^1] + one.EndsAfter;

        var both = Chart.Planned();
        foreach (var day in Enumerable.Range(-45, 900))
        {
            Answer(both, answers, day);
            if (dosesOfOne.Contains(day) || dosesOfTwo.Contains(day))
                both.Dose(day);
            if (day == ended)
                both.End(day, 14).BeginCourse();
        }

        var (alone, fresh) = (Chart.Planned(), Chart.Planned());
        foreach (var day in Enumerable.Range(-45, 900))
        {
            // An answer at 9 on the day of a dose at 10 is before it.
            if (day <= firstOfTwo)
                Answer(alone, answers, day);
            if (dosesOfOne.Contains(day))
                alone.Dose(day);
            if (day == ended)
                alone.End(day, 14);
            if (day >= firstOfTwo - PatientSeries.BaselineDaysMax)
                Answer(fresh, answers, day);
            if (dosesOfTwo.Contains(day))
                fresh.Dose(day);
        }

        var now = both.At(today);
        Assert.Equal(Read(alone.State, now), Read(both.State.InCourse(1), now));
        Assert.Equal(Read(fresh.State, now), Read(both.State.InCourse(2), now));
        var first = both.At(firstOfTwo);
        Assert.Equal(Warnings(fresh.State, first), Warnings(both.State, first));
    }

    private static void Answer(Chart chart, (int Day, int Total)[] answers, int day)
    {
        foreach (var (_, total) in answers.Where(a => a.Day == day))
            chart.Do(new RecordAssessment(new($"a-{day + 100}"), Given.Items(total), chart.At(day, 9)));
    }

    private static int[] Days(int first, int[] gaps)
    {
        var days = new List<int> { first };
        foreach (var gap in gaps)
            days.Add(days[^1] + gap);
        return [.. days];
    }

    /// <summary>Judgements, outcomes, calendar and goals, in lines.</summary>
    private static IEnumerable<string> Read(PatientState state, DateTimeOffset now) =>
    [
        .. OutcomeCatalogue.All.Select(d => OutcomeJudging.Judge(d, PatientSeries.Of(state)!, state.DayOf(now))).Select(j => $"{j.Definition} {j.Kind} {j.Reason} {j.IsFinal} {string.Join(' ', j.Totals)}"),
        .. MilestoneSchedule.All.Select(m => OutcomeEvaluation.Evaluate(state, m)!).Select(o => $"{o.Milestone} {o.Missing} {o.BaselinePhq9} {o.Phq9} {o.Response} {o.Remission} {o.Worsening}"),
        .. FollowUpCalendar.Of(state, now).Where(v => v.Rule.Anchor != FollowUpAnchor.RiskAnswer).Select(v => $"{v.Rule.Key} {v.Occurrence} {v.State} {v.OpensAt:O} {v.DueBy:O} {v.Answer} {v.Missing}"),
        .. state.Plan!.Goals.Select(g => GoalProgress.Of(state, g, now)).Select(g => $"{g.Baseline} {g.Latest} {g.ReachedOn} {g.IsOverdue}"),
    ];

    /// <summary>Of the course that begins here.</summary>
    private static IEnumerable<string> Warnings(PatientState state, DateTimeOffset from) => state.Alerts
        .Where(a => a.Kind is AlertKind.ClinicalWorsening or AlertKind.LossOfResponse)
        .SelectMany(a => a.Causes.Select(cause => (a.Kind, Cause: cause)))
        .Where(a => state.Assessments.Single(s => "assessments/" + s.Id.Value == a.Cause).OccurredAt >= from)
        .Select(a => $"{a.Kind} {a.Cause}").Order(StringComparer.Ordinal);
}
