using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>A patient of north is offered to south: what each clinic may do and sees before, and after.</summary>
public sealed class TransferTests : IAsyncLifetime
{
    private static readonly ClinicId East = new("east");

    private static readonly OfferTransfer Offer = new(Commands.South, "moves there", SiteAccess.Read, 0);

    private static readonly AcceptTransfer Accept = new(1, "S-7");

    private NetworkUnderTest _network = null!;

    private IProjections Projections => _network.Store.Projections;

    public async Task InitializeAsync()
    {
        _network = await NetworkUnderTest.CreateAsync();
        (await _network.Cluster.Clinic("east").Register(Commands.Register("east") with { TimeZone = "America/New_York" }, Origins.Next())).AcceptedAs(1);
    }

    public async Task DisposeAsync() => await _network.DisposeAsync();

    [Fact]
    public async Task Before_it_accepts_the_other_clinic_is_told_the_offer_and_nothing_else()
    {
        var patient = await _network.Cluster.PlannedAsync("anna");
        (await patient.ReadTransfers(For(Commands.South))).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
        Assert.Equal(NetworkUnderTest.Start.AddDays(14), (await patient.OfferTransfer(Offer, North())).AcceptedAs(4).ExpiresAt);
        var told = (await patient.ReadTransfers(For(Commands.South))).State!;
        Assert.Equal(("anna", Domain.Protocols.Drug.KetamineRacemic, "moves there", Commands.North), (told.Patient.Value, told.Drug, told.Transfers.Single().Reason, told.Transfers.Single().From));
        foreach (var site in (ClinicId[])[Commands.South, East])
        {
            (await patient.Read(For(site))).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
            (await patient.ReadPlan(For(site))).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
            (await patient.RecordAssessment(Commands.Assess("a1", 0, 9), Origins.Next(site))).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
        }

        (await patient.ReadTransfers(For(East))).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
        (await patient.AcceptTransfer(Accept, Origins.Next(East))).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
        (await patient.DeclineTransfer(new(1, "no place"), Origins.Next(East))).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
        (await patient.AcceptTransfer(Accept, North())).RefusedAs("SITE_NOT_RECEIVER", RefusalKind.Denied);
        (await patient.OfferTransfer(Offer with { To = new("atlantis") }, North())).RefusedAs("CLINIC_NOT_FOUND", RefusalKind.NotFound);
        Assert.Empty(await RosterAsync(Commands.South));
        Assert.Empty(await FeedAsync(Commands.South));
        Assert.Equal([("pt-anna", "transfer:1")], await OffersAsync(Commands.South));
        Assert.Equal([("pt-anna", "own-transfer:1")], await OffersAsync(Commands.North));

        (await patient.DeclineTransfer(new(1, "no place"), South())).AcceptedAs(5);
        (await patient.ReadTransfers(For(Commands.South))).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
        (await patient.AcceptTransfer(Accept, South())).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
        Assert.Empty(await OffersAsync(Commands.South));
        Assert.Empty(await OffersAsync(Commands.North));
        (await patient.OfferTransfer(Offer, North())).AcceptedAs(6);
        await _network.Clock.AdvanceAsync(NetworkUnderTest.Start.AddDays(14), default);
        (await patient.AcceptTransfer(Accept with { Number = 2 }, South())).RefusedAs("TRANSFER_EXPIRED", RefusalKind.Precondition);
        (await patient.ReadTransfers(For(Commands.South))).RefusedAs("PATIENT_NOT_FOUND", RefusalKind.NotFound);
        Assert.Empty(await OffersAsync(Commands.South));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(SiteAccess.Read)]
    [InlineData(SiteAccess.Write)]
    public async Task Once_it_is_accepted_the_other_clinic_is_home_and_the_former_keeps_what_was_offered(SiteAccess? keeps)
    {
        var patient = await _network.Cluster.PlannedAsync("anna");
        (await patient.OfferTransfer(Offer with { Keeps = keeps }, North())).AcceptedAs(4);
        var origin = South();
        var accepted = await patient.AcceptTransfer(Accept, origin);
        accepted.AcceptedAs(5);
        Assert.Equal(accepted, await patient.AcceptTransfer(Accept, origin));
        var state = (await patient.StandsAtAsync()).State;
        Assert.Equal((Commands.South, "S-7", "R-anna"), (state.HomeClinic, state.RecordNumber, state.EarlierHomes.Single().RecordNumber));
        Assert.Equal((keeps is not null, keeps == SiteAccess.Write), (state.ReadableBy(Commands.North) == PlanSections.All, state.WritableBy(Commands.North) == PlanSections.All));
        Assert.Equal(keeps is null ? "PATIENT_NOT_FOUND" : null, (await patient.Read(For(Commands.North))).Refusal?.Reason);
        Assert.Equal(["pt-anna"], await RosterAsync(Commands.South));
        Assert.Equal(keeps is null ? [] : ["pt-anna"], await RosterAsync(Commands.North));
        Assert.Equal((FeedKind.AccessGranted, "AcceptTransfer"), Assert.Single(await FeedAsync(Commands.South)));
        Assert.Equal((keeps is null ? FeedKind.AccessRevoked : FeedKind.Changed, "AcceptTransfer"), (await FeedAsync(Commands.North))[^1]);
        Assert.Empty(await OffersAsync(Commands.South));
        (await patient.OfferTransfer(Offer with { To = East }, North())).RefusedAs(
            keeps switch { null => "PATIENT_NOT_FOUND", SiteAccess.Read => "SITE_READ_ONLY", _ => "SITE_NOT_HOME" }, keeps is null ? RefusalKind.NotFound : RefusalKind.Denied);
        (await patient.OfferTransfer(Offer with { To = East }, South())).AcceptedAs(6);
        Assert.Null((await patient.ReadRecord(For(Commands.South), 0, 100)).Refusal);
    }

    /// <summary>The wraps of the data key go with the roster's rows: once the keeper's key is destroyed, nobody opens it.</summary>
    [Fact]
    public async Task The_key_of_a_former_home_that_keeps_nothing_holds_the_patient_no_more()
    {
        var (moved, kept) = (await _network.Cluster.PlannedAsync("anna"), await _network.Cluster.PlannedAsync("berta"));
        (await moved.OfferTransfer(Offer with { Keeps = null }, North())).AcceptedAs(4);
        (await kept.OfferTransfer(Offer, North())).AcceptedAs(4);
        (await moved.AcceptTransfer(Accept, South())).AcceptedAs(5);
        (await kept.AcceptTransfer(Accept with { RecordNumber = "S-8" }, South())).AcceptedAs(5);
        (await _network.Cluster.Clinic("south").DestroyKeyAsync(new("left"), Origins.Next())).AcceptedAs(2);
        (await moved.Read(Replies.Confirmed)).RefusedAs("PATIENT_KEY_DESTROYED", RefusalKind.Precondition);
        Assert.Null((await kept.Read(For(Commands.North))).Refusal);
    }

    [Fact]
    public async Task It_is_refused_in_a_session_for_a_taken_number_and_for_a_clinic_without_a_key_and_nothing_moves()
    {
        var patient = await _network.Cluster.InSessionAsync("anna");
        (await patient.OfferTransfer(Offer, North())).AcceptedAs(5);
        (await patient.AcceptTransfer(Accept, South())).RefusedAs("SESSION_OPEN", RefusalKind.Precondition);
        (await patient.RecordDose(Commands.RecordDose("s0", 0), Origins.Next())).AcceptedAs(6);
        (await patient.CompleteSession(Commands.CompleteSession("s0", 0), Origins.Next())).AcceptedAs(7);
        var other = _network.Cluster.Patient("berta");
        (await other.Enrol(Commands.Enrol("berta", "S-7") with { HomeClinic = Commands.South }, Origins.Next())).AcceptedAs(1);
        (await patient.AcceptTransfer(Accept, South())).RefusedAs("RECORD_NUMBER_IN_USE", RefusalKind.Exists);
        Assert.Equal(["pt-berta"], await RosterAsync(Commands.South));
        Assert.Equal(Commands.North, (await patient.StandsAtAsync()).State.HomeClinic);
        (await _network.Cluster.Clinic("south").DestroyKeyAsync(new("left"), Origins.Next())).AcceptedAs(2);
        (await patient.AcceptTransfer(Accept with { RecordNumber = "S-9" }, South())).RefusedAs("CLINIC_KEY_DESTROYED", RefusalKind.Precondition);
        (await patient.WithdrawTransfer(new(1), North())).AcceptedAs(8);
        (await patient.OfferTransfer(Offer, North())).RefusedAs("CLINIC_KEY_DESTROYED", RefusalKind.Precondition);
    }

    /// <summary>Closings are due at midnight of the home clinic: a row left at the former's would be run too early, and never again.</summary>
    [Fact]
    public async Task A_milestone_that_closes_later_in_the_new_clinic_is_closed_there()
    {
        var patient = await _network.Cluster.DosedAsync("anna");
        var early = (await Projections.ReadNextDueAsync(default))!.Value;
        (await patient.OfferTransfer(Offer with { To = East }, North())).AcceptedAs(7);
        (await patient.AcceptTransfer(Accept, Origins.Next(East))).AcceptedAs(8);
        var due = (await Projections.ReadNextDueAsync(default))!.Value;
        Assert.InRange(due - early, TimeSpan.FromHours(5), TimeSpan.FromHours(6));
        await _network.Cluster.Stepper.AdvanceAsync(due, default);
        Assert.Single((await patient.StandsAtAsync()).State.Outcomes);
    }

    private static ReadRequest For(ClinicId site) => new(false, 0, site);

    private static CommandOrigin North() => Origins.Next(Commands.North);

    private static CommandOrigin South() => Origins.Next(Commands.South);

    private async Task<IReadOnlyList<string>> RosterAsync(ClinicId site) => [.. (await Projections.ReadRosterAsync(site.Name, "", 10, default)).Select(row => row.Stream)];

    private async Task<IReadOnlyList<(FeedKind Kind, string Command)>> FeedAsync(ClinicId site) =>
        [.. (await Projections.ReadFeedAsync(site.Name, FeedPosition.Start, 100, default)).Rows.Select(row => (row.Kind, row.Command))];

    private async Task<IReadOnlyList<(string Stream, string Kind)>> OffersAsync(ClinicId site) =>
        [.. (await Projections.ReadWorklistAsync(TransferProjections.ListOf(site), _network.Clock.Now, null, 10, default)).Select(row => (row.Stream, row.Milestone))];
}
