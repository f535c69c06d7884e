namespace ClinicNetwork.Anonymisation.Tables.Hierarchies;

/// <summary>How many persons live where.</summary>
/// <param name="Rows">A postcode, or its first characters, and its persons, 0 or more; what has the same first characters is added up.</param>
/// <param name="PersonsMin">A value stands for more persons than this.</param>
public sealed record PopulationTable(IReadOnlyList<(string Code, long Persons)> Rows, long PersonsMin = PopulationTable.SafeHarbourPersons)
{
    /// <summary>Persons. The first three digits of a ZIP code may stand if more than 20,000 live there; else they are changed to 000 (45 CFR 164.514(b)(2)(i)(B)).</summary>
    public const long SafeHarbourPersons = 20_000;
}

/// <summary>Postcodes by their first characters, such as <c>021*</c>.</summary>
public static class PostcodeHierarchy
{
    /// <summary>Characters of a postcode.</summary>
    public const int CodeCharsMax = 20;

    /// <param name="codes">Each of 1 to <see cref="CodeCharsMax"/> characters without <c>*</c>; one that comes again counts once.</param>
    /// <param name="lengths">First characters that are kept on each level, from many to few, 1 or more; null: 3, 2, 1 with a population, else all below the longest code.</param>
    /// <param name="population">A code with too few persons around, as the first of the lengths has it, is <c>000*</c> on every level but the leaves', and <see cref="LeafHierarchy.Root"/> where
    /// <c>000*</c> would have too few itself. Null: no code is.</param>
    /// <exception cref="HierarchyRefusedException">Codes or lengths that cannot be used.</exception>
    public static MadeHierarchy Make(IReadOnlyList<string> codes, IReadOnlyList<int>? lengths = null, PopulationTable? population = null)
    {
        var leaves = codes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        RefuseCodes(codes, leaves);
        var longest = leaves.Max(code => code.Length);
        lengths ??= population is null ? [.. Enumerable.Range(1, longest - 1).Reverse()] : [.. Enumerable.Range(1, 3).Reverse().Where(length => length < longest)];
        if (lengths.Where((length, i) => length < 1 || length >= (i == 0 ? longest : lengths[i - 1])).Any())
        {
            throw new HierarchyRefusedException("lengths", "give them from many to few, each 1 or more and below that of the longest code");
        }

        var (sparse, merged) = population is null || lengths.Count == 0 ? ([], LeafHierarchy.Root) : Sparse(leaves, lengths[0], population);
        return MadeHierarchy.Of(leaves, lengths.Select(length => ($"{length}", LabelOf(length))));

        Func<int, string> LabelOf(int length) => leaf => sparse.Contains(First(leaves[leaf], lengths[0])) ? merged : Label(leaves[leaf], length);
    }

    /// <summary>Prefixes that stand for too few persons, and the label they have together.</summary>
    private static (HashSet<string> Prefixes, string Label) Sparse(string[] leaves, int length, PopulationTable population)
    {
        var persons = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var (code, living) in population.Rows)
        {
            persons[First(code, length)] = persons.GetValueOrDefault(First(code, length)) + living;
        }

        var sparse = leaves.Select(code => First(code, length)).Where(first => persons.GetValueOrDefault(first) <= population.PersonsMin).ToHashSet(StringComparer.Ordinal);
        var zeros = new string('0', length);
        if (sparse.Count > 0 && leaves.Any(code => First(code, length) == zeros))
        {
            throw new HierarchyRefusedException("lengths", $"a code begins with {length} zeros, as those of few persons would; leave it out, or give another length");
        }

        return (sparse, sparse.Sum(first => persons.GetValueOrDefault(first)) > population.PersonsMin ? zeros + "*" : LeafHierarchy.Root);
    }

    private static void RefuseCodes(IReadOnlyList<string> codes, string[] leaves)
    {
        if (leaves.Length is 0 or > MadeHierarchy.LeavesMax)
        {
            throw new HierarchyRefusedException("codes", $"are {leaves.Length} different ones; give 1 to {MadeHierarchy.LeavesMax}");
        }

        for (var i = 0; i < codes.Count; i++)
        {
            if (codes[i].Length is 0 or > CodeCharsMax || codes[i].Contains('*'))
            {
                throw new HierarchyRefusedException("codes", new HierarchyFault(i + 1, 0, $"is no postcode; give 1 to {CodeCharsMax} characters without '*'"));
            }
        }
    }

    private static string First(string code, int length) => code.Length <= length ? code : code[..length];

    private static string Label(string code, int length) => code.Length <= length ? code : code[..length] + "*";
}
