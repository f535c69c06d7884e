namespace ClinicNetwork.Verification.RedTeam.Feeds;

/// <summary>
/// Batches 1 to n − 1 against 1 to n, for each n: what is new must be whole cells at a milestone. A person who is new in a cell that was released before, or a cell that tells more members than
/// it did, is a difference of fewer than k. So is a member left out while others of the cell are there, unless as many rows may have been withdrawn since the last publication (<see cref="Coverage"/>).
/// Corrections and tombstones are the only single rows (docs/release-format.md). Bound: none.
/// </summary>
internal static class PrefixAttack
{
    public const string Name = "prefix";
    public const string Coverage = "coverage";

    public static IEnumerable<AttackResult> Run(FeedSet feeds, CancellationToken cancellationToken)
    {
        var (differences, added, grown, slots, missing) = (0, 0, 0, 0, 0);
        foreach (var feed in feeds.Feeds)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var cells = Cells(feed);
            var hashes = HashesNotTold(feed);
            foreach (var cell in cells.Values)
            {
                differences += cell.Slots.Values.Select(slot => slot.Batch).Distinct().Count();
                added += cell.Newcomers;
                slots += cell.Slots.Count;
                grown += Grown(cell);
                missing += cell.Slots.Values.Sum(slot => Missing(cell, slot, hashes[slot.Batch - 1]));
            }
        }

        yield return new(
            Name, added + grown > 0 ? AttackVerdict.Exceeded : AttackVerdict.Held,
            $"of {differences} differences between batches: {added} persons new in a cell that was released before, {grown} times more members than before",
            new Dictionary<string, double> { ["differences"] = differences, ["persons_added"] = added, ["cells_grown"] = grown, ["bound"] = 0 });
        yield return new(
            Coverage, missing > 0 ? AttackVerdict.Exceeded : AttackVerdict.Held, $"of {slots} cells and milestones {missing} rows of members are missing that nothing explains",
            new Dictionary<string, double> { ["cells_and_milestones"] = slots, ["rows_missing"] = missing, ["bound"] = 0 });
    }

    private static Dictionary<int, CellSeen> Cells(Feed feed)
    {
        var cells = new Dictionary<int, CellSeen>();
        foreach (var (person, cell, batch) in Corrected(feed))
        {
            CellOf(cells, cell, batch).Known.Add(person);
        }

        foreach (var (batch, row) in feed.Rows())
        {
            var cell = CellOf(cells, row.Cell, batch);
            if (row.State == FeedRowState.Living)
            {
                cell.Members.Add(row.Person);
            }

            if (cell.Known.Add(row.Person) && batch > cell.First)
            {
                cell.Newcomers++;
            }

            if (row.Correction)
            {
                if (cell.Slots.TryGetValue(row.Milestone, out var corrected))
                {
                    corrected.Present.Add(row.Person);
                }

                continue;
            }

            if (!cell.Slots.TryGetValue(row.Milestone, out var slot))
            {
                cell.Slots[row.Milestone] = slot = new(batch);
            }

            slot.Rows++;
            slot.Present.Add(row.Person);
        }

        foreach (var (told, members) in feed.Batches.SelectMany(batch => batch.Members))
        {
            if (cells.TryGetValue((int)(told >> 8), out var cell) && cell.Slots.TryGetValue((byte)told, out var slot) && slot.Members == 0)
            {
                slot.Members = members;
            }
        }

        return cells;
    }

    /// <summary>Whose a row was that is corrected: it may be there as a hash only.</summary>
    private static IEnumerable<(int Person, int Cell, int Batch)> Corrected(Feed feed) => feed.Batches.SelectMany(batch => batch.Manifest.Corrections
        .Where(c => c.Row >= 0 && c.Row < batch.Rows.Length && batch.Rows[c.Row].HasValues)
        .Select(c => (batch.Rows[c.Row].Person, batch.Rows[c.Row].Cell, c.Batch)));

    private static CellSeen CellOf(Dictionary<int, CellSeen> cells, int cell, int batch)
    {
        if (!cells.TryGetValue(cell, out var seen))
        {
            cells[cell] = seen = new(batch);
        }

        seen.First = Math.Min(seen.First, batch);
        return seen;
    }

    /// <summary>Members may only become fewer: all members permitted when the cell was formed.</summary>
    private static int Grown(CellSeen cell)
    {
        var (grown, least) = (0, int.MaxValue);
        foreach (var batch in cell.Slots.Values.Where(slot => slot.Members > 0).GroupBy(slot => slot.Batch).OrderBy(group => group.Key))
        {
            grown += batch.Max(slot => slot.Members) > least ? 1 : 0;
            least = Math.Min(least, batch.Min(slot => slot.Members));
        }

        return grown;
    }

    /// <summary>Of each batch the rows that are hashes though no manifest tells so yet: withdrawn since the last publication. Whose they are and of which cell cannot be seen.</summary>
    private static int[] HashesNotTold(Feed feed)
    {
        var told = feed.Batches.SelectMany(batch => batch.Manifest.Tombstones).ToHashSet();
        return [.. feed.Batches.Select((batch, b) => batch.Rows.Where((row, number) => !row.HasValues && !told.Contains((b + 1, number))).Count())];
    }

    /// <param name="hashes">Rows of the batch that may be anybody's.</param>
    private static int Missing(CellSeen cell, SlotSeen slot, int hashes) =>
        Math.Max(0, cell.Members.Count(person => !slot.Present.Contains(person)) - Math.Min(hashes, Math.Max(0, slot.Members - slot.Rows)));

    private sealed class CellSeen(int first)
    {
        /// <summary>Batch that has the first row of it.</summary>
        public int First { get; set; } = first;

        /// <summary>Who has a row that may be used.</summary>
        public HashSet<int> Members { get; } = [];

        public HashSet<int> Known { get; } = [];

        public Dictionary<byte, SlotSeen> Slots { get; } = [];

        public int Newcomers { get; set; }
    }

    private sealed class SlotSeen(int batch)
    {
        public int Batch => batch;

        /// <summary>Told by the manifest; 0: it tells nothing.</summary>
        public int Members { get; set; }

        /// <summary>With values.</summary>
        public int Rows { get; set; }

        public HashSet<int> Present { get; } = [];
    }
}
