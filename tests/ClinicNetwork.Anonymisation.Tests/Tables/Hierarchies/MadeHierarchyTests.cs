using System.Globalization;
using ClinicNetwork.Anonymisation.Tables;
using ClinicNetwork.Anonymisation.Tables.Hierarchies;
using ClinicNetwork.Anonymisation.Tests.Support;
using CsCheck;
using Xunit.Abstractions;

namespace ClinicNetwork.Anonymisation.Tests.Tables.Hierarchies;

/// <summary>What holds for every hierarchy that is made, over random parameters. CsCheck prints the seed of a failure.</summary>
public sealed class MadeHierarchyTests(ITestOutputHelper output)
{
    private static readonly Gen<int[]> GenFactors = Gen.Int[2, 5].Array[0, 5];

    private sealed record Numbers(decimal From, decimal To, decimal Step, decimal[] Widths, decimal? Top)
    {
        internal MadeHierarchy Make() => NumberHierarchy.Make(From, To, Step, Widths, Top);
    }

    private static readonly Gen<Numbers> GenNumbers = Gen.Select(Gen.Int[-60, 60], Gen.Int[0, 300], Gen.Int[0, 3], Gen.Int[1, 30], GenFactors, Gen.Int[-100, 299])
        .Select((from, steps, decimals, stepUnits, factors, top) =>
        {
            var unit = new decimal(1, 0, 0, false, (byte)decimals);
            var (first, step) = (from * unit, stepUnits * unit);
            var widths = factors.Aggregate((List: new List<decimal>(), Last: step), (made, factor) => (made.List.Append(made.Last * factor).ToList(), made.Last * factor)).List;
            return new Numbers(first, first + (steps * step), step, [.. widths], top < -50 ? null : top < 0 ? first + ((steps + 1) * step) : steps == 0 ? null : first + ((1 + (top % steps)) * step));
        });

    private static readonly Gen<string[]> GenCodes = Gen.String[Gen.Char["123"], 1, 5].Array[1, 60];

    [Fact]
    public void Numbers_are_nested_fall_level_by_level_and_lie_in_every_interval_above_them()
    {
        var (tops, coded, decimals, negative, leftOut) = (0, 0, 0, 0, 0);
        GenNumbers.Sample(
            numbers =>
            {
                var made = numbers.Make();
                HoldsAlways(made);
                var counts = HierarchyCheck.LabelCounts(made.Rows);
                // The last number alone under its top code is a level with as many labels.
                Assert.All(counts.Zip(counts.Skip(1)).Skip(numbers.Top == numbers.To ? 1 : 0), pair => Assert.True(pair.First > pair.Second || made.Rows.Count == 1));
                Assert.Equal(numbers.Widths.Length, made.LeftOut.Count + counts.Count - 2);
                var codedTop = numbers.Top > numbers.To;
                for (var leaf = 0; leaf < made.Rows.Count; leaf++)
                {
                    var value = numbers.From + (leaf * numbers.Step);
                    Assert.All(made.Rows[leaf].SkipLast(1), label => Assert.True(Holds(label, value), $"{label} does not hold {value}."));
                    Assert.All(made.Rows[leaf].Skip(codedTop ? 0 : 1).SkipLast(1), label => Assert.Equal(value >= numbers.Top, label.EndsWith('+')));
                }

                Assert.Equal(numbers.To, numbers.From + ((made.Rows.Count - (codedTop ? 2 : 1)) * numbers.Step));
                Interlocked.Add(ref tops, numbers.Top is null ? 0 : 1);
                Interlocked.Add(ref coded, codedTop ? 1 : 0);
                Interlocked.Add(ref decimals, numbers.Step % 1 == 0 ? 0 : 1);
                Interlocked.Add(ref negative, numbers.From < 0 ? 1 : 0);
                Interlocked.Add(ref leftOut, made.LeftOut.Count);
            },
            iter: Rounds.Of(1_000),
            threads: 2);
        output.WriteLine($"{tops} with a top, {coded} of them a value, {decimals} with decimals, {negative} from below 0, {leftOut} levels left out");

        Assert.True(tops > 100 && coded > 50 && decimals > 100 && negative > 100 && leftOut > 100, "The cases reach too little.");
    }

    [Fact]
    public void Intervals_have_the_width_that_was_asked_for_and_begin_at_its_multiples_but_at_the_ends() => GenNumbers.Where(n => n.Widths.Length > 0).Sample(
        numbers =>
        {
            var width = numbers.Widths[0];
            var rows = NumberHierarchy.Make(numbers.From, numbers.To, numbers.Step, [width], numbers.Top).Rows;
            if (rows[0].Count == 2)
                return;
            var groups = rows.Select((row, leaf) => (Label: row[1], Value: numbers.From + (leaf * numbers.Step))).GroupBy(row => row.Label, row => row.Value).ToArray();
            Assert.All(groups.SkipLast(numbers.Top is null ? 0 : 1), group => Assert.Single(group.Select(value => Math.Floor(value / width)).Distinct()));
            Assert.All(groups.Skip(1).SkipLast(numbers.Top is null ? 1 : 2), group => Assert.Equal(width / numbers.Step, group.Count()));
        },
        iter: Rounds.Of(500),
        threads: 2);

    [Fact]
    public void Days_lie_in_every_period_above_them() => Gen.Select(Gen.Int[0, 3_650_000], Gen.Int[0, 4_000], Gen.Int[0, 15]).Sample(
        (first, days, some) =>
        {
            var from = DateOnly.FromDayNumber(Math.Min(first, DateOnly.MaxValue.DayNumber - days));
            DatePeriod[] periods = [.. Enum.GetValues<DatePeriod>().Where(period => (some >> (int)period & 1) == 1)];
            var made = DateHierarchy.Make(from, from.AddDays(days), periods);
            HoldsAlways(made);
            Assert.Equal(days + 1, made.Rows.Count);
            for (var day = 0; day <= days; day++)
            {
                var (date, row) = (from.AddDays(day), made.Rows[day]);
                Assert.Equal(date, DateOnly.ParseExact(row[0], "yyyy-MM-dd", CultureInfo.InvariantCulture));
                Assert.All(row.Skip(1).SkipLast(1), label => Assert.True(IsOf(label, date), $"{label} does not hold {row[0]}."));
            }
        },
        iter: Rounds.Of(100),
        threads: 2);

    [Fact]
    public void Postcodes_lie_under_their_first_characters_and_nothing_above_the_leaves_stands_for_too_few_persons()
    {
        var (zeros, roots, kept) = (0, 0, 0);
        Gen.Select(GenCodes, Gen.Int[1, 4], Gen.Int[0, 400].Array[81]).Sample(
            (codes, length, persons) =>
            {
                var longest = codes.Max(code => code.Length);
                int[] lengths = [.. Enumerable.Range(1, Math.Min(length, longest - 1)).Reverse()];
                var table = new PopulationTable([.. persons.Select((living, i) => (Code(i), (long)living))], 500);
                var plain = PostcodeHierarchy.Make(codes, lengths);
                HoldsAlways(plain);
                Assert.All(plain.Rows, row => Assert.All(row.Skip(1).SkipLast(1), label => Assert.True(label == row[0] || (label.EndsWith('*') && row[0].StartsWith(label[..^1], StringComparison.Ordinal)))));
                if (lengths.Length == 0)
                    return;
                var made = PostcodeHierarchy.Make(codes, lengths, table);
                HoldsAlways(made);
                // A code that is shorter than the length is a place of its own.
                long LivingIn(string first) =>
                    table.Rows.Where(row => first.Length < lengths[0] ? row.Code == first : row.Code.StartsWith(first, StringComparison.Ordinal)).Sum(row => row.Persons);
                var merged = new string('0', lengths[0]) + "*";
                foreach (var group in made.Rows.Where(row => row.Count > 2).GroupBy(row => row[1]).Where(group => group.Key != "*"))
                {
                    var firsts = group.Select(row => row[0][..Math.Min(row[0].Length, lengths[0])]).Distinct().ToArray();
                    Assert.True(firsts.Sum(LivingIn) > 500, $"{group.Key} stands for too few.");
                    Assert.Equal(group.Key == merged, firsts.All(first => LivingIn(first) <= 500));
                    Interlocked.Add(ref zeros, group.Key == merged ? 1 : 0);
                    Interlocked.Add(ref kept, group.Key == merged ? 0 : 1);
                }

                Interlocked.Add(ref roots, made.Rows.Count(row => row.Count > 2 && row[1] == "*"));
            },
            iter: Rounds.Of(2_000),
            threads: 2);
        output.WriteLine($"{kept} values kept, {zeros} merged under zeros, {roots} codes straight under the root");

        Assert.True(kept > 100 && zeros > 20 && roots > 20, "The cases reach too little.");

        // Four digits of 1 to 3.
        static string Code(int i) => string.Concat(Enumerable.Range(0, 4).Select(at => (1 + (i / (int)Math.Pow(3, at) % 3)).ToString(CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Categories_lie_under_their_ancestors_in_order_and_under_nothing_else()
    {
        var padded = 0;
        Gen.Int[0, 1_000].Array[1, 40].Select(Gen.Int[0, 1_000]).Sample(
            (drawn, seed) =>
            {
                string[] parents = [.. drawn.Select((choice, i) => choice % (i + 1) == 0 ? "*" : $"c{choice % (i + 1)}")];
                var pairs = parents.Select((parent, i) => (string[])[$"c{i + 1}", parent]).OrderBy(pair => (pair[0].GetHashCode(StringComparison.Ordinal) ^ seed) % 97).ToArray();
                var made = CategoryHierarchy.Make(pairs);
                HoldsAlways(made);
                var parentOf = pairs.ToDictionary(pair => pair[0], pair => pair[1]);
                Assert.Equal(pairs.Select(pair => pair[0]).Where(child => !parents.Contains(child)), made.Rows.Select(row => row[0]));
                foreach (var row in made.Rows)
                {
                    var path = new List<string> { row[0] };
                    while (path[^1] != "*")
                        path.Add(parentOf[path[^1]]);
                    Assert.Equal(path, row.Distinct());
                    Interlocked.Add(ref padded, path.Count < row.Count ? 1 : 0);
                }
            },
            iter: Rounds.Of(500),
            threads: 2);

        Assert.True(padded > 100, "Too few leaves lie higher than others.");
    }

    [Fact]
    public void A_made_hierarchy_works_with_the_anonymiser()
    {
        var age = new LeafHierarchy("age", NumberHierarchy.Make(18, 89, 1, [5, 10, 20], 90).Rows);
        var day = new LeafHierarchy("day", DateHierarchy.Make(new(2025, 1, 1), new(2026, 12, 31), [DatePeriod.Month, DatePeriod.Quarter, DatePeriod.Year]).Rows);
        var zip = new LeafHierarchy("zip", PostcodeHierarchy.Make([.. Enumerable.Range(100, 300).Select(i => $"{i * 37}")]).Rows);
        var job = new LeafHierarchy("job", CategoryHierarchy.Make([["nurse", "care"], ["medic", "care"], ["care", "*"], ["cook", "*"]]).Rows);
        LeafHierarchy[] attributes = [age, day, zip, job];
        var leaves = attributes.Select((attribute, a) => Enumerable.Range(0, 600).Select(row => (row * (7 + (4 * a)) + (row / 5)) % attribute.LeafCount).ToArray()).ToArray();

        var published = TableAnonymiser.Tight(new Microdata(attributes, leaves), new PrivacyModel(11));

        Assert.All(attributes, attribute => Assert.True(attribute.IsNested));
        Assert.InRange(published.Measure(11).Ncp, 0.0001, 0.9999);
        Assert.All(
            Enumerable.Range(0, 600).GroupBy(row => string.Join('|', Enumerable.Range(0, attributes.Length).Select(a => published.ValueAt(row, a)))),
            group => Assert.True(group.Count() >= 11));
    }

    /// <summary>No fault, nested, labels that do not grow in number, and none left out that was not like another.</summary>
    private static void HoldsAlways(MadeHierarchy made)
    {
        Assert.Empty(HierarchyCheck.Faults(made.Rows));
        Assert.Empty(HierarchyCheck.Doubts(made.Rows));
        var counts = HierarchyCheck.LabelCounts(made.Rows);
        Assert.Equal((made.Rows.Count, 1), (counts[0], counts[^1]));
        Assert.All(counts.Zip(counts.Skip(1)), pair => Assert.True(pair.First >= pair.Second));
        Assert.True(new LeafHierarchy("made", made.Rows).IsNested);
    }

    /// <summary>Reads an interval as a person does: <c>20-24</c>, <c>-5..-1</c>, <c>90+</c>, or the number alone.</summary>
    private static bool Holds(string label, decimal value)
    {
        if (label.EndsWith('+'))
            return value >= Number(label[..^1]);
        var ends = label.Contains("..", StringComparison.Ordinal) ? label.Split("..") : label.LastIndexOf('-') > 0 ? label.Split('-') : [label];
        return Number(ends[0]) <= value && value <= Number(ends[^1]) && Number(ends[0]) <= Number(ends[^1]);
    }

    private static decimal Number(string text) => decimal.Parse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    private static bool IsOf(string label, DateOnly day) => label switch
    {
        [.., 's'] => day.Year - int.Parse(label[..^1], CultureInfo.InvariantCulture) is >= 0 and < 10,
        _ when label.Contains('Q', StringComparison.Ordinal) => day.Year == int.Parse(label[..4], CultureInfo.InvariantCulture) && (label[^1] - '0') * 3 - day.Month is >= 0 and < 3,
        { Length: 7 } => day.Year == int.Parse(label[..4], CultureInfo.InvariantCulture) && day.Month == int.Parse(label[5..], CultureInfo.InvariantCulture),
        _ => day.Year == int.Parse(label, CultureInfo.InvariantCulture),
    };
}
