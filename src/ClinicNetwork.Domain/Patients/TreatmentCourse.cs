using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;

namespace ClinicNetwork.Domain.Patients;

/// <summary>A course of treatment that another one followed, as it was when it ended; what is recorded late about it is added.</summary>
/// <param name="Plan">Null when treatment ended before there was one.</param>
[GenerateSerializer, Immutable, Alias("treatment-course")]
public sealed record TreatmentCourse(
    [property: Id(0)] Plan? Plan,
    [property: Id(1)] ImmutableArray<Session> Sessions,
    [property: Id(2)] ImmutableArray<MissedVisit> MissedVisits,
    [property: Id(3)] ImmutableArray<MilestoneOutcome> Outcomes,
    [property: Id(4)] DateTimeOffset? EndedAt)
{
    [Id(5)] public ImmutableArray<FollowUpMiss> FollowUpMisses { get; init; } = [];

    [Id(6)] public ImmutableArray<PlannedVisit> PlannedVisits { get; init; } = [];

    /// <summary>Why visits were not answered: the patient's explanations up to this number are of this course and those before it.</summary>
    [Id(7)] public int Explanations { get; init; }

    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(TreatmentCourse);
}

/// <summary>
/// The present course followed one that had ended: what the state says of plan, sessions, missed visits, outcomes and the end begins anew, and the course before is kept whole.
/// <see cref="PlanCreated"/> comes after it in the same command.
/// </summary>
/// <param name="Number">2..n of this patient; the first course begins without an event.</param>
[GenerateSerializer, Immutable, Alias("course-began")]
public sealed record CourseBegan([property: Id(0)] int Number, [property: Id(1)] DateTimeOffset OccurredAt) : IEvent;

/// <summary>As <see cref="MilestoneClosed"/>, which is of the first course.</summary>
/// <param name="Course">2..n of this patient.</param>
[GenerateSerializer, Immutable, Alias("course-milestone-closed")]
public sealed record CourseMilestoneClosed([property: Id(0)] int Course, [property: Id(1)] MilestoneOutcome Outcome) : IEvent;

/// <summary>A patient's courses. The present one is the state itself; any other is seen as the state that it would be, so that whatever reads a course reads each of them.</summary>
public static class Courses
{
    /// <summary>Number of the present course, 1..n.</summary>
    public static int CourseNumber(this PatientState state) => state.EarlierCourses.Length + 1;

    /// <summary>
    /// The patient in one course. Answers from the first dose of a later course on are not of it; the last ones before that dose can be the end of one course and the
    /// baseline of the next. Readings, side effects, alerts and all that is no course's stay.
    /// </summary>
    /// <param name="number">1 to <see cref="CourseNumber"/>.</param>
    public static PatientState InCourse(this PatientState state, int number)
    {
        if (number == state.CourseNumber())
        {
            return state;
        }

        var course = state.EarlierCourses[number - 1];
        var next = state.EarlierCourses.Skip(number).SelectMany(c => c.Sessions).Concat(state.Sessions).Min(s => s.DosedAt);
        return state with
        {
            Plan = course.Plan,
            Sessions = course.Sessions,
            MissedVisits = course.MissedVisits,
            Outcomes = course.Outcomes,
            EndedAt = course.EndedAt,
            FollowUpMisses = course.FollowUpMisses,
            PlannedVisits = course.PlannedVisits,
            Voice = state.Voice with { Explanations = state.Voice.Explanations.RemoveAll(e => e.Number > course.Explanations) },
            EarlierCourses = state.EarlierCourses[..(number - 1)],
            Assessments = next is null ? state.Assessments : state.Assessments.RemoveAll(a => a.OccurredAt >= next),
            AnsweredScales = next is null ? state.AnsweredScales : state.AnsweredScales.RemoveAll(a => a.OccurredAt >= next),
        };
    }

    /// <summary>The patient in the course of a session; in the present one when there is no such session.</summary>
    public static PatientState InCourseOf(this PatientState state, SessionId session)
    {
        for (var number = 1; number < state.CourseNumber(); number++)
        {
            if (state.EarlierCourses[number - 1].Sessions.Any(s => s.Id == session))
            {
                return state.InCourse(number);
            }
        }

        return state;
    }

    /// <summary>Why visits of the present course were not answered.</summary>
    public static IEnumerable<VisitExplanation> ExplanationsOfCourse(this PatientState state) =>
        state.EarlierCourses is [.., var before] ? state.Voice.Explanations.Where(e => e.Number > before.Explanations) : state.Voice.Explanations;

    /// <summary>Of every course, in order of courses.</summary>
    public static IEnumerable<Session> SessionsOfAllCourses(this PatientState state) => state.EarlierCourses.SelectMany(c => c.Sessions).Concat(state.Sessions);

    /// <summary>Without one session, of whatever course.</summary>
    internal static PatientState WithoutSession(this PatientState state, SessionId session) => state with
    {
        Sessions = state.Sessions.RemoveAll(s => s.Id == session),
        EarlierCourses = [.. state.EarlierCourses.Select(c => c.Sessions.Any(s => s.Id == session) ? c with { Sessions = c.Sessions.RemoveAll(s => s.Id == session) } : c)],
    };

    /// <summary>With a session again, in the course of its time.</summary>
    internal static PatientState WithSessionOf(this PatientState state, Session session)
    {
        for (var i = 0; i < state.EarlierCourses.Length; i++)
        {
            if (session.StartedAt <= state.EarlierCourses[i].EndedAt)
            {
                return state with { EarlierCourses = state.EarlierCourses.SetItem(i, state.EarlierCourses[i] with { Sessions = state.EarlierCourses[i].Sessions.Add(session) }) };
            }
        }

        return state with { Sessions = state.Sessions.Add(session) };
    }

    /// <summary>Closed milestones of the first course: a person is in one cell of releases for ever, by that one.</summary>
    public static ImmutableArray<MilestoneOutcome> OutcomesOfFirstCourse(this PatientState state) =>
        state.EarlierCourses is [var first, ..] ? first.Outcomes : state.Outcomes;
}
