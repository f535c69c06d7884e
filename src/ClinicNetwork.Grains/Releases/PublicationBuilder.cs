using ClinicNetwork.Anonymisation;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Releases;

/// <summary>What a publication day is decided on: pool, cells and waiting outcomes, as read at one time.</summary>
/// <param name="UntoldWithheld">Milestones withheld on days without a batch since the last one; the next manifest tells them.</param>
/// <param name="UntoldRetired">The same for retired cells.</param>
/// <param name="Outcomes">Per milestone, per person: values waiting.</param>
public sealed record PublicationInput(
    int NextBatch,
    string PreviousRoot,
    int UntoldWithheld,
    int UntoldRetired,
    DateTimeOffset Now,
    IReadOnlyList<PoolPerson> Pool,
    IReadOnlyList<CellRecord> Cells,
    IReadOnlyDictionary<string, IReadOnlyDictionary<string, IReadOnlyList<string>>> Outcomes);

/// <summary>A publication ready to be committed, and what its event will say.</summary>
public sealed record BuiltPublication(Publication Publication, string Root, int Rows, int CellsFormed, int CellsRetired, int Withheld);

/// <summary>
/// Decides a whole publication day: cells from the pool, the fate of each cell's open milestones, rows, manifest. Pure but for the keyed
/// functions of <see cref="ReleaseSecrets"/>; the same input gives the same rows, root and manifest (the signature has fresh randomness).
/// </summary>
public sealed class PublicationBuilder(ReleasePolicy policy, ReleaseSecrets secrets, string network)
{
    public BuiltPublication Build(PublicationInput input)
    {
        var (formed, waiting) = FormCells(input);
        var cells = input.Cells.Concat(formed.Select(AsRecord)).ToArray();
        var fates = cells.SelectMany(cell => FatesOf(cell, input)).ToArray();
        var retired = fates.Where(f => f.Fate == MilestoneFate.Retired).Select(f => f.Cell.Cell).Distinct().ToHashSet(StringComparer.Ordinal);
        var settled = fates
            .Where(f => f.Fate != MilestoneFate.Waits)
            .Select(f => new MilestoneSettled(f.Cell.Cell, f.Milestone, f.Fate.ToString().ToUpperInvariant()))
            .ToArray();
        var released = fates.Where(f => f.Fate == MilestoneFate.Released).ToArray();
        var withheld = fates.Count(f => f.Fate == MilestoneFate.Withheld);
        var rows = released
            .SelectMany(f => RowsOf(f.Cell, f.Milestone, input))
            .OrderBy(r => secrets.ShuffleKey(input.NextBatch, r.Person, r.Milestone), StringComparer.Ordinal)
            .Select(r => Seal(input.NextBatch, r))
            .ToArray();
        var batch = rows.Length == 0 ? null : Batch(input, rows, released, input.UntoldWithheld + withheld, input.UntoldRetired + retired.Count, waiting);
        return new(
            new Publication(formed, settled, [.. retired], batch, rows),
            batch is null ? "" : Convert.ToHexStringLower(batch.Root),
            rows.Length,
            formed.Length,
            retired.Count,
            withheld);
    }

    /// <summary>Per quarter of first treatment and per set of permitted recipients.</summary>
    private (NewCell[] Cells, int Waiting) FormCells(PublicationInput input)
    {
        var cells = new List<NewCell>();
        var waiting = 0;
        foreach (var group in input.Pool.Where(p => p.Recipients != 0).GroupBy(p => (p.Quarter, p.Recipients)).OrderBy(g => g.Key.Quarter, StringComparer.Ordinal).ThenBy(g => g.Key.Recipients))
        {
            var formation = CellFormation.Form(policy.Grid, [.. group.Select(p => new GridPerson(p.Person, p.QuasiIdentifiers))], policy.K + policy.Margin);
            waiting += formation.Waiting.Count;
            cells.AddRange(formation.Cells.Select(c => new NewCell(
                secrets.CellName(input.NextBatch, c.Members[0]), group.Key.Quarter, group.Key.Recipients, c.Region, c.Members)));
        }

        return ([.. cells], waiting);
    }

    private static CellRecord AsRecord(NewCell cell) =>
        new(cell.Cell, cell.Quarter, cell.Recipients, cell.Region, [.. cell.Members.Select(m => new CellMember(m, cell.Recipients))], []);

    private IEnumerable<CellFate> FatesOf(CellRecord cell, PublicationInput input) => policy.Milestones
        .Where(m => !cell.SettledMilestones.Contains(m, StringComparer.Ordinal))
        .Select(m => new CellFate(cell, m, MilestoneRelease.Decide(policy, [.. cell.Members.Select(p => At(p, cell, m, input))], secrets.Chance(cell.Cell, m))));

    private static MemberAtMilestone At(CellMember member, CellRecord cell, string milestone, PublicationInput input)
    {
        var values = input.Outcomes[milestone].GetValueOrDefault(member.Person);
        return new(member.Person, Permits(member, cell), values is not null, values is null ? null : new ReleasedOutcome(values).Category);
    }

    /// <summary>A member who narrowed consent has withdrawn towards the classes left out; delivery hides the rows from those alone.</summary>
    private static bool Permits(CellMember member, CellRecord cell) => (member.Recipients & cell.Recipients) != 0;

    private static IEnumerable<NewBatchRow> RowsOf(CellRecord cell, string milestone, PublicationInput input) => cell.Members
        .Where(m => Permits(m, cell))
        .Select(m => new NewBatchRow(
            m.Person, cell.Cell, milestone, [cell.Cell, milestone, .. cell.Region, .. new ReleasedOutcome(input.Outcomes[milestone][m.Person]).Values], []));

    private NewBatchRow Seal(int batch, NewBatchRow row) =>
        row with { Leaf = secrets.Seal(batch, row.Person, row.Values).Leaf };

    private NewBatch Batch(PublicationInput input, NewBatchRow[] rows, CellFate[] released, int withheld, int retired, int waiting)
    {
        var root = MerkleTree.Root([.. rows.Select(r => r.Leaf)]);
        var manifest = new ManifestWriter(policy, network).Write(new ManifestFacts(
            input.NextBatch,
            DateOnly.FromDateTime(input.Now.UtcDateTime),
            input.PreviousRoot,
            root,
            rows,
            [.. released.Select(f => (f.Cell.Cell, f.Milestone)).OrderBy(c => c.Cell, StringComparer.Ordinal).ThenBy(c => c.Milestone, StringComparer.Ordinal)],
            waiting,
            withheld,
            retired));
        return new(input.NextBatch, input.Now, rows.Length, root, manifest, secrets.Sign(manifest));
    }

    private sealed record CellFate(CellRecord Cell, string Milestone, MilestoneFate Fate);
}
