using ClinicNetwork.Domain.Clinics;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Grains.Tests.Releases;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>Patients who were erased, and clinics whose key was destroyed: what activations that know them still say.</summary>
public sealed class DestroyedKeyTests(TwoClusters shared) : IClassFixture<TwoClusters>
{
    private static readonly ErasePatient Erase = new("asked for by the patient");

    private ClusterUnderTest East => shared.East;

    private ClusterUnderTest West => shared.West;

    private static ReadRequest For(string site) => new(false, 0, new(site));

    private async Task<string> RegisteredAsync(string clinic)
    {
        (await East.Clinic(clinic).Register(Commands.Register(clinic), Origins.Next())).AcceptedAs(1);
        return clinic;
    }

    private async Task<IPatientGrain> EnrolledAsync(string patient, string clinic, params string[] sharedWith)
    {
        var grain = East.Patient(patient);
        (await grain.Enrol(Commands.Enrol(patient) with { HomeClinic = new(clinic) }, Origins.Next())).AcceptedAs(1);
        (await grain.SetSharing(new([.. sharedWith.Select(site => new SiteGrant(new(site), SiteAccess.Write))], Commands.OnDay(0)), Origins.Next())).AcceptedAs(2);
        return grain;
    }

    [Fact]
    public async Task An_erased_patient_is_not_found_anywhere_and_the_erasure_is_answered_again()
    {
        await using var network = await NetworkUnderTest.CreateAsync(new GrainOptions { SnapshotEveryVersions = 2, SnapshotWhenIdleVersions = 2 });
        var west = (await network.AddClusterAsync()).Patient("gone");
        var patient = await network.Cluster.PlannedAsync("gone");
        await network.Cluster.WaitForSnapshotAsync(patient, 2);
        Assert.Equal(3, (await west.Read(Replies.Cached)).Version);
        (await patient.EraseAsync(new(""), Origins.Next())).RefusedAs("TEXT_INVALID", RefusalKind.Invalid);
        var origin = Origins.Next();
        var done = await patient.EraseAsync(Erase, origin);
        done.AcceptedAs(4);

        Assert.Null(await network.Cluster.ReadSnapshotAsync(patient));
        for (var round = 0; round < 2; round++)
        {
            foreach (var grain in (IPatientGrain[])[patient, west])
            {
                (await grain.Read(Replies.Cached)).RefusedAs("PATIENT_ERASED", RefusalKind.NotFound);
                (await grain.Read(Replies.Confirmed)).RefusedAs("PATIENT_ERASED", RefusalKind.NotFound);
                (await grain.Read(For("north"))).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
                (await grain.ReadHistory(Replies.Confirmed, 0, 10)).RefusedAs("PATIENT_ERASED", RefusalKind.NotFound);
                (await grain.RecordAssessment(Commands.Assess("a", 0, 20), Origins.Next())).RefusedAs("PATIENT_ERASED", RefusalKind.NotFound);
                (await grain.RecordAssessment(Commands.Assess("a", 0, 20), Origins.Next(Commands.North))).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
                (await grain.Enrol(Commands.Enrol("gone"), Origins.Next())).RefusedAs("PATIENT_EXISTS", RefusalKind.Exists);
                (await grain.EraseAsync(Erase, Origins.Next())).RefusedAs("PATIENT_ERASED", RefusalKind.NotFound);
                Assert.Equal(done, await grain.EraseAsync(Erase, origin));
                (await grain.EraseAsync(Erase, origin with { Actor = "somebody" })).RefusedAs("REQUEST_ID_REUSED", RefusalKind.Invalid);
                (await grain.EraseAsync(Erase, origin with { Site = Commands.North })).RefusedAs("REQUEST_ID_REUSED", RefusalKind.Invalid);
                (await grain.EraseAsync(Erase, Origins.Next(Commands.North))).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
            }

            await network.ReopenAsync();
            (patient, west) = ((await network.AddClusterAsync()).Patient("gone"), (await network.AddClusterAsync()).Patient("gone"));
        }

        var feed = (await network.Store.Projections.ReadFeedAsync("clinics/north", FeedPosition.Start, 100, default)).Rows;
        Assert.Equal((FeedKind.Erased, "ErasePatient", 4L), (Assert.Single(feed).Kind, feed[0].Command, feed[0].Version));
        (await network.Cluster.Patient("nobody").EraseAsync(Erase, Origins.Next())).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
    }

    [Fact]
    public async Task A_command_that_meets_the_erasure_loses()
    {
        var east = await EnrolledAsync("meets", "north");
        var west = West.Patient("meets");
        Assert.Equal(2, (await west.Read(Replies.Cached)).Version);
        West.Journal.BeforeNext("pt-meets", async _ => (await east.EraseAsync(Erase, Origins.Next())).AcceptedAs(3));
        (await west.RecordAssessment(Commands.Assess("late", 0, 20), Origins.Next())).RefusedAs("PATIENT_ERASED", RefusalKind.NotFound);
        Assert.Equal(3, await shared.East.Journal.ReadHeadAsync("pt-meets", default));
    }

    [Fact]
    public async Task An_erased_person_is_delivered_as_a_withdrawn_one_and_publishing_goes_on()
    {
        await using var network = await Publishing.PlantedAsync(16);
        await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay, default);
        var before = await network.WomenDeliveredAsync(1);
        Assert.Contains(before, row => row.Person == "pt-n3");
        (await network.Cluster.Patient("n3").EraseAsync(Erase, Origins.Next())).AcceptedAs(3);

        var after = await network.WomenDeliveredAsync(1);
        Assert.Equal(before.Select(row => row.Row).Where(row => before.Single(b => b.Row == row).Person != "pt-n3"), after.Select(row => row.Row));
        await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay.AddMonths(6), default);
        Assert.NotEmpty(await network.WomenDeliveredAsync(1));
    }

    [Fact]
    public async Task A_clinic_without_its_key_acts_no_more_and_others_go_on()
    {
        var (doomed, stays) = (await RegisteredAsync("doomed"), await RegisteredAsync("stays"));
        var (mine, both) = (await EnrolledAsync("doomed-alone", doomed), await EnrolledAsync("doomed-shared", doomed, stays));
        Assert.Equal(2, (await both.Read(For(doomed))).Version);
        Assert.Equal(2, (await mine.Read(For(doomed))).Version);
        (await East.Clinic(doomed).DestroyKeyAsync(new(""), Origins.Next())).RefusedAs("TEXT_INVALID", RefusalKind.Invalid);
        (await East.Clinic("ghost").DestroyKeyAsync(new("why"), Origins.Next())).RefusedAs("CLINIC_NOT_FOUND", RefusalKind.NotFound);
        var origin = Origins.Next();
        var done = await East.Clinic(doomed).DestroyKeyAsync(new DestroyClinicKey("left the network"), origin);
        done.AcceptedAs(2);
        Assert.Equal(done, await West.Clinic(doomed).DestroyKeyAsync(new("left the network"), origin));
        (await East.Clinic(doomed).DestroyKeyAsync(new("again"), Origins.Next())).RefusedAs("CLINIC_KEY_DESTROYED", RefusalKind.Precondition);

        foreach (var patient in (IPatientGrain[])[both, mine, West.Patient("doomed-shared"), West.Patient("doomed-alone")])
        {
            (await patient.Read(For(doomed))).RefusedAs("CLINIC_KEY_DESTROYED", RefusalKind.Precondition);
            (await patient.RecordAssessment(Commands.Assess("a", 0, 20), Origins.Next(new(doomed)))).RefusedAs("CLINIC_KEY_DESTROYED", RefusalKind.Precondition);
        }

        (await East.Clinic(doomed).ReadRoster("", 10)).RefusedAs("CLINIC_KEY_DESTROYED", RefusalKind.Precondition);
        (await East.Patient("new").Enrol(Commands.Enrol("new") with { HomeClinic = new(doomed) }, Origins.Next())).RefusedAs("CLINIC_KEY_DESTROYED", RefusalKind.Precondition);
        Assert.Equal(2, (await both.Read(For(stays))).Version);
        (await both.RecordAssessment(Commands.Assess("a", 0, 20), Origins.Next(new(stays)))).AcceptedAs(3);
        (await mine.Read(Replies.Cached)).RefusedAs("PATIENT_KEY_DESTROYED", RefusalKind.Precondition);
        Assert.Equal((await East.Patient("nobody").Read(For(stays))).Refusal, (await mine.Read(For(stays))).Refusal);
        Assert.Equal(
            (await East.Patient("nobody").RecordAssessment(Commands.Assess("a", 0, 20), Origins.Next(new(stays)))).Refusal,
            (await West.Patient("doomed-alone").RecordAssessment(Commands.Assess("a", 0, 20), Origins.Next(new(stays)))).Refusal);
        (await West.Patient("doomed-alone").CloseMilestone(new(Domain.Outcomes.Milestone.Week4), Origins.Next())).RefusedAs("PATIENT_KEY_DESTROYED", RefusalKind.Precondition);
    }

    [Fact]
    public async Task An_emergency_ends_with_the_key_of_the_last_clinic_that_holds_the_patient()
    {
        var (doomed, helps) = (await RegisteredAsync("doomed-home"), await RegisteredAsync("helps"));
        var (mine, both) = (await EnrolledAsync("helped-alone", doomed), await EnrolledAsync("helped-shared", doomed, await RegisteredAsync("holds")));
        foreach (var patient in (IPatientGrain[])[mine, both])
        {
            (await patient.BreakGlass(new("found unconscious"), Origins.Next(new(helps)))).AcceptedAs(3);
            Assert.True((await patient.Read(For(helps))).InEmergency);
        }

        (await East.Clinic(doomed).DestroyKeyAsync(new("left the network"), Origins.Next())).AcceptedAs(2);
        (await mine.Read(For(helps))).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
        (await mine.RecordAssessment(Commands.Assess("a", 0, 20), Origins.Next(new(helps)))).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
        (await mine.Read(Replies.Cached)).RefusedAs("PATIENT_KEY_DESTROYED", RefusalKind.Precondition);
        Assert.True((await both.Read(For(helps))).InEmergency);
    }

    [Fact]
    public async Task A_clinic_without_its_key_opens_nobody_in_an_emergency_and_learns_nothing_by_trying()
    {
        var (doomed, home) = (await RegisteredAsync("doomed-helper"), await RegisteredAsync("home"));
        var patient = await EnrolledAsync("not-opened", home);
        (await East.Clinic(doomed).DestroyKeyAsync(new("left the network"), Origins.Next())).AcceptedAs(2);
        foreach (var grain in (IPatientGrain[])[patient, West.Patient("not-opened"), East.Patient("nobody")])
        {
            (await grain.BreakGlass(new("found unconscious"), Origins.Next(new(doomed)))).RefusedAs("CLINIC_KEY_DESTROYED", RefusalKind.Precondition);
        }

        Assert.Equal(2, (await patient.StandsAtAsync()).Version);
        (await patient.EraseAsync(Erase, Origins.Next())).AcceptedAs(3);
        foreach (var wrong in (BreakGlass[])[new(""), new("found unconscious")])
        {
            Assert.Equal(
                (await East.Patient("nobody").BreakGlass(wrong, Origins.Next(new(home)))).Refusal, (await patient.BreakGlass(wrong, Origins.Next(new(home)))).Refusal);
        }
    }

    [Fact]
    public async Task What_is_due_of_patients_whom_nobody_can_open_does_not_stand_in_the_way()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        await Planting.PlantAsync(network, "lost");
        Assert.NotNull(await network.Store.Projections.ReadNextDueAsync(default));
        (await network.Cluster.Clinic("north").DestroyKeyAsync(new("why"), Origins.Next())).AcceptedAs(2);
        Assert.Null(await network.Store.Projections.ReadNextDueAsync(default));
        Assert.Equal(0, await network.Cluster.Stepper.AdvanceAsync(NetworkUnderTest.Start.AddYears(1), default));
    }
}
