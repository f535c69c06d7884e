using ClinicNetwork.Anonymisation.Tables;

namespace ClinicNetwork.Anonymisation.Tests.Tables;

/// <summary>One table through the engine, and all that must hold of it.</summary>
internal static class TableLaw
{
    /// <returns>What was reached, by name.</returns>
    public static IReadOnlyList<string> Of(AnyTable table)
    {
        var before = Fingerprint(table.Data);
        var published = Run(table);
        Assert.Equal(before, Fingerprint(table.Data));
        if (table.Seed % 8 == 0)
        {
            Assert.Equal(Lines(published), Lines(Run(table)));
            Assert.Equal(Lines(published), Lines(Run(Renamed(table))));
        }

        if (published is null)
        {
            return [.. Refused(table)];
        }

        var (model, plain) = (table.Model, published);
        Assert.Empty(plain.Table.Findings(model.K, model.DistinctL, model.T, model.Ordered, model.SuppressionLimit).Take(5));
        AssertSame(plain.Table.Measures(model.K, model.Ordered), plain.Measures);
        if (table.Data.Rows > 0)
        {
            // A file without rows is refused.
            var verdict = TableFiles.Verify(plain.Table, model, LimitOf(table), plain.Measures, table.Mode == Mode.Stream);
            Assert.True(verdict.Clean, string.Join('\n', verdict.Findings.Take(5)));
        }

        return [.. Reached(table, plain), .. RowOrder(table, plain)];
    }

    /// <summary>What the engine published as text, with its own measures; null: refused.</summary>
    public static Outcome? Run(AnyTable table)
    {
        try
        {
            if (table.Mode == Mode.Stream)
            {
                var stream = TableStream.Run(table.Data, table.Model, table.Delay);
                return new(Plain(table, stream.ValueAt, stream.BatchOf), stream.Measure(table.Model.K, table.Model.Ordered));
            }

            var published = table.Mode == Mode.Tight ? TableAnonymiser.Tight(table.Data, table.Model) : TableAnonymiser.Fixed(table.Data, table.Prior, table.Model);
            return new(Plain(table, published.ValueAt, [.. Enumerable.Repeat(1, table.Data.Rows)]), published.Measure(table.Model.K, table.Model.Ordered));
        }
        catch (NotReachableException exception)
        {
            Assert.InRange(exception.Suppressed, 0, 1);
            return null;
        }
    }

    private static PlainTable Plain(AnyTable table, Func<int, int, string> valueAt, int[] batch)
    {
        var (data, attributes) = (table.Data, Enumerable.Range(0, table.Data.Attributes.Count));
        return new(
            table.Hierarchies,
            [.. Enumerable.Range(0, data.Rows).Select(row => attributes.Select(a => table.Hierarchies[a][data.Leaves[a][row]][0]).ToArray())],
            [.. Enumerable.Range(0, data.Rows).Select(row => attributes.Select(a => valueAt(row, a)).ToArray())],
            batch,
            data.Persons,
            data.Sensitive);
    }

    /// <summary>A stream may withhold whatever no class takes, which the verifier counts as suppressed.</summary>
    private static double LimitOf(AnyTable table) => table.Mode == Mode.Stream ? 1 : table.Model.SuppressionLimit;

    private static IEnumerable<string> Refused(AnyTable table)
    {
        var isMet = IsMetByOneVector(table);
        Assert.False(MustBeMet(table), "refused, though everything may be suppressed or nothing is there");
        Assert.False(isMet && table.Model.T >= 1 && table.Data.Attributes.All(a => a.IsNested), "refused, though one vector for the whole table meets it");
        yield return MayBeMet(table) ? $"refused: {table.Mode}" : "refused: too few persons or values in all";
        if (isMet)
        {
            yield return "refused, though one vector meets it";
        }

        if (table.Mode == Mode.Tight && IsMetBySomePartition(table))
        {
            yield return "refused, though some partition of 7 rows or fewer meets it";
        }
    }

    private static IEnumerable<string> Reached(AnyTable table, Outcome outcome)
    {
        var (model, suppressed) = (table.Model, outcome.Table.Suppressed);
        yield return "published";
        yield return $"published: {table.Mode}";
        if (outcome.Table.Batch.Contains(0))
        {
            yield return "withheld: some";
        }

        yield return $"suppressed: {(suppressed == 0 ? "none" : suppressed < table.Data.Rows ? "some" : "all")}";
        if (suppressed < table.Data.Rows)
        {
            yield return $"classes: {(outcome.Measures.Classes > 10 ? "more than 10" : "1 to 10")}";
        }

        // Whether it would have come out otherwise.
        if (table.Seed % 4 == 0 && (model.AsksForSensitive || table.Data.Persons is not null))
        {
            var without = Run(table with { Model = model with { DistinctL = 1, T = 1 } })?.Table;
            if (without?.Findings(model.K, model.DistinctL, 1, false, 1).Any() == true)
            {
                yield return "l binding";
            }

            if (without?.Findings(model.K, 1, model.T, model.Ordered, 1).Any() == true)
            {
                yield return "t binding";
            }

            var records = Run(table with { Data = new(table.Data.Attributes, table.Data.Leaves, null, table.Data.Sensitive) })?.Table;
            if (records is not null && (records with { Persons = table.Data.Persons }).Findings(model.K, 1, 1, false, 1).Any())
            {
                yield return "persons binding";
            }
        }
    }

    /// <summary>Ties go to the row that came first, so another order may give another table: as good a one, which this counts.</summary>
    private static IEnumerable<string> RowOrder(AnyTable table, Outcome outcome)
    {
        if (table.Seed % 8 == 0 && table.Mode != Mode.Stream)
        {
            int[] turned = [.. Enumerable.Range(0, table.Data.Rows).Reverse()];
            yield return $"row order, {table.Mode}: {(Lines(Run(table.With(turned))).Reverse().SequenceEqual(Lines(outcome)) ? "does not matter" : "matters")}";
        }
    }

    private static void AssertSame(double[] expected, TableMeasures measures)
    {
        double[] found =
        [
            measures.Rows, measures.Persons, measures.Classes, measures.MinClass, measures.Suppressed, measures.Ncp, measures.GeneralisationIntensity, measures.Discernibility,
            measures.AverageClass, measures.RiskMax, measures.RiskAverage, measures.DistinctL ?? double.NaN, measures.T ?? double.NaN,
        ];
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(
                double.IsNaN(expected[i]) ? double.IsNaN(found[i]) : Math.Abs(expected[i] - found[i]) <= PlainTable.Tolerance * Math.Max(1, Math.Abs(expected[i])),
                $"measure {i} is {found[i]}, expected {expected[i]}");
        }
    }

    /// <summary>Fewer persons or sensitive values than a class needs, and something that must be released.</summary>
    private static bool MayBeMet(AnyTable table) =>
        (table.Data.Persons?.Distinct().Count() ?? table.Data.Rows) >= table.Model.K && (table.Model.DistinctL <= 1 || table.Data.Sensitive!.Distinct().Count() >= table.Model.DistinctL);

    private static bool MustBeMet(AnyTable table) => table.Mode != Mode.Stream && (table.Data.Rows == 0 || table.Model.SuppressionLimit >= 1);

    /// <summary>One vector for the whole table, with what is no class suppressed: what plain global recoding would find. Asked of few vectors only.</summary>
    private static bool IsMetByOneVector(AnyTable table)
    {
        var (data, model) = (table.Data, table.Model);
        var vectors = data.Attributes.Aggregate(1.0, (p, a) => p * (a.Height + 1));
        if (vectors > 100 || data.Rows > 120 || table.Mode != Mode.Tight)
        {
            return false;
        }

        for (var i = 0; i < vectors; i++)
        {
            var (levels, rest) = (new int[data.Attributes.Count], i);
            for (var a = 0; a < levels.Length; a++)
            {
                (levels[a], rest) = (rest % (data.Attributes[a].Height + 1), rest / (data.Attributes[a].Height + 1));
            }

            var plain = Plain(table, (row, a) => table.Hierarchies[a][data.Leaves[a][row]][levels[a]], [.. Enumerable.Repeat(1, data.Rows)]);
            if (!plain.Findings(model.K, model.DistinctL, model.T, model.Ordered, model.SuppressionLimit).Any())
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Any partition of the rows, each part published by what its rows have in common; nothing suppressed. Asked of at most 7 rows, without t.</summary>
    private static bool IsMetBySomePartition(AnyTable table)
    {
        var (data, model) = (table.Data, table.Model);
        return data.Rows <= 7 && model.T >= 1 && Splits(new(), 0);

        bool Splits(List<List<int>> parts, int row)
        {
            if (row == data.Rows)
            {
                return parts.All(IsClass);
            }

            for (var part = 0; part <= parts.Count; part++)
            {
                List<List<int>> with = [.. parts.Select((p, i) => i == part ? (List<int>)[.. p, row] : p), .. part == parts.Count ? (List<int>[])[[row]] : []];
                if (Splits(with, row + 1))
                {
                    return true;
                }
            }

            return false;
        }

        bool IsClass(List<int> rows) =>
            (data.Persons is null ? rows.Count : rows.Select(r => data.Persons[r]).Distinct().Count()) >= model.K
            && (model.DistinctL <= 1 || rows.Select(r => data.Sensitive![r]).Distinct().Count() >= model.DistinctL)
            && Enumerable.Range(0, data.Attributes.Count).Any(a => Enumerable.Range(0, data.Attributes[a].Height).Any(level =>
                rows.Select(r => table.Hierarchies[a][data.Leaves[a][r]][level]).Distinct().Count() == 1 && table.Hierarchies[a][data.Leaves[a][rows[0]]][level] != "*"));
    }

    /// <summary>Who is who, and what the sensitive values are called, changes nothing (their order does, where they are ranks).</summary>
    private static AnyTable Renamed(AnyTable table) => table with
    {
        Data = new(table.Data.Attributes, table.Data.Leaves, table.Data.Persons?.Select(p => -3 * p).ToArray(), table.Data.Sensitive?.Select(s => (2 * s) + 5).ToArray()),
        Prior = table.Prior,
    };

    private static IEnumerable<string> Lines(Outcome? outcome) => outcome?.Table.Cells.Select((row, i) => $"{outcome.Table.Batch[i]};{string.Join(';', row)}") ?? ["refused"];

    private static int Fingerprint(Microdata data)
    {
        var hash = new HashCode();
        foreach (var column in data.Leaves.Append(data.Persons ?? []).Append(data.Sensitive ?? []))
        {
            foreach (var value in column)
            {
                hash.Add(value);
            }
        }

        return hash.ToHashCode();
    }
}

/// <param name="Measures">As the engine reports them.</param>
internal sealed record Outcome(PlainTable Table, TableMeasures Measures);
