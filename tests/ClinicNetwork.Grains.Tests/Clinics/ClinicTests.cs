using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Grains.Clinics;

namespace ClinicNetwork.Grains.Tests.Clinics;

/// <summary>A clinic and the patients it may read.</summary>
public sealed class ClinicTests(SharedNetwork shared) : IClassFixture<SharedNetwork>
{
    private ClusterUnderTest Cluster => shared.Network.Cluster;

    [Fact]
    public async Task A_registered_clinic_is_read_back_also_by_a_new_activation()
    {
        var clinic = Cluster.Clinic("lake");
        (await clinic.Register(new(new("lake"), "Clinic at the lake", "America/New_York", true), Origins.Next())).AcceptedAs(1);
        await Cluster.DeactivateAsync(clinic);
        var reading = await clinic.Read(Replies.Confirmed);
        Assert.Equal((1L, "Clinic at the lake", "America/New_York", true), (reading.Version, reading.State!.DisplayName, reading.State.TimeZone, reading.State.EsketamineCertified));
        Assert.Contains("cl-lake", await shared.Network.Store.Projections.ReadClinicsAsync("", 100, default));
    }

    [Fact]
    public async Task A_clinic_is_registered_once_and_a_retry_is_answered()
    {
        var clinic = Cluster.Clinic("hill");
        var origin = Origins.Next();
        var first = await clinic.Register(Commands.Register("hill"), origin);
        Assert.Equal(first, await clinic.Register(Commands.Register("hill"), origin));
        (await clinic.Register(Commands.Register("hill"), Origins.Next())).RefusedAs("CLINIC_EXISTS", RefusalKind.Exists);
        (await clinic.Register(Commands.Register("hill"), Origins.Of(origin.RequestId, "other"))).RefusedAs("REQUEST_ID_REUSED", RefusalKind.Invalid);
    }

    [Fact]
    public async Task An_unknown_time_zone_is_refused()
    {
        var command = Commands.Register("nowhere") with { TimeZone = "Europe/Atlantis" };
        (await Cluster.Clinic("nowhere").Register(command, Origins.Next())).RefusedAs("TIME_ZONE_UNKNOWN", RefusalKind.Invalid);
    }

    [Fact]
    public async Task A_clinic_that_was_not_registered_is_not_found()
    {
        var clinic = Cluster.Clinic("ghost");
        (await clinic.Read(Replies.Confirmed)).RefusedAs("CLINIC_NOT_FOUND", RefusalKind.NotFound);
        (await clinic.ReadRoster("", 10)).RefusedAs("CLINIC_NOT_FOUND", RefusalKind.NotFound);
        (await clinic.ReadWorklist(null, 10)).RefusedAs("CLINIC_NOT_FOUND", RefusalKind.NotFound);
    }

    [Fact]
    public async Task The_roster_holds_own_and_shared_patients_in_pages_with_their_versions()
    {
        var (own, other) = (await RegisteredAsync("roster-own"), await RegisteredAsync("roster-other"));
        foreach (var patient in (string[])["roster-c", "roster-a", "roster-b"])
        {
            (await Cluster.Patient(patient).Enrol(Commands.Enrol(patient) with { HomeClinic = new("roster-own") }, Origins.Next())).AcceptedAs(1);
        }

        await Cluster.Patient("roster-b").SetSharing(new([new(new("roster-other"), Domain.Patients.SiteAccess.Read)], Commands.OnDay(0)), Origins.Next());
        Assert.Equal(
            [new("pt-roster-a", "clinics/roster-own", 1), new("pt-roster-b", "clinics/roster-own", 2), new("pt-roster-c", "clinics/roster-own", 1)],
            (await own.ReadRoster("", 10)).State!.Items);
        Assert.Equal(["pt-roster-b"], (await own.ReadRoster("pt-roster-a", 1)).State!.Items.Select(i => i.Stream));
        Assert.Equal([new RosterItem("pt-roster-b", "clinics/roster-own", 2)], (await other.ReadRoster("", 10)).State!.Items);

        await Cluster.Patient("roster-b").SetSharing(Commands.ShareWithNobody(), Origins.Next());
        Assert.Empty((await other.ReadRoster("", 10)).State!.Items);
    }

    private async Task<IClinicGrain> RegisteredAsync(string name)
    {
        var clinic = Cluster.Clinic(name);
        (await clinic.Register(Commands.Register(name), Origins.Next())).AcceptedAs(1);
        return clinic;
    }
}

/// <summary>Visits that are open or overdue by the store's clock. One dose on 6 January: windows of 20 January to 6 February, 18 February to 4 March, ….</summary>
public sealed class WorklistTests
{
    private static readonly string EndOfInduction = Milestone.EndOfInduction.ToString();
    private static readonly string Week4 = Milestone.Week4.ToString();

    [Fact]
    public async Task A_visit_is_listed_from_the_first_day_of_its_window_until_it_is_done()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        var patient = await network.Cluster.DosedAsync("anna");
        var clinic = network.Cluster.Clinic("north");

        // 1 March: the first visit is overdue, the second is open, the third lies ahead.
        var worklist = (await clinic.ReadWorklist(null, 10)).State!;
        Assert.Equal(NetworkUnderTest.Start, worklist.ReadAt);
        Assert.Equal(
            [
                new("pt-anna", EndOfInduction, Berlin(1, 20), Berlin(2, 7)),
                new("pt-anna", Week4, Berlin(2, 18), Berlin(3, 5)),
            ],
            await MilestonesAsync(clinic));
        Assert.Equal(worklist.Items.Skip(1), (await clinic.ReadWorklist(worklist.Items[0], 10)).State!.Items);
        Assert.Equal([EndOfInduction], (await clinic.ReadWorklist(null, 1)).State!.Items.Select(i => i.Milestone));

        await patient.RecordAssessment(Commands.Assess("a1", 50, 9), Origins.Next());
        Assert.Equal([EndOfInduction], (await MilestonesAsync(clinic)).Select(i => i.Milestone));
        await patient.RecordMissedVisit(new(Milestone.EndOfInduction, MissingReason.Unreachable, Commands.OnDay(53)), Origins.Next());
        Assert.Empty((await MilestonesAsync(clinic)));
    }

    [Fact]
    public async Task A_visit_comes_up_at_midnight_of_the_clinic_and_goes_when_its_milestone_closes()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        await network.Cluster.DosedAsync("anna");
        var clinic = network.Cluster.Clinic("north");
        var opens = Berlin(3, 18); // week 8: 25 March ± 7 days
        await network.Cluster.Stepper.AdvanceAsync(opens.AddMilliseconds(-1), default);

        // The first milestone closed on 7 March, the second closes on 2 April; the third is not open for another millisecond.
        Assert.Equal([Week4], (await MilestonesAsync(clinic)).Select(i => i.Milestone));
        await network.Cluster.Stepper.AdvanceAsync(opens, default);
        Assert.Equal([Week4, Milestone.Week8.ToString()], (await MilestonesAsync(clinic)).Select(i => i.Milestone));
    }

    [Fact]
    public async Task The_longest_overdue_comes_first_and_other_clinics_patients_do_not_come()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        await network.Cluster.DosedAsync("berta");
        await network.Cluster.DosedAsync("anna");
        var earlier = await network.Cluster.PlannedAsync("aaron");
        await earlier.TreatAsync(-5);
        var worklist = await MilestonesAsync(network.Cluster.Clinic("north"));
        Assert.Equal(
            [("pt-aaron", EndOfInduction), ("pt-anna", EndOfInduction), ("pt-berta", EndOfInduction), ("pt-aaron", Week4), ("pt-anna", Week4), ("pt-berta", Week4)],
            worklist.Select(i => (i.Stream, i.Milestone)));
        Assert.Empty((await network.Cluster.Clinic("south").ReadWorklist(null, 10)).State!.Items);
    }

    /// <summary>The long-term items of days 21 to 35 are asked after until the next window opens on day 49, 24 February; the list is read on 1 March and later.</summary>
    [Fact]
    public async Task Time_alone_opens_visits_of_the_calendar_and_takes_them_away_and_an_answer_does()
    {
        await using var network = await NetworkUnderTest.CreateAsync();
        var patient = await network.Cluster.DosedAsync("anna");
        var clinic = network.Cluster.Clinic("north");
        Assert.Equal([("visit:long-term-safety/1/2", Berlin(2, 24), Berlin(3, 11))], await SafetyAsync(clinic));
        await network.Cluster.Stepper.AdvanceAsync(Berlin(3, 24), default);
        Assert.Equal([("visit:long-term-safety/1/3", Berlin(3, 24), Berlin(4, 8, summer: true))], await SafetyAsync(clinic));

        await patient.RescheduleVisit(new("long-term-safety/1/3", new(2025, 4, 2), "Away", Berlin(3, 23)), Origins.Next());
        Assert.Empty(await SafetyAsync(clinic));
        await network.Cluster.Stepper.AdvanceAsync(Berlin(4, 2, summer: true), default);
        Assert.Equal([("visit:long-term-safety/1/3", Berlin(4, 2, summer: true), Berlin(4, 8, summer: true))], await SafetyAsync(clinic));
        await patient.RecordMissedVisit(new(default, MissingReason.Declined, Berlin(4, 1), "long-term-safety/1/3"), Origins.Next());
        Assert.Empty(await SafetyAsync(clinic));
    }

    private static async Task<IEnumerable<(string, DateTimeOffset, DateTimeOffset)>> SafetyAsync(IClinicGrain clinic) =>
        (await clinic.ReadWorklist(null, 50)).State!.Items.Where(i => i.Milestone.StartsWith("visit:long-term-safety", StringComparison.Ordinal)).Select(i => (i.Milestone, i.OpensAt, i.ClosesAt));

    private static async Task<IReadOnlyList<WorklistItem>> MilestonesAsync(IClinicGrain clinic) =>
        [.. (await clinic.ReadWorklist(null, 50)).State!.Items.Where(i => Enum.TryParse<Milestone>(i.Milestone, out _))];

    /// <summary>Midnight in Berlin before summer time.</summary>
    private static DateTimeOffset Berlin(int month, int day, bool summer = false) => new DateTimeOffset(2025, month, day, 0, 0, 0, TimeSpan.FromHours(summer ? 2 : 1)).ToUniversalTime();
}
