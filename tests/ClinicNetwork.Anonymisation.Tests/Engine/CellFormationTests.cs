using ClinicNetwork.Anonymisation.Tests.Support;
using CsCheck;

namespace ClinicNetwork.Anonymisation.Tests.Engine;

/// <summary>Laws of forming cells, for any grid, any persons and any minimum. CsCheck prints the seed of a failure.</summary>
public sealed class CellFormationTests
{
    private static readonly Gen<(Grid Grid, GridPerson[] Persons, int Minimum)> AnyInput =
        from grid in Grids.Any
        from minimum in Gen.Int[2, 16]
        from persons in Grids.PersonsOn(grid, 8 * minimum)
        select (grid, persons, minimum);

    [Fact]
    public void Every_cell_holds_the_minimum_and_everybody_is_in_one_cell_or_nobody_is() => Holds((_, persons, minimum, formation) =>
    {
        Assert.All(formation.Cells, c => Assert.True(c.Members.Count >= minimum));
        var placed = formation.Cells.SelectMany(c => c.Members).Order(StringComparer.Ordinal).ToArray();
        var everybody = persons.Select(p => p.Id).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(everybody, formation.Cells.Count > 0 ? placed : formation.Waiting.Order(StringComparer.Ordinal));
        Assert.True(formation.Cells.Count == 0 || formation.Waiting.Count == 0);
    });

    [Fact]
    public void A_region_generalises_its_members_and_nobody_elses_and_is_never_the_root() => Holds((grid, persons, _, formation) =>
    {
        Assert.All(formation.Cells, cell =>
        {
            Assert.Contains(cell.Region, value => value != "*");
            Assert.Equal(cell.Members.Order(StringComparer.Ordinal), persons.Where(p => Covers(grid, cell.Region, p)).Select(p => p.Id).Order(StringComparer.Ordinal));
        });
    });

    [Fact]
    public void The_result_does_not_depend_on_the_order_of_persons() =>
        Gen.Select(AnyInput, Gen.Int).Sample((input, seed) =>
        {
            var shuffled = input.Persons.ToArray();
            new Random(seed).Shuffle(shuffled);
            Assert.Equal(
                Text(CellFormation.Form(input.Grid, input.Persons, input.Minimum)),
                Text(CellFormation.Form(input.Grid, shuffled, input.Minimum)));
        }, iter: 1_000, threads: 2);

    /// <summary>Whoever has the same leaves gets the same values: who it is plays no part.</summary>
    [Fact]
    public void The_result_does_not_depend_on_who_the_persons_are() =>
        AnyInput.Sample(input =>
        {
            var renamed = input.Persons.Select((p, i) => p with { Id = $"q{input.Persons.Length - i:0000}" }).ToArray();
            Assert.Equal(
                CellFormation.Form(input.Grid, input.Persons, input.Minimum).Cells.Select(c => (string.Join('|', c.Region), c.Members.Count)),
                CellFormation.Form(input.Grid, renamed, input.Minimum).Cells.Select(c => (string.Join('|', c.Region), c.Members.Count)));
        }, iter: 1_000, threads: 2);

    [Fact]
    public void Fewer_than_the_minimum_wait_and_so_do_those_who_can_only_be_the_root()
    {
        var grid = new Grid("g", 1, [Grids.Tree("sex", 2)]);
        GridPerson[] persons = [.. Enumerable.Range(0, 27).Select(i => new GridPerson($"p{i}", [$"sex/0/{i % 2}"]))];

        Assert.Empty(CellFormation.Form(grid, persons, 14).Cells); // 14 and 13: no split leaves 14 in each
        Assert.Equal(27, CellFormation.Form(grid, persons, 14).Waiting.Count);
        Assert.Equal([14, 13], CellFormation.Form(grid, persons, 13).Cells.Select(c => c.Members.Count));
        Assert.Empty(CellFormation.Form(grid, [], 14).Waiting);
    }

    [Fact]
    public void The_attribute_split_least_often_comes_first_then_the_grids_order()
    {
        var grid = new Grid("g", 1, [Grids.Tree("age", 4, 2), Grids.Tree("sex", 2)]);
        GridPerson[] persons = [.. Enumerable.Range(0, 16).Select(i => new GridPerson($"p{i:00}", [$"age/0/{i % 4}", $"sex/0/{i / 8}"]))];

        // Age is split into halves, then sex, before age is split again; four persons are enough for no third split.
        Assert.Equal(
            ["age/1/0|sex/0/0", "age/1/0|sex/0/1", "age/1/1|sex/0/0", "age/1/1|sex/0/1"],
            CellFormation.Form(grid, persons, 4).Cells.Select(c => string.Join('|', c.Region)));
    }

    [Fact]
    public void What_cannot_be_formed_is_refused_without_naming_a_person_or_a_value()
    {
        var grid = new Grid("g", 1, [Grids.Tree("sex", 2)]);
        var one = new GridPerson("secret-person", ["sex/0/1"]);

        Assert.Throws<ArgumentOutOfRangeException>(() => CellFormation.Form(grid, [one], 1));
        var twice = Assert.Throws<ArgumentException>(() => CellFormation.Form(grid, [one, one], 2));
        var unknown = Assert.Throws<ArgumentException>(() => CellFormation.Form(grid, [one with { Leaves = ["secret-value"] }], 2));
        Assert.All(new[] { twice, unknown }, e => Assert.DoesNotContain("secret", e.Message, StringComparison.Ordinal));
    }

    /// <summary>The rule of design, section 6, with its price (README, limits): an empty sibling does not stop a split, so the value tells that it is empty.</summary>
    [Fact]
    public void An_empty_sibling_region_does_not_stop_a_split()
    {
        var grid = new Grid("g", 1, [Grids.Tree("sex", 2), Grids.Tree("age", 4)]);
        var alike = Enumerable.Range(0, 5).Select(i => new GridPerson($"p{i}", [grid.Attributes[0].Paths[0][0], grid.Attributes[1].Paths[0][0]])).ToArray();

        var cell = Assert.Single(CellFormation.Form(grid, alike, 5).Cells);
        Assert.Equal(alike[0].Leaves, cell.Region);
    }

    /// <summary>Members spread inside a fixed region do not narrow it: the value is the region's, whoever is in it.</summary>
    [Fact]
    public void A_value_is_the_regions_and_not_the_cover_of_its_members()
    {
        var grid = new Grid("g", 1, [Grids.Tree("age", 8, 2, 2)]);
        int[] leaves = [0, 0, 2, 2, 4, 5, 6, 7];
        var persons = leaves.Select((leaf, i) => new GridPerson($"p{i}", [grid.Attributes[0].Paths[leaf][0]])).ToArray();

        // The lower half holds leaves 0 and 2 of 0 to 3; it is published as the half, because neither of its children has four persons.
        var lower = CellFormation.Form(grid, persons, 4).Cells.Single(c => c.Members.Contains("p0"));
        Assert.Equal(["age/2/0"], lower.Region);
    }

    private static void Holds(Action<Grid, GridPerson[], int, Formation> law) =>
        AnyInput.Sample(input => law(input.Grid, input.Persons, input.Minimum, CellFormation.Form(input.Grid, input.Persons, input.Minimum)), iter: 2_000, threads: 2);

    private static bool Covers(Grid grid, IReadOnlyList<string> region, GridPerson person) =>
        region.Index().All(v => grid.Attributes[v.Index].Generalise(person.Leaves[v.Index], grid.Attributes[v.Index].LevelOf(v.Item)) == v.Item);

    private static string Text(Formation formation) =>
        string.Join('\n', formation.Cells.Select(c => string.Join('|', c.Region) + ": " + string.Join(',', c.Members))) + "\nwaiting " + string.Join(',', formation.Waiting);
}
