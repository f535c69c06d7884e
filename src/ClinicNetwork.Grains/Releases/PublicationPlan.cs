using System.Collections.Immutable;
using ClinicNetwork.Anonymisation;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Releases;

/// <summary>A cell on a publication day: formed now, or of an earlier day.</summary>
/// <param name="Living">Members who still permit something of what it was formed for, in order.</param>
/// <param name="Open">Milestones that are not settled, in order of time.</param>
public sealed record PlannedCell(NewReleaseCell Cell, bool IsNew, IReadOnlyList<string> Living, IReadOnlyList<string> Open);

/// <param name="Dissolved">Cells of this publication, from an attempt before, that fell under k.</param>
/// <param name="Retired">Cells of earlier publications that did.</param>
public sealed record PlannedCells(IReadOnlyList<PlannedCell> Cells, IReadOnlyList<string> Dissolved, IReadOnlyList<ReleaseCell> Retired);

/// <summary>A milestone that has closed for every living member of its cell.</summary>
/// <param name="Outcomes">Of the living, in their order.</param>
public sealed record ReadyMilestone(PlannedCell Cell, string Milestone, IReadOnlyList<ReleasedOutcome> Outcomes);

/// <summary>A released milestone of which a member's values were revised.</summary>
/// <param name="Outcomes">Of the living members who are in the release: as released, and as revised; null: not revised.</param>
public sealed record RevisedMilestone(ReleaseCell Cell, string Milestone, IReadOnlyList<(string Person, ReleasedOutcome Released, ReleasedOutcome? Revised)> Outcomes);

/// <summary>One step of preparing, and what its event says.</summary>
public sealed record PlannedStep(PreparedStep Step, PublicationStepPrepared Event);

/// <summary>
/// Decides a publication day: cells from the pool, the fate of each cell's open milestones, corrections. Pure but for the keyed functions of
/// <see cref="ReleaseSecrets"/>: the same persons, cells and outcomes give the same steps, and steps that were written before a kill are not given again.
/// </summary>
public sealed class PublicationPlan(ReleasePolicy policy, ReleaseSecrets secrets, int publication)
{
    /// <summary>Persons in one step; the store's bound.</summary>
    private const int StepPersonsMax = 1_000;

    /// <summary>Cells from who waits, beside those that there are. A region is decided over everybody of quarter and permission, those included who were given a cell for this publication already: what an attempt before has formed stays.</summary>
    /// <param name="day">The publication day: who entered the pool later waits for the next.</param>
    public PlannedCells Form(DateTimeOffset day, IReadOnlyList<WaitingPerson> waiting, IReadOnlyList<ReleaseCell> cells)
    {
        var small = cells.Where(c => Living(c).Count < policy.K).ToArray();
        var dissolved = small.Where(c => c.Publication >= publication).Select(c => c.Cell).ToHashSet(StringComparer.Ordinal);
        var prepared = cells.Where(c => c.Publication >= publication && !dissolved.Contains(c.Cell)).ToDictionary(c => c.Cell, StringComparer.Ordinal);
        var pool = waiting
            .Where(p => p.EnteredAt <= day && ReleasePermission.PermitsSome(p.Recipients))
            .Select(p => (Person: p, Cell: p.Cell is { } cell ? prepared.GetValueOrDefault(cell) : null))
            .ToArray();
        var given = pool.Where(p => p.Cell is not null).Select(p => p.Person.Person).ToHashSet(StringComparer.Ordinal);
        var groups = pool
            .GroupBy(p => (p.Person.Quarter, Recipients: p.Cell?.Recipients ?? p.Person.Recipients))
            .OrderBy(g => g.Key.Quarter, StringComparer.Ordinal).ThenBy(g => g.Key.Recipients)
            .ToArray();
        var formations = new Formation[groups.Length];
        Parallel.For(0, groups.Length, i => formations[i] =
            CellFormation.Form(policy.Grid, [.. groups[i].Select(p => new GridPerson(p.Person.Person, p.Person.QuasiIdentifiers))], policy.K + policy.Margin));
        var formed = groups.Zip(formations, (g, f) => f.Cells.Select(c => (g.Key.Quarter, g.Key.Recipients, Cell: c))).SelectMany(c => c)
            .Concat(Remainders(day, groups.Zip(formations, (g, f) => (g.Key.Recipients, Waiting: f.Waiting.ToHashSet(StringComparer.Ordinal), Persons: g.Select(p => p.Person)))))
            .Where(c => !c.Cell.Members.Any(given.Contains))
            .Select(c => new NewReleaseCell(secrets.CellName(publication, c.Cell.Members[0]), c.Quarter, c.Recipients, c.Cell.Region, c.Cell.Members));
        return new(
            [
                .. cells.Except(small).OrderBy(c => c.Cell, StringComparer.Ordinal).Select(Known),
                .. formed.Select(c => new PlannedCell(c, true, c.Members, policy.Milestones)),
            ],
            [.. dissolved.Order(StringComparer.Ordinal)],
            [.. small.Where(c => c.Publication < publication).OrderBy(c => c.Cell, StringComparer.Ordinal)]);
    }

    /// <summary>Who waited so many publication days without a cell, over all quarters.</summary>
    private IEnumerable<(string Quarter, int Recipients, FormedCell Cell)> Remainders(
        DateTimeOffset day, IEnumerable<(int Recipients, HashSet<string> Waiting, IEnumerable<WaitingPerson> Persons)> groups) => groups
        .SelectMany(g => g.Persons.Where(p => g.Waiting.Contains(p.Person) && p.EnteredAt <= day.AddMonths(-policy.RemainderMonths)).Select(p => (g.Recipients, p.Person)))
        .GroupBy(p => p.Recipients)
        .OrderBy(g => g.Key)
        .SelectMany(g => CellFormation.Remainder(policy.Grid, [.. g.Select(p => p.Person)], policy.K + policy.Margin).Select(c => ("", g.Key, c)));

    private PlannedCell Known(ReleaseCell cell) => new(
        new NewReleaseCell(cell.Cell, cell.Quarter, cell.Recipients, cell.Region, [.. cell.Members.Select(m => m.Person)]),
        false,
        Living(cell),
        [.. policy.Milestones.Except(cell.Settled.Select(s => s.Milestone), StringComparer.Ordinal)]);

    /// <summary>A member who narrowed consent has withdrawn towards what is left out; delivery hides the rows from those alone.</summary>
    public static IReadOnlyList<string> Living(ReleaseCell cell) =>
        [.. cell.Members.Where(m => ReleasePermission.PermitsSome(m.Recipients & cell.Recipients)).Select(m => m.Person).Order(StringComparer.Ordinal)];

    /// <summary>Cells of which a milestone is open and no earlier one.</summary>
    /// <param name="ready">What was found ready of the milestones before.</param>
    public IReadOnlyList<PlannedCell> Asked(PlannedCells planned, string milestone, IReadOnlyList<ReadyMilestone> ready)
    {
        var found = ready.GroupBy(r => r.Cell.Cell.Cell, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        return [.. planned.Cells.Where(c => c.Open.Skip(found.GetValueOrDefault(c.Cell.Cell)).FirstOrDefault() == milestone)];
    }

    /// <param name="values">Waiting values of the milestone by person.</param>
    public static IEnumerable<ReadyMilestone> Ready(IEnumerable<PlannedCell> asked, string milestone, IReadOnlyDictionary<string, IReadOnlyList<string>> values) => asked
        .Where(c => c.Living.All(values.ContainsKey))
        .Select(c => new ReadyMilestone(c, milestone, [.. c.Living.Select(p => new ReleasedOutcome(values[p]))]));

    /// <summary>
    /// What distances are measured against: measured rows in full bands that were released so far, and those of the cells that will be. Nothing else is in it, neither what
    /// is withheld nor what comes in coarse bands: subtracting the rows from a manifest's shares would tell it.
    /// </summary>
    public ImmutableArray<CategoryCounts> Reference(ImmutableArray<CategoryCounts> released, IReadOnlyList<ReadyMilestone> ready)
    {
        var all = released;
        foreach (var milestone in ready.Where(r => !IsWithheldAtRandom(r) && IsDiverse(r)).GroupBy(r => r.Milestone, StringComparer.Ordinal))
        {
            var (near, before) = (milestone.ToArray(), -1);
            while (near.Length != before)
            {
                before = near.Length;
                var shares = OutcomeCategories.Shares(CategoryCounts.Sum(released, Count(near)), milestone.Key);
                near = [.. near.Where(r => MilestoneRelease.Distance([.. r.Outcomes.Select(o => o.Category)], shares) <= policy.T)];
            }

            all = CategoryCounts.Sum(all, Count(near));
        }

        return all;
    }

    private static ImmutableArray<CategoryCounts> Count(IEnumerable<ReadyMilestone> ready) => OutcomeCategories.Count(ready.Select(r => (r.Milestone, r.Outcomes)));

    private bool IsWithheldAtRandom(ReadyMilestone ready) => secrets.Chance(ready.Cell.Cell.Cell, ready.Milestone) < policy.WithholdShare;

    private bool IsDiverse(ReadyMilestone ready) => MilestoneRelease.IsDiverse(policy, [.. ready.Outcomes.Select(o => o.Category)]);

    /// <param name="reference">See <see cref="Reference"/>.</param>
    public IReadOnlyList<PlannedStep> Steps(
        PlannedCells planned, IReadOnlyList<ReadyMilestone> ready, IReadOnlyList<RevisedMilestone> revised, ImmutableArray<CategoryCounts> reference)
    {
        var shares = policy.Milestones.ToDictionary(m => m, m => OutcomeCategories.Shares(reference, m), StringComparer.Ordinal);
        var byCell = ready.ToLookup(r => r.Cell.Cell.Cell, StringComparer.Ordinal);
        var works = planned.Dissolved.Select(c => new StepWork { Dissolved = [c] })
            .Concat(planned.Retired.Select(RetireAll))
            .Concat(planned.Cells.Where(c => c.IsNew || byCell.Contains(c.Cell.Cell)).Select(c => Work(c, byCell[c.Cell.Cell], shares)))
            .Concat(revised.Select(Correct));
        var steps = new List<PlannedStep>();
        var batch = new List<StepWork>();
        foreach (var work in works)
        {
            // What is dissolved goes before a cell of the same persons, or of the same name, is formed.
            if (batch.Sum(w => w.Persons) + work.Persons > StepPersonsMax || (batch.Count > 0 && batch[^1].Dissolved.Length > 0 && work.Dissolved.Length == 0))
            {
                steps.Add(Step(batch));
                batch.Clear();
            }

            batch.Add(work);
        }

        return batch.Count == 0 ? steps : [.. steps, Step(batch)];
    }

    private StepWork RetireAll(ReleaseCell cell) => new()
    {
        Persons = cell.Members.Count,
        Retired = [cell.Cell],
        Settled = [.. policy.Milestones.Except(cell.Settled.Select(s => s.Milestone), StringComparer.Ordinal).Select(m => new MilestoneSettled(cell.Cell, m, "RETIRED"))],
        KeptBack = new(cell.Recipients, 0, 1),
    };

    private StepWork Work(PlannedCell cell, IEnumerable<ReadyMilestone> ready, Dictionary<string, IReadOnlyDictionary<string, double>> shares)
    {
        var fates = ready.Select(r => (Ready: r, Fate: Decide(r, shares[r.Milestone]))).ToArray();
        var released = fates.Where(f => f.Fate != MilestoneFate.Withheld)
            .Select(f => f.Fate == MilestoneFate.Released ? f.Ready : f.Ready with { Outcomes = [.. f.Ready.Outcomes.Select(o => o.Coarse())] })
            .ToArray();
        return new()
        {
            Persons = cell.Cell.Members.Count,
            Cells = cell.IsNew ? [cell.Cell] : [],
            Settled = [.. fates.Select(f => new MilestoneSettled(cell.Cell.Cell, f.Ready.Milestone, f.Fate == MilestoneFate.Withheld ? "WITHHELD" : "RELEASED"))],
            Rows = [.. released.SelectMany(r => r.Cell.Living.Zip(r.Outcomes, (person, outcome) => Row(person, cell.Cell.Cell, r.Milestone, cell.Cell.Region, outcome)))],
            KeptBack = new(cell.Cell.Recipients, fates.Length - released.Length, 0),
            Released = Count(released),
        };
    }

    private MilestoneFate Decide(ReadyMilestone ready, IReadOnlyDictionary<string, double> shares) => MilestoneRelease.Decide(
        policy,
        [.. ready.Cell.Living.Zip(ready.Outcomes, (person, outcome) => new MemberAtMilestone(person, true, true, outcome.Category, outcome.Coarse().Category))],
        shares,
        secrets.Chance(ready.Cell.Cell.Cell, ready.Milestone));

    /// <summary>In the bands in which it was released. Corrected values that are not diverse take the whole milestone back.</summary>
    private StepWork Correct(RevisedMilestone revised)
    {
        var coarse = revised.Outcomes.Any(o => o.Released.IsCoarse);
        var outcomes = revised.Outcomes.Select(o => (o.Person, o.Revised, Now: coarse ? (o.Revised ?? o.Released).Coarse() : o.Revised ?? o.Released)).ToArray();
        return MilestoneRelease.IsDiverse(policy, [.. outcomes.Select(o => o.Now.Category)])
            ? new()
            {
                Persons = outcomes.Length,
                Rows = [.. outcomes.Where(o => o.Revised is not null).Select(o => Row(o.Person, revised.Cell.Cell, revised.Milestone, revised.Cell.Region, o.Now))],
            }
            : new()
            {
                Persons = outcomes.Length,
                Settled = [new(revised.Cell.Cell, revised.Milestone, "WITHHELD")],
                KeptBack = new(revised.Cell.Recipients, 1, 0),
            };
    }

    private static NewReleasedRow Row(string person, string cell, string milestone, IReadOnlyList<string> region, ReleasedOutcome outcome) =>
        new(person, cell, milestone, CanonicalRow.Of(cell, milestone, region, outcome));

    private PlannedStep Step(IReadOnlyList<StepWork> works)
    {
        NewReleasedRow[] rows = [.. works.SelectMany(w => w.Rows)];
        var keptBack = works.Select(w => w.KeptBack).OfType<KeptBack>().GroupBy(k => k.Recipients)
            .Select(g => new KeptBack(g.Key, g.Sum(k => k.Withheld), g.Sum(k => k.Retired)))
            .Where(k => k.Withheld + k.Retired > 0)
            .ToImmutableArray();
        return new(
            new(publication, [.. works.SelectMany(w => w.Cells)], [.. works.SelectMany(w => w.Settled)], [.. works.SelectMany(w => w.Retired)], [.. works.SelectMany(w => w.Dissolved)], rows),
            new(publication, rows.Length, works.Sum(w => w.Cells.Length), keptBack, works.Aggregate(ImmutableArray<CategoryCounts>.Empty, (sum, w) => CategoryCounts.Sum(sum, w.Released))));
    }

    /// <summary>What is never parted among steps.</summary>
    private sealed record StepWork
    {
        public int Persons { get; init; }

        public string[] Dissolved { get; init; } = [];

        public string[] Retired { get; init; } = [];

        public NewReleaseCell[] Cells { get; init; } = [];

        public MilestoneSettled[] Settled { get; init; } = [];

        public NewReleasedRow[] Rows { get; init; } = [];

        public KeptBack? KeptBack { get; init; }

        public ImmutableArray<CategoryCounts> Released { get; init; } = [];
    }
}
