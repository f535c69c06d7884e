using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Tests.Properties;

/// <summary>Death stops, pregnancy stops unless it was weighed, and an ended course stays as it was but for late facts; written without the domain's own rules.</summary>
internal static class CourseLaws
{
    public static void Hold(PatientState before, object command, PatientState after)
    {
        CoursesStay(before, command, after);
        if (command is StartSession start)
        {
            Assert.DoesNotContain(before.Losses, l => l.OccurredAt <= start.OccurredAt
                && before.Contacts.All(c => c.Result != ContactResult.Reached || c.OccurredAt < l.OccurredAt || c.OccurredAt > start.OccurredAt));
            Assert.True(!IsPregnant(before, start.OccurredAt) || (start.ActorRoles.HasFlag(Identity.Roles.Clinician) && start.Overrides.Any(o => o.Gate == GateKind.Pregnancy)));
        }

        foreach (var session in All(after))
        {
            Assert.False(session.DosedAt > after.Death?.OccurredAt, "A dose after death.");
            Assert.False(session.StartedAt > after.Death?.OccurredAt, "A session after death.");
        }

        if (command is RecordDose dose && All(after).Single(s => s.Id == dose.Session) is var dosed && IsPregnant(before, dose.OccurredAt))
            Assert.True(dosed.OutsidePlan || before.Monitoring.Any(m => m.Session == dose.Session && m.Overridden.Any(o => o.Gate == GateKind.Pregnancy)));
        if (before.Death is not null)
        {
            Assert.Equal(before.Death, after.Death);
            Assert.Same(before.Plan, after.Plan);
        }

        Assert.True(after.Death is null || after.Alerts.All(a => !a.IsOpen), "An alert of the dead is open.");
    }

    private static void CoursesStay(PatientState before, object command, PatientState after)
    {
        var begun = after.EarlierCourses.Length - before.EarlierCourses.Length;
        Assert.Equal(command is CreatePlan { NewCourse: true } ? 1 : 0, begun);
        Assert.True(begun == 0 || (before.EndedAt is not null && after.EndedAt is null && after.Sessions.IsEmpty && after.Outcomes.IsEmpty && after.MissedVisits.IsEmpty));
        foreach (var (was, now) in before.EarlierCourses.Append(new(before.Plan, before.Sessions, before.MissedVisits, before.Outcomes, before.EndedAt)).Zip(after.EarlierCourses))
        {
            Assert.Same(was.Plan, now.Plan);
            Assert.Equal(was.EndedAt, now.EndedAt);
            Assert.Equal(now.Outcomes.Length, now.Outcomes.DistinctBy(o => o.Milestone).Count());
            // What is taken out, and what is read anew by it, is RetractionIsWhole's.
            if (command is MarkEnteredInError or AmendFact)
                continue;
            Assert.Equal(was.Sessions.Select(s => s.Id), now.Sessions.Select(s => s.Id).Where(id => command is not ReportSession reported || reported.Session.Session != id));
            Assert.Equal(was.MissedVisits, now.MissedVisits);
            Assert.Equal(was.Outcomes, now.Outcomes.Take(was.Outcomes.Length));
        }
    }

    private static bool IsPregnant(PatientState state, DateTimeOffset at) =>
        state.Pregnancies.Where(p => p.Finding <= PregnancyFinding.Ended && p.OccurredAt <= at).OrderBy(p => p.OccurredAt).LastOrDefault() is { } last && last.Finding != PregnancyFinding.Ended;

    private static Session[] All(PatientState state) => [.. state.EarlierCourses.SelectMany(c => c.Sessions), .. state.Sessions];
}
