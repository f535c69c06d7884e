namespace ClinicNetwork.Anonymisation;

/// <param name="Id">Who; a person occurs once.</param>
/// <param name="Leaves">One leaf of the grid per attribute.</param>
public sealed record GridPerson(string Id, IReadOnlyList<string> Leaves);

/// <param name="Region">One value per attribute; the root in a remainder alone.</param>
public sealed record FormedCell(IReadOnlyList<string> Region, IReadOnlyList<string> Members);

/// <param name="Waiting">Who found no cell below the root.</param>
public sealed record Formation(IReadOnlyList<FormedCell> Cells, IReadOnlyList<string> Waiting);

/// <summary>
/// Forms cells by splitting fixed regions: a region is split along an attribute while each non-empty child holds the minimum of persons. A
/// value is a region of the grid, so within it the members' own values do not show; that a sibling region of the group is empty does. The attribute is the one split least often so far, then the first in the grid, among those that can be split. The
/// result depends on the set of persons only, not on their order.
/// </summary>
public static class CellFormation
{
    /// <summary>Persons of a cell at most: a cell is prepared in one transaction. Far above k, so that parts of a region are no smaller than half of it.</summary>
    public const int CellPersonsMax = 500;

    /// <param name="minimum">Persons a cell needs when it is formed: k + margin.</param>
    /// <exception cref="ArgumentException">A person occurs twice or has a value outside the grid; the message names no value.</exception>
    public static Formation Form(Grid grid, IReadOnlyList<GridPerson> persons, int minimum)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(minimum, 2);
        if (persons.DistinctBy(p => p.Id).Count() != persons.Count)
        {
            throw new ArgumentException("A person occurs twice.", nameof(persons));
        }

        if (persons.Select(p => grid.FirstWrong(p.Leaves)).FirstOrDefault(wrong => wrong is not null) is { } attribute)
        {
            throw new ArgumentException($"A person has a value outside the grid's attribute {attribute}.", nameof(persons));
        }

        var cells = new List<FormedCell>();
        var ordered = persons.OrderBy(p => p.Id, StringComparer.Ordinal).ToArray();
        Split(grid, grid.Root, ordered, minimum, cells);
        var root = cells.Count > 0 && cells[0].Region.All(v => v == Hierarchy.Root);
        return root || ordered.Length < minimum
            ? new Formation([], [.. ordered.Select(p => p.Id)])
            : new Formation(cells, []);
    }

    /// <summary>A cell of everybody, whatever their values: of who waited so long that no other is in sight. None when they are too few.</summary>
    public static IReadOnlyList<FormedCell> Remainder(Grid grid, IReadOnlyList<string> persons, int minimum) =>
        persons.Count < minimum ? [] : [.. Parts(grid.Root, [.. persons.Order(StringComparer.Ordinal)])];

    /// <summary>Persons of a region beyond what one cell may have make several cells of it, by their places in the order.</summary>
    private static IEnumerable<FormedCell> Parts(IReadOnlyList<string> region, IReadOnlyList<string> persons)
    {
        var parts = (persons.Count + CellPersonsMax - 1) / CellPersonsMax;
        return Enumerable.Range(0, parts).Select(part => new FormedCell(region, [.. persons.Where((_, i) => i % parts == part)]));
    }

    private static void Split(Grid grid, IReadOnlyList<string> region, IReadOnlyList<GridPerson> persons, int minimum, List<FormedCell> cells)
    {
        foreach (var attribute in AttributesLeastSplitFirst(grid, region))
        {
            var childLevel = grid.Attributes[attribute].LevelOf(region[attribute]) - 1;
            var children = persons
                .GroupBy(p => grid.Attributes[attribute].Generalise(p.Leaves[attribute], childLevel), StringComparer.Ordinal)
                .OrderBy(g => g.Key, StringComparer.Ordinal)
                .Select(g => (g.Key, Members: g.ToArray()))
                .ToArray();
            if (children.All(c => c.Members.Length >= minimum))
            {
                foreach (var (value, members) in children)
                {
                    Split(grid, [.. region.Select((v, i) => i == attribute ? value : v)], members, minimum, cells);
                }

                return;
            }
        }

        cells.AddRange(Parts(region, [.. persons.Select(p => p.Id)]));
    }

    private static IEnumerable<int> AttributesLeastSplitFirst(Grid grid, IReadOnlyList<string> region) =>
        Enumerable.Range(0, region.Count)
            .Where(i => grid.Attributes[i].LevelOf(region[i]) > 0)
            .OrderBy(i => grid.Attributes[i].Height - grid.Attributes[i].LevelOf(region[i]))
            .ThenBy(i => i);
}
