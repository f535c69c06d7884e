using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Support;
using CsCheck;

namespace ClinicNetwork.Domain.Tests.FollowUps;

/// <summary>Random courses in several zones: what a calendar keeps whatever was recorded. CsCheck prints the seed of a failure.</summary>
public sealed class CalendarLawTests
{
    private sealed record Course(string Zone, int StartDay, int[] Gaps, (int Day, int Hour, int Total)[] Answers, (int Day, int Hour, bool Screen)[] Scales, int? End, bool Phases, (int, int) Reads);

    private static readonly string[] Zones = ["Europe/Berlin", "America/New_York", "Africa/Cairo", "Etc/UTC"];

    private static readonly Gen<Course> Courses = Gen.Select(
        Gen.Int[0, Zones.Length - 1].Select(i => Zones[i]),
        Gen.Int[0, 364],
        Gen.Int[1, 12].Array[0, 14],
        Gen.Select(Gen.Int[-40, 300], Gen.Int[0, 23], Gen.Int[0, 27]).Array[0, 25],
        Gen.Select(Gen.Int[-40, 300], Gen.Int[0, 23], Gen.Bool).Array[0, 12],
        Gen.Int[0, 300],
        Gen.Bool,
        Gen.Select(Gen.Int[0, 24 * 500], Gen.Int[0, 24 * 100]))
        .Select((zone, start, gaps, answers, scales, end, phases, reads) => new Course(zone, start, gaps, answers, scales, end < 200 ? null : end, phases, reads));

    [Fact]
    public void A_calendar_keeps_its_laws() => Courses.Sample(
        course =>
        {
            var (state, start) = Read(course);
            var (read, later) = (start.AddDays(302).AddHours(course.Reads.Item1), start.AddDays(302).AddHours(course.Reads.Item1 + course.Reads.Item2));
            var now = FollowUpCalendar.Of(state, read);
            CheckOne(state, now, read);
            CheckOne(state, FollowUpCalendar.Of(state, later), later);
            CheckGrown(now, FollowUpCalendar.Of(state, later));
        },
        iter: 2_000,
        threads: 2);

    /// <summary>At the last fact, and so many hours later up to the end of what is told ahead.</summary>
    [Fact]
    public void The_worklist_shows_what_the_calendar_does_at_any_time_that_follows() => Courses.Sample(
        course =>
        {
            var (state, start) = Read(course);
            for (var day = -40; day <= 490; day += 17)
                OpenVisitLaws.Hold(state, start.AddDays(day).AddHours(course.Reads.Item2 / 7));
        },
        iter: 1_500,
        threads: 2);

    private static void CheckOne(PatientState state, IReadOnlyList<FollowUpVisit> visits, DateTimeOffset now)
    {
        Assert.Distinct(visits.Select(v => (v.Rule.Key, v.Occurrence)));
        foreach (var rule in visits.GroupBy(v => v.Rule))
        {
            Assert.Distinct(rule.Where(v => v.Answer is not null).Select(v => v.Answer!.Value));
            Assert.Distinct(rule.Where(v => v.Check is not null).Select(v => v.Check!.Value));
            var answers = AnswersOf(state, rule.Key);
            foreach (var (visit, next) in rule.Zip(rule.Skip(1)))
                Assert.True(visit.OpensAt < visit.DueBy && visit.DueBy <= next.OpensAt, $"{visit.Rule.Id} {visit.Occurrence} overlaps the next.");
            foreach (var visit in rule)
            {
                bool Holds(DateTimeOffset at) => at >= visit.OpensAt && at < visit.DueBy;
                var expected = rule.Key.Anchor == FollowUpAnchor.BeforeLaterDoses && visit.Occurrence > state.Sessions.Count(s => s.DosedAt is not null);
                Assert.Equal(visit.State == FollowUpState.Done, visit.Answer is not null || visit.Check is not null);
                Assert.Equal(visit.State == FollowUpState.Done, visit.AnsweredAt is not null);
                Assert.Equal(visit.State == FollowUpState.Missed, visit.Missing is not null);
                Assert.True(visit.State == FollowUpState.Done || expected || !answers.Any(Holds), $"{visit.Rule.Id} {visit.Occurrence} has an answer and is {visit.State}.");
                Assert.True(visit.State switch
                {
                    FollowUpState.Upcoming => now < visit.OpensAt,
                    FollowUpState.Due => now >= visit.OpensAt && now < visit.DueBy,
                    FollowUpState.Overdue => now >= visit.DueBy,
                    FollowUpState.Done => Holds(visit.AnsweredAt!.Value) || (rule.Key.LateCounts && visit.AnsweredAt >= visit.DueBy),
                    _ => now >= visit.DueBy || visit.Explained is not null || state.MissedVisits.Any(m => m.Milestone == visit.Milestone) || state.FollowUpMisses.Any(m => m.Visit == visit.Name),
                });
            }
        }
    }

    /// <summary>What was shown is shown with the same window, and goes on: upcoming, due, overdue, missed. Done and missed stay.</summary>
    private static void CheckGrown(IReadOnlyList<FollowUpVisit> before, IReadOnlyList<FollowUpVisit> after)
    {
        var known = after.ToDictionary(v => (v.Rule.Key, v.Occurrence));
        foreach (var visit in before)
        {
            var now = known[(visit.Rule.Key, visit.Occurrence)];
            Assert.Equal((visit.OpensAt, visit.DueBy, visit.Answer, visit.Check), (now.OpensAt, now.DueBy, now.Answer, now.Check));
            Assert.True(Rank(now.State) >= Rank(visit.State));
            Assert.True(visit.State is not (FollowUpState.Done or FollowUpState.Missed) || now == visit);
        }
    }

    private static int Rank(FollowUpState state) => state switch
    {
        FollowUpState.Upcoming => 0,
        FollowUpState.Due => 1,
        FollowUpState.Overdue => 2,
        _ => 3,
    };

    private static DateTimeOffset[] AnswersOf(PatientState state, FollowUpRule rule) =>
        [.. rule.Check is { } kind ? state.SafetyChecks.Where(c => c.Kind == kind).Select(c => c.OccurredAt)
            : rule.Scale == ScaleKind.Phq9 ? state.Assessments.Select(a => a.OccurredAt) : state.AnsweredScales.Where(a => a.Scale == rule.Scale).Select(a => a.OccurredAt)];

    private static (PatientState State, DateTimeOffset Start) Read(Course course)
    {
        var chart = Chart.Planned(course.Zone, new DateOnly(2025, 1, 1).AddDays(course.StartDay));
        if (course.StartDay % 2 == 0)
            chart.Do(new RecordConsultation(Detailed.With(d => d with { Pregnancy = PregnancyPossibility.Possible }), chart.At(-39)));
        var day = 0;
        foreach (var gap in course.Gaps)
        {
            chart.Dose(day, hour: 12);
            day += gap;
        }

        foreach (var (at, hour, total) in course.Answers)
            chart.Answer(at, total, hour, minute: 30);
        foreach (var ((at, hour, screen), i) in course.Scales.Select((s, i) => (s, i)))
            chart.Answered(screen ? ScaleKind.CssrsScreener : ScaleKind.LongTermSafety, $"x-{i}", chart.At(at, hour, 45));
        // The same times again: each kind of check in turn.
        foreach (var ((at, hour, _), i) in course.Scales.Select((s, i) => (s, i)))
            chart.Do(new RecordSafetyCheck(Detailed.Check((SafetyCheckKind)(1 + (i % 4)), $"x-{i}", chart.At(at, hour, 20))));
        if (course.Answers.Length > 10)
            chart.Missed(Milestone.Week8, MissingReason.Unreachable, 100);
        if (course.End is { } end)
            chart.End(end);
        foreach (var (visit, i) in FollowUpCalendar.Of(chart.State, chart.At(50)).Where(v => v.State != FollowUpState.Done && !v.IsSession).Select((v, i) => (v, i)).Where(v => v.i % 5 == course.StartDay % 5))
        {
            if (i % 2 == 0)
                chart.Do(new RecordMissedVisit(default, MissingReason.Declined, chart.At(50), visit.Name));
            else if (chart.Try(new RescheduleVisit(visit.Name, FollowUpCalendar.PlanningDays(chart.State, visit).Last, "Away", chart.At(50))).Accepted)
                chart.Do(new RescheduleVisit(visit.Name, FollowUpCalendar.PlanningDays(chart.State, visit).Last, "Away", chart.At(50)));
        }

        return (course.Phases ? chart.State.WithPhases() : chart.State, chart.At(0));
    }
}
