using System.Globalization;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.Courses;
using ClinicNetwork.Domain.Tests.Support;
using CsCheck;
using Xunit.Abstractions;

namespace ClinicNetwork.Domain.Tests.Plans;

/// <summary>
/// Random proposals of three sites, each on what it saw last, with revisions and resolutions between: whatever a proposal changes was there as its site knew it, and whatever it wanted is in
/// the plan or in a conflict. CsCheck prints the seed of a failure.
/// </summary>
public sealed class ProposalLawTests(ITestOutputHelper output)
{
    private static readonly (Chart Chart, Edit[] Edits)[] Plans = [.. Edit.Plans()];

    private int _merged;
    private int _conflicts;
    private int _resolved;

    [Fact]
    public void No_site_overwrites_what_it_did_not_know_and_nothing_is_lost()
    {
        Gen.Select(Gen.Int[0, Plans.Length - 1], Gen.Select(Gen.Int[0, 2], Gen.Int[0, 9], Gen.Int[0, 999]).Array[1, 40])
            .Sample((plan, steps) => Run(Plans[plan].Chart, Plans[plan].Edits, steps), iter: 600, threads: 2, writeLine: output.WriteLine);
        output.WriteLine($"{_merged} merged, {_conflicts} conflicts, {_resolved} resolved");
        Assert.True(_merged > 300 && _conflicts > 300 && _resolved > 100);
    }

    private void Run(Chart chart, Edit[] edits, (int Site, int Action, int Pick)[] steps)
    {
        var (state, version) = (chart.State, chart.Version);
        var known = new[] { state.Plan!, state.Plan!, state.Plan! };
        foreach (var (site, action, pick) in steps)
        {
            var (edit, before) = (edits[pick % edits.Length], state);
            RevisePlan Change(Plan on) => edit.Change(on, new(on.Version, null, null, null, [], "Because", version + 1) { Supervision = on.Supervision, Actor = $"site-{site}" });
            switch (action)
            {
                case 0 or 1:
                    known[site] = state.Plan!;
                    break;
                case 2:
                    Do(Change(state.Plan!), refusable: true);
                    break;
                case 3 when state.PlanConflicts.LastOrDefault(c => c.IsOpen) is { } open:
                    var holds = pick % 2 == 0 ? PlanChoice.Proposed : PlanChoice.Present;
                    if (Do(new ResolvePlanConflict(open.Number, holds, "Decided", state.Plan!.Version, null, "home", Given.Home, version + 1), refusable: holds == PlanChoice.Proposed))
                    {
                        HoldResolved(before, state, open, holds);
                        Interlocked.Increment(ref _resolved);
                    }

                    break;
                default:
                    if (Do(new ProposeRevision(Change(known[site]), chart.At(-1)), refusable: true))
                        HoldProposed(known[site], before, state, edit);
                    break;
            }

            Assert.Equal(state.PlanConflicts.Any(c => c.Resolution is null && c.Fields.Any(f => f < PlanField.Goals)), UseCases.Decide(state, Start(chart), chart.At(1)).Refusal?.Reason == "PLAN_CONFLICT");
        }

        bool Do(object command, bool refusable)
        {
            var attempt = UseCases.Decide(state, command, chart.At(0));
            Assert.True(attempt.Accepted || refusable, attempt.Refusal?.ToString());
            (state, version) = (UseCases.Fold(state, attempt), version + (attempt.Accepted ? 1 : 0));
            return attempt.Accepted;
        }
    }

    /// <summary>Through every gate of every protocol.</summary>
    private static StartSession Start(Chart chart) => chart.Start(0) with { SpO2Percent = 99, FoodMinutes = 600, DrinkMinutes = 600, EscortConfirmed = true, EnrolmentConfirmed = true };

    private void HoldProposed(Plan known, PatientState before, PatientState after, Edit edit)
    {
        var (was, here, now) = (Entries(known), Entries(before.Plan!), Entries(after.Plan!));
        foreach (var key in here.Keys.Union(now.Keys))
            Assert.True(Of(here, key) == Of(now, key) || Of(here, key) == Of(was, key), $"{edit} overwrote {key}.");
        Assert.True(Of(here, "dose") == Of(now, "dose") || !before.PlanConflicts.Any(c => c.Resolution is null && c.Fields.Any(f => f < PlanField.Goals)), $"{edit} changed a dose that waits for a decision.");
        Assert.True(after.PlanConflicts.Take(before.PlanConflicts.Length).SequenceEqual(before.PlanConflicts));
        var wanted = Entries(RevisedAlone(before, known, edit.Change(known, new(known.Version, null, null, null, [], "Because") { Supervision = known.Supervision })));
        var changed = wanted.Keys.Union(was.Keys).Where(k => Of(wanted, k) != Of(was, k)).ToArray();
        if (after.PlanConflicts.Length > before.PlanConflicts.Length)
        {
            Assert.Same(before.Plan, after.Plan);
            Assert.True(Entries(after.PlanConflicts[^1].Proposed).OrderBy(e => e.Key).SequenceEqual(wanted.OrderBy(e => e.Key)), $"{edit} is not in the conflict.");
            Interlocked.Increment(ref _conflicts);
            return;
        }

        Assert.All(changed, key => Assert.Equal(Of(wanted, key), Of(now, key)));
        Interlocked.Add(ref _merged, known.Version != before.Plan!.Version && changed.Length > 0 ? 1 : 0);
    }

    private static void HoldResolved(PatientState before, PatientState after, PlanConflict conflict, PlanChoice holds)
    {
        var (was, wanted, here, now) = (Entries(conflict.Base!), Entries(conflict.Proposed), Entries(before.Plan!), Entries(after.Plan!));
        foreach (var key in was.Keys.Union(wanted.Keys).Union(here.Keys))
            Assert.Equal(holds == PlanChoice.Proposed && Of(wanted, key) != Of(was, key) ? Of(wanted, key) : Of(here, key), Of(now, key));
        Assert.Equal(before.Plan!.Revision + 1, after.Plan!.Revision);
    }

    /// <summary>The plan as its site saw it, changed where nobody else changes anything.</summary>
    private static Plan RevisedAlone(PatientState state, Plan known, RevisePlan change) =>
        RevisePlan.Decide(state with { Plan = known, PlanConflicts = [] }, change, ClinicTime.StartOf(new DateOnly(2025, 2, 1), state.TimeZone)).Answer!.Plan;

    private static string Of(Dictionary<string, string> entries, string key) => entries.GetValueOrDefault(key, "");

    /// <summary>The dosing group, each goal and each series, by what they are told apart by.</summary>
    private static Dictionary<string, string> Entries(Plan p) => ((IEnumerable<(string Key, string Value)>)
        [
            ("dose", string.Create(CultureInfo.InvariantCulture, $"{p.Protocol.Value}/{p.ProtocolVersion} {p.Setting} {p.Supervision} {p.DoseMgPerKg} {p.DoseMg} {p.InductionSessions} {p.ChosenPhase} {p.Interval?.Phase} {p.Interval?.Days}")),
            .. p.Goals.Select(g => (g.TargetPhq9 is not null ? "goal PHQ-9" : g.Measure is { } m ? $"goal {m}" : $"goal {g.Text}", $"{g.Text} {g.TargetPhq9} {g.TargetDate} {g.TargetTotal}")),
            .. p.GivenSupport.Select(s => ($"support {s.Kind} {s.Provider} {s.From}", $"{s.EveryDays} {s.To}")),
        ]).GroupBy(e => e.Key, e => e.Value).ToDictionary(e => e.Key, e => string.Join('+', e));
}
