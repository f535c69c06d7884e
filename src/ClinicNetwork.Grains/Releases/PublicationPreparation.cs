using System.Collections.Immutable;
using ClinicNetwork.Anonymisation;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Releases;

/// <summary>The first part of a publication: cells are formed, milestones decided, corrections taken in. A repeat writes what is missing.</summary>
public sealed class PublicationPreparation(IExchangeStore store, ReleasePolicy policy, ReleaseSecrets secrets, IPublicationJournal journal)
{
    private const int PersonsPage = 5_000;
    private const int RevisedMax = 500;

    /// <summary>Of the waiting values that were read, by person and milestone.</summary>
    private readonly Dictionary<(string, string), long> _versions = [];

    /// <summary>Number of the publication that is made.</summary>
    public int Publication => journal.State.LastBatch + 1;

    /// <summary>Persons who waited and found no cell, as far as was known when the last cells were formed.</summary>
    public IReadOnlyList<string> Unplaced { get; private set; } = [];

    public DateTimeOffset Day => journal.State.Open?.Day ?? journal.State.NextPublication!.Value;

    /// <summary>Writes what is missing of it.</summary>
    /// <exception cref="StepRefusedException">Try again later.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        for (var round = 0; round < PublicationRun.RoundsMax; round++)
        {
            if (await TryPrepareAsync(cancellationToken))
            {
                return;
            }
        }

        throw PublicationRun.ConsentChanged();
    }

    /// <summary>False: what it was decided on changed.</summary>
    private async Task<bool> TryPrepareAsync(CancellationToken cancellationToken)
    {
        var plan = new PublicationPlan(policy, secrets, Publication);
        var cells = await store.ReadCellsAsync(journal.Now, cancellationToken);
        var waiting = await ReadPersonsAsync(store.ReadWaitingAsync, cancellationToken);
        var planned = plan.Form(Day, waiting, cells);
        var placed = planned.Cells.Where(c => c.IsNew).SelectMany(c => c.Cell.Members).ToHashSet(StringComparer.Ordinal);
        Unplaced = [.. waiting.Where(p => p.Cell is null && !placed.Contains(p.Person)).Select(p => p.Person)];
        var ready = new List<ReadyMilestone>();
        foreach (var milestone in policy.Milestones)
        {
            var asked = plan.Asked(planned, milestone, ready);
            var values = await ReadOutcomesAsync([.. asked.SelectMany(c => c.Living)], milestone, cancellationToken);
            ready.AddRange(PublicationPlan.Ready(asked, milestone, values));
        }

        var revised = await ReadRevisedAsync(cells, cancellationToken);
        var released = await CountReleasedAsync(cancellationToken);
        var reference = journal.State.Open?.Reference ?? plan.Reference(released, ready);
        var steps = plan.Steps(planned, ready, revised, reference);
        if (steps.Count > 0 && journal.State.Open is null)
        {
            await journal.AppendAsync(new PublicationOpened(Publication, Day, reference, released), null, cancellationToken);
        }

        foreach (var step in steps)
        {
            if (await journal.AppendAsync(step.Event, new Projection.PublicationPrepared(WithVersions(step.Step)), cancellationToken) is not null)
            {
                return false;
            }
        }

        return true;
    }

    private PreparedStep WithVersions(PreparedStep step) => step with { Rows = [.. step.Rows.Select(r => r with { Version = _versions[(r.Person, r.Milestone)] })] };

    /// <summary>All pages of the persons that a read of the store gives. One that is not full is not the last: who was erased meanwhile is left out of it.</summary>
    public async Task<List<WaitingPerson>> ReadPersonsAsync(
        Func<string, int, DateTimeOffset, CancellationToken, Task<IReadOnlyList<WaitingPerson>>> read, CancellationToken cancellationToken)
    {
        var persons = new List<WaitingPerson>();
        IReadOnlyList<WaitingPerson> page;
        do
        {
            page = await read(persons.Count == 0 ? "" : persons[^1].Person, PersonsPage, journal.Now, cancellationToken);
            persons.AddRange(page);
        }
        while (page.Count > 0);
        return persons;
    }

    private async Task<Dictionary<string, IReadOnlyList<string>>> ReadOutcomesAsync(string[] persons, string milestone, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var some in persons.Chunk(PersonsPage))
        {
            foreach (var (person, outcome) in await store.ReadOutcomesAsync(some, milestone, cancellationToken))
            {
                values[person] = outcome.Values;
                _versions[(person, milestone)] = outcome.Version;
            }
        }

        return values;
    }

    private async Task<List<RevisedMilestone>> ReadRevisedAsync(IReadOnlyList<ReleaseCell> cells, CancellationToken cancellationToken)
    {
        var revised = new List<RevisedMilestone>();
        foreach (var at in await store.ReadRevisedAsync(RevisedMax, journal.Now, cancellationToken))
        {
            if (cells.FirstOrDefault(c => c.Cell == at.Cell) is not { } cell || PublicationPlan.Living(cell) is not { } living || living.Count < policy.K)
            {
                continue;
            }

            var values = await ReadOutcomesAsync([.. living], at.Milestone, cancellationToken);
            var outcomes = new List<(string, ReleasedOutcome, ReleasedOutcome?)>();
            foreach (var person in living)
            {
                if (await ReadRowAsync(person, at.Milestone, cancellationToken) is { } released)
                {
                    outcomes.Add((person, released, values.TryGetValue(person, out var now) ? new ReleasedOutcome(now) : null));
                }
            }

            if (outcomes.Exists(o => o.Item3 is not null))
            {
                revised.Add(new(cell, at.Milestone, outcomes));
            }
        }

        return revised;
    }

    /// <summary>The present version of a person's row, or the one that is prepared, whoever may have it.</summary>
    private async Task<ReleasedOutcome?> ReadRowAsync(string person, string milestone, CancellationToken cancellationToken)
    {
        var rows = await store.ReadUndeliveredAsync("", 0, 1, Publication, (person, ""), policy.Milestones.Count, journal.Now, cancellationToken);
        return rows.FirstOrDefault(r => r.Person == person && r.Milestone == milestone) is { } row ? CanonicalRow.Outcome(row.Values) : null;
    }

    /// <summary>Counted once from the rows themselves, of what was published before 0.6; then in the state.</summary>
    public async Task<ImmutableArray<CategoryCounts>> CountReleasedAsync(CancellationToken cancellationToken)
    {
        if (journal.State.Released.Length > 0 || journal.State.LastBatch == 0)
        {
            return journal.State.Released;
        }

        var counts = ImmutableArray<CategoryCounts>.Empty;
        await foreach (var page in ReadUndeliveredAsync("", 0, 1, journal.State.LastBatch, cancellationToken))
        {
            counts = CategoryCounts.Sum(counts, OutcomeCategories.Count(page.Select(r => (r.Milestone, (IReadOnlyList<ReleasedOutcome>)[CanonicalRow.Outcome(r.Values)]))));
        }

        return counts;
    }

    /// <summary>Rows that a recipient may have and was not given; for nobody (""): all.</summary>
    public async IAsyncEnumerable<IReadOnlyList<UndeliveredRow>> ReadUndeliveredAsync(
        string recipient, int required, int k, int publication, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        (string, string)? after = null;
        IReadOnlyList<UndeliveredRow> page;
        do
        {
            page = await store.ReadUndeliveredAsync(recipient, required, k, publication, after, PublicationRun.UndeliveredPage, journal.Now, cancellationToken);
            yield return page;
            after = page.Count > 0 ? (page[^1].Person, page[^1].Milestone) : null;
        }
        while (page.Count > 0);
    }
}
