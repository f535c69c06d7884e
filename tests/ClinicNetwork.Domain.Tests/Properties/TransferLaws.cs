using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Domain.Tests.Properties;

/// <summary>The home clinic changes by an acceptance alone, and by one nothing that was recorded before it changes its day.</summary>
internal static class TransferLaws
{
    public static void Hold(PatientState before, object command, PatientState after, DateTimeOffset now)
    {
        if (!before.Exists)
            return;
        Assert.Equal(Enumerable.Range(1, after.Transfers.Length), after.Transfers.Select(t => t.Number));
        Assert.Equal(before.EarlierHomes, after.EarlierHomes.Take(before.EarlierHomes.Length));
        Assert.All(before.Transfers.Zip(after.Transfers), t => Assert.True(t.First == t.Second || t.First.Status == TransferStatus.Offered));
        Assert.True(after.Transfers.Count(t => t.IsOpen(now)) <= 1, "Two offers are open.");
        Assert.DoesNotContain(after.Sites, s => s.Site == after.HomeClinic);
        if (command is not AcceptTransfer accepted)
        {
            Assert.Equal((before.HomeClinic, before.TimeZone, before.RecordNumber, before.EarlierHomes.Length), (after.HomeClinic, after.TimeZone, after.RecordNumber, after.EarlierHomes.Length));
            return;
        }

        Assert.Equal(accepted.Site, after.HomeClinic);
        Assert.Equal(new EarlierHome(before.HomeClinic, before.TimeZone, before.RecordNumber, now), after.EarlierHomes[^1]);
        Assert.DoesNotContain(before.SessionsOfAllCourses(), s => s.CompletedAt is null);
        Assert.All(before.SessionsOfAllCourses(), s => Assert.Equal(before.DayOf(s.StartedAt), s.StartedAt < now ? after.DayOf(s.StartedAt) : before.DayOf(s.StartedAt)));
        Assert.All(before.Assessments.Where(a => a.OccurredAt < now), a => Assert.Equal(before.DayOf(a.OccurredAt), after.DayOf(a.OccurredAt)));
        Assert.Equal(InductionCourse.Of(before), InductionCourse.Of(after));
        Assert.Equal((before.ResearchConsent, before.InPool, before.Outcomes), (after.ResearchConsent, after.InPool, after.Outcomes));
    }
}
