using System.Collections.Immutable;
using System.Globalization;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Patients;

/// <summary>What of a plan can be changed. Those before <see cref="Goals"/> make up one dose and are merged as one: the dosing group.</summary>
[GenerateSerializer, Alias("plan-field")]
public enum PlanField
{
    /// <summary>With its version; it says drug and route.</summary>
    Protocol = 1,
    Setting = 2,
    Supervision = 3,
    DoseMgPerKg = 4,
    DoseMg = 5,
    InductionSessions = 6,
    Phase = 7,
    Interval = 8,
    Goals = 9,
    Support = 10,
}

/// <summary>What comes of a plan that was changed at two places at once.</summary>
/// <param name="Plan">With the changes of both; of what is in conflict it has the proposed side's.</param>
/// <param name="InConflict">In order; empty: nothing is.</param>
public sealed record PlanMerge(Plan Plan, ImmutableArray<PlanField> InConflict)
{
    /// <summary>
    /// Three-way, and the same whichever side came first. The dosing group is one: changed on both sides it is in conflict, unless both made the same of it. Goals are told apart by their
    /// measure, else by their text; series of support by kind, provider and first day. One that both sides changed, and not to the same, is in conflict; so are two lists from which both took the
    /// same entry, and to which one put another: it may have rewritten what the other took away.
    /// </summary>
    /// <param name="before">What both were made from.</param>
    public static PlanMerge Of(Plan before, Plan present, Plan proposed)
    {
        var (here, there) = (Changed(before, present), Changed(before, proposed));
        var dosing = here.Any(IsDosing) && there.Any(IsDosing) && Changed(present, proposed).Any(IsDosing);
        var (goals, goalsClash) = MergeLists(before.Goals, present.Goals, proposed.Goals, KeyOf);
        var (support, supportClash) = MergeLists(before.GivenSupport, present.GivenSupport, proposed.GivenSupport, KeyOf);
        return new(
            (there.Any(IsDosing) ? WithDosing(present, proposed) : present) with { Goals = goals, Support = support },
            [
                .. here.Union(there).Where(f => dosing && IsDosing(f)).Order(),
                .. goalsClash ? (PlanField[])[PlanField.Goals] : [],
                .. supportClash ? (PlanField[])[PlanField.Support] : [],
            ]);
    }

    public static bool IsDosing(PlanField field) => field < PlanField.Goals;

    /// <summary>In what two plans differ, in order.</summary>
    public static ImmutableArray<PlanField> Changed(Plan from, Plan to) =>
    [
        .. Differ(PlanField.Protocol, (from.Protocol, from.ProtocolVersion) == (to.Protocol, to.ProtocolVersion)),
        .. Differ(PlanField.Setting, from.Setting == to.Setting),
        .. Differ(PlanField.Supervision, from.Supervision == to.Supervision),
        .. Differ(PlanField.DoseMgPerKg, from.DoseMgPerKg == to.DoseMgPerKg),
        .. Differ(PlanField.DoseMg, from.DoseMg == to.DoseMg),
        .. Differ(PlanField.InductionSessions, from.InductionSessions == to.InductionSessions),
        .. Differ(PlanField.Phase, from.ChosenPhase == to.ChosenPhase),
        .. Differ(PlanField.Interval, from.Interval == to.Interval),
        .. Differ(PlanField.Goals, from.Goals.SequenceEqual(to.Goals)),
        .. Differ(PlanField.Support, from.GivenSupport.SequenceEqual(to.GivenSupport)),
    ];

    /// <summary>Whether two sets of fields have one in common; the dosing group counts as one.</summary>
    public static bool Meet(IEnumerable<PlanField> one, IReadOnlyCollection<PlanField> other) =>
        one.Any(f => other.Contains(f) || (IsDosing(f) && other.Any(IsDosing)));

    private static PlanField[] Differ(PlanField field, bool same) => same ? [] : [field];

    private static Plan WithDosing(Plan plan, Plan from) => plan with
    {
        Protocol = from.Protocol,
        ProtocolVersion = from.ProtocolVersion,
        Setting = from.Setting,
        Supervision = from.Supervision,
        DoseMgPerKg = from.DoseMgPerKg,
        DoseMg = from.DoseMg,
        InductionSessions = from.InductionSessions,
        ChosenPhase = from.ChosenPhase,
        Interval = from.Interval,
    };

    private static string KeyOf(Goal goal) =>
        (goal.TargetPhq9 is null ? goal.Measure : ScaleKind.Phq9) is { } measure ? string.Create(CultureInfo.InvariantCulture, $"measure {(int)measure}") : "text " + goal.Text;

    private static string KeyOf(PlannedSupport series) => string.Create(CultureInfo.InvariantCulture, $"{(int)series.Kind} {series.From:O} {series.Provider}");

    /// <summary>Entries of the first list in their order, then new ones by their keys. Entries of one key go together.</summary>
    private static (ImmutableArray<T> Merged, bool Clash) MergeLists<T>(ImmutableArray<T> before, ImmutableArray<T> present, ImmutableArray<T> proposed, Func<T, string> keyOf)
    {
        if (proposed.SequenceEqual(present) || proposed.SequenceEqual(before))
        {
            return (present, false);
        }

        if (present.SequenceEqual(before))
        {
            return (proposed, false);
        }

        var (was, here, there) = (before.ToLookup(keyOf), present.ToLookup(keyOf), proposed.ToLookup(keyOf));
        var merged = ImmutableArray.CreateBuilder<T>();
        var clash = was.Any(e => !here.Contains(e.Key) && !there.Contains(e.Key)) && here.Concat(there).Any(e => !was.Contains(e.Key));
        foreach (var key in was.Select(e => e.Key).Concat(here.Concat(there).Select(e => e.Key).Where(k => !was.Contains(k)).Distinct().Order(StringComparer.Ordinal)))
        {
            var (kept, changed) = (was[key].SequenceEqual(there[key]), !was[key].SequenceEqual(here[key]));
            merged.AddRange(kept ? here[key] : there[key]);
            clash |= !kept && changed && !here[key].SequenceEqual(there[key]);
        }

        return (merged.ToImmutable(), clash);
    }
}
