using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Grains.Due;
using ClinicNetwork.Journal;
using ClinicNetwork.Journal.Ledger;

namespace ClinicNetwork.Grains.Releases;

/// <summary>Brings a store to what the disclosure ledger knows, before anything is released from it. Run twice it is as run once; killed, the next run goes on.</summary>
public static class LedgerReplay
{
    private const int WithdrawnMax = 1_000;

    /// <summary>Losing the stream's next version to another process that replays too.</summary>
    private const int ConflictRoundsMax = 8;

    private const int Parallel = 16;

    private const int RowsPage = 500;

    /// <param name="entries">Read before this is called: what they tell to be committed the store has, unless it was restored.</param>
    /// <param name="restored">Publications that nobody knows to have been committed count too: their batches may have been delivered.</param>
    /// <returns>Publications and withdrawals that the store lacked.</returns>
    /// <exception cref="StoreRefusedException">The store cannot be brought there.</exception>
    public static async Task<(int Publications, int Withdrawals)> RunAsync(IStore store, IReadOnlyList<LedgerEntry> entries, bool restored, CancellationToken cancellationToken)
    {
        var stream = Streams.OfProfile(PublicOutcomes.Profile);
        var published = await store.Exchange.ReadPublishedAsync(stream, cancellationToken);
        var committed = entries.OfType<LedgerEntry.Committed>().ToLookup(e => e.Number, e => e.At);
        var lost = entries.OfType<LedgerEntry.Publication>()
            .Where(e => e.Number > published && (restored || committed.Contains(e.Number)))
            .GroupBy(e => e.Number)
            .OrderBy(g => g.Key)
            .Select(g => g.OrderBy(e => committed[e.Number].Contains(e.At)).ThenBy(e => e.At).Last())
            .ToList();
        foreach (var publication in lost)
        {
            await AppendAsync(store, stream, new(publication, []), cancellationToken);
        }

        var withdrawn = await FindWithdrawnAsync(store, entries, cancellationToken);
        foreach (var some in withdrawn.Chunk(WithdrawnMax))
        {
            await AppendAsync(store, stream, new(null, some), cancellationToken);
        }

        return (lost.Count, withdrawn.Count);
    }

    /// <summary>Of persons whose streams are there and know neither the command nor a later statement.</summary>
    private static async Task<List<WithdrawnAgain>> FindWithdrawnAsync(IStore store, IReadOnlyList<LedgerEntry> entries, CancellationToken cancellationToken)
    {
        var found = new System.Collections.Concurrent.ConcurrentBag<WithdrawnAgain>();
        await System.Threading.Tasks.Parallel.ForEachAsync(
            entries.OfType<LedgerEntry.Withdrawal>(),
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
            async (entry, token) =>
            {
                if (await IsLostAsync(store.Journal, entry, token))
                {
                    found.Add(new(entry.Person, entry.Permitted, entry.Until, DueOf(entry).Kind, entry.At));
                }
            });
        return [.. found.Distinct().OrderBy(w => w.At).ThenBy(w => w.Person, StringComparer.Ordinal)];
    }

    private static async Task<bool> IsLostAsync(IJournal journal, LedgerEntry.Withdrawal entry, CancellationToken cancellationToken)
    {
        try
        {
            if (await HasAsync(entry.RequestId) || await HasAsync(DueRunner.OriginOf(DueOf(entry)).RequestId) || await journal.ReadHeadAsync(entry.Person, cancellationToken) == 0)
            {
                return false;
            }

            var (version, page) = (0L, (IReadOnlyList<JournalRow>)[]);
            do
            {
                page = await journal.ReadAsync(entry.Person, version, RowsPage, cancellationToken);
                if (page.Any(row => row.RecordedAt > entry.At && row.Events.Any(e => e is ResearchConsentSet)))
                {
                    return false;
                }

                version += page.Count;
            }
            while (page.Count == RowsPage);
            return true;
        }
        catch (KeyLostException)
        {
            return false;
        }

        async Task<bool> HasAsync(string requestId) => await journal.FindRequestAsync(entry.Person, requestId, [], cancellationToken) is not null;
    }

    private static DueRow DueOf(LedgerEntry.Withdrawal entry) =>
        new(entry.Person, DueKinds.OfWithdrawal(entry.Permitted, entry.Until == DateTimeOffset.MaxValue ? null : entry.Until), entry.At);

    private static async Task AppendAsync(IStore store, string stream, LedgerStep step, CancellationToken cancellationToken)
    {
        for (var round = 0; round < ConflictRoundsMax; round++)
        {
            var head = await store.Journal.ReadHeadAsync(stream, cancellationToken);
            var last = head == 0 ? null : (await store.Journal.ReadAsync(stream, head - 1, 1, cancellationToken)).SingleOrDefault();
            var name = string.Create(CultureInfo.InvariantCulture, $"ledger|{step.Publication?.Number}|{head}|{string.Join('|', step.Withdrawn.Select(w => w.Person + w.Due))}");
            var hash = SHA256.HashData(Encoding.UTF8.GetBytes(name));
            var outcome = await store.Journal.AppendAsync(
                new Append(
                    stream,
                    head + 1,
                    last?.RowHash ?? [],
                    new CommandOrigin("ledger-" + Convert.ToHexStringLower(hash.AsSpan(0, 16)), hash, "server", null),
                    "ReplayLedger",
                    [EventOf(step)],
                    Accepted.Instance,
                    [new Projection.LedgerReplayed(step)]),
                cancellationToken);
            if (outcome is AppendOutcome.Appended or AppendOutcome.AlreadyAppended or AppendOutcome.KeyTaken)
            {
                // Another process has replayed it.
                return;
            }
        }

        throw new StoreRefusedException("The disclosure ledger cannot be replayed: other processes write to the release stream all the time; stop them and start again.");
    }

    private static LedgerReplayed EventOf(LedgerStep step) => new(
        step.Publication?.Number,
        step.Withdrawn.Count,
        [.. (step.Publication?.Batches ?? []).Select(b => new RecipientProgress(b.Recipient, b.Number, Convert.ToHexStringLower(b.Root), b.Rows.Count, 0, 0))]);
}
