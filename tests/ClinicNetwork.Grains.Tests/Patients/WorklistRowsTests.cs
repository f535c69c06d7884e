using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Journal;
using Xunit.Abstractions;

namespace ClinicNetwork.Grains.Tests.Patients;

/// <summary>The worklist's rows of calendar and sessions, as commands write them one after another; pure, no silo.</summary>
public sealed class WorklistRowsTests(ITestOutputHelper output)
{
    private static readonly SiteGrant South = new(new("south"), SiteAccess.Write);

    /// <summary>A row of a visit of the calendar or of a session in progress, set or done.</summary>
    public static bool IsRow(Projection projection) =>
        (projection is Projection.FollowUpSet { Milestone: var set } && IsKind(set)) || (projection is Projection.FollowUpDone { Milestone: var done } && IsKind(done));

    /// <summary>Who may not see sessions can complete none: somebody else has to be shown it.</summary>
    [Fact]
    public void A_session_in_progress_goes_home_when_its_clinic_may_see_sessions_no_more()
    {
        IEvent[] started = [PatientRows.Enrolled, PatientRows.Planned, new SharingSet([South], Commands.OnDay(0)), PatientRows.Started(0) with { Clinic = new("south") }];
        var goals = new SharingSet([new(new("south"), SiteAccess.BySection) { Full = PlanSections.Goals }], Commands.OnDay(0));
        Assert.Contains(PatientRows.Projected([started[^1]], started[..^1]), row => row.StartsWith("FollowUpSet(Clinic=\"clinics/south\", Milestone=\"session:s0\"", StringComparison.Ordinal));
        Assert.Contains(PatientRows.Projected([goals], started), row => row.StartsWith("FollowUpSet(Clinic=\"clinics/north\", Milestone=\"session:s0\"", StringComparison.Ordinal));
    }

    /// <summary>Late answers, answers of one day, doses recorded late, agreed days, missed visits, ends, other clinics: what the store holds is what the state says, whatever the way to it.</summary>
    [Fact]
    public void After_any_sequence_the_rows_are_those_of_the_state()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("CLINICNETWORK_TEST_SEED"), out var given) ? given : Random.Shared.Next();
        output.WriteLine($"CLINICNETWORK_TEST_SEED={seed}");
        var random = new Random(seed);
        var (set, done, sessionsSet) = (0, 0, 0);
        for (var patient = 0; patient < 150; patient++)
        {
            var state = Start();
            var rows = new Dictionary<string, Projection.FollowUpSet>();
            for (var (step, day) = (0, 0); step < 60; step++)
            {
                var events = Next(random, state, step, day);
                day += random.Next(0, 9);
                var after = events.Aggregate(state, PatientState.Evolve);
                foreach (var projection in PatientProjections.Of(state, after, events).Where(IsRow))
                {
                    if (projection is Projection.FollowUpSet row)
                    {
                        rows[row.Milestone] = row;
                        set++;
                        sessionsSet += row.Milestone.StartsWith("session:", StringComparison.Ordinal) ? 1 : 0;
                    }
                    else if (projection is Projection.FollowUpDone { Milestone: var kind })
                    {
                        Assert.True(rows.Remove(kind), $"{kind} was done and not there.");
                        done++;
                    }
                }

                state = after;
                var sites = state.Sites.Select(s => s.Site.Name).Append(state.HomeClinic.Name).ToArray();
                Assert.Equal(WorklistRows.Of(state, sites).OrderBy(r => r.Key, StringComparer.Ordinal), rows.OrderBy(r => r.Key, StringComparer.Ordinal));
            }
        }

        output.WriteLine($"{set} rows were set, {sessionsSet} of them of sessions, {done} done.");
        Assert.True(set > 3_000 && sessionsSet > 400 && done > 1_500);
    }

    [Fact]
    public void A_session_stands_in_the_list_of_the_clinic_where_it_takes_place_until_it_is_over_and_at_home_when_that_clinic_may_see_it_no_more()
    {
        var state = Fold(Start(), new SharingSet([South], Commands.OnDay(0)));
        var started = new SessionStarted(new("s1"), South.Site, new(120, 80), 80, 40, "", Commands.OnDay(1));
        Assert.Equal(["FollowUpSet clinics/south"], Rows(ref state, started));
        Assert.Empty(Rows(ref state, new VitalsRecorded(new("s1"), new(Commands.OnDay(1), new BloodPressure(120, 80)))));
        Assert.Equal(["FollowUpSet clinics/north"], Rows(ref state, new SharingSet([], Commands.OnDay(1))));
        Assert.Equal(["FollowUpDone "], Rows(ref state, new SessionCompleted(new("s1"), new(120, 80), Commands.OnDay(1))));
    }

    /// <summary>One dose sets what is ahead once; an answer outside windows moves nothing; a page of writes stays small.</summary>
    [Fact]
    public void A_command_writes_the_difference_alone()
    {
        var state = Start();
        Rows(ref state, Session(1));
        Assert.InRange(Rows(ref state, Dose(1)).Count, 5, 25);
        Assert.Empty(Rows(ref state, Answer(1, 1, 9)));
        Assert.Equal(1, Rows(ref state, Answer(2, 3, 9)).Count(r => r.StartsWith("FollowUpDone", StringComparison.Ordinal)));
        Rows(ref state, new SessionCompleted(new("s1"), new(120, 80), Commands.OnDay(1)));
        Rows(ref state, Session(8));
        Assert.InRange(Rows(ref state, Dose(8)).Count, 1, 12);
    }

    private static bool IsKind(string kind) => kind.StartsWith("visit:", StringComparison.Ordinal) || kind.StartsWith("session:", StringComparison.Ordinal);

    private static PatientState Start() => Fold(
        PatientState.Empty,
        new PatientEnrolled(new("anna"), Commands.North, "Europe/Berlin", "Anna", "Muster", new(1980, 5, 17), Sex.Female, "R-1", Commands.OnDay(-7)),
        new PlanCreated(new(ProtocolCatalogue.KetamineIv2.Id, 2, Setting.Clinic, 0.5, null, 6, [], 1, 2, "")));

    private static PatientState Fold(PatientState state, params IEnumerable<IEvent> events) => events.Aggregate(state, PatientState.Evolve);

    private static List<string> Rows(ref PatientState state, IEvent @event)
    {
        var (before, after) = (state, PatientState.Evolve(state, @event));
        state = after;
        return [.. PatientProjections.Of(before, after, [@event]).Where(IsRow).Select(p => $"{p.GetType().Name} {(p as Projection.FollowUpSet)?.Clinic}")];
    }

    private static SessionStarted Session(int day) => new(new("s" + day), Commands.North, new(120, 80), 80, 40, "", Commands.OnDay(day));

    private static DoseGiven Dose(int day) => new(new("s" + day), 40, 40, false, Commands.OnDay(day, 5));

    private static AssessmentRecorded Answer(int id, int day, int total) => new(new("a" + id), Commands.Items(total), total, Phq9.Severity(total), Commands.OnDay(day));

    /// <summary>Facts up to 40 days old, a session open or not, as the journal may hold them.</summary>
    private static IReadOnlyList<IEvent> Next(Random random, PatientState state, int step, int day)
    {
        var (past, open) = (day - (random.Next(3) == 0 ? random.Next(40) : 0), state.Sessions.FirstOrDefault(s => s.CompletedAt is null));
        var at = Commands.OnDay(past).AddMinutes(random.Next(600));
        switch (random.Next(12))
        {
            case 0 or 1 or 2 when open is null:
                return [new SessionStarted(new("s" + step), random.Next(4) == 0 ? South.Site : Commands.North, new(120, 80), 80, 40, "", at)];
            case 0 or 1 or 2 when open!.DosedAt is null:
                return [new DoseGiven(open.Id, 40, 40, false, at)];
            case 0 or 1 or 2:
                return [random.Next(5) == 0 ? new LeftWithoutDischarge(open!.Id, LeavingKind.AgainstAdvice, "Would not wait", at) : new SessionCompleted(open!.Id, new(120, 80), at)];
            case 3 or 4:
                var total = random.Next(28);
                return [new AssessmentRecorded(new("a" + step), Commands.Items(total), total, Phq9.Severity(total), at)];
            case 5 or 6:
                return [new ScaleRecorded(new(new("x" + step), random.Next(2) == 0 ? ScaleKind.LongTermSafety : ScaleKind.CssrsScreener, 1, at, [], null, "", null, false))];
            case 7 or 8 when FollowUpCalendar.Of(state, Commands.OnDay(day)) is { Count: > 0 } visits:
                var visit = visits[random.Next(visits.Count)];
                return random.Next(2) == 0
                    ? [new VisitRescheduled(new(state.PlannedVisits.Length + 1, visit.Name, state.DayOf(visit.OpensAt).AddDays(random.Next(10)), "Away", at))]
                    : [new FollowUpMissed(new(state.FollowUpMisses.Length + 1, visit.Name, MissingReason.Declined, at))];
            case 9:
                return [new SharingSet(random.Next(2) == 0 ? [] : [South], at)];
            case 10 when random.Next(40) == 0 && state.EndedAt is null:
                return [new TreatmentEnded("Moved away", at)];
            case 10:
                return [new PlanRevised(state.Plan! with { InductionSessions = 4 + random.Next(9), Revision = state.Plan.Revision + 1, Version = step })];
            default:
                return open is null ? [new ResearchConsentSet([], at)] : [new VitalsRecorded(open.Id, new(at, new BloodPressure(120, 80)))];
        }
    }
}
