using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using ClinicNetwork.Journal.Ledger;

namespace ClinicNetwork.Anonymisation.Tests.Support;

/// <summary>
/// The exchange's tables in memory, by the contract of <see cref="IExchangeStore"/>, and the stream on which publications write.
/// </summary>
internal sealed class VirtualStore(ReleaseSecrets secrets) : IExchangeStore, IPublicationJournal
{
    public const string Network = "net-1";

    /// <summary>Values that were settled by what is being prepared: who is in a cell that is dissolved has them again.</summary>
    private readonly Dictionary<(string Person, string Milestone), IReadOnlyList<string>> _taken = [];

    private readonly Dictionary<(string Recipient, int Batch), SortedDictionary<long, VirtualDelivery>> _delivered = [];

    public SortedDictionary<string, VirtualPerson> Persons { get; } = new(StringComparer.Ordinal);

    public SortedDictionary<string, VirtualCell> Cells { get; } = new(StringComparer.Ordinal);

    private readonly Dictionary<(string Person, string Milestone), List<VirtualRow>> _released = [];

    /// <summary>All rows, prepared ones too.</summary>
    public IEnumerable<VirtualRow> Released => _released.Values.SelectMany(r => r);

    public List<AgreementRecord> Agreements { get; } = [];

    public Dictionary<string, List<NewDeliveryBatch>> Batches { get; } = new(StringComparer.Ordinal);

    public List<ExchangeDocument> Documents { get; } = [];

    /// <summary>All steps written so far.</summary>
    public List<(IEvent Event, Projection? Projection)> Written { get; } = [];

    public int Published { get; private set; }

    public ReleaseState State { get; private set; } = new() { NextPublication = Course.Day(0) };

    public DateTimeOffset Now { get; set; }

    public ReleaseSecrets Secrets => secrets;

    /// <summary>Called before and after each step is written; may throw, which is a kill, or change consent.</summary>
    public Action<IEvent, bool> AtStep { get; set; } = (_, _) => { };

    /// <summary>What a mistaken store gives of the rows that a recipient may have; for a test of the checks.</summary>
    public Func<IReadOnlyList<UndeliveredRow>, IReadOnlyList<UndeliveredRow>> Mistake { get; set; } = rows => rows;

    public IPublicationCheck Check { get; set; } = new CleanCheck();

    /// <summary>Holds the publication day that is due.</summary>
    public void Publish(DateTimeOffset now, ReleasePolicy? policy = null)
    {
        Now = now;
        new PublicationRun(this, policy ?? PublicOutcomes.Policy, secrets, Check, new NoDisclosures(), Network, this).RunAsync(default).GetAwaiter().GetResult();
    }

    /// <summary>An agreement that is in force from a day on.</summary>
    public AgreementRecord Agree(string id, int required, ReleaseProfile profile, int fromDay = 0, int toDay = 10_000)
    {
        var agreement = new AgreementRecord(id, "partner-" + id, profile.Id, required, profile.Columns, Course.Day(fromDay), Course.Day(toDay), 0, 1, "ACTIVE");
        Agreements.Add(agreement);
        return agreement;
    }

    /// <summary>Sets what a person permits; what is taken away goes from what is prepared.</summary>
    public void Consent(VirtualPerson person, int recipients)
    {
        if ((person.Recipients & ~recipients) != 0)
        {
            Remove(r => r.Person == person.Id && r.Publication > Published);
            if (person.Cell is { } cell)
                person.Lost |= cell.Formed.Recipients & ~recipients;
        }

        person.Recipients = recipients;
    }

    /// <summary>
    /// Two records turn out to be one person's. The second goes as if the person withdrew: its rows leave, and it is in no cell any more. What it knew and the first did not, the first is given: before its
    /// milestone is released as its value, afterwards as a correction. The first stays in its cell; if it waits, it is treated since the earlier quarter.
    /// </summary>
    public void Merge(VirtualPerson kept, VirtualPerson gone)
    {
        foreach (var milestone in PublicOutcomes.Policy.Milestones)
        {
            if (Known(kept, milestone) is { Measured: false } && Known(gone, milestone) is { Measured: true } better)
                kept.Outcomes[milestone] = better.Values;
        }

        if (kept.Cell is null && string.CompareOrdinal(gone.Quarter, kept.Quarter) < 0)
            kept.Quarter = gone.Quarter;
        Consent(gone, 0);
        gone.Outcomes.Clear();
        gone.MergedInto = kept.Id;
    }

    /// <summary>The patient goes on at another clinic, which treats by another route: later milestones alone tell it, never pool or cell.</summary>
    public static IReadOnlyList<string> Moved(IReadOnlyList<string> values) =>
        values[MovedAt] is "none" ? values : [.. values.Take(MovedAt), "ketamine-im", .. values.Skip(MovedAt + 1)];

    private static readonly int MovedAt = ReleasedOutcome.Columns.IndexOf("treatment_at");

    /// <summary>What a record says of a milestone: its waiting value, else the one in the present row.</summary>
    private ReleasedOutcome? Known(VirtualPerson person, string milestone) =>
        person.Outcomes.TryGetValue(milestone, out var values) ? new(values)
        : Versions(person.Id, milestone).LastOrDefault(r => r.Superseded is null) is { } row ? CanonicalRow.Outcome(row.Values)
        : null;

    public Task<int> ReadPublishedAsync(string stream, CancellationToken cancellationToken) => Task.FromResult(Published);

    public Task<IReadOnlyList<WaitingPerson>> ReadWaitingAsync(string after, int limit, DateTimeOffset now, CancellationToken cancellationToken) =>
        ReadPersons(Persons.Values.Where(p => string.CompareOrdinal(p.Id, after) > 0 && (p.Cell is null || p.Cell.Publication > Published)), limit);

    public Task<IReadOnlyList<WaitingPerson>> ReadPersonsAsync(IReadOnlyList<string> persons, DateTimeOffset now, CancellationToken cancellationToken) =>
        ReadPersons(persons.Select(p => Persons[p]), persons.Count);

    private static Task<IReadOnlyList<WaitingPerson>> ReadPersons(IEnumerable<VirtualPerson> persons, int limit) => Task.FromResult<IReadOnlyList<WaitingPerson>>(
        [.. persons
            .Where(p => ReleasePermission.PermitsSome(p.Recipients))
            .Take(limit)
            .Select(p => new WaitingPerson(p.Id, p.Quarter, p.Recipients, p.Leaves, p.EnteredAt, p.Cell?.Formed.Cell))]);

    public Task<int> CountWaitingAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        Task.FromResult(Persons.Values.Count(p => p.Cell is null && ReleasePermission.PermitsSome(p.Recipients)));

    public Task<IReadOnlyList<ReleaseCell>> ReadCellsAsync(DateTimeOffset now, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ReleaseCell>>(
        [.. Cells.Values.Where(c => !c.Retired).Select(c => new ReleaseCell(
            c.Formed.Cell, c.Formed.Quarter, c.Formed.Recipients, c.Publication, c.Formed.Region, [.. c.Formed.Members.Select(m => new CellMember(m, Persons[m].Permits))], [.. c.Settled]))]);

    public Task<IReadOnlyDictionary<string, WaitingOutcome>> ReadOutcomesAsync(IReadOnlyList<string> persons, string milestone, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<string, WaitingOutcome>>(
            persons.Where(p => Persons[p].Outcomes.ContainsKey(milestone)).ToDictionary(p => p, p => new WaitingOutcome(1, Persons[p].Outcomes[milestone])));

    public Task<IReadOnlyList<CellMilestone>> ReadRevisedAsync(int limit, DateTimeOffset now, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<CellMilestone>>(
        [.. Cells.Values.Where(c => !c.Retired).SelectMany(c => c.Settled
            .Where(s => s.Status == "RELEASED" && s.Publication <= Published && c.Formed.Members.Any(m => Persons[m].Outcomes.ContainsKey(s.Milestone)))
            .Select(s => new CellMilestone(c.Formed.Cell, s.Milestone))).Take(limit)]);

    public Task<long> CountPreparedAsync(int publication, CancellationToken cancellationToken) => Task.FromResult(Released.LongCount(r => r.Publication == publication));

    public Task<IReadOnlyList<UndeliveredRow>> ReadUndeliveredAsync(
        string recipient, int required, int k, int publication, (string Person, string Milestone)? after, int limit, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var committed = Committed(recipient).ToLookup(d => (d.Delivery.Sealed.Person, d.Delivery.Sealed.Milestone));
        var given = Committed(recipient).Select(d => (d.Delivery.Sealed.Person, d.Delivery.Sealed.Milestone, d.Delivery.Sealed.Publication)).ToHashSet();
        var cells = Cells.Values.Where(c => Has(c, required, k)).Select(c => c.Formed.Cell).ToHashSet();
        var epochs = Committed(recipient).GroupBy(d => Persons[d.Delivery.Sealed.Person].Cell!.Formed.Cell).ToDictionary(g => g.Key, g => g.Max(d => d.Delivery.Sealed.Epoch));
        IReadOnlyList<UndeliveredRow> rows =
        [
            .. Released
                .Where(r => r.Publication <= publication && IsPresent(r, publication) && cells.Contains(r.Cell) && Permits(r.Person, required) && !given.Contains((r.Person, r.Milestone, r.Publication)))
                .OrderBy(r => r.Person, StringComparer.Ordinal).ThenBy(r => r.Milestone, StringComparer.Ordinal)
                .Where(r => after is not { } a || string.CompareOrdinal(r.Person, a.Person) > 0 || (r.Person == a.Person && string.CompareOrdinal(r.Milestone, a.Milestone) > 0))
                .Take(limit)
                .Select(r => new UndeliveredRow(r.Person, r.Cell, r.Milestone, r.Publication, epochs.TryGetValue(r.Cell, out var epoch) ? epoch : null, r.Values)
                {
                    Corrects = committed[(r.Person, r.Milestone)]
                        .OrderByDescending(d => d.Delivery.Sealed.Publication)
                        .Select(d => ((int, long)?)(d.Batch, d.Delivery.Row)).FirstOrDefault(),
                }),
        ];
        return Task.FromResult(recipient.Length == 0 ? rows : Mistake(rows));
    }

    public Task<IReadOnlyList<DeliveredRow>> ReadUntoldAsync(string recipient, int required, int k, int publication, int limit, DateTimeOffset now, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DeliveredRow>>(
        [
            .. Committed(recipient)
                .Where(d => d.Delivery.Tombstone is null && !MayHave(d.Delivery.Sealed, required, k, publication))
                .Take(limit)
                .Select(d => new DeliveredRow(d.Batch, d.Delivery.Row, d.Delivery.Sealed.Person, Persons[d.Delivery.Sealed.Person].Cell!.Formed.Cell, d.Delivery.Sealed.Milestone, d.Delivery.Sealed.Leaf)),
        ]);

    public Task<IReadOnlyList<DeliveryBatch>> ReadBatchesAsync(string recipient, int afterNumber, int limit, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<DeliveryBatch>>(
        [.. Of(recipient).Where(b => b.Number > afterNumber).Take(limit).Select(b => new DeliveryBatch(b.Number, 0, Now, b.Rows, b.Root, b.Manifest, b.Signature, null))]);

    public Task<IReadOnlyList<DeliveryRow>> ReadBatchRowsAsync(
        string recipient, int batch, long startRow, int limit, int required, int k, DateTimeOffset now, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<DeliveryRow>>(
        [
            // What was corrected is delivered until the recipient is told: its cell would fall under k before the corrections are there.
            .. _delivered[(recipient, batch)].Values.Where(d => d.Row >= startRow).Take(limit).Select(d => new DeliveryRow(
                d.Row, d.Sealed.Person, Persons[d.Sealed.Person].Cell!.Formed.Cell, d.Sealed.Milestone, d.Sealed.Publication, d.Sealed.Epoch,
                d.Tombstone is null && MayHave(d.Sealed, required, k) ? RowOf(d.Sealed)!.Values : null, d.Sealed.Leaf, d.Tombstone)),
        ]);

    /// <summary>What a recipient's batch delivers now.</summary>
    public IReadOnlyList<DeliveryRow> RowsOf(AgreementRecord agreement, int batch) =>
        ReadBatchRowsAsync(agreement.Agreement, batch, 0, int.MaxValue, agreement.Required, PublicOutcomes.K, Now, default).GetAwaiter().GetResult();

    public Task<IReadOnlyList<AgreementRecord>> ReadAgreementsAsync(string? partner, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<AgreementRecord>>([.. Agreements]);

    public Task<long> AddUseAsync(string recipient, int day, long rows, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<ExchangeDocument>> ReadDocumentsAsync(string kind, string name, int afterNumber, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ExchangeDocument>>([.. Documents.Where(d => d.Kind == kind && d.Name == name && d.Number > afterNumber).Take(limit)]);

    public Task<string?> AppendAsync(IEvent step, Projection? projection, CancellationToken cancellationToken)
    {
        AtStep(step, false);
        var taken = projection switch
        {
            Projection.PublicationPrepared p => Prepare(p.Step),
            Projection.RowsSealed p => Seal(p.Rows),
            Projection.PublicationCommitted p => Commit(p.Commit),
            _ => null,
        };
        if (taken is null)
        {
            State = ReleaseState.Evolve(State, step);
            Written.Add((step, projection));
            AtStep(step, true);
        }

        return Task.FromResult(taken);
    }

    private string? Prepare(PreparedStep step)
    {
        if (step.Publication != Published + 1)
            return "publication";
        if (step.Cells.Any(c => c.Members.Any(m => Persons[m].Recipients != c.Recipients)) || step.Rows.Any(r => !ReleasePermission.PermitsSome(Persons[r.Person].Permits)))
            return "consent";
        foreach (var cell in step.Dissolved)
            Dissolve(Cells[cell]);
        if (step.Cells.Any(c => c.Members.Any(m => Persons[m].Cell is not null)))
            return "cell_member";
        foreach (var cell in step.Cells)
        {
            Cells.Add(cell.Cell, new(cell, step.Publication));
            foreach (var member in cell.Members)
                (Persons[member].Cell, Persons[member].Lost) = (Cells[cell.Cell], 0);
        }

        foreach (var settled in step.Settled)
            Settle(Cells[settled.Cell], settled, step.Publication);
        foreach (var row in step.Rows)
        {
            Assert.DoesNotContain(Versions(row.Person, row.Milestone), r => r.Publication == step.Publication);
            Persons[row.Person].Outcomes.Remove(row.Milestone);
            if (!_released.TryGetValue((row.Person, row.Milestone), out var versions))
                _released.Add((row.Person, row.Milestone), versions = []);
            versions.Add(new(row.Person, row.Cell, row.Milestone, step.Publication, row.Values));
        }

        foreach (var cell in step.Retired)
        {
            Cells[cell].Retired = true;
            Remove(r => r.Cell == cell && r.Publication == step.Publication);
        }

        return null;
    }

    private void Dissolve(VirtualCell cell)
    {
        Assert.Equal(Published + 1, cell.Publication);
        Cells.Remove(cell.Formed.Cell);
        Remove(r => r.Cell == cell.Formed.Cell);
        foreach (var member in cell.Formed.Members.Select(m => Persons[m]))
        {
            (member.Cell, member.Lost) = (null, 0);
            foreach (var ((_, milestone), values) in _taken.Where(t => t.Key.Person == member.Id))
                member.Outcomes.TryAdd(milestone, values);
        }
    }

    private void Settle(VirtualCell cell, MilestoneSettled settled, int publication)
    {
        var known = cell.Settled.FindIndex(s => s.Milestone == settled.Milestone);
        if (known >= 0)
        {
            Assert.Equal(("RELEASED", "WITHHELD"), (cell.Settled[known].Status, settled.Status));
            cell.Settled.RemoveAt(known);
            foreach (var row in Released.Where(r => r.Cell == settled.Cell && r.Milestone == settled.Milestone))
                row.Superseded ??= publication;
        }

        cell.Settled.Add(new(settled.Milestone, settled.Status, publication));
        foreach (var member in cell.Formed.Members.Select(m => Persons[m]))
        {
            if (member.Outcomes.Remove(settled.Milestone, out var values))
                _taken[(member.Id, settled.Milestone)] = values;
        }
    }

    private string? Seal(SealedRows rows)
    {
        Assert.True(rows.Rows.Count <= 10_000);
        if (rows.FirstRow == 0)
            _delivered[(rows.Recipient, rows.Batch)] = [];
        foreach (var (place, row) in rows.Rows.Index())
            _delivered[(rows.Recipient, rows.Batch)][rows.FirstRow + place] = new(rows.FirstRow + place, row);
        return null;
    }

    private string? Commit(PublicationCommit commit)
    {
        if (Released.Count(r => r.Publication == commit.Publication) != commit.Prepared)
            return "prepared";
        Assert.Equal(Published + 1, commit.Publication);
        foreach (var batch in commit.Batches)
        {
            Assert.Equal(Of(batch.Recipient).Count + 1, batch.Number);
            Assert.Equal(batch.Rows, _delivered[(batch.Recipient, batch.Number)].Count);
            if (!Batches.TryGetValue(batch.Recipient, out var all))
                Batches.Add(batch.Recipient, all = []);
            all.Add(batch);
            foreach (var (number, row) in batch.Tombstones)
            {
                Assert.Null(_delivered[(batch.Recipient, number)][row].Tombstone);
                _delivered[(batch.Recipient, number)][row].Tombstone = batch.Number;
            }
        }

        foreach (var row in Released.Where(r => r.Publication == commit.Publication))
        {
            foreach (var earlier in Versions(row.Person, row.Milestone).Where(r => r.Publication < row.Publication))
                earlier.Superseded ??= row.Publication;
        }

        Documents.AddRange(commit.Documents);
        Published = commit.Publication;
        _taken.Clear();
        return null;
    }

    public IReadOnlyList<NewDeliveryBatch> Of(string recipient) => Batches.GetValueOrDefault(recipient) ?? [];

    private IEnumerable<(int Batch, VirtualDelivery Delivery)> Committed(string recipient) =>
        Of(recipient).SelectMany(b => _delivered[(recipient, b.Number)].Values.Select(d => (b.Number, d)));

    private IReadOnlyList<VirtualRow> Versions(string person, string milestone) => _released.GetValueOrDefault((person, milestone)) ?? [];

    private void Remove(Predicate<VirtualRow> which)
    {
        foreach (var versions in _released.Values)
            versions.RemoveAll(which);
    }

    private VirtualRow? RowOf(SealedRow row) => Versions(row.Person, row.Milestone).SingleOrDefault(r => r.Publication == row.Publication);

    /// <summary>By consent and cell.</summary>
    private bool MayHave(SealedRow row, int required, int k) =>
        RowOf(row) is { } released && Permits(row.Person, required) && Cells.TryGetValue(released.Cell, out var cell) && Has(cell, required, k);

    private bool MayHave(SealedRow row, int required, int k, int publication) => MayHave(row, required, k) && IsPresent(RowOf(row)!, publication);

    private bool IsPresent(VirtualRow row, int publication) =>
        !(row.Superseded <= publication) && !Versions(row.Person, row.Milestone).Any(r => r.Publication > row.Publication && r.Publication <= publication);

    private bool Permits(string person, int required) => ReleasePermission.Permits(Persons[person].Permits, required);

    private bool Has(VirtualCell cell, int required, int k) =>
        ReleasePermission.Permits(cell.Formed.Recipients, required) && cell.Formed.Members.Count(m => Permits(m, required)) >= k;

    private sealed class CleanCheck : IPublicationCheck
    {
        public Task<RedTeamSummary> AttackAsync(CandidateRelease release, CancellationToken cancellationToken) => Task.FromResult(new RedTeamSummary("none", 0, []));

        public Task<IReadOnlyList<string>> VerifyAsync(CandidateRelease release, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>([]);
    }

    private sealed class NoDisclosures : IDisclosureLedger
    {
        public Task AppendAsync(LedgerEntry entry, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
