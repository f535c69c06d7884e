using System.Collections.Immutable;
using ClinicNetwork.Anonymisation;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Domain.Releases.Statistics;
using ClinicNetwork.Journal;
using ClinicNetwork.Journal.Ledger;

namespace ClinicNetwork.Grains.Releases;

/// <summary>The stream on which a publication writes its steps.</summary>
public interface IPublicationJournal
{
    ReleaseState State { get; }

    DateTimeOffset Now { get; }

    /// <summary>Writes a step with its projection. Null: written; else the key of the store that did not hold any more.</summary>
    /// <exception cref="StepRefusedException">It was not written, or nobody knows: the publication is begun again later.</exception>
    Task<string?> AppendAsync(IEvent step, Projection? projection, CancellationToken cancellationToken);
}

/// <summary>A step was not written for a reason that passes.</summary>
public sealed class StepRefusedException(Refusal refusal) : Exception(refusal.Reason)
{
    public Refusal Refusal { get; } = refusal;
}

/// <summary>What keeps a publication from being made.</summary>
public sealed class PublicationBlockedException(string reason) : Exception(reason);

/// <summary>
/// One publication day: prepare, seal for each recipient, check, ledger, commit. Every step is durable by itself and asks the store anew, so it may end anywhere: what runs next goes on
/// with the same result. A withdrawal in between makes it go round again.
/// </summary>
public sealed class PublicationRun(
    IExchangeStore store, ReleasePolicy policy, ReleaseSecrets secrets, IPublicationCheck check, IDisclosureLedger ledger, string network, IPublicationJournal journal)
{
    /// <summary>Rounds of meeting withdrawals before the day is tried again later.</summary>
    internal const int RoundsMax = 5;

    /// <summary>Each page asks anew which cells have enough members, so it is large.</summary>
    internal const int UndeliveredPage = 25_000;

    private const int RowsPage = 10_000;
    private const int UntoldMax = 200_000;
    private const int BatchesPage = 200;

    private readonly ManifestWriter _manifests = new(policy, network);
    private readonly PublicationPreparation _preparation = new(store, policy, secrets, journal);
    private readonly RedTeamSample _sample = new(store, secrets);
    private readonly StatisticsWriter _statistics = new(policy, network);

    private int Publication => _preparation.Publication;

    private DateTimeOffset Day => _preparation.Day;

    /// <summary>Writes the day's last event, <see cref="PublicationHeld"/>.</summary>
    /// <exception cref="PublicationBlockedException">The check refuses it.</exception>
    /// <exception cref="StepRefusedException">Try again later.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var round = 0; round < RoundsMax; round++)
        {
            await _preparation.PrepareAsync(cancellationToken);
            var prepared = await store.CountPreparedAsync(Publication, cancellationToken);
            if (await SealAsync(cancellationToken) is { } batches && await CommitAsync(prepared, batches, cancellationToken) is null)
            {
                return;
            }
        }

        throw ConsentChanged();
    }

    internal static StepRefusedException ConsentChanged() =>
        new(Refusal.Unavailable("NOT_EXECUTED", "Consent or cells changed while the publication was made; it is made again."));

    /// <summary>Null: somebody withdrew meanwhile.</summary>
    private async Task<IReadOnlyList<SealedBatch>?> SealAsync(CancellationToken cancellationToken)
    {
        var now = journal.Now;
        AgreementRecord[] agreements =
        [
            .. (await store.ReadAgreementsAsync(null, cancellationToken)).Where(a =>
                a.Status == "ACTIVE" && a.ValidFrom <= now && now < a.ValidTo && ReleaseProfiles.Find(a.Profile) is { } profile && (Day.UtcDateTime.Month - 1) % profile.EveryMonths == 0),
        ];
        if (agreements.Length == 0)
        {
            return [];
        }

        var cells = await store.ReadCellsAsync(now, cancellationToken);
        var waiting = await store.CountWaitingAsync(now, cancellationToken);
        var reference = journal.State.Open?.Reference ?? await _preparation.CountReleasedAsync(cancellationToken);
        var people = new Lazy<Task<(Dictionary<string, WaitingPerson> Members, List<KnownPerson> Control)>>(() => ReadPeopleAsync(cells, cancellationToken));
        var batches = new List<SealedBatch>();
        foreach (var agreement in agreements)
        {
            var batch = await BuildAsync(agreement, reference, cancellationToken);
            if (batch.IsEmpty)
            {
                continue;
            }

            var (withheld, retired) = journal.State.KeptBackFrom(agreement.Required);
            var progress = journal.State.ProgressOf(agreement.Agreement);
            var facts = new ManifestFacts(
                Publication, DateOnly.FromDateTime(now.UtcDateTime), progress?.Root ?? "", waiting, Promised(cells, agreement.Required),
                withheld - (progress?.Withheld ?? 0), retired - (progress?.Retired ?? 0));
            if (!await TryAppendRowsAsync(batch, cancellationToken))
            {
                return null;
            }

            batches.Add(await CheckAsync(batch, facts, people, cancellationToken));
        }

        return batches;
    }

    private async Task<RecipientBatch> BuildAsync(AgreementRecord agreement, ImmutableArray<CategoryCounts> reference, CancellationToken cancellationToken)
    {
        var (rows, known) = (new List<UndeliveredRow>(), new Dictionary<string, string>(StringComparer.Ordinal));
        await foreach (var page in _preparation.ReadUndeliveredAsync(agreement.Agreement, agreement.Required, policy.K, Publication, cancellationToken))
        {
            // Few values make up all rows: each is kept once.
            rows.AddRange(page.Select(r => r with { Values = [.. r.Values.Select(v => known.TryAdd(v, v) ? v : known[v])] }));
        }

        var untold = await store.ReadUntoldAsync(agreement.Agreement, agreement.Required, policy.K, Publication, UntoldMax, journal.Now, cancellationToken);
        return RecipientBatch.Build(policy, secrets, new(
            agreement, (journal.State.ProgressOf(agreement.Agreement)?.Batch ?? 0) + 1, journal.State.RekeyOf(agreement.Agreement)?.Epoch ?? 0, rows, untold, reference));
    }

    private int Promised(IReadOnlyList<ReleaseCell> cells, int required) => cells
        .Where(c => ReleasePermission.Permits(c.Recipients, required) && c.Settled.Count < policy.Milestones.Count)
        .Select(c => c.Members.Count(m => ReleasePermission.Permits(m.Recipients, required)))
        .Where(living => living >= policy.K)
        .Sum();

    private async Task<bool> TryAppendRowsAsync(RecipientBatch batch, CancellationToken cancellationToken)
    {
        var first = 0;
        foreach (var rows in batch.Rows.Count == 0 ? [[]] : batch.Sealed.Chunk(RowsPage))
        {
            var projection = new Projection.RowsSealed(new(batch.Agreement.Agreement, batch.Number, first, rows));
            if (await journal.AppendAsync(new BatchRowsSealed(batch.Agreement.Agreement, batch.Number, first, rows.Length), projection, cancellationToken) is not null)
            {
                return false;
            }

            first += rows.Length;
        }

        return true;
    }

    private async Task<SealedBatch> CheckAsync(
        RecipientBatch batch, ManifestFacts facts, Lazy<Task<(Dictionary<string, WaitingPerson> Members, List<KnownPerson> Control)>> people, CancellationToken cancellationToken)
    {
        var form = RecipientForm.Of(secrets, batch.Agreement);
        var earlier = await ReadEarlierAsync(batch.Agreement, form, cancellationToken);
        var (members, control) = await people.Value;
        var (known, rows) = await ReadGivenAsync(batch, earlier, members, cancellationToken);
        var release = new CandidateRelease(
            batch.Agreement.Agreement,
            secrets.PublicKeyPem,
            [.. earlier, Candidate(batch, _manifests.Write(batch, facts, null), [])],
            known,
            control)
        {
            Rekeys = await store.ReadDocumentsAsync(RekeyList.Kind, batch.Agreement.Agreement, 0, BatchesPage, cancellationToken),
        };
        var redTeam = await check.AttackAsync(release, cancellationToken);
        if (redTeam.Exceeded)
        {
            throw new PublicationBlockedException("RED_TEAM");
        }

        var manifest = _manifests.Write(batch, facts, redTeam);
        var signature = secrets.Sign(manifest);
        var findings = await check.VerifyAsync(release with { Batches = [.. earlier, Candidate(batch, manifest, signature)] }, cancellationToken);
        return findings.Count == 0
            ? new(batch, facts, manifest, signature, Statistics(batch, facts, rows))
            : throw new PublicationBlockedException("VERIFIER");
    }

    private static CandidateBatch Candidate(RecipientBatch batch, byte[] manifest, byte[] signature) => new(
        batch.Number, manifest, signature, _ => batch.Rows.Select(r => new CandidateRow(r.Sealed.Salt, r.Sealed.Values, r.Sealed.Leaf)).ToAsyncEnumerable());

    private async Task<IReadOnlyList<CandidateBatch>> ReadEarlierAsync(AgreementRecord agreement, RecipientForm form, CancellationToken cancellationToken)
    {
        var batches = new List<CandidateBatch>();
        IReadOnlyList<DeliveryBatch> page;
        do
        {
            page = await store.ReadBatchesAsync(agreement.Agreement, batches.Count, BatchesPage, cancellationToken);
            batches.AddRange(page.Select(b => new CandidateBatch(b.Number, b.Manifest, b.Signature, token => DeliveredAsync(agreement, form, b, token))));
        }
        while (page.Count == BatchesPage);
        return batches;
    }

    private async IAsyncEnumerable<CandidateRow> DeliveredAsync(
        AgreementRecord agreement, RecipientForm form, DeliveryBatch batch, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var row in ReadRowsAsync(agreement, batch.Number, cancellationToken))
        {
            if (row.Values is { } values)
            {
                var delivered = form.Seal(batch.Number, row.Epoch, row.Person, row.Milestone, values);
                yield return new(delivered.Salt, delivered.Values, delivered.Leaf);
            }
            else
            {
                yield return new(null, null, row.Leaf);
            }
        }
    }

    private async IAsyncEnumerable<DeliveryRow> ReadRowsAsync(
        AgreementRecord agreement, int batch, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IReadOnlyList<DeliveryRow> page;
        var next = 0L;
        do
        {
            page = await store.ReadBatchRowsAsync(agreement.Agreement, batch, next, RowsPage, agreement.Required, policy.K, journal.Now, cancellationToken);
            foreach (var row in page)
            {
                yield return row;
            }

            next += page.Count;
        }
        while (page.Count == RowsPage);
    }

    /// <summary>Persons in cells of whom the leaves are known, and persons in none.</summary>
    private async Task<(Dictionary<string, WaitingPerson> Members, List<KnownPerson> Control)> ReadPeopleAsync(
        IReadOnlyList<ReleaseCell> cells, CancellationToken cancellationToken) => (
        (await _sample.ReadAsync(cells.SelectMany(c => c.Members).Select(m => m.Person), journal.Now, cancellationToken)).Where(p => p.Cell is not null).ToDictionary(p => p.Person, StringComparer.Ordinal),
        [.. (await _sample.ReadAsync(_preparation.Unplaced, journal.Now, cancellationToken)).Where(p => p.Cell is null).Select(p => new KnownPerson("", p.QuasiIdentifiers, null))]);

    /// <summary>What the recipient has with this batch, read once: whom the red team attacks, and what the statistics count.</summary>
    private async Task<(IReadOnlyList<KnownPerson> Known, IReadOnlyList<StatisticRow> Rows)> ReadGivenAsync(
        RecipientBatch batch, IReadOnlyList<CandidateBatch> earlier, Dictionary<string, WaitingPerson> members, CancellationToken cancellationToken)
    {
        var (known, rows) = (new Dictionary<string, KnownPerson>(StringComparer.Ordinal), new List<StatisticRow>());
        var pseudonyms = new Dictionary<string, string>(StringComparer.Ordinal);
        var (rekeyedTo, gone) = (journal.State.RekeyOf(batch.Agreement.Agreement)?.Epoch ?? 0, batch.Tombstones.ToHashSet());
        foreach (var number in earlier.Select(b => b.Number))
        {
            await foreach (var row in ReadRowsAsync(batch.Agreement, number, cancellationToken))
            {
                if (row.Values is { } values && !gone.Contains((number, row.Row)))
                {
                    Add(row.Person, row.Milestone, row.Epoch, values);
                }
            }
        }

        foreach (var row in batch.Rows)
        {
            Add(row.Source.Person, row.Source.Milestone, row.Epoch, row.Values);
        }

        return ([.. known.Values], rows);

        void Add(string person, string milestone, int epoch, IReadOnlyList<string> values)
        {
            if (!pseudonyms.TryGetValue(person, out var pseudonym))
            {
                pseudonyms[person] = pseudonym = secrets.Pseudonym(batch.Agreement.Agreement, Math.Max(epoch, rekeyedTo), person);
            }

            rows.Add(StatisticsWriter.RowOf(batch.Agreement.Fields, pseudonym, values));
            if (milestone == policy.Milestones[0] && members.TryGetValue(person, out var member))
            {
                known[person] = new(pseudonym, member.QuasiIdentifiers, CanonicalRow.Outcome(values).Category);
            }
        }
    }

    private IReadOnlyList<ExchangeDocument> Statistics(RecipientBatch batch, ManifestFacts facts, IReadOnlyList<StatisticRow> rows)
    {
        var (withheld, retired) = journal.State.KeptBackFrom(batch.Agreement.Required);
        var tables = Write(new(batch.Agreement, Publication, batch.Number, facts.PublishedOn, withheld, retired));
        return
        [
            .. tables.Select(t => new ExchangeDocument(
                StatisticsWriter.Kind, StatisticsWriter.NameOf(t.Table, batch.Agreement.Agreement), Publication, t.Document, secrets.Sign(t.Document))),
        ];

        IEnumerable<(string Table, byte[] Document)> Write(StatisticsFacts of)
        {
            try
            {
                return _statistics.Write(of, rows);
            }
            catch (ArgumentException)
            {
                // The verifier refuses it before.
                throw new PublicationBlockedException("PERSON_TWICE");
            }
        }
    }

    /// <summary>Null: it is published, or there was nothing to publish.</summary>
    private async Task<string?> CommitAsync(long prepared, IReadOnlyList<SealedBatch> batches, CancellationToken cancellationToken)
    {
        var (open, now) = (journal.State.Open, journal.Now);
        var held = new PublicationHeld(Day, PublicationDays.After(now), null, "", 0, 0, 0, 0);
        if (open is null && batches.Count == 0)
        {
            return await journal.AppendAsync(held, null, cancellationToken);
        }

        await DiscloseAsync(Disclosure.Of(Publication, now, await store.ReadCellsAsync(now, cancellationToken), batches), cancellationToken);
        var commit = new PublicationCommit(
            Publication, now, prepared, [.. batches.Select(b => b.Delivery)], [.. batches.SelectMany(b => b.Statistics)]);
        var number = Publication;
        if (await journal.AppendAsync(
            held with
            {
                Batch = number,
                Rows = (int)prepared,
                CellsFormed = open?.CellsFormed ?? 0,
                CellsRetired = open?.CellsRetired ?? 0,
                MilestonesWithheld = open?.MilestonesWithheld ?? 0,
                Batches = [.. batches.Select(b => b.Progress(journal.State))],
            },
            new Projection.PublicationCommitted(commit),
            cancellationToken) is { } taken)
        {
            return taken;
        }

        // Another server may have ended the day otherwise: the answer is then the one of that.
        if (journal.State.LastBatch != number)
        {
            return null;
        }

        try
        {
            await ledger.AppendAsync(new LedgerEntry.Committed(number, now), cancellationToken);
        }
        catch (LedgerUnavailableException)
        {
            // It is published. A restore takes what the ledger had before for published all the same.
        }

        return null;
    }

    private async Task DiscloseAsync(LedgerEntry.Publication disclosed, CancellationToken cancellationToken)
    {
        try
        {
            await ledger.AppendAsync(disclosed, cancellationToken);
        }
        catch (LedgerUnavailableException)
        {
            throw new StepRefusedException(LedgerRefusal.Unavailable);
        }
    }
}
