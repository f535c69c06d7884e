namespace ClinicNetwork.Verification.RedTeam;

/// <summary>
/// Singling out (Giomi et al. 2023, section 4.1), of generalised tables: the attacker decodes the release (<see cref="DecodedRows"/>), takes predicates that one decoded row fulfils
/// (one value alone; or the values of a random row in a random set of three attributes or more), and succeeds where exactly one person of the original fulfils it.
/// The control tells how often exactly one of as many other persons does; of a larger control it is the mean over all its parts of the original's size.
/// Predicates are of quasi-identifiers: with the sensitive value among them every k-anonymous table lets persons be singled out (Cohen and Nissim 2020, doi:10.1073/pnas.1914598117),
/// which is reported and has no bound.
/// </summary>
internal static class SinglingOutAttack
{
    public const string Name = "singling out";

    /// <summary>Tries for each predicate that is wanted.</summary>
    private const int TriesEach = 20;

    private const int ColumnsMin = 3;

    /// <summary>More matches than that in a control leave no chance of exactly one that counts.</summary>
    private const int MatchesMax = 1_000;

    public static IEnumerable<AttackResult> Run(AttackedTables tables, int attacks, int seed, CancellationToken cancellationToken)
    {
        string[] names = [$"{Name}, one value", $"{Name}, several values", $"{Name}, with the sensitive value"];
        if (tables.Original is null)
        {
            return names.Select(name => AttackResult.NotRun(name, "needs --original"));
        }

        var random = new Random(seed);
        var decoded = DecodedRows.Of(tables, withSensitive: false, random);
        var sides = Sides(tables, withSensitive: false);
        var single = Judge(names[0], Share(decoded, attacks, (rows, n) => Single(rows, n, random)), sides);
        var several = Judge(names[1], Share(decoded, attacks, (rows, n) => Several(rows, n, null, random, cancellationToken)), sides);
        if (!tables.HasSensitive || tables.Original.Sensitive is null || tables.Control is { Sensitive: null })
        {
            return [single, several, AttackResult.NotRun(names[2], "needs --sensitive, in original and control too")];
        }

        var more = Share(DecodedRows.Of(tables, withSensitive: true, random), attacks, (rows, n) => Several(rows, n, tables.Attributes.Count, random, cancellationToken));
        return [single, several, Judge(names[2], more, Sides(tables, withSensitive: true), gates: false)];
    }

    /// <summary>Chance that exactly one of <paramref name="matching"/> among <paramref name="all"/> is in a random part of <paramref name="part"/>.</summary>
    internal static double ExactlyOne(int matching, int all, int part)
    {
        var chance = matching * (double)part / all;
        for (var i = 0; i < matching - 1; i++)
        {
            chance *= Math.Max(0, all - part - i) / (all - 1.0 - i);
        }

        return chance;
    }

    private static (RowIndex Original, RowIndex? Control) Sides(AttackedTables tables, bool withSensitive) =>
        (Index(tables.Original!, withSensitive), tables.Control is null ? null : Index(tables.Control, withSensitive));

    private static RowIndex Index(KnownRows known, bool withSensitive) => new(withSensitive ? [.. known.Leaves, known.Sensitive!] : known.Leaves, known.Persons);

    private static List<Predicate> Share(IReadOnlyList<RowIndex> decoded, int attacks, Func<RowIndex, int, IEnumerable<Predicate>> find) =>
        [.. decoded.Where(rows => rows.Rows > 0).SelectMany((rows, i) => find(rows, (attacks + i) / decoded.Count))];

    private static IEnumerable<Predicate> Single(RowIndex rows, int attacks, Random random)
    {
        Predicate[] all = [.. Enumerable.Range(0, rows.Columns).SelectMany(column => rows.SingleValues(column).Select(value => new Predicate([column], [value])))];
        random.Shuffle(all);
        return all.Take(attacks);
    }

    /// <param name="always">A column that each predicate has; null: none.</param>
    private static IEnumerable<Predicate> Several(RowIndex rows, int attacks, int? always, Random random, CancellationToken cancellationToken)
    {
        int[] columns = [.. Enumerable.Range(0, rows.Columns).Where(column => column != always)];
        var known = new HashSet<string>(StringComparer.Ordinal);
        for (long tries = (long)attacks * TriesEach; tries > 0 && known.Count < attacks; tries--)
        {
            cancellationToken.ThrowIfCancellationRequested();
            random.Shuffle(columns);
            var some = columns[..random.Next(Math.Min(ColumnsMin, columns.Length), columns.Length + 1)];
            int[] chosen = [.. always is { } column ? some.Append(column) : some];
            Array.Sort(chosen);
            var row = random.Next(rows.Rows);
            var predicate = new Predicate(chosen, [.. chosen.Select(c => rows.ValueAt(c, row))]);
            if (rows.CountPersons(predicate, 2) == 1 && known.Add(predicate.Key))
            {
                yield return predicate;
            }
        }
    }

    private static AttackResult Judge(string name, List<Predicate> predicates, (RowIndex Original, RowIndex? Control) sides, bool gates = true)
    {
        var (original, control) = sides;
        var attack = new Proportion(predicates.Count(predicate => original.CountPersons(predicate, 2) == 1), predicates.Count);
        if (control is null)
        {
            return new ExcessRisk(attack, new()).Judge(name, 0, gates);
        }

        var part = Math.Min(original.Persons, control.Persons);
        var ones = predicates.Sum(predicate => ExactlyOne(control.CountPersons(predicate, MatchesMax), control.Persons, part));
        return new ExcessRisk(attack, new((int)Math.Floor(ones + 1e-9), predicates.Count)).Judge(name, part, gates);
    }
}
