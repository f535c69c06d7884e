using ClinicNetwork.Journal;
using ClinicNetwork.Journal.Ledger;

namespace ClinicNetwork.Grains.Releases;

/// <summary>What the disclosure ledger keeps of a publication: its new cells, and where each row of each batch is from.</summary>
internal static class Disclosure
{
    public static LedgerEntry.Publication Of(int publication, DateTimeOffset now, IEnumerable<ReleaseCell> cells, IReadOnlyList<SealedBatch> batches)
    {
        var (rows, places) = (new List<LedgerRow>(), new Dictionary<LedgerRow, int>());
        return new(
            publication,
            now,
            [
                .. cells.Where(c => c.Publication == publication)
                    .Select(c => new LedgerCell(c.Cell, c.Quarter, c.Recipients, c.Region, [.. c.Members.Select(m => m.Person)])),
            ],
            rows,
            [
                .. batches.Select(b => new LedgerBatch(
                    b.Batch.Agreement.Agreement, b.Batch.Number, b.Batch.Root, b.Manifest, b.Signature,
                    [.. b.Batch.Rows.Select(r => new LedgerBatchRow(PlaceOf(r.Source), r.Epoch, r.Sealed.Leaf))], b.Batch.Tombstones)),
            ]);

        int PlaceOf(UndeliveredRow row)
        {
            var of = new LedgerRow(row.Person, row.Cell, row.Milestone, row.Publication);
            if (places.TryAdd(of, rows.Count))
            {
                rows.Add(of);
            }

            return places[of];
        }
    }
}
