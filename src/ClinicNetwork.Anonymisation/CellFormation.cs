namespace ClinicNetwork.Anonymisation;

/// <param name="Id">Who; a person occurs once.</param>
/// <param name="Leaves">One leaf of the grid per attribute.</param>
public sealed record GridPerson(string Id, IReadOnlyList<string> Leaves);

/// <param name="Region">One value per attribute; not the root.</param>
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
        var root = cells.Count == 1 && cells[0].Region.All(v => v == Hierarchy.Root);
        return root || ordered.Length < minimum
            ? new Formation([], [.. ordered.Select(p => p.Id)])
            : new Formation(cells, []);
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

        cells.Add(new FormedCell(region, [.. persons.Select(p => p.Id)]));
    }

    private static IEnumerable<int> AttributesLeastSplitFirst(Grid grid, IReadOnlyList<string> region) =>
        Enumerable.Range(0, region.Count)
            .Where(i => grid.Attributes[i].LevelOf(region[i]) > 0)
            .OrderBy(i => grid.Attributes[i].Height - grid.Attributes[i].LevelOf(region[i]))
            .ThenBy(i => i);
}
