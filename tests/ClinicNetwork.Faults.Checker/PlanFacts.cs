using System.Collections.Immutable;
using System.Globalization;
using ClinicNetwork.Faults.History;

namespace ClinicNetwork.Faults.Checker;

/// <summary>A plan as far as the load changes it.</summary>
/// <param name="Sessions">Of the induction; the one part of the dosing group that is changed.</param>
/// <param name="Goals">Their names in order, a blank between two.</param>
public sealed record PlanContent(int Sessions, string Goals)
{
    public ImmutableArray<string> GoalList => [.. Goals.Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Sessions}: {Goals}");

    /// <exception cref="InvalidDataException">It is none.</exception>
    public static PlanContent Of(string told) =>
        told.Split(": ", 2) is [var sessions, var goals] && int.TryParse(sessions, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new(number, goals)
            : throw new InvalidDataException($"This is no plan: {told}");
}

/// <summary>A conflict that nobody has resolved yet.</summary>
/// <param name="Dosing">It is about the dose, or the proposal changes that too.</param>
/// <param name="FoundBy">The proposal.</param>
public sealed record OpenConflict(int Number, bool Dosing, bool Goals, PlanContent Base, PlanContent Proposed, string FoundBy);

/// <summary>
/// What a history makes of a patient's plan, up to a version: a three-way merge of its own. The dose is one field; goals are told apart by their names; what touches an open conflict is one too,
/// and of a conflict nothing is applied.
/// </summary>
/// <param name="Version">That last changed the plan; 0: there is none.</param>
/// <param name="Content">Null: nobody told what the plan was made as.</param>
/// <param name="Found">Conflicts so far.</param>
/// <param name="Became">Of the proposal that made this version: what it became; else empty.</param>
public sealed record PlanFacts(long Version, int Revision, PlanContent? Content, ImmutableArray<OpenConflict> Open, int Found, string Became)
{
    public static readonly PlanFacts None = new(0, 0, null, [], 0, "");

    public bool IsDosingHeld => Open.Any(c => c.Dosing);

    /// <param name="op">Null: nobody of the load sent it.</param>
    /// <param name="contents">What each version so far made of the plan.</param>
    public PlanFacts After(HistoryEntry entry, Operation? op, IReadOnlyDictionary<long, PlanContent> contents) => entry.Command switch
    {
        "CreatePlan" => Changed(entry, op?.Acknowledged?.Plan is { } told ? PlanContent.Of(told) : null),
        "RevisePlan" => Changed(entry, op?.Invoked.Sessions is { } sessions && Content is { } present ? present with { Sessions = sessions } : null),
        "ProposeRevision" when op is not null => Propose(entry, op.Invoked, contents),
        "ResolvePlanConflict" when op is not null => Resolve(entry, op.Invoked),
        _ => Became.Length == 0 ? this : this with { Became = "" },
    };

    private PlanFacts Changed(HistoryEntry entry, PlanContent? content, string became = "") =>
        this with { Version = entry.Version, Revision = Revision + 1, Content = content, Became = became };

    private PlanFacts Propose(HistoryEntry entry, Invoked said, IReadOnlyDictionary<long, PlanContent> contents)
    {
        if (Content is not { } present || said.Base is not { } version || !contents.TryGetValue(version, out var before))
        {
            return this with { Became = "of a plan that never was" };
        }

        var proposed = new PlanContent(said.Sessions ?? before.Sessions, said.Goals ?? before.Goals);
        var (dosing, goals) = (proposed.Sessions != before.Sessions, proposed.Goals != before.Goals);
        var (merged, dosingClash, goalsClash) = Merge(before, present, proposed);
        if (!dosingClash && !goalsClash && merged == present)
        {
            return this with { Became = "agreed" };
        }

        var held = Open.Any(c => (c.Dosing && dosing) || (c.Goals && goals));
        if (held || dosingClash || goalsClash)
        {
            // What a proposal changes beside what clashes waits with it.
            var (dosingWaits, goalsWait) = (dosing && (held || proposed.Sessions != present.Sessions), goals && (held || proposed.Goals != present.Goals));
            var conflict = new OpenConflict(Found + 1, dosingClash || dosingWaits, goalsClash || goalsWait, before, proposed, said.Op);
            return this with { Open = Open.Add(conflict), Found = Found + 1, Became = "conflict" };
        }

        return Changed(entry, merged, version == Version ? "accepted" : "merged");
    }

    private PlanFacts Resolve(HistoryEntry entry, Invoked said)
    {
        if (Content is not { } present || Open.FirstOrDefault(c => c.Number == said.Conflict) is not { } conflict)
        {
            return this with { Became = "of no open conflict" };
        }

        var resolved = said.Holds switch
        {
            "proposed" => Merge(conflict.Base, present, conflict.Proposed).Merged,
            "revised" => present with { Sessions = said.Sessions ?? present.Sessions },
            _ => present,
        };
        return Changed(entry, resolved) with { Open = Open.Remove(conflict) };
    }

    private static (PlanContent Merged, bool DosingClash, bool GoalsClash) Merge(PlanContent before, PlanContent present, PlanContent proposed)
    {
        var dosingClash = present.Sessions != before.Sessions && proposed.Sessions != before.Sessions && present.Sessions != proposed.Sessions;
        var sessions = proposed.Sessions != before.Sessions ? proposed.Sessions : present.Sessions;
        if (proposed.Goals == before.Goals || proposed.Goals == present.Goals)
        {
            return (present with { Sessions = sessions }, dosingClash, false);
        }

        if (present.Goals == before.Goals)
        {
            return (new(sessions, proposed.Goals), dosingClash, false);
        }

        // A goal is there when either side put it there, and gone when either side took it. Both took one, and one was put: it may be the same in other words.
        var (was, here, there) = (before.GoalList, present.GoalList, proposed.GoalList);
        var put = here.Union(there).Except(was).Order(StringComparer.Ordinal).ToList();
        var clash = put.Count > 0 && was.Except(here).Intersect(was.Except(there)).Any();
        return (new(sessions, string.Join(' ', was.Intersect(here).Intersect(there).Concat(put))), dosingClash, clash);
    }
}
