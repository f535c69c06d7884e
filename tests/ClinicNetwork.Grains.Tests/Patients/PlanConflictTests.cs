using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>Proposals of two sites over the journal: who and where come from the connection, and nothing is lost or done twice.</summary>
public sealed class PlanConflictTests(SharedNetwork shared) : IClassFixture<SharedNetwork>
{
    private ClusterUnderTest Cluster => shared.Network.Cluster;

    private static ProposeRevision Propose(long baseVersion, double mgPerKg) => new(new(baseVersion, mgPerKg, null, null, [], "little effect"), Commands.OnDay(-1));

    [Fact]
    public async Task A_conflict_its_alert_and_its_resolution_are_in_the_record_with_who_and_where()
    {
        var patient = await Cluster.PlannedAsync("conflict");
        (await patient.SetSharing(Commands.Share(SiteAccess.Write), Origins.Next())).AcceptedAs(4);
        (await patient.RevisePlan(Commands.RevisePlan(3), Origins.Next(Commands.North))).AcceptedAs(5);
        var origin = Origins.Next(Commands.South);
        var found = (await patient.ProposeRevision(Propose(3, 0.75), origin)).AcceptedAs(6);
        Assert.Equal((ProposalOutcome.Conflict, Commands.South, Commands.North), (found.Outcome, found.Conflict!.Proposed.RevisedFrom, found.Conflict.Against.Single().Site));
        Assert.Equal(Structure.Describe(found), Structure.Describe((await patient.ProposeRevision(Propose(3, 0.75), origin)).AcceptedAs(6)));
        Assert.Equal(["PlanConflictFound", "AlertRaised"], (await patient.ReadHistory(Replies.Confirmed, 5, 10)).State!.Entries.Single().Events);
        Assert.Equal(Structure.Describe(found.Conflict), Structure.Describe((await patient.ReadPlan(Replies.Confirmed)).State!.OpenConflicts!.Single()));
        (await patient.StartSession(Commands.StartSession("s0", 0), Origins.Next())).RefusedAs("PLAN_CONFLICT", RefusalKind.Precondition);

        await Cluster.DeactivateAsync(patient);
        var plan = (await patient.ResolvePlanConflict(new(1, PlanChoice.Proposed, "agreed", 5), Origins.Next(Commands.South))).AcceptedAs(7).Plan;
        Assert.Equal((3, 7L, 0.75, Commands.South), (plan.Revision, plan.Version, plan.DoseMgPerKg, plan.RevisedFrom));
        (await patient.ResolvePlanConflict(new(1, PlanChoice.Present, "agreed", 5), Origins.Next(Commands.North))).RefusedAs("PLAN_CONFLICT_CLOSED", RefusalKind.Precondition);
        Assert.Equal(["PlanConflictResolved", "PlanRevised", "AlertClosed"], (await patient.ReadHistory(Replies.Confirmed, 6, 10)).State!.Entries.Single().Events);
        Assert.Empty((await patient.ReadPlan(Replies.Confirmed)).State!.OpenConflicts!);
        (await patient.StartSession(Commands.StartSession("s0", 0), Origins.Next())).AcceptedAs(8);
    }

    [Fact]
    public async Task A_site_that_may_only_read_neither_proposes_nor_resolves()
    {
        var patient = await Cluster.PlannedAsync("read-only");
        (await patient.SetSharing(Commands.Share(SiteAccess.Read), Origins.Next())).AcceptedAs(4);
        (await patient.ProposeRevision(Propose(3, 0.75), Origins.Next(Commands.South))).RefusedAs("SITE_READ_ONLY", RefusalKind.Denied);
        (await patient.ResolvePlanConflict(new(1, PlanChoice.Present, "agreed", 3), Origins.Next(Commands.South))).RefusedAs("SITE_READ_ONLY", RefusalKind.Denied);
    }
}
