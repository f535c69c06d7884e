using System.Collections.Concurrent;
using System.Globalization;
using ClinicNetwork.Domain.Advising;
using ClinicNetwork.Domain.Patients;
using Xunit.Abstractions;

namespace ClinicNetwork.Domain.Tests.Advising;

/// <summary>
/// Random courses: no advice leaves the limits that the label and the sources give, none is given without its data, and what it proposes is a revision that plans accept, while one
/// step beyond is refused. Limits and conditions are written here a second time. CLINICNETWORK_TEST_SEED replays a run.
/// </summary>
public sealed class AdviceLawTests(ITestOutputHelper output)
{
    private const int Courses = 100_000;

    private readonly ConcurrentDictionary<string, int> _reached = new();

    [Fact]
    public void In_100_000_courses_no_advice_leaves_the_limits_or_lacks_its_data_and_what_it_proposes_is_a_revision()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("CLINICNETWORK_TEST_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        Parallel.For(0, Courses, new ParallelOptions { MaxDegreeOfParallelism = 2 }, number =>
        {
            var random = new Random(unchecked(seed + (number * 7919)));
            var (state, now) = RandomCourse.Draw(random);
            try
            {
                Check(state, now);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"Course {number} of seed {seed}, {state.Plan!.Protocol.Value} {state.Plan.ProtocolVersion}: {exception.Message}", exception);
            }
        });

        foreach (var (what, times) in _reached.OrderBy(r => r.Key, StringComparer.Ordinal))
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {times} ({(double)times / Courses:P1} of courses)"));
        var (accepted, refused) = (Sum("accepted"), Sum("refused"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{accepted + refused} commands, {(double)refused / (accepted + refused):P0} refused"));
        Assert.True(refused >= 0.30 * (accepted + refused), "Too few commands were refused for the run to count.");
        Assert.Equal("", string.Join(", ", Enum.GetValues<AdviceKind>().Where(kind => Sum($"advice {kind}") < 100)));
        Assert.Equal("", string.Join(", ", ((string[])["missing a PHQ-9 above", "missing a PHQ-9 of", "missing phases", "missing an interval"]).Where(m => Sum(m) == 0)));
    }

    private void Check(PatientState state, DateTimeOffset now)
    {
        var sheet = AdviceSheet.Of(state, now);
        foreach (var gap in sheet.Missing)
        {
            Add("missing " + gap.Missing);
            Assert.DoesNotContain(sheet.Given, a => gap.Kinds.Contains(a.Kind));
        }

        Assert.Distinct(sheet.Given.Select(a => a.Kind));
        Assert.True(state.EndedAt is null || sheet.Given.IsEmpty);
        foreach (var advice in sheet.Given)
        {
            Add($"advice {advice.Kind}");
            Assert.Contains(advice.Rule, AdviceCatalogue.All.Select(r => r.Key));
            Assert.True(advice.Limit.Length > 0 && advice.Alternatives.Length > 0 && advice.Id.Length <= 1_000);
            DataIsThere(state, advice);
            AdviceOracle.Check(state, advice, now);
            Follow(state, advice, now);
        }
    }

    /// <summary>Each fact that is named is a fact of this patient, or what its plan says.</summary>
    private static void DataIsThere(PatientState state, Advice advice)
    {
        Assert.NotEmpty(advice.Data);
        Assert.Distinct(advice.Data.Select(d => d.Fact).Where(f => !f.StartsWith("assessments/", StringComparison.Ordinal)));
        Assert.All(advice.Data, datum => Assert.True(
            datum.Says.Length > 0 && datum.Fact.Split('/') is [var list, var id] && list switch
            {
                "assessments" => state.Assessments.Any(a => a.Id.Value == id),
                "sessions" => state.Sessions.Any(s => s.Id.Value == id && s.DosedAt is not null),
                "side-effects" => int.Parse(id, CultureInfo.InvariantCulture) is var n && n >= 1 && n <= state.SideEffects.Length,
                "plan" => true,
                _ => false,
            },
            datum.Fact));
    }

    private void Follow(PatientState state, Advice advice, DateTimeOffset now)
    {
        var decide = new RecordAdviceDecision(advice.Id, AdviceVerdict.Followed, "Agreed with the patient");
        if (advice.Change == AdviceChange.None)
        {
            Decided(state, decide, now);
            return;
        }

        Refused(RecordAdviceDecision.Decide(state, decide, now).Refusal, "ADVICE_NOT_FOLLOWED");
        var revise = Revision(state, advice.Change, now);
        var revised = RevisePlan.Decide(state, revise, now);
        Assert.True(revised.Refusal is null, $"{advice.Kind}: {revised.Refusal}");
        Add("accepted RevisePlan");
        foreach (var (beyond, reason) in Beyond(state, revise, advice))
            Refused(RevisePlan.Decide(state, beyond, now).Refusal, reason);
        Decided(revised.Events.Aggregate(state, PatientState.Evolve), decide with { PlanRevision = state.Plan!.Revision + 1 }, now);
    }

    private static RevisePlan Revision(PatientState state, AdviceChange change, DateTimeOffset now) =>
        new(state.Plan!.Version, change.DoseMgPerKg, change.DoseMg, null, [], "As advised", state.Plan.Version + 1)
        {
            Phase = change.Phase,
            IntervalDays = change.IntervalDays,
            Support = change.Support is { } kind ? [new(kind, "Dr B", 7, state.DayOf(now), null)] : [],
        };

    /// <summary>The same revision, past the limit by the least that there is.</summary>
    private static IEnumerable<(RevisePlan, string)> Beyond(PatientState state, RevisePlan revise, Advice advice)
    {
        if (revise.IntervalDays is not null)
        {
            var (low, high) = advice.Change.Phase is { } phase ? AdviceOracle.Spacing(state.Plan!, phase) : (1, 57);
            yield return (revise with { IntervalDays = low - 1 }, "INTERVAL_OUT_OF_RANGE");
            yield return (revise with { IntervalDays = high + 1 }, "INTERVAL_OUT_OF_RANGE");
        }

        if (revise.DoseMg is not null)
            yield return (revise with { DoseMg = advice.Kind == AdviceKind.StepDoseUp ? 112 : 28 }, "DOSE_OUT_OF_RANGE");
        if (revise.DoseMgPerKg is not null)
            yield return (revise with { DoseMgPerKg = AdviceOracle.DoseMax(state.Plan!) + 0.001 }, "DOSE_OUT_OF_RANGE");
        if (!revise.Support.IsEmpty)
            yield return (revise with { Support = [revise.Support[0] with { EveryDays = 91 }] }, "SUPPORT_OUT_OF_RANGE");
    }

    private void Decided(PatientState state, RecordAdviceDecision command, DateTimeOffset now)
    {
        var decided = RecordAdviceDecision.Decide(state, command, now);
        Assert.True(decided.Refusal is null, $"{command.AdviceId}: {decided.Refusal}");
        Add("accepted RecordAdviceDecision");
        var after = decided.Events.Aggregate(state, PatientState.Evolve);
        Assert.Equal(command.AdviceId, after.AdviceDecisions[^1].Advice.Id);
        Assert.DoesNotContain(AdviceSheet.Open(after, now), a => a.Id == command.AdviceId);
        Refused(RecordAdviceDecision.Decide(after, command, now).Refusal, "ADVICE_DECIDED");
    }

    private void Refused(Refusal? refusal, string reason)
    {
        Assert.Equal(reason, refusal?.Reason);
        Add("refused " + reason);
    }

    private void Add(string what) => _reached.AddOrUpdate(what, 1, (_, n) => n + 1);

    private int Sum(string begin) => _reached.Where(r => r.Key.StartsWith(begin, StringComparison.Ordinal)).Sum(r => r.Value);
}
