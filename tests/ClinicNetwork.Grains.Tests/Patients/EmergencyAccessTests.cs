using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>A site without access opens a patient in an emergency: what it may then do, for how long, and who sees it.</summary>
public sealed class EmergencyAccessTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Until = NetworkUnderTest.Start.AddHours(4);

    private static readonly BreakGlass Open = new("found unconscious");

    private NetworkUnderTest _network = null!;

    public async Task InitializeAsync() => _network = await NetworkUnderTest.CreateAsync();

    public async Task DisposeAsync() => await _network.DisposeAsync();

    [Fact]
    public async Task It_permits_reading_and_what_is_done_at_the_patients_side_and_marks_each_in_its_own_row()
    {
        var patient = await OpenedAsync("anna");
        Assert.Equal("anna", (await patient.Read(AtSouth)).State!.Id.Value);
        Assert.True((await patient.Read(AtSouth)).InEmergency && (await patient.ReadPlan(AtSouth)).InEmergency && (await patient.ReadHistory(AtSouth, 0, 10)).InEmergency);
        Assert.False((await patient.Read(Replies.Confirmed)).InEmergency || (await patient.Read(AtSouth with { Site = Commands.North })).InEmergency);

        (await patient.StartSession(Commands.StartSession("s0", 0, Commands.South), South())).AcceptedAs(5);
        (await patient.RecordDose(Commands.RecordDose("s0", 0), South())).AcceptedAs(6);
        (await patient.RecordSideEffect(Commands.RecordSideEffect("s0", 0), South())).AcceptedAs(7);
        (await patient.CompleteSession(Commands.CompleteSession("s0", 0), South())).AcceptedAs(8);
        (await patient.RecordAssessment(Commands.Assess("a0", 0, 9), South())).AcceptedAs(9);
        (await patient.RecordScale(Commands.AnswerGad7("g0", 0, 1, 1, 1, 1, 1, 1, 1), South())).AcceptedAs(10);
        (await patient.RecordAssessment(Commands.Assess("a1", 0, 9), Origins.Next(Commands.North))).AcceptedAs(11);
        Assert.Equal(
            [
                "EnrolPatient", "RecordConsultation", "CreatePlan", "BreakGlass", "StartSession (emergency)", "RecordDose (emergency)", "RecordSideEffect (emergency)",
                "CompleteSession (emergency)", "RecordAssessment (emergency)", "RecordScale (emergency)", "RecordAssessment",
            ],
            await patient.CommandsAsync());

        (await patient.StartSession(Commands.StartSession("s1", 1, Commands.South), South())).AcceptedAs(12);
        (await patient.RecordVitals(new(new("s1"), new(Commands.OnDay(1), SpO2Percent: 97)), South())).AcceptedAs(13);
        (await patient.RecordSideEffect(new(new(new("s1"), SideEffectKind.Nausea, SideEffectSeverity.Mild, Commands.OnDay(1), 0, "")), South())).AcceptedAs(14);
        (await patient.ResolveSideEffect(new(2, "", Commands.OnDay(1, 5)), South())).AcceptedAs(15);
        (await patient.RecordLeaving(new(new("s1"), LeavingKind.AgainstAdvice, "would not wait", Commands.OnDay(1, 5)), South())).AcceptedAs(16);
        Assert.All((await patient.CommandsAsync()).Skip(11), command => Assert.EndsWith(" (emergency)", command, StringComparison.Ordinal));

        await RefusedAsync(patient.RecordConsultation(Commands.Consult(), South()));
        await RefusedAsync(patient.CreatePlan(Commands.CreatePlan(), South()));
        await RefusedAsync(patient.RevisePlan(Commands.RevisePlan(3), South()));
        await RefusedAsync(patient.SetSharing(Commands.Share(SiteAccess.Write), South()));
        await RefusedAsync(patient.SetResearchConsent(Commands.Consent(), South()));
        await RefusedAsync(patient.RecordMissedVisit(new(Domain.Outcomes.Milestone.Week4, Domain.Outcomes.MissingReason.Declined, Commands.OnDay(1)), South()));
        await RefusedAsync(patient.EndTreatment(new("over", Commands.OnDay(1)), South()));
        await RefusedAsync(patient.ReviewEmergencyAccess(new(1, "all fine"), South()));
        Assert.Equal(16, (await patient.StandsAtAsync()).Version);
    }

    /// <summary>Nothing has run: the due loop is not needed for access to end.</summary>
    [Fact]
    public async Task It_ends_by_time_alone_and_what_is_due_then_takes_its_rows_away()
    {
        var patient = await OpenedAsync("anna");
        Assert.Equal([(FeedKind.AccessGranted, "BreakGlass")], await FeedAsync(Commands.South));
        Assert.Equal(["pt-anna"], await RosterAsync(Commands.South));
        await _network.Clock.AdvanceAsync(Until.AddMilliseconds(-1), default);
        Assert.Null((await patient.Read(AtSouth)).Refusal);
        (await patient.RecordAssessment(Commands.Assess("a0", 0, 9), South())).AcceptedAs(5);
        Assert.Equal((0, 0), await _network.Cluster.Due.RunAsync(_network.Clock.Now, TimeSpan.Zero, default));

        await _network.Clock.AdvanceAsync(Until, default);
        (await patient.Read(AtSouth with { Confirmed = false })).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
        (await patient.ReadPlan(AtSouth)).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
        (await patient.ReadHistory(AtSouth, 0, 10)).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
        (await patient.RecordAssessment(Commands.Assess("a1", 0, 9), South())).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
        (await patient.StartSession(Commands.StartSession("s0", 0, Commands.South), Origins.Next())).RefusedAs("SITE_NOT_PERMITTED", RefusalKind.Precondition);
        Assert.Equal(["pt-anna"], await RosterAsync(Commands.South));

        Assert.Equal((1, 0), await _network.Cluster.Due.RunAsync(Until, TimeSpan.Zero, default));
        Assert.Equal((0, 0), await _network.Cluster.Due.RunAsync(Until, TimeSpan.Zero, default));
        Assert.Empty(await RosterAsync(Commands.South));
        Assert.Equal([(FeedKind.AccessRevoked, "EndEmergencyAccess")], await FeedAsync(Commands.South));

        // An emergency later is told again, and again for four hours.
        (await patient.BreakGlass(Open, South())).AcceptedAs(7);
        Assert.Null((await patient.Read(AtSouth)).Refusal);
    }

    [Fact]
    public async Task The_home_clinic_finds_it_in_its_feed_and_its_worklist_until_somebody_else_reviewed_it()
    {
        var patient = await OpenedAsync("anna");
        Assert.Contains((FeedKind.Changed, "BreakGlass"), await FeedAsync(Commands.North));
        Assert.Equal("emergency:1:south", Assert.Single((await WorklistAsync()).Items).Milestone);
        var review = new ReviewEmergencyAccess(1, "justified");
        (await patient.ReviewEmergencyAccess(review, Other(Commands.North))).RefusedAs("EMERGENCY_ACCESS_OPEN", RefusalKind.Precondition);
        await _network.Clock.AdvanceAsync(Until, default);
        (await patient.ReviewEmergencyAccess(review, Origins.Next(Commands.North))).RefusedAs("SAME_PERSON", RefusalKind.Denied);
        (await patient.ReviewEmergencyAccess(review, Other(Commands.South))).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
        (await patient.ReviewEmergencyAccess(review, Other(Commands.North))).AcceptedAs(5);
        Assert.Empty((await WorklistAsync()).Items);
        Assert.Equal("justified", (await patient.StandsAtAsync()).State.EmergencyAccesses.Single().Finding);
    }

    [Fact]
    public async Task A_review_that_nobody_makes_is_overdue_after_seven_days()
    {
        await OpenedAsync("anna");
        Assert.Equal(0, (await _network.Store.Projections.ReadCountsAsync(NetworkUnderTest.Start.AddDays(7), default)).Overdue);
        Assert.Equal(1, (await _network.Store.Projections.ReadCountsAsync(NetworkUnderTest.Start.AddDays(7).AddMilliseconds(1), default)).Overdue);
    }

    [Fact]
    public async Task A_second_one_meanwhile_is_told_until_when_and_the_same_request_gets_its_answer_again()
    {
        var patient = await _network.Cluster.PlannedAsync("anna");
        var origin = South();
        var answer = (await patient.BreakGlass(Open, origin)).AcceptedAs(4);
        Assert.Equal((1, Until), (answer.Number, answer.Until));
        Assert.Contains("until 2025-03-01T13:00:00Z", (await patient.BreakGlass(Open, South())).RefusedAs("EMERGENCY_ACCESS_OPEN", RefusalKind.Precondition).Message, StringComparison.Ordinal);
        Assert.Equal(answer, (await patient.BreakGlass(Open, origin)).AcceptedAs(4));
        await _network.Clock.AdvanceAsync(Until, default);
        Assert.Equal(answer, (await patient.BreakGlass(Open, origin)).AcceptedAs(4));
        (await patient.Read(AtSouth)).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
    }

    /// <summary>Who guesses ids learns nothing by it without being seen: only a whole, valid request is told that the patient is there, and that opens it for all to see.</summary>
    [Fact]
    public async Task On_an_unknown_id_it_tells_nothing_and_what_is_wrong_with_it_is_the_same_whoever_is_there()
    {
        var (known, unknown) = (await _network.Cluster.PlannedAsync("anna"), _network.Cluster.Patient("nobody"));
        (await unknown.BreakGlass(Open, South())).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
        Assert.Equal((await known.Read(AtSouth)).Refusal, (await unknown.BreakGlass(Open, South())).Refusal);
        foreach (var (command, origin) in ((BreakGlass, Func<CommandOrigin>)[])[(new(""), South), (new("in need"), () => Origins.Next()), (new("in need"), () => Origins.Next(new ClinicId("atlantis")))])
        {
            var (there, absent) = ((await known.BreakGlass(command, origin())).Refusal, (await unknown.BreakGlass(command, origin())).Refusal);
            Assert.NotNull(there);
            Assert.Equal(there, absent);
        }

        Assert.Equal(3, (await known.StandsAtAsync()).Version);
        Assert.Equal(0, await _network.Store.Journal.ReadHeadAsync("pt-nobody", default));
    }

    [Fact]
    public async Task Sharing_meanwhile_takes_nothing_from_it_and_outlives_it()
    {
        var patient = await OpenedAsync("anna");
        await patient.SetSharing(Commands.ShareWithNobody(), Origins.Next());
        Assert.Equal(["pt-anna"], await RosterAsync(Commands.South));
        Assert.True((await patient.Read(AtSouth)).InEmergency);
        await patient.SetSharing(Commands.Share(SiteAccess.Write), Origins.Next());
        Assert.False((await patient.Read(AtSouth)).InEmergency);
        (await patient.RecordAssessment(Commands.Assess("a0", 0, 9), South())).AcceptedAs(7);
        Assert.Equal("RecordAssessment", (await patient.CommandsAsync())[^1]);
        await _network.Cluster.Stepper.AdvanceAsync(Until, default);
        Assert.Equal(["pt-anna"], await RosterAsync(Commands.South));
        Assert.DoesNotContain(await FeedAsync(Commands.South), change => change.Kind == FeedKind.AccessRevoked);
        Assert.Null((await patient.Read(AtSouth)).Refusal);
    }

    [Fact]
    public async Task It_survives_its_activation()
    {
        var patient = await OpenedAsync("anna");
        await _network.Cluster.DeactivateAsync(patient);
        Assert.True((await patient.Read(AtSouth)).InEmergency);
        Assert.Equal(Until, (await patient.StandsAtAsync()).State.EmergencyAccesses.Single().Until);
    }

    private static ReadRequest AtSouth => new(true, 0, Commands.South);

    private static CommandOrigin South() => Origins.Next(Commands.South);

    private static CommandOrigin Other(ClinicId site) => Origins.Next(site) with { Actor = "reviewer" };

    private static async Task RefusedAsync<T>(Task<Reply<T>> reply)
        where T : class => (await reply).RefusedAs("EMERGENCY_ACCESS_ONLY", RefusalKind.Denied);

    /// <summary>Planned at north, opened by south: version 4.</summary>
    private async Task<IPatientGrain> OpenedAsync(string name)
    {
        var patient = await _network.Cluster.PlannedAsync(name);
        (await patient.Read(AtSouth)).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
        (await patient.BreakGlass(Open, South())).AcceptedAs(4);
        return patient;
    }

    private async Task<IReadOnlyList<(FeedKind Kind, string Command)>> FeedAsync(ClinicId site) =>
        [.. (await _network.Store.Projections.ReadFeedAsync(site.Name, FeedPosition.Start, 100, default)).Rows.Select(row => (row.Kind, row.Command))];

    private async Task<IReadOnlyList<string>> RosterAsync(ClinicId site) =>
        [.. (await _network.Store.Projections.ReadRosterAsync(site.Name, "", 10, default)).Select(row => row.Stream)];

    private async Task<Grains.Clinics.Worklist> WorklistAsync() => (await _network.Cluster.Clinic("north").ReadWorklist(null, 10)).State!;
}
