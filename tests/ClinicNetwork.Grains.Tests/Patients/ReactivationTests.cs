using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>State lies in the journal: what a new activation knows is what the old one knew.</summary>
public sealed class ReactivationTests
{
    /// <summary>Every kind of event that a site can cause, in one patient.</summary>
    private static async Task<Grains.Patients.IPatientGrain> LiveAsync(ClusterUnderTest cluster, string name)
    {
        var patient = await cluster.PlannedAsync(name);
        await patient.RevisePlan(Commands.RevisePlan(3), Origins.Next());
        await patient.SetSharing(Commands.Share(SiteAccess.Read), Origins.Next());
        await patient.SetResearchConsent(Commands.Consent(RecipientClass.ResearchRegistry), Origins.Next());
        await patient.RecordAssessment(Commands.Assess("a0", -1, 22), Origins.Next());
        await patient.TreatAsync(0, 3);
        await patient.RecordSideEffect(Commands.RecordSideEffect("s3", 3), Origins.Next());
        await patient.StartSession(Commands.StartSession("s7", 7), Origins.Next());
        await patient.RecordMissedVisit(new(Milestone.EndOfInduction, MissingReason.Unreachable, Commands.OnDay(40)), Origins.Next());
        await patient.EndTreatment(new("moved away", Commands.OnDay(41)), Origins.Next());
        return patient;
    }

    [Theory]
    [InlineData(10_000, 10_000, 0, 0)] // none
    [InlineData(1, 10_000, 1, 17)] // after each version, as far as the one before was written by then
    [InlineData(5, 10_000, 5, 17)] // now and then
    [InlineData(10_000, 1, 17, 17)] // when the activation goes
    public async Task A_new_activation_knows_what_the_old_one_knew(int every, int whenIdle, long snapshotMin, long snapshotMax)
    {
        await using var network = await NetworkUnderTest.CreateAsync(new() { SnapshotEveryVersions = every, SnapshotWhenIdleVersions = whenIdle });
        var patient = await LiveAsync(network.Cluster, "live");
        var before = await patient.StandsAtAsync();
        Assert.Equal(17, before.Version);
        network.Journal.ForgetReads();
        await network.Cluster.DeactivateAsync(patient);

        var after = await patient.StandsAtAsync();
        Assert.Equal((before.Version, Structure.Describe(before.State)), (after.Version, Structure.Describe(after.State)));

        // It was read anew, from the snapshot on: the row that the snapshot was made from, and what came later.
        var snapshotVersion = (await network.Cluster.ReadSnapshotAsync(patient))?.Version ?? 0;
        Assert.InRange(snapshotVersion, snapshotMin, snapshotMax);
        Assert.Equal([snapshotVersion], network.Journal.ReadsOf("pt-live"));
    }

    [Fact]
    public async Task The_first_command_of_a_new_activation_goes_on_where_the_old_one_stopped()
    {
        await using var network = await NetworkUnderTest.CreateAsync(new() { SnapshotEveryVersions = 1 });
        var patient = await network.Cluster.EnrolledAsync("anna");
        for (var version = 2; version < 8; version++)
        {
            await network.Cluster.DeactivateAsync(patient);
            (await patient.RecordAssessment(Commands.Assess("a" + version, 0, version), Origins.Next())).AcceptedAs(version);
        }

        Assert.Equal(7, (await patient.CommandsAsync()).Count);
    }

    [Fact]
    public async Task A_stream_longer_than_one_page_is_read_to_its_end()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        var patient = await network.Cluster.EnrolledAsync("long");
        var head = (await network.Store.Journal.ReadAsync("pt-long", 0, 1, default))[0].RowHash;
        for (var version = 2; version <= 501; version++)
        {
            var missed = new VisitMissed(Milestone.Week4, MissingReason.Declined, Commands.OnDay(0));
            var appended = await network.Store.Journal.AppendAsync(
                new("pt-long", version, head, Origins.Next(), "RecordMissedVisit", [missed], Accepted.Instance, []), default);
            head = ((Journal.AppendOutcome.Appended)appended).RowHash;
        }

        await network.Cluster.DeactivateAsync(patient);

        // Cached: a confirmed read would fetch the rest and hide that the activation had not.
        var reading = await patient.Read(Replies.Cached);
        Assert.Equal((501L, 500), (reading.Version, reading.State!.MissedVisits.Length));
    }

    [Fact]
    public async Task A_whole_new_process_knows_what_the_old_one_knew()
    {
        await using var network = await NetworkUnderTest.CreateAsync(new() { SnapshotEveryVersions = 4 });
        var before = await (await LiveAsync(network.Cluster, "live")).StandsAtAsync();
        await network.ReopenAsync();
        var cluster = await network.AddClusterAsync();
        var after = await cluster.Patient("live").StandsAtAsync();
        Assert.Equal((before.Version, Structure.Describe(before.State)), (after.Version, Structure.Describe(after.State)));
    }
}
