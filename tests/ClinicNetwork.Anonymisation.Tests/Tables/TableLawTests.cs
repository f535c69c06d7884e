using System.Globalization;
using Xunit.Abstractions;

namespace ClinicNetwork.Anonymisation.Tests.Tables;

/// <summary>
/// What holds for any table, hierarchies, model and mode: the output is as asked, or the model was refused. <c>CLINICNETWORK_TEST_ROUNDS</c>, 1 to 1,000, multiplies the cases;
/// <c>CLINICNETWORK_TEST_SEED</c> begins with the case of a failure.
/// </summary>
public sealed class TableLawTests(ITestOutputHelper output)
{
    private const int Cases = 10_000;

    /// <summary>Of 10,000 cases at least so many: about half of what they are.</summary>
    private static readonly Dictionary<string, int> Floors = new()
    {
        ["attributes: 1 to 4"] = 4_000,
        ["attributes: 5 to 10"] = 800,
        ["attributes: 11 to 14"] = 120,
        ["rows: none"] = 40,
        ["rows: 1 to 40"] = 3_000,
        ["rows: 41 to 400"] = 1_500,
        ["rows: more"] = 15,
        ["k: 2 to 5"] = 3_000,
        ["k: 6 and more"] = 700,
        ["k: the rows"] = 400,
        ["k: above the rows"] = 600,
        ["l asked"] = 1_800,
        ["l binding"] = 70,
        ["t asked"] = 1_800,
        ["t binding"] = 70,
        ["t of ranks asked"] = 600,
        ["t and suppression"] = 200,
        ["limit: 0"] = 2_500,
        ["limit: some"] = 1_800,
        ["limit: 1"] = 600,
        ["mode: Tight"] = 3_500,
        ["mode: Fixed"] = 1_000,
        ["mode: Stream"] = 500,
        ["not nested"] = 900,
        ["vectors: more than are visited"] = 120,
        ["persons: each once"] = 600,
        ["persons: few"] = 600,
        ["persons: none given"] = 1_800,
        ["persons: one has half"] = 600,
        ["persons: some twice"] = 1_200,
        ["persons binding"] = 80,
        ["prior: another"] = 180,
        ["prior: empty"] = 180,
        ["prior: large"] = 180,
        ["prior: of few values"] = 180,
        ["prior: the table itself"] = 180,
        ["published: Tight"] = 2_400,
        ["published: Fixed"] = 400,
        ["published: Stream"] = 300,
        ["refused: Tight"] = 200,
        ["refused: Fixed"] = 200,
        ["refused: Stream"] = 15,
        ["refused: too few persons or values in all"] = 1_200,
        ["sensitive: constant"] = 600,
        ["sensitive: even"] = 600,
        ["sensitive: none"] = 1_200,
        ["sensitive: of an attribute"] = 600,
        ["sensitive: one per row"] = 600,
        ["sensitive: skewed"] = 1_200,
        ["suppressed: none"] = 2_400,
        ["suppressed: some"] = 500,
        ["suppressed: all"] = 200,
        ["withheld: some"] = 40,
        ["classes: 1 to 10"] = 2_500,
        ["classes: more than 10"] = 400,
    };

    [Fact]
    public void Any_table_comes_out_as_the_model_asks_or_is_refused()
    {
        var (cases, seed) = (Cases * Math.Clamp(Number("CLINICNETWORK_TEST_ROUNDS") ?? 1, 1, 1_000), Number("CLINICNETWORK_TEST_SEED") ?? Random.Shared.Next(int.MaxValue / 2));
        output.WriteLine($"CLINICNETWORK_TEST_SEED={seed}");
        var reached = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < cases; i++)
        {
            var table = AnyTable.Of(seed + i);
            if (FailureOf(table, out var what) is { } failure)
            {
                var least = Shrunk(table);
                Assert.Fail($"CLINICNETWORK_TEST_SEED={seed + i}: {failure}\n{table}\nleast: {FailureOf(least, out _)}\n{Text(least)}");
            }

            foreach (var name in what.Concat(table.Shapes).Distinct())
            {
                reached[name] = reached.GetValueOrDefault(name) + 1;
            }
        }

        foreach (var (name, count) in reached)
        {
            output.WriteLine($"{count,7} {name}");
        }

        Assert.All(AnyHierarchy.Shapes, shape => Assert.True(reached.GetValueOrDefault("hierarchy: " + shape) > cases / 10, shape));
        Assert.All(Floors, floor => Assert.True(reached.GetValueOrDefault(floor.Key) >= floor.Value * (cases / Cases), $"{floor.Key}: {reached.GetValueOrDefault(floor.Key)}"));
    }

    private static string? FailureOf(AnyTable table, out IReadOnlyList<string> reached)
    {
        reached = [];
        try
        {
            reached = TableLaw.Of(table);
            return null;
        }
        catch (Exception exception)
        {
            return $"{exception.GetType().Name}: {exception.Message}";
        }
    }

    /// <summary>Fewer rows that still fail.</summary>
    private static AnyTable Shrunk(AnyTable table)
    {
        for (var part = table.Data.Rows / 2; part > 0; part /= 2)
        {
            for (var from = 0; from < table.Data.Rows;)
            {
                var fewer = table.With([.. Enumerable.Range(0, table.Data.Rows).Where(row => row < from || row >= from + part)]);
                (table, from) = FailureOf(fewer, out _) is null ? (table, from + part) : (fewer, from);
            }
        }

        return table;
    }

    private static string Text(AnyTable table)
    {
        var hierarchies = table.Hierarchies.Select((rows, a) => $"q{a}: {string.Join(" | ", rows.Take(20).Select(row => string.Join(';', row)))}");
        var rows = Enumerable.Range(0, Math.Min(40, table.Data.Rows)).Select(row =>
            $"{string.Join(';', table.Data.Attributes.Select((a, q) => a.Labels[a.LabelsAt(0)[table.Data.Leaves[q][row]]]))} person {table.Data.Persons?[row]} sensitive {table.Data.Sensitive?[row]}");
        return string.Join('\n', [table.ToString(), .. hierarchies, .. rows]);
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
