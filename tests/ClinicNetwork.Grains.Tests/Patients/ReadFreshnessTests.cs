using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Grains.Patients;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>A read says which version it shows and whether it was compared with the database; it is never older than asked.</summary>
public sealed class ReadFreshnessTests(TwoClusters shared) : IClassFixture<TwoClusters>
{
    /// <summary>Version 4 was made in the east; the west has known version 3 and was told nothing.</summary>
    private async Task<(IPatientGrain East, IPatientGrain West)> WestIsBehindAsync(string name)
    {
        var east = await shared.East.PlannedAsync(name);
        var west = shared.West.Patient(name);
        Assert.Equal(3, (await west.Read(Replies.Cached)).Version);
        (await east.RecordAssessment(Commands.Assess("a1", 0, 20), Origins.Next())).AcceptedAs(4);
        return (east, west);
    }

    [Fact]
    public async Task A_confirmed_read_sees_what_another_writer_committed()
    {
        var (_, west) = await WestIsBehindAsync("confirmed");
        var reading = await west.Read(Replies.Confirmed);
        Assert.Equal((4L, true), (reading.Version, reading.Confirmed));
        Assert.Single(reading.State!.Assessments);
    }

    [Fact]
    public async Task A_cached_read_may_be_old_and_then_says_that_it_is_not_confirmed()
    {
        var (_, west) = await WestIsBehindAsync("cached");
        var reading = await west.Read(Replies.Cached);
        Assert.False(reading.Confirmed);
        Assert.Equal((3L, 0), (reading.Version, reading.State!.Assessments.Length));
    }

    /// <summary>Nobody is told "there is none" from memory: the cluster that was asked first, when there was none, would say so until it lets go of the patient.</summary>
    [Fact]
    public async Task What_another_cluster_enrolled_planned_and_shared_is_denied_to_nobody()
    {
        var west = shared.West.Patient("denied");
        (await west.Read(Replies.Cached)).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
        var east = await shared.East.EnrolledAsync("denied");
        Assert.NotNull((await west.Read(Replies.Cached)).State);

        var south = Replies.Cached with { Site = Commands.South };
        (await west.Read(south)).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
        (await west.ReadPlan(Replies.Cached)).RefusedAs("PLAN_NOT_FOUND", RefusalKind.NotFound);
        (await east.RecordConsultation(Commands.Consult(), Origins.Next())).AcceptedAs(2);
        (await east.CreatePlan(Commands.CreatePlan(), Origins.Next())).AcceptedAs(3);
        Assert.NotNull((await west.ReadPlan(Replies.Cached)).State);
        (await east.SetSharing(Commands.Share(Domain.Patients.SiteAccess.Read), Origins.Next())).AcceptedAs(4);
        Assert.NotNull((await west.Read(south)).State);
    }

    [Fact]
    public async Task A_read_is_never_older_than_the_version_asked_for()
    {
        var (_, west) = await WestIsBehindAsync("at-least");
        Assert.Equal(3, (await west.Read(Replies.AtLeast(3))).Version);
        var reading = await west.Read(Replies.AtLeast(4));
        Assert.Equal(4, reading.Version);
        Assert.Single(reading.State!.Assessments);
        Assert.Equal(4, (await west.Read(Replies.Cached)).Version);
    }

    [Fact]
    public async Task A_version_that_the_store_does_not_have_is_out_of_range()
    {
        var (_, west) = await WestIsBehindAsync("beyond");
        (await west.Read(Replies.AtLeast(5))).RefusedAs("VERSION_UNKNOWN", RefusalKind.OutOfRange);
        (await west.ReadHistory(Replies.AtLeast(5), 0, 10)).RefusedAs("VERSION_UNKNOWN", RefusalKind.OutOfRange);
        Assert.Equal(4, (await west.Read(Replies.AtLeast(4))).Version);
    }

    [Fact]
    public async Task Many_reads_at_once_catch_up_together_and_see_one_state()
    {
        var (_, west) = await WestIsBehindAsync("together");
        var readings = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => west.Read(i % 2 == 0 ? Replies.Confirmed : Replies.AtLeast(4))));
        Assert.All(readings, r => Assert.Equal((4L, 1), (r.Version, r.State!.Assessments.Length)));
    }

    [Fact]
    public async Task A_read_follows_the_writes_of_the_same_cluster_without_asking()
    {
        var (east, _) = await WestIsBehindAsync("own");
        Assert.Equal(4, (await east.Read(Replies.Cached)).Version);
    }

    [Fact]
    public async Task A_history_tells_the_version_up_to_which_it_goes()
    {
        var (_, west) = await WestIsBehindAsync("history");
        var history = await west.ReadHistory(Replies.Cached, 0, 100);
        Assert.Equal(history.State!.Entries[^1].Version, history.Version);
    }

    [Fact]
    public async Task A_site_revoked_elsewhere_reads_no_history_here()
    {
        var (east, west) = await WestIsBehindAsync("revoked-reader");
        await east.SetSharing(Commands.Share(SiteAccess.Read), Origins.Next());
        Assert.Equal(5, (await west.Read(new(true, 0, Commands.South))).Version);
        await east.SetSharing(Commands.ShareWithNobody(), Origins.Next());
        await east.RecordAssessment(Commands.Assess("secret", 2, 27), Origins.Next());

        // History comes from the database, so the access to it must too.
        var history = await west.ReadHistory(new(false, 0, Commands.South), 0, 100);
        Assert.DoesNotContain(history.State?.Entries ?? [], e => e.Version > 6);
    }
}
