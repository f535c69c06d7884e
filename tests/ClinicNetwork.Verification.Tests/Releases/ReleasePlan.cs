using CsCheck;

namespace ClinicNetwork.Verification.Tests.Releases;

/// <summary>
/// A well-formed release in few numbers, so that a failure prints small: which cells, which milestone of which cell in which batch, who
/// withdraws when.
/// </summary>
/// <param name="Withdrawals">(cell, member, after batch): rows up to that batch become tombstones, later ones never exist.</param>
/// <param name="Withheld">(cell, milestone) pairs that are never published.</param>
internal sealed record ReleasePlan(
    int Seed,
    int Batches,
    IReadOnlyList<(int Members, int FirstBatch, int[] Nodes)> Cells,
    IReadOnlyList<(int Cell, int Member, int AfterBatch)> Withdrawals,
    IReadOnlyList<(int Cell, int Milestone)> Withheld)
{
    private static readonly Gen<(int, int, int[])> GenCell = Gen.Select(Gen.Int[TestProfile.K, 20], Gen.Int[1, 4], Gen.Int[0, 99].Array[4]);

    public static readonly Gen<ReleasePlan> WellFormed = Gen.Select(
        Gen.Int[0, 1_000_000],
        Gen.Int[1, 4],
        GenCell.List[0, 6],
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 19], Gen.Int[1, 4]).List[0, 12],
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 5]).List[0, 4],
        (seed, batches, cells, withdrawals, withheld) => new ReleasePlan(seed, batches, cells, withdrawals, withheld));

    public TestRelease Build()
    {
        var random = new Random(Seed);
        var cells = Cells.Select(plan => TestCell.New(random, plan.Members, NodesOf(plan.Nodes))).ToList();
        var withdrawnAfter = new Dictionary<string, int>();
        foreach (var (cell, member, after) in Withdrawals)
            if (cell < cells.Count && member < cells[cell].Members.Count)
                withdrawnAfter.TryAdd(cells[cell].Members[member], after);
        var release = new TestRelease { Batches = [.. Enumerable.Range(1, Batches).Select(BatchOf)] };
        foreach (var cell in cells)
        {
            var living = cell.Members.Where(member => !(withdrawnAfter.TryGetValue(member, out var after) && after <= Batches)).ToHashSet();
            var delivered = living.Count >= TestProfile.K ? living : [];
            foreach (var row in release.Rows.Where(row => cell.Members.Contains(row["pseudonym"])))
                row.Withdrawn = !delivered.Contains(row["pseudonym"]);
        }

        return release;

        TestBatch BatchOf(int batch) => TestRelease.Batch(random, cells.Index().SelectMany(cell => RowsOf(cell.Index, cell.Item, batch)));

        IEnumerable<IEnumerable<TestRow>> RowsOf(int index, TestCell cell, int batch)
        {
            var members = cell.Members.Where(member => !withdrawnAfter.TryGetValue(member, out var after) || after >= batch).ToList();
            var milestone = batch - Cells[index].FirstBatch;
            // The last batch also brings the milestone after: one batch may hold several milestones of a cell.
            for (var last = batch == Batches ? milestone + 1 : milestone; milestone <= last; milestone++)
                if (milestone >= 0 && members.Count >= TestProfile.K && !Withheld.Contains((index, milestone)))
                    yield return cell.At(TestProfile.Milestones[milestone], random, members);
        }
    }

    private static string[] NodesOf(int[] choices)
    {
        var nodes = TestProfile.QuasiIdentifiers.Zip(choices)
            .Select(pair => TestProfile.Nodes(pair.First)[pair.Second % TestProfile.Nodes(pair.First).Length]).ToArray();
        if (nodes.All(node => node == "*")) nodes[0] = "female";
        return nodes;
    }
}
