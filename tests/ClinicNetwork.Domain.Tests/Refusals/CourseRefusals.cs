using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Tests.Courses;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Refusals;

/// <summary>Refusals around courses, death, loss to follow-up and pregnancy.</summary>
internal static class CourseRefusals
{
    private static readonly string TooLong = new('x', 501);

    public static IEnumerable<RefusalCase> All() => [.. NewCourses(), .. Deaths(), .. Losses(), .. Pregnancies()];

    private static IEnumerable<RefusalCase> NewCourses()
    {
        var planned = Chart.Planned();
        yield return RefusalCase.Precondition("TREATMENT_NOT_ENDED", "patient", "in the middle of a course", planned, planned.NewCourse());
        var open = Chart.Planned();
        open.Do(open.Start(0)).End(0, 12);
        yield return RefusalCase.Precondition("SESSION_OPEN", "patient", "a session is open", open, open.NewCourse());
        yield return RefusalCase.Precondition("COURSE_UNKNOWN", "course", "a course that has not begun", planned, new CloseMilestone(Milestone.Week4, 2));
        yield return RefusalCase.Precondition("COURSE_UNKNOWN", "course", "a negative number", planned, new CloseMilestone(Milestone.Week4, -1));
    }

    private static IEnumerable<RefusalCase> Deaths()
    {
        var chart = Chart.Planned().Dose(0);
        var death = chart.Death(1);
        yield return RefusalCase.Invalid("TEXT_INVALID", "note", "501 characters", chart, death with { Note = TooLong });
        yield return RefusalCase.Precondition("DEATH_BEFORE_SESSION", "occurred_at", "before a dose", chart, chart.Death(-1));
        foreach (var one in RefusalCase.OfTime(chart, at => death with { OccurredAt = at }))
            yield return one;

        var died = Chart.Planned();
        died.Do(died.Start(0)).Die(0, 11);
        var completed = Chart.Planned().Dose(0).Die(1);
        yield return RefusalCase.Precondition("PATIENT_DIED", "patient", "twice", died, death);
        yield return RefusalCase.Precondition("PATIENT_DIED", "patient", "a plan", new Chart().Enrol().Consult().Die(0), died.NewCourse() with { NewCourse = false });
        yield return RefusalCase.Precondition("PATIENT_DIED", "patient", "another course", Chart.Planned().End(0).Die(1), died.NewCourse());
        yield return RefusalCase.Precondition("PATIENT_DIED", "patient", "another plan", died, new RevisePlan(died.State.Plan!.Version, null, null, 8, [], "More", 9));
        yield return RefusalCase.Precondition("PATIENT_DIED", "patient", "a session", completed, completed.Start(2));
        yield return RefusalCase.Precondition("PATIENT_DIED", "patient", "a dose", died, new RecordDose(new("s-next"), 40, 40, died.At(0, 12)));
        yield return RefusalCase.Precondition("PATIENT_DIED", "patient", "a discharge", died, new CompleteSession(new("s-next"), Given.Calm, died.At(0, 13)));
        yield return RefusalCase.Precondition("PATIENT_DIED", "patient", "a contact", died, new RecordContact(ContactWay.Phone, ContactResult.Reached, "", died.At(1)));
        yield return RefusalCase.Precondition("PATIENT_DIED", "patient", "a loss", died, new DeclareLost("", died.At(1)));
        yield return RefusalCase.Precondition("PATIENT_DIED", "patient", "a pregnancy", died, new RecordPregnancy(PregnancyFinding.Reported, "", died.At(1)));
    }

    private static IEnumerable<RefusalCase> Losses()
    {
        var chart = Chart.Planned();
        var contact = new RecordContact(ContactWay.Letter, ContactResult.NoAnswer, "", chart.At(0));
        yield return RefusalCase.Invalid("TEXT_INVALID", "note", "501 characters", chart, contact with { Note = TooLong });
        foreach (var one in RefusalCase.OfTime(chart, at => contact with { OccurredAt = at }))
            yield return one;

        var lost = Chart.Planned().Lose(20);
        yield return RefusalCase.Invalid("TEXT_INVALID", "note", "501 characters", chart, new DeclareLost(TooLong, chart.At(0)));
        yield return RefusalCase.Precondition("CONTACTS_TOO_FEW", "patient", "nobody tried", chart, new DeclareLost("", chart.At(0)));
        yield return RefusalCase.Precondition("PATIENT_LOST", "patient", "twice", lost, new DeclareLost("", chart.At(21)));
        yield return RefusalCase.Precondition("PATIENT_LOST", "patient", "a session", lost, lost.Start(21));
        foreach (var one in RefusalCase.OfTime(chart, at => new DeclareLost("", at)))
            yield return one;
    }

    private static IEnumerable<RefusalCase> Pregnancies()
    {
        var chart = Chart.Planned();
        var found = new RecordPregnancy(PregnancyFinding.TestPositive, "", chart.At(0));
        var pregnant = Chart.Planned().Find(PregnancyFinding.Reported, 0);
        yield return RefusalCase.Precondition("PREGNANT", "patient", "a session", pregnant, pregnant.Start(1));
        yield return RefusalCase.Denied("OVERRIDE_NOT_ALLOWED", "patient", "a pregnancy, by nobody in particular", pregnant, pregnant.Start(1) with { Overrides = [new(GateKind.Pregnancy, "Weighed")] });
        yield return RefusalCase.Invalid("TEXT_INVALID", "note", "501 characters", chart, found with { Note = TooLong });
        yield return RefusalCase.Precondition("NOTHING_TO_END", "finding", "no pregnancy", chart, found with { Finding = PregnancyFinding.Ended });
        yield return RefusalCase.Precondition("NOTHING_TO_END", "finding", "before it was found", pregnant, found with { Finding = PregnancyFinding.Ended, OccurredAt = chart.At(-1) });
        yield return RefusalCase.Precondition("NOTHING_TO_END", "finding", "no breastfeeding", chart, found with { Finding = PregnancyFinding.BreastfeedingEnded });
        foreach (var one in RefusalCase.OfTime(chart, at => found with { OccurredAt = at }))
            yield return one;
    }
}
