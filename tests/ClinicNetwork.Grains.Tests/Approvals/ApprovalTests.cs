using ClinicNetwork.Domain.Approvals;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Grains.Due;
using ClinicNetwork.Grains.Identity;
using ClinicNetwork.Journal;
using Microsoft.Extensions.DependencyInjection;

namespace ClinicNetwork.Grains.Tests.Approvals;

/// <summary>What one person alone may not do: it is done once, by whatever way it was interrupted, and by nobody else's calls. Callers are sealed as the gateway does it.</summary>
public sealed partial class ApprovalTests : IAsyncLifetime
{
    private const string Stream = "ap-erase-1";

    private NetworkUnderTest _network = null!;

    private ClusterUnderTest Cluster => _network.Cluster;

    private CallerSeal Seal => Cluster.Services.GetRequiredService<CallerSeal>();

    public async Task InitializeAsync()
    {
        _network = await NetworkUnderTest.CreateStoreAsync(null, []);
        await _network.AddClusterAsync(sealsCalls: false);
        Seal.Enter(CallerSeal.System);
        foreach (var clinic in (string[])["north", "south"])
        {
            (await Cluster.Clinic(clinic).Register(Commands.Register(clinic), Origins.Next())).AcceptedAs(1);
        }

        await Cluster.PlannedAsync("anna");
    }

    public async Task DisposeAsync() => await _network.DisposeAsync();

    [Fact]
    public async Task Another_person_approves_and_it_is_done_and_both_are_told()
    {
        (await ProposeAsync("first")).AcceptedAs(1);
        Assert.Equal([Stream], await OpenAsync(null));
        Assert.Equal([Stream], await OpenAsync(Commands.North));
        Assert.Empty(await OpenAsync(Commands.South));
        (await ApproveAsync("first")).RefusedAs("SAME_PERSON", RefusalKind.Denied);
        (await ApproveAsync("first", site: Commands.North)).RefusedAs("SAME_PERSON", RefusalKind.Denied);
        (await ApproveAsync("hospital/first", connection: "first")).RefusedAs("SAME_PERSON", RefusalKind.Denied);
        (await ApproveAsync("clients/second", connection: "second")).RefusedAs("NOT_A_PERSON", RefusalKind.Denied);
        (await ApproveAsync("second", version: 2)).RefusedAs("APPROVAL_UNREAD", RefusalKind.Stale);
        Assert.Equal(3, (await PatientAsync()).Version);

        var origin = OriginOf("second");
        (await ApproveAsync("second", origin: origin)).AcceptedAs(2);
        (await PatientAsync()).RefusedAs("PATIENT_ERASED", RefusalKind.NotFound);
        (await ApproveAsync("second", origin: origin)).AcceptedAs(2);
        (await ApproveAsync("third")).RefusedAs("APPROVAL_DECIDED", RefusalKind.Precondition);
        (await RejectAsync("third")).RefusedAs("APPROVAL_DECIDED", RefusalKind.Precondition);
        var state = await ReadAsync();
        Assert.Equal(
            (ApprovalStatus.Executed, new Person("first", "first"), new Person("second", "second"), "patients/anna", Commands.North),
            (state.Status, state.ProposedBy, state.DecidedBy, state.Subject, state.Site));
        Assert.Empty(await OpenAsync(null));
        Assert.Empty(await OpenAsync(Commands.North));
        await AssertDoneOnceAsync();
        Assert.Equal(["ProposeErasure first", "Approve second", "CloseApproval due-loop"], (await RowsAsync()).Select(r => $"{r.Command} {r.Actor}"));
    }

    [Fact]
    public async Task An_erasure_that_was_proposed_before_the_patient_went_to_another_clinic_fails_and_says_so()
    {
        (await ProposeAsync("first")).AcceptedAs(1);
        Seal.Enter(CallerSeal.System);
        var patient = Cluster.Patient("anna");
        (await patient.OfferTransfer(new(Commands.South, "moves there", null, 0), Origins.Next(Commands.North))).AcceptedAs(4);
        (await patient.AcceptTransfer(new(1, "S-1"), Origins.Next(Commands.South))).AcceptedAs(5);
        (await ApproveAsync("second")).AcceptedAs(2);
        var state = await ReadAsync();
        Assert.Equal((ApprovalStatus.Failed, "HOME_CLINIC_CHANGED"), (state.Status, state.Finding));
        Assert.Equal(5, (await PatientAsync()).Version);
    }

    /// <summary>Stands for a kill: what comes after the step is not done by who began, and whoever looks later finds only what was committed.</summary>
    [Theory]
    [InlineData("before the approval", false)]
    [InlineData("after the approval", true)]
    [InlineData("before the erasure", true)]
    [InlineData("after the erasure", true)]
    [InlineData("before the record of it", true)]
    [InlineData("after the record of it", true)]
    public async Task A_kill_at_any_step_leaves_it_due_and_it_is_done_once(string at, bool approved)
    {
        (await ProposeAsync("first")).AcceptedAs(1);
        Interrupt(at);
        var origin = OriginOf("second");
        var reply = await ApproveAsync("second", origin: origin);
        if (at.EndsWith("approval", StringComparison.Ordinal))
        {
            reply.RefusedAs("OUTCOME_UNKNOWN", RefusalKind.Unavailable);
        }
        else
        {
            reply.AcceptedAs(2);
        }

        await Cluster.DeactivateAsync(Cluster.Approval("erase-1"));
        await Cluster.DeactivateAsync(Cluster.Patient("anna"));
        for (var run = 0; run < 2; run++)
        {
            await Cluster.Due.RunAsync(_network.Clock.Now, TimeSpan.Zero, default);
        }

        Assert.Equal(approved ? ApprovalStatus.Executed : ApprovalStatus.Proposed, (await ReadAsync()).Status);
        (await ApproveAsync("second", origin: origin)).AcceptedAs(2);
        await AssertDoneOnceAsync();
    }

    [Fact]
    public async Task As_long_as_it_cannot_be_done_it_stays_due_and_in_the_list()
    {
        (await ProposeAsync("first")).AcceptedAs(1);
        _network.Journal.Break("pt-anna", new JournalBusyException("locked"));
        (await ApproveAsync("second")).AcceptedAs(2);
        Assert.Equal((0, 1), await Cluster.Due.RunAsync(_network.Clock.Now, TimeSpan.Zero, default));
        Assert.Equal(ApprovalStatus.Approved, (await ReadAsync()).Status);
        Assert.Equal([Stream], await OpenAsync(null));
        await _network.Clock.AdvanceAsync(NetworkUnderTest.Start.AddDays(30), default);
        _network.Journal.Repair("pt-anna");
        Assert.Equal((1, 0), await Cluster.Due.RunAsync(_network.Clock.Now, TimeSpan.Zero, default));
        await AssertDoneOnceAsync();
    }

    /// <summary>Two silos that know nothing of each other's activation decide on the same version.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_two_who_decide_at_once_one_does(bool bothApprove)
    {
        var west = await _network.AddClusterAsync(sealsCalls: false);
        (await ProposeAsync("first")).AcceptedAs(1);
        Seal.Enter(Administrator("third"));
        Assert.Equal(1, (await west.Approval("erase-1").Read(Replies.Confirmed)).Version);
        var meeting = new Meeting(2);
        foreach (var journal in (JournalUnderTest[])[Cluster.Journal, west.Journal])
        {
            journal.BeforeNext(Stream, _ => meeting.ArriveAsync());
        }

        var second = ApproveAsync("second");
        Seal.Enter(Administrator("third"));
        var third = bothApprove ? west.Approval("erase-1").Approve(new(1), OriginOf("third")) : west.Approval("erase-1").Reject(new("not wanted"), OriginOf("third"));
        var replies = await Task.WhenAll(second, third);
        Assert.Single(replies, reply => reply.Refusal is null);
        Assert.Single(replies, reply => reply.Refusal?.Reason == "APPROVAL_DECIDED");
        if (replies[0].Refusal is null || bothApprove)
        {
            await AssertDoneOnceAsync();
        }
        else
        {
            Assert.Equal(3, (await PatientAsync()).Version);
            Assert.Equal(ApprovalStatus.Rejected, (await ReadAsync()).Status);
        }

        Assert.Equal(replies[0].Refusal is null ? "second" : "third", (await ReadAsync()).DecidedBy!.Name);
    }

    [Fact]
    public async Task A_proposal_on_which_nobody_decided_is_void_by_time_alone()
    {
        (await ProposeAsync("first", hours: 1)).AcceptedAs(1);
        var end = NetworkUnderTest.Start.AddHours(1);
        Assert.Equal((0, 0), await Cluster.Due.RunAsync(end.AddMilliseconds(-1), TimeSpan.Zero, default));
        await _network.Clock.AdvanceAsync(end, default);
        (await ApproveAsync("second")).RefusedAs("APPROVAL_EXPIRED", RefusalKind.Precondition);
        Assert.Equal((1, 0), await Cluster.Due.RunAsync(end, TimeSpan.Zero, default));
        Assert.Equal((0, 0), await Cluster.Due.RunAsync(end, TimeSpan.Zero, default));
        (await ApproveAsync("second")).RefusedAs("APPROVAL_EXPIRED", RefusalKind.Precondition);
        Assert.Empty(await OpenAsync(null));
        Assert.Equal((ApprovalStatus.Expired, end), ((await ReadAsync()).Status, (await ReadAsync()).ClosedAt));
        Assert.Equal(3, (await PatientAsync()).Version);
    }

    [Fact]
    public async Task What_was_rejected_is_never_done()
    {
        (await ProposeAsync("first")).AcceptedAs(1);
        (await RejectAsync("first")).AcceptedAs(2);
        (await ApproveAsync("second")).RefusedAs("APPROVAL_DECIDED", RefusalKind.Precondition);
        Assert.Null(await _network.Store.Projections.ReadNextDueAsync(default));
        Assert.Empty(await OpenAsync(null));
        Assert.Equal(3, (await PatientAsync()).Version);
    }

    [Fact]
    public async Task What_is_refused_for_good_is_recorded_with_its_reason()
    {
        (await ProposeAsync("first")).AcceptedAs(1);
        (await ProposeAsync("first", approval: "erase-2")).AcceptedAs(1);
        (await ApproveAsync("second")).AcceptedAs(2);
        (await ApproveAsync("second", approval: "erase-2")).AcceptedAs(2);
        var late = await ReadAsync("erase-2");
        Assert.Equal((ApprovalStatus.Failed, "PATIENT_ERASED"), (late.Status, late.Finding));
        await AssertDoneOnceAsync();
    }

    [Fact]
    public async Task A_retried_proposal_gets_its_answer_also_when_it_was_carried_out_meanwhile()
    {
        var origin = OriginOf("first");
        var answer = await ProposeAsync("first", origin: origin);
        answer.AcceptedAs(1);
        (await ApproveAsync("second")).AcceptedAs(2);
        Assert.Equal(answer, await ProposeAsync("first", origin: origin));
        (await ProposeAsync("first")).RefusedAs("APPROVAL_EXISTS", RefusalKind.Exists);
        (await ProposeAsync("first", approval: "erase-3")).RefusedAs("PATIENT_ERASED", RefusalKind.NotFound);
    }

    [Fact]
    public async Task A_site_proposes_sees_and_decides_on_what_is_its_own()
    {
        (await ProposeAsync("s-1", Commands.South)).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
        Seal.Enter(CallerSeal.System);
        (await Cluster.Patient("anna").SetSharing(Commands.Share(SiteAccess.Write), Origins.Next())).AcceptedAs(4);
        (await ProposeAsync("s-1", Commands.South)).RefusedAs("SITE_NOT_HOME", RefusalKind.Denied);
        (await ProposeAsync("n-1", Commands.North)).AcceptedAs(1);
        Assert.Equal("n-1", (await ReadAsync(site: Commands.North)).ProposedBy!.Name);
        Seal.Enter(Administrator("s-1", Commands.South));
        (await Cluster.Approval("erase-1").Read(new(true, 0, Commands.South))).RefusedAs("APPROVAL_NOT_FOUND", RefusalKind.NotFound);
        (await ApproveAsync("s-1", site: Commands.South)).RefusedAs("APPROVAL_NOT_FOUND", RefusalKind.NotFound);
        (await RejectAsync("s-1", Commands.South)).RefusedAs("APPROVAL_NOT_FOUND", RefusalKind.NotFound);
        (await ApproveAsync("n-2", site: Commands.North)).AcceptedAs(2);
        Assert.Equal(ApprovalStatus.Executed, (await ReadAsync()).Status);
    }

    [Fact]
    public async Task A_clinics_key_is_destroyed_when_two_want_it_and_who_approved_gets_the_answer_again()
    {
        (await ProposeKeyAsync("s-1", "north", Commands.South)).RefusedAs("SITE_NOT_YOURS", RefusalKind.Denied);
        (await ProposeKeyAsync("first", "nowhere")).RefusedAs("CLINIC_NOT_FOUND", RefusalKind.NotFound);
        (await ProposeKeyAsync("n-1", "north", Commands.North)).AcceptedAs(1);
        var origin = OriginOf("n-2", Commands.North);
        (await ApproveAsync("n-2", "close-north", Commands.North, origin: origin)).AcceptedAs(2);
        (await PatientAsync()).RefusedAs("PATIENT_KEY_DESTROYED", RefusalKind.Precondition);
        (await ApproveAsync("n-2", "close-north", Commands.North, origin: origin)).AcceptedAs(2);
        (await RejectAsync("n-1", Commands.North, "close-north")).RefusedAs("CLINIC_KEY_DESTROYED", RefusalKind.Precondition);
        Assert.Equal(ApprovalStatus.Executed, (await ReadAsync("close-north")).Status);
        Assert.Equal(2, await _network.Store.Journal.ReadHeadAsync("cl-north", default));
        (await ProposeKeyAsync("first", "north", approval: "again")).RefusedAs("CLINIC_KEY_DESTROYED", RefusalKind.Precondition);
        (await ProposeAsync("first")).RefusedAs("PATIENT_KEY_DESTROYED", RefusalKind.Precondition);
    }

    /// <summary>Also past the gateway: neither the effects nor the steps are anybody's to call.</summary>
    [Fact]
    public async Task Nobody_calls_past_what_two_persons_want()
    {
        (await ProposeAsync("first")).AcceptedAs(1);
        var origin = OriginOf("second");
        Seal.Enter(Administrator("second"));
        await ForbiddenAsync(() => Cluster.Patient("anna").EraseAsync(new("alone"), origin));
        await ForbiddenAsync(() => Cluster.Clinic("north").DestroyKeyAsync(new("alone"), origin));
        await ForbiddenAsync(() => Cluster.Approval("erase-1").Execute(origin));
        await ForbiddenAsync(() => Cluster.Approval("erase-1").Expire(origin));
        await ForbiddenAsync(() => Cluster.Approval("erase-1").Approve(new(1), OriginOf("third")));
        await ForbiddenAsync(() => Cluster.Approval("erase-1").Approve(new(1), OriginOf("second", Commands.North)));
        await ForbiddenAsync(() => Cluster.Approval("erase-1").Read(new(true, 0, Commands.North)));
        Seal.Enter(new("auditor", Roles.Auditor, "", "auditor"));
        await ForbiddenAsync(() => Cluster.Approval("erase-1").Approve(new(1), OriginOf("auditor")));
        await ForbiddenAsync(() => Cluster.Approval("erase-1").Reject(new("why"), OriginOf("auditor")));
        Assert.Null((await Cluster.Approval("erase-1").Read(Replies.Confirmed)).Refusal);
        Seal.Enter(new("doctor", Roles.Clinician | Roles.Nurse | Roles.Coordinator | Roles.Operator, "", "doctor"));
        await ForbiddenAsync(() => Cluster.Approval("erase-1").Read(Replies.Confirmed));
        await ForbiddenAsync(() => Cluster.Approval("erase-2").Propose(Erase("erase-2"), OriginOf("doctor")));

        // And the due loop itself does nothing that was not approved.
        Seal.Enter(CallerSeal.System);
        (await Cluster.Approval("erase-1").Execute(DueRunner.OriginOf(new(Stream, DueKinds.ExecuteApproval, NetworkUnderTest.Start)))).RefusedAs("APPROVAL_NOT_GIVEN", RefusalKind.Precondition);
        Assert.Equal(3, (await PatientAsync()).Version);
    }

    private static Task ForbiddenAsync(Func<Task> call) => Assert.ThrowsAsync<UnauthorizedAccessException>(call);

    private static SealedCaller Administrator(string name, ClinicId? site = null, string? connection = null) =>
        new(name, site is null ? Roles.NetworkAdmin : Roles.SiteAdmin, site?.Value ?? "", connection ?? name);

    private static CommandOrigin OriginOf(string name, ClinicId? site = null) => Origins.Next(site) with { Actor = name };

    /// <summary>Of the clinic's own rule: one year after the last contact, which is the consultation of 31 December 2024.</summary>
    [Fact]
    public async Task A_record_is_kept_until_its_time_is_over_also_when_a_contact_comes_after_the_proposal()
    {
        Seal.Enter(CallerSeal.System);
        (await Cluster.Clinic("north").Configure(new(RetentionYears: 1), Origins.Next())).AcceptedAs(2);
        var refused = (await ProposeAsync("first", ground: ErasureGround.None)).Refusal;
        Assert.Equal(("RETENTION_NOT_OVER", RefusalKind.Precondition), (refused?.Reason, refused?.Kind));
        Assert.Contains("2025-12-31", refused!.Message, StringComparison.Ordinal);

        Seal.Enter(CallerSeal.System);
        await Cluster.Stepper.AdvanceAsync(new(2025, 12, 30, 23, 0, 0, TimeSpan.Zero), default);
        (await ProposeAsync("first", ground: ErasureGround.None)).AcceptedAs(1);
        Assert.Equal((ErasureGround.None, 1), await ReadAsync() is var read ? (read.Ground, read.RetentionYears) : default);
        Seal.Enter(CallerSeal.System);
        (await Cluster.Patient("anna").RecordAssessment(Commands.Assess("late", 0, 9), Origins.Next())).AcceptedAs(4);
        (await ApproveAsync("second")).AcceptedAs(2);
        Assert.Equal((ApprovalStatus.Failed, "RETENTION_NOT_OVER"), await ReadAsync() is var failed ? (failed.Status, failed.Finding) : default);
        Assert.Equal(4, (await PatientAsync()).Version);
    }

    /// <summary>As 0.3 stored it: nobody had asked how long the record is kept.</summary>
    [Fact]
    public async Task What_was_proposed_before_there_was_a_rule_is_carried_out_as_it_was_then()
    {
        var proposed = new ApprovalProposed(
            new("erase-1"), ApprovalKind.Erasure, "patients/anna", Commands.North, "asked for in writing", new("first", "first"), NetworkUnderTest.Start, NetworkUnderTest.Start.AddHours(72));
        var outcome = await _network.Store.Journal.AppendAsync(
            new(Stream, 1, [], OriginOf("first"), "ProposeErasure", [proposed], new ApprovalAnswer(proposed.ExpiresAt), []), default);
        Assert.IsType<AppendOutcome.Appended>(outcome);
        (await ApproveAsync("second")).AcceptedAs(2);
        Assert.Equal(ApprovalStatus.Executed, (await ReadAsync()).Status);
        (await PatientAsync()).RefusedAs("PATIENT_ERASED", RefusalKind.NotFound);
    }
}
