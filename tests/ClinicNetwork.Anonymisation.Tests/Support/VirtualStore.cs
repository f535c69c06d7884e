using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Anonymisation.Tests.Support;

/// <summary>A person as the store knows one: pool facts, present consent, waiting outcomes per milestone.</summary>
internal sealed class VirtualPerson(string id, string quarter, IReadOnlyList<string> leaves)
{
    public string Id { get; } = id;

    public string Quarter { get; } = quarter;

    public IReadOnlyList<string> Leaves { get; } = leaves;

    /// <summary>Permitted recipient classes as bits; 0: nobody.</summary>
    public int Recipients
    {
        get;
        set => (field, Lost) = (value, Lost | (CellRecipients & ~value));
    }

    /// <summary>Classes of the person's cell, when it was formed; 0 before.</summary>
    public int CellRecipients { get; set; }

    /// <summary>Of them, those ever withdrawn since: consent given again does not bring old rows back.</summary>
    public int Lost { get; private set; }

    public int Permits => Recipients & ~Lost;

    public bool Waiting { get; set; } = true;

    /// <summary>Milestones closed so far.</summary>
    public int Closed { get; set; }

    public Dictionary<string, IReadOnlyList<string>> Outcomes { get; } = new(StringComparer.Ordinal);
}

/// <summary>One published batch: what was committed.</summary>
internal sealed record PublishedBatch(NewBatch Batch, IReadOnlyList<NewBatchRow> Rows);

/// <summary>
/// The release tables in memory, by the contract of <see cref="IReleaseStore"/>: the pool without those who permit nobody, cells that
/// are not retired with present consent, settled milestones for ever.
/// </summary>
internal sealed class VirtualStore(ReleaseSecrets secrets)
{
    private readonly List<CellRecord> _cells = [];
    private readonly HashSet<string> _retired = new(StringComparer.Ordinal);

    private int _untoldWithheld;
    private int _untoldRetired;

    public Dictionary<string, VirtualPerson> Persons { get; } = new(StringComparer.Ordinal);

    public List<PublishedBatch> Batches { get; } = [];

    public List<Publication> Publications { get; } = [];

    public IReadOnlyList<CellRecord> Cells => _cells;

    public ReleaseSecrets Secrets => secrets;

    public PublicationInput Input(DateTimeOffset now) => new(
        Batches.Count + 1,
        Batches.Count == 0 ? "" : Convert.ToHexStringLower(Batches[^1].Batch.Root),
        _untoldWithheld,
        _untoldRetired,
        now,
        [.. Persons.Values.Where(p => p.Waiting && p.Recipients != 0).OrderBy(p => p.Id, StringComparer.Ordinal).Select(p => new PoolPerson(p.Id, p.Quarter, p.Recipients, p.Leaves))],
        [.. _cells.Where(c => !_retired.Contains(c.Cell)).Select(Present)],
        PublicOutcomes.Policy.Milestones.ToDictionary(
            m => m,
            m => (IReadOnlyDictionary<string, IReadOnlyList<string>>)Persons.Values.Where(p => p.Outcomes.ContainsKey(m)).ToDictionary(p => p.Id, p => p.Outcomes[m])));

    public BuiltPublication Publish(DateTimeOffset now, ReleasePolicy? policy = null)
    {
        var built = new PublicationBuilder(policy ?? PublicOutcomes.Policy, secrets, "net-1").Build(Input(now));
        Commit(built.Publication);
        var told = built.Publication.Batch is not null;
        (_untoldWithheld, _untoldRetired) = told ? (0, 0) : (_untoldWithheld + built.Withheld, _untoldRetired + built.CellsRetired);
        return built;
    }

    private void Commit(Publication publication)
    {
        Publications.Add(publication);
        foreach (var cell in publication.Cells)
        {
            Assert.All(cell.Members, m => Assert.True(Persons[m].Waiting && Persons[m].Recipients == cell.Recipients, "The store would answer: consent."));
            foreach (var member in cell.Members)
                (Persons[member].Waiting, Persons[member].CellRecipients) = (false, cell.Recipients);
            _cells.Add(new(cell.Cell, cell.Quarter, cell.Recipients, cell.Region, [.. cell.Members.Select(m => new CellMember(m, 0))], []));
        }

        foreach (var settled in publication.Settled)
        {
            var at = _cells.FindIndex(c => c.Cell == settled.Cell);
            Assert.DoesNotContain(settled.Milestone, _cells[at].SettledMilestones);
            _cells[at] = _cells[at] with { SettledMilestones = [.. _cells[at].SettledMilestones, settled.Milestone] };
            foreach (var member in _cells[at].Members)
                Persons[member.Person].Outcomes.Remove(settled.Milestone);
        }

        _retired.UnionWith(publication.RetiredCells);
        if (publication.Batch is { } batch)
            Batches.Add(new(batch, publication.Rows));
    }

    /// <summary>What <see cref="IReleaseStore.ReadBatchRowsAsync"/> delivers of a row now: null when only its leaf.</summary>
    public IReadOnlyList<string>? Delivered(NewBatchRow row, int recipientClass)
    {
        var cell = _cells.Single(c => c.Cell == row.Cell);
        var living = cell.Members.Count(m => (Persons[m.Person].Permits & recipientClass) != 0);
        return (Persons[row.Person].Permits & recipientClass) != 0 && (cell.Recipients & recipientClass) != 0 && living >= PublicOutcomes.Policy.K
            ? secrets.WithPseudonym(row.Person, row.Values)
            : null;
    }

    private CellRecord Present(CellRecord cell) => cell with { Members = [.. cell.Members.Select(m => m with { Recipients = Persons[m.Person].Permits })] };
}
