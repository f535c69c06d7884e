using ClinicNetwork.Anonymisation.Tables;

namespace ClinicNetwork.Anonymisation.Tests.Tables;

internal enum Mode
{
    Tight,
    Fixed,
    Stream,
}

/// <summary>A table with its hierarchies, the model asked for and the mode. Everything follows from the seed.</summary>
/// <param name="Hierarchies">As rows of a file.</param>
/// <param name="Shapes">What it is, by name; counted, lest the tables become tame unnoticed.</param>
/// <param name="Delay">Of a stream, rows.</param>
internal sealed record AnyTable(
    int Seed, IReadOnlyList<string[][]> Hierarchies, Microdata Data, PrivacyModel Model, Mode Mode, Microdata Prior, int Delay, IReadOnlyList<string> Shapes)
{
    private static readonly int[] UsualK = [2, 2, 3, 3, 5, 5, 11];

    public static AnyTable Of(int seed)
    {
        var random = new Random(seed);
        var shapes = new List<string>();
        var (rows, count, vectors) = Size(random);
        var hierarchies = new List<string[][]>();
        for (var (a, product) = (0, 1.0); a < count; a++)
        {
            var (shape, text) = AnyHierarchy.Of(random, Math.Clamp((int)(vectors / product) - 1, 1, 6));
            product *= text[0].Length;
            hierarchies.Add(text);
            shapes.Add("hierarchy: " + shape);
        }

        LeafHierarchy[] attributes = [.. hierarchies.Select((text, a) => new LeafHierarchy("q" + a, text))];
        shapes.AddRange(attributes.Any(a => !a.IsNested) ? ["not nested"] : []);
        shapes.Add("attributes: " + (count > 10 ? "11 to 14" : count > 4 ? "5 to 10" : "1 to 4"));
        shapes.Add("rows: " + (rows == 0 ? "none" : rows <= 40 ? "1 to 40" : rows <= 400 ? "41 to 400" : "more"));
        shapes.AddRange(attributes.Aggregate(1.0, (p, a) => p * (a.Height + 1)) > 60_000 ? ["vectors: more than are visited"] : []);
        var columns = Columns(random, attributes, rows);
        var persons = Persons(random, rows, shapes);
        var sensitive = Sensitive(random, rows, columns[0], shapes);
        var data = new Microdata(attributes, columns, persons, sensitive);
        var model = AnyModel(random, data, shapes);
        var mode = random.Next(10) switch { < 7 => Mode.Tight, < 9 => Mode.Fixed, _ => Mode.Stream };
        shapes.Add("mode: " + mode);
        return new(seed, hierarchies, data, model, mode, AnyPrior(random, data, mode, shapes), model.K - 1 + random.Next(1 + rows), shapes);
    }

    /// <summary>The same with some of the rows.</summary>
    public AnyTable With(IReadOnlyList<int> rows) => this with { Data = Data.Of(rows) };

    public override string ToString() =>
        $"{Mode}, {Data.Rows} rows, {Data.Attributes.Count} attributes, {Model}, persons {Data.Persons is not null}, delay {Delay}, prior of {Prior.Rows}";

    private static (int Rows, int Attributes, double Vectors) Size(Random random)
    {
        var rows = random.Next(1_000) switch
        {
            < 40 => random.Next(4),
            < 640 => 4 + random.Next(37),
            < 920 => 41 + random.Next(80),
            < 995 => 121 + random.Next(280),
            _ => 401 + random.Next(2_600),
        };
        return random.Next(1_000) switch
        {
            < 800 => (rows, 1 + random.Next(4), 200),
            < 960 => (rows, 5 + random.Next(4), 400),
            < 985 => (rows % 121, 9 + random.Next(6), 4_000),
            _ => (rows % 41, 9 + random.Next(6), 1e7),
        };
    }

    private static int[][] Columns(Random random, LeafHierarchy[] attributes, int rows)
    {
        var columns = new int[attributes.Length][];
        for (var a = 0; a < columns.Length; a++)
        {
            var leaves = attributes[a].LeafCount;
            var (kind, some, before) = (random.Next(6), random.Next(leaves), a == 0 ? null : columns[a - 1]);
            columns[a] = new int[rows];
            for (var row = 0; row < rows; row++)
            {
                columns[a][row] = kind switch
                {
                    0 => some,
                    1 => random.Next(20) == 0 ? random.Next(leaves) : some,
                    2 => (int)(leaves * Math.Pow(random.NextDouble(), 4)),
                    3 when before is not null => random.Next(5) == 0 ? random.Next(leaves) : before[row] % leaves,
                    _ => random.Next(leaves),
                };
            }
        }

        return columns;
    }

    private static int[]? Persons(Random random, int rows, List<string> shapes)
    {
        var (kind, fill) = (random.Next(8), random.Next(3) * 1_000_000);
        shapes.Add("persons: " + (kind switch { 0 => "each once", 1 or 2 => "some twice", 3 => "one has half", 4 => "few", _ => "none given" }));
        return kind > 4 ? null : [.. Enumerable.Range(0, rows).Select(row => fill - (kind switch
        {
            0 => row,
            1 or 2 => random.Next(1 + rows),
            3 => random.Next(2) == 0 ? 0 : row,
            _ => random.Next(1 + random.Next(12)),
        }))];
    }

    private static int[]? Sensitive(Random random, int rows, int[] first, List<string> shapes)
    {
        var (kind, values) = (random.Next(8), 2 + random.Next(6));
        shapes.Add("sensitive: " + (kind switch { 0 => "constant", 1 or 2 => "skewed", 3 => "one per row", 4 => "of an attribute", 5 => "even", _ => "none" }));
        return kind > 5 ? null : [.. Enumerable.Range(0, rows).Select(row => kind switch
        {
            0 => 7,
            1 or 2 => (int)(values * Math.Pow(random.NextDouble(), 3)),
            3 => row,
            4 => random.Next(4) == 0 ? random.Next(values) : first[row] % values,
            _ => random.Next(values) * 3,
        })];
    }

    private static PrivacyModel AnyModel(Random random, Microdata data, List<string> shapes)
    {
        var k = random.Next(12) switch
        {
            0 => Math.Max(2, data.Rows),
            1 => Math.Max(2, data.Rows + 1 + random.Next(20)),
            2 => Math.Max(2, data.Rows / 2),
            _ => UsualK[random.Next(UsualK.Length)],
        };
        var (l, t) = data.Sensitive is null ? (1, 1) : (random.Next(2) == 0 ? 1 : 2 + random.Next(3), random.Next(2) == 0 ? 1 : random.Next(7) / 10.0);
        var isOrdered = random.Next(3) == 0;
        if (data.Sensitive is not null && data.Rows > 60 && random.Next(4) == 0)
        {
            // What is suppressed moves the table that classes are compared with, while others are made: long tables with little t and much suppression.
            (k, l, t) = (2 + random.Next(4), 1, random.Next(5, 35) / 100.0);
            shapes.Add("t and suppression");
            return new(k, l, t, random.Next(5, 50) / 100.0, isOrdered);
        }

        var limit = random.Next(8) switch { < 4 => 0, < 6 => random.Next(1, 30) / 100.0, 6 => random.NextDouble(), _ => 1 };
        shapes.Add("k: " + (k > data.Rows ? "above the rows" : k == data.Rows ? "the rows" : k <= 5 ? "2 to 5" : "6 and more"));
        shapes.Add("limit: " + (limit is 0 or 1 ? limit : "some"));
        shapes.AddRange([.. l > 1 ? (string[])["l asked"] : [], .. t < 1 ? (string[])["t asked"] : [], .. t < 1 && isOrdered ? (string[])["t of ranks asked"] : []]);
        return new(k, l, t, limit, isOrdered);
    }

    private static Microdata AnyPrior(Random random, Microdata data, Mode mode, List<string> shapes)
    {
        var kind = random.Next(5);
        var rows = kind switch { 1 => 0, 2 => 2_000 / data.Attributes.Count, _ => 1 + (2 * data.Rows) };
        shapes.AddRange(mode == Mode.Fixed ? ["prior: " + (kind switch { 0 => "the table itself", 1 => "empty", 2 => "large", 3 => "of few values", _ => "another" })] : []);
        return kind == 0 ? data : new(data.Attributes, [.. data.Attributes.Select(a => Enumerable.Range(0, rows).Select(_ => random.Next(kind == 3 ? 1 + (a.LeafCount / 4) : a.LeafCount)).ToArray())]);
    }
}
