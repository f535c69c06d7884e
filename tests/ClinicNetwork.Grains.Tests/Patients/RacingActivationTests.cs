using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>Two clusters over one store: two activations of one patient that know nothing of each other. The journal's keys arbitrate.</summary>
public sealed class RacingActivationTests(TwoClusters shared) : IClassFixture<TwoClusters>
{
    private ClusterUnderTest East => shared.East;

    private ClusterUnderTest West => shared.West;

    /// <summary>A planned patient whom both clusters know at version 3.</summary>
    private async Task<(IPatientGrain East, IPatientGrain West)> KnownToBothAsync(string name)
    {
        var east = await East.PlannedAsync(name);
        var west = West.Patient(name);
        Assert.Equal(3, (await west.Read(Replies.Cached)).Version);
        return (east, west);
    }

    /// <summary>The next append of each cluster waits until the other's is ready too, so that both go for the same version.</summary>
    private void MeetAtNextAppend(string stream)
    {
        var meeting = new Meeting(2);
        East.Journal.BeforeNext(stream, append => MeetAsync(meeting, append));
        West.Journal.BeforeNext(stream, append => MeetAsync(meeting, append));
    }

    private static Task MeetAsync(Meeting meeting, Append append)
    {
        Assert.Equal(4, append.Version);
        return meeting.ArriveAsync();
    }

    [Fact]
    public async Task Of_two_appends_at_one_version_one_wins_and_the_other_comes_after_it()
    {
        var (east, west) = await KnownToBothAsync("race");
        MeetAtNextAppend("pt-race");
        var replies = await Task.WhenAll(
            east.RecordAssessment(Commands.Assess("east", 0, 20), Origins.Next()),
            west.RecordAssessment(Commands.Assess("west", 1, 10), Origins.Next()));

        Assert.Equal([4L, 5], replies.Select(r => r.Version).Order());
        foreach (var patient in (IPatientGrain[])[east, west])
        {
            Assert.Equal(5, (await patient.CommandsAsync()).Count);
            Assert.Equal(["east", "west"], (await patient.StandsAtAsync()).State.Assessments.Select(a => a.Id.Value).Order());
        }
    }

    [Fact]
    public async Task The_loser_decides_again_on_what_the_winner_made_of_it()
    {
        var (east, west) = await KnownToBothAsync("again");
        MeetAtNextAppend("pt-again");
        var replies = await Task.WhenAll(
            east.StartSession(Commands.StartSession("east", 0), Origins.Next()),
            west.StartSession(Commands.StartSession("west", 0), Origins.Next()));

        Assert.Single(replies, r => r.Version == 4);
        Assert.Single(replies, r => r.Refusal?.Reason == "SESSION_OPEN");
        Assert.Equal(4, (await east.CommandsAsync()).Count);
    }

    [Fact]
    public async Task A_plan_made_at_the_second_attempt_names_the_version_that_made_it()
    {
        var (east, west) = await KnownToBothAsync("plan-again");
        East.Journal.BeforeNext("pt-plan-again", async _ => (await west.RecordAssessment(Commands.Assess("a1", 0, 20), Origins.Next())).AcceptedAs(4));
        var plan = (await east.RevisePlan(Commands.RevisePlan(3), Origins.Next())).AcceptedAs(5).Plan;
        Assert.Equal(5, plan.Version);
        Assert.Equal(5, (await west.StandsAtAsync()).State.Plan!.Version);
    }

    [Fact]
    public async Task One_request_through_both_clusters_at_once_is_applied_once()
    {
        var (east, west) = await KnownToBothAsync("same");
        MeetAtNextAppend("pt-same");
        var origin = Origins.Next();
        var replies = await Task.WhenAll(
            east.RecordAssessment(Commands.Assess("a1", 0, 20), origin),
            west.RecordAssessment(Commands.Assess("a1", 0, 20), origin));
        replies[0].AcceptedAs(4);
        Assert.Equal(replies[0], replies[1]);
        Assert.Equal(4, (await west.CommandsAsync()).Count);
    }

    [Fact]
    public async Task A_patient_enrolled_through_both_clusters_at_once_is_one_patient()
    {
        var meeting = new Meeting(2);
        East.Journal.BeforeNext("pt-born", _ => meeting.ArriveAsync());
        West.Journal.BeforeNext("pt-born", _ => meeting.ArriveAsync());
        var replies = await Task.WhenAll(
            East.Patient("born").Enrol(Commands.Enrol("born", familyName: "East"), Origins.Next()),
            West.Patient("born").Enrol(Commands.Enrol("born", familyName: "West"), Origins.Next()));

        Assert.Single(replies, r => r.Version == 1);
        Assert.Single(replies, r => r.Refusal?.Reason == "PATIENT_EXISTS");
        var winner = replies[0].Refusal is null ? "East" : "West";
        Assert.Equal(winner, (await East.Patient("born").StandsAtAsync()).State.FamilyName);
        Assert.Equal(winner, (await West.Patient("born").StandsAtAsync()).State.FamilyName);
    }

    [Fact]
    public async Task A_record_number_given_through_both_clusters_at_once_is_given_once()
    {
        var meeting = new Meeting(2);
        East.Journal.BeforeNext("pt-number-east", _ => meeting.ArriveAsync());
        West.Journal.BeforeNext("pt-number-west", _ => meeting.ArriveAsync());
        var replies = await Task.WhenAll(
            East.Patient("number-east").Enrol(Commands.Enrol("number-east", recordNumber: "7"), Origins.Next()),
            West.Patient("number-west").Enrol(Commands.Enrol("number-west", recordNumber: "7"), Origins.Next()));
        Assert.Single(replies, r => r.Version == 1);
        Assert.Single(replies, r => r.Refusal?.Reason == "RECORD_NUMBER_IN_USE");
    }

    [Fact]
    public async Task A_refusal_made_on_an_old_state_is_decided_again_before_it_leaves()
    {
        var east = await East.EnrolledAsync("behind");
        var west = West.Patient("behind");
        await west.Read(Replies.Cached);
        await east.RecordConsultation(Commands.Consult(), Origins.Next());
        await east.CreatePlan(Commands.CreatePlan(), Origins.Next());

        (await west.StartSession(Commands.StartSession("s0", 0), Origins.Next())).AcceptedAs(4);
    }

    [Fact]
    public async Task A_hard_stop_recorded_elsewhere_stops_the_session_here()
    {
        var (east, west) = await KnownToBothAsync("elsewhere");
        await east.RecordConsultation(Commands.Consult("aneurysm"), Origins.Next());
        (await west.StartSession(Commands.StartSession("s0", 0), Origins.Next())).RefusedAs("CONTRAINDICATED", RefusalKind.Precondition);
        (await east.StartSession(Commands.StartSession("s0", 0), Origins.Next())).RefusedAs("CONTRAINDICATED", RefusalKind.Precondition);
    }

    [Fact]
    public async Task A_site_revoked_elsewhere_cannot_write_here()
    {
        var (east, west) = await KnownToBothAsync("revoked");
        await east.SetSharing(Commands.Share(SiteAccess.Write), Origins.Next());
        Assert.Equal(4, (await west.Read(Replies.Confirmed)).Version);
        await east.SetSharing(Commands.ShareWithNobody(), Origins.Next());
        (await west.RecordAssessment(Commands.Assess("a1", 0, 20), Origins.Next(Commands.South))).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
        Assert.Equal(5, (await west.StandsAtAsync()).Version);
    }

    [Fact]
    public async Task A_patient_can_be_enrolled_at_a_clinic_that_was_registered_elsewhere()
    {
        var command = Commands.Enrol("stale-clinic") with { HomeClinic = new("mountain") };
        (await West.Patient("stale-clinic").Enrol(command, Origins.Next())).RefusedAs("CLINIC_NOT_FOUND", RefusalKind.NotFound);
        (await East.Clinic("mountain").Register(Commands.Register("mountain"), Origins.Next())).AcceptedAs(1);
        (await West.Patient("stale-clinic").Enrol(command, Origins.Next())).AcceptedAs(1);
    }

    [Fact]
    public async Task A_clinic_registered_elsewhere_shows_its_roster_and_worklist()
    {
        var clinic = West.Clinic("valley");
        (await clinic.ReadRoster("", 10)).RefusedAs("CLINIC_NOT_FOUND", RefusalKind.NotFound);
        (await East.Clinic("valley").Register(Commands.Register("valley"), Origins.Next())).AcceptedAs(1);
        Assert.Empty((await clinic.ReadRoster("", 10)).State?.Items ?? throw new InvalidOperationException("The roster is refused."));
        Assert.Empty((await clinic.ReadWorklist(null, 10)).State?.Items ?? throw new InvalidOperationException("The worklist is refused."));
    }

    [Fact]
    public async Task Two_writers_taking_turns_never_lose_or_double_a_version()
    {
        var (east, west) = await KnownToBothAsync("turns");
        var replies = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => InsistAsync(i % 2 == 0 ? east : west, Commands.Assess("a" + i, 0, i))));
        Assert.Equal(Enumerable.Range(4, 24).Select(v => (long)v), replies.Select(r => r.Version).Order());
        Assert.Equal(27, (await east.CommandsAsync()).Count);
        Assert.Equal(
            Structure.Describe((await east.StandsAtAsync()).State),
            Structure.Describe((await west.StandsAtAsync()).State));
    }

    /// <summary>As a client does: who lost too many rounds comes back with the same id.</summary>
    private static async Task<Reply<AssessmentAnswer>> InsistAsync(IPatientGrain patient, RecordAssessment command)
    {
        var origin = Origins.Next();
        var reply = await patient.RecordAssessment(command, origin);
        for (var attempt = 1; attempt < 24 && reply.Refusal is not null; attempt++)
        {
            reply.RefusedAs("NOT_EXECUTED", RefusalKind.Unavailable);
            reply = await patient.RecordAssessment(command, origin);
        }

        return reply;
    }

    [Fact]
    public async Task Who_loses_every_round_is_told_to_come_back_and_nothing_was_written()
    {
        var (east, west) = await KnownToBothAsync("unlucky");
        var rounds = 0;
        Task Overtake(Append append)
        {
            East.Journal.BeforeNext("pt-unlucky", Overtake);
            return west.RecordAssessment(Commands.Assess("west" + ++rounds, 0, 10), Origins.Next());
        }

        East.Journal.BeforeNext("pt-unlucky", Overtake);
        var origin = Origins.Next();
        (await east.RecordAssessment(Commands.Assess("east", 0, 20), origin)).RefusedAs("NOT_EXECUTED", RefusalKind.Unavailable);
        Assert.Equal(8, rounds);
        East.Journal.BeforeNext("pt-unlucky", _ => Task.CompletedTask);
        (await east.RecordAssessment(Commands.Assess("east", 0, 20), origin)).AcceptedAs(12);
    }
}

/// <summary>Two clusters over one store.</summary>
public sealed class TwoClusters : IAsyncLifetime
{
    private NetworkUnderTest _network = null!;

    public ClusterUnderTest East => _network.Cluster;

    public ClusterUnderTest West { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _network = await NetworkUnderTest.CreateAsync();
        West = await _network.AddClusterAsync();
    }

    public async Task DisposeAsync() => await _network.DisposeAsync();
}
