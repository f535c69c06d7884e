using System.Globalization;
using ClinicNetwork.Verification.Tables;
using Xunit.Abstractions;

namespace ClinicNetwork.Verification.Tests.Tables;

/// <summary>Random tables, right and wrong, judged by the formulas as they are written down: rows as strings, every class and value looked at anew.</summary>
public sealed class TablePropertyTests(ITestOutputHelper output)
{
    private const int Cases = 3_000;

    private static readonly string[] Columns = ["q0", "q1", "q2"];

    private sealed record Row(string Batch, string Person, string[] Was, string[] Now, string Before, string After);

    [Fact]
    public void Findings_and_measures_are_those_of_the_formulas()
    {
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("CLINICNETWORK_TEST_ROUNDS"), out var given) ? Math.Clamp(given, 1, 100) : 1;
        var seed = int.TryParse(Environment.GetEnvironmentVariable("CLINICNETWORK_TEST_SEED"), out var fixedSeed) ? fixedSeed : Random.Shared.Next(int.MaxValue / 2);
        var reached = new SortedDictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < Cases * rounds; i++)
        {
            try
            {
                foreach (var shape in RunCase(new Random(seed + i)))
                {
                    reached[shape] = reached.GetValueOrDefault(shape) + 1;
                }
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"CLINICNETWORK_TEST_SEED={seed + i}: {exception.Message}", exception);
            }
        }

        output.WriteLine($"CLINICNETWORK_TEST_SEED={seed}; {Cases * rounds} cases, of them {string.Join(", ", reached.Select(shape => $"{shape.Value} {shape.Key}"))}");
        string[] all = ["clean", "batches", "persons", TableRules.K, TableRules.DistinctL, TableRules.T, TableRules.Coverage, TableRules.WrongCell, TableRules.Changed, TableRules.SuppressionLimit];
        Assert.Empty(all.Except(reached.Keys));
    }

    private static IEnumerable<string> RunCase(Random random)
    {
        string[][][] hierarchies = [.. Columns.Select(_ => Hierarchy(random))];
        var (batches, persons) = (random.Next(3) == 0 ? random.Next(2, 4) : 0, random.Next(2) == 0);
        Row[] rows = [.. Rows(random, hierarchies, batches)];
        var promise = new TablePromise(random.Next(1, 4), random.Next(1, 3), random.Next(2) == 0 ? 1 : random.NextDouble(), random.Next(2) == 0, random.Next(2) == 0 ? 1 : 0.1);
        var data = TableCase.Table([(batches > 0 ? "batch;" : "") + "q0;q1;q2;s", .. rows.Select(row => (batches > 0 ? row.Batch + ";" : "") + string.Join(';', row.Now) + ";" + row.After)]);
        var original = TableCase.Table(["s;p;q2;q1;q0", .. rows.Select(row => $"{row.Before};{row.Person};{row.Was[2]};{row.Was[1]};{row.Was[0]}")]);
        var verdict = TableVerifier.Verify(
            new([data], Columns)
            {
                Originals = [original],
                Hierarchies = Columns.Zip(hierarchies).ToDictionary(pair => pair.First, pair => TableCase.Hierarchy(pair.First, string.Join('\n', pair.Second.Select(leaf => string.Join(';', leaf))))),
                Person = persons ? "p" : null,
                Sensitive = "s",
            },
            promise);

        var expected = Expected(rows, hierarchies, persons, promise, out var measures);
        Assert.Equal(expected.Where(rule => rule.Value > 0).OrderBy(rule => rule.Key), verdict.Counts.OrderBy(rule => rule.Key));
        var own = verdict.Measures!;
        double[] found = [own.Classes, own.MinClass, own.Suppressed, own.Ncp!.Value, own.Gi!.Value, own.Dm, own.CAvg, own.RiskMax, own.RiskAvg, own.LDistinct ?? -1, own.LEntropy ?? -1, own.T ?? -1];
        foreach (var (theirs, mine) in found.Zip(measures))
        {
            Assert.Equal(mine, theirs, 1e-9);
        }

        return [.. verdict.Counts.Keys, .. verdict.Clean ? (string[])["clean"] : [], .. batches > 0 ? (string[])["batches"] : [], .. persons ? (string[])["persons"] : []];
    }

    /// <summary>Leaves of one to three levels; a label may come back on the next level.</summary>
    private static string[][] Hierarchy(Random random)
    {
        var (leaves, levels) = (random.Next(1, 6), random.Next(0, 3));
        return [.. Enumerable.Range(0, leaves).Select(leaf => (string[])
            [$"{leaf}", .. Enumerable.Range(0, levels).Select(level => random.Next(6) == 0 ? "g" : $"{(char)('a' + level)}{leaf >> random.Next(level, level + 2)}").Order(StringComparer.Ordinal), "*"])
            .Select(row => row.Distinct().Count() == row.Length ? row : [row[0], .. Enumerable.Repeat(row[1], row.Length - 2), "*"])];
    }

    private static IEnumerable<Row> Rows(Random random, string[][][] hierarchies, int batches)
    {
        var (count, kinds, wrong) = (random.Next(1, 40), random.Next(1, 5), random.Next(3) == 0 ? 0.1 : 0);
        int[][] levels = [.. Enumerable.Range(0, kinds).Select(_ => hierarchies.Select(hierarchy => random.Next(hierarchy[0].Length)).ToArray())];
        for (var row = 0; row < count; row++)
        {
            var leaves = hierarchies.Select(hierarchy => hierarchy[random.Next(random.Next(1, hierarchy.Length + 1))]).ToArray();
            var (level, before) = (levels[random.Next(kinds)], $"{random.Next(4)}");
            string[] now = random.Next(8) == 0 ? ["*", "*", "*"] : [.. leaves.Select((leaf, a) => leaf[level[a]])];
            if (random.NextDouble() < wrong)
            {
                var other = hierarchies[1][random.Next(hierarchies[1].Length)];
                now[1] = random.Next(2) == 0 ? "none" : other[random.Next(other.Length)];
            }

            yield return new(
                $"{random.Next(1, batches + 1)}", $"p{random.Next(count)}", [.. leaves.Select(leaf => leaf[0])], now, before, random.NextDouble() < wrong ? $"{random.Next(4)}" : before);
        }
    }

    private static Dictionary<string, long> Expected(Row[] rows, string[][][] hierarchies, bool persons, TablePromise promise, out double[] measures)
    {
        int Covered(int a, string value) => hierarchies[a].Count(leaf => leaf.Contains(value));
        double Loss(int a, string value) => value is "none" or "*" ? 1 : hierarchies[a].Length == 1 ? 0 : (Covered(a, value) - 1.0) / (hierarchies[a].Length - 1);
        double Level(int a, string value) => value == "none" ? 1 : hierarchies[a].Where(leaf => leaf.Contains(value)).Min(leaf => Array.IndexOf(leaf, value)) / (hierarchies[a][0].Length - 1.0);
        var released = rows.Where(row => row.Now.Any(value => value != "*")).ToArray();
        var classes = released.GroupBy(row => $"{row.Batch};{string.Join(';', row.Now)}").Select(group => group.ToArray()).ToArray();
        int[] sizes = [.. classes.Select(rows => persons ? rows.Select(row => row.Person).Distinct().Count() : rows.Length)];
        int[] distinct = [.. classes.Select(rows => rows.Select(row => row.After).Distinct().Count())];
        double[] distances = [.. classes.Select(rows => Distance(rows, [.. released.Where(row => row.Batch == rows[0].Batch)], promise.OrderedT))];
        double Entropy(Row[] rows) => Math.Exp(-rows.GroupBy(row => row.After).Sum(value => (double)value.Count() / rows.Length * Math.Log((double)value.Count() / rows.Length)));
        var (n, s, m) = ((double)rows.Length, rows.Length - released.Length, classes.Length);
        measures =
        [
            m, sizes.DefaultIfEmpty(0).Min(), s,
            (released.Sum(row => row.Now.Select((value, a) => Loss(a, value)).Sum()) + (3 * s)) / (3 * n),
            (released.Sum(row => row.Now.Select((value, a) => Level(a, value)).Sum()) + (3 * s)) / (3 * n),
            classes.Sum(rows => (double)rows.Length * rows.Length) + (n * s),
            m == 0 ? 0 : (n - s) / m / promise.K, m == 0 ? 0 : 1.0 / classes.Min(rows => rows.Length), m == 0 ? 0 : m / (n - s),
            m == 0 ? -1 : distinct.Min(), m == 0 ? -1 : classes.Min(Entropy), m == 0 ? -1 : distances.Max(),
        ];
        return new()
        {
            [TableRules.K] = sizes.Count(size => size < promise.K),
            [TableRules.DistinctL] = distinct.Count(values => values < promise.DistinctL),
            [TableRules.T] = distances.Count(distance => distance > promise.T + 1e-9),
            [TableRules.WrongCell] = rows.Count(row => row.Now.Contains("none")),
            [TableRules.Coverage] = rows.Sum(row => Enumerable.Range(0, 3).Count(a => row.Now[a] != "none" && !hierarchies[a].Single(leaf => leaf[0] == row.Was[a]).Contains(row.Now[a]))),
            [TableRules.Changed] = rows.Count(row => row.Before != row.After),
            [TableRules.SuppressionLimit] = s / n > promise.SuppressionLimit ? 1 : 0,
        };
    }

    private static double Distance(Row[] rows, Row[] table, bool ordered)
    {
        var values = table.Select(row => int.Parse(row.After, CultureInfo.InvariantCulture)).Distinct().Order().ToArray();
        double Share(Row[] of, Func<int, bool> which) => (double)of.Count(row => which(int.Parse(row.After, CultureInfo.InvariantCulture))) / of.Length;
        return ordered
            ? values.Sum(value => Math.Abs(Share(rows, v => v <= value) - Share(table, v => v <= value))) / Math.Max(1, values.Length - 1)
            : values.Sum(value => Math.Abs(Share(rows, v => v == value) - Share(table, v => v == value))) / 2;
    }
}
