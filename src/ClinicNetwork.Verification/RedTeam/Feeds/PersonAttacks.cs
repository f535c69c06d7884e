using System.Globalization;
using System.Text;
using ClinicNetwork.Verification.Tables;

namespace ClinicNetwork.Verification.RedTeam.Feeds;

/// <summary>A person of whom the leaves are known.</summary>
/// <param name="Pseudonym">32 hex digits; empty for the control.</param>
/// <param name="Leaves">One for each quasi-identifier, in the manifest's order.</param>
/// <param name="Outcome">Category at the end of induction (<c>worsening</c>, <c>remission</c>, <c>response</c>, <c>no_change</c>); null: not measured.</param>
public sealed record FeedPerson(string Pseudonym, IReadOnlyList<string> Leaves, string? Outcome);

/// <summary>
/// Singling out, linkage and inference (Giomi et al., PoPETs 2023(2):312-328, doi:10.56553/popets-2023-0055) of persons whose leaves are known, on everything that one recipient has. Singling out
/// compares as many persons of the release as of the control, drawn at random: how often a predicate fits exactly one depends on their number. Inference guesses as the paper does: the outcome of one
/// of the nearest rows, at random.
/// <para>An excess is <em>held</em> when its 95 % interval ends within <see cref="ExcessRisk.Bound"/>, and <em>exceeded</em> when it begins above 1/k: who is known to be in a cell of k is one k-th of what it
/// tells, which k-anonymity permits. Between the two, and under 200 persons, it is not established: with 500 targets the interval of a guess that is right every second time is 20 % wide, whatever is released.</para>
/// </summary>
internal static class PersonAttacks
{
    /// <summary>Persons on either side of singling out, at most.</summary>
    private const int PersonsMax = 20_000;

    private static readonly string[] Outcomes = ["worsening", "remission", "response", "no_change"];

    public static IEnumerable<AttackResult> Run(Feed feed, FeedRegions regions, FeedPeople people, FeedSettings settings, CancellationToken cancellationToken)
    {
        TableHierarchy[] hierarchies = [.. regions.Attributes.Select((name, a) => Hierarchy(name, feed.Batches[^1].Manifest.Hierarchies[a]))];
        var rows = Rows(feed);
        var known = Known(feed, people.Known, hierarchies, rows);
        var control = people.Control.Select(person => Leaves(hierarchies, person)).OfType<Person>().ToArray();
        if (known.Count == 0)
        {
            return [AttackResult.NotRun(SinglingOutAttack.Name, "nobody of the release is known"), AttackResult.NotRun(LinkageAttack.Name, "nobody of the release is known"), AttackResult.NotRun(InferenceAttack.Name, "nobody of the release is known")];
        }

        var singled = SinglingOutAttack.Run(Sampled(hierarchies, regions, rows, known, control, new Random(settings.Seed)), settings.Attacks, settings.Seed, cancellationToken).Take(2);
        var whole = Whole(hierarchies, regions, rows, [.. rows.Keys], [.. known.Values], control, measured: false);
        var linked = LinkageAttack.Run(whole, settings.Attacks, new Random(settings.Seed), cancellationToken);
        int[] measured = [.. rows.Where(row => row.Value.Outcome >= 0).Select(row => row.Key)];
        var guessed = Whole(hierarchies, regions, rows, measured, [.. known.Where(person => rows[person.Key].Outcome >= 0).Select(person => person.Value with { Outcome = rows[person.Key].Outcome })], [.. control.Where(person => person.Outcome >= 0)], measured: true);
        return [.. singled.Append(linked).Append(Infer(guessed, settings, cancellationToken)).Select(result => Judge(result, 1.0 / feed.K))];
    }

    /// <param name="shown">An excess whose lower bound is above is exceeded.</param>
    private static AttackResult Judge(AttackResult result, double shown) => result.Verdict is AttackVerdict.Held or AttackVerdict.Exceeded
        ? result with { Verdict = result.Figures["excess_lower"] > shown ? AttackVerdict.Exceeded : result.Figures["excess_upper"] <= ExcessRisk.Bound ? AttackVerdict.Held : AttackVerdict.NotEstablished }
        : result;

    private static AttackResult Infer(AttackedTables tables, FeedSettings settings, CancellationToken cancellationToken)
    {
        var (nearest, random) = (new NearestRegions(tables), new Random(settings.Seed));
        int[] all = [.. Enumerable.Range(0, tables.Attributes.Count)];
        return Targets.Judge(InferenceAttack.Name, tables, nearest.Count > 0, known => Targets.Attack(
            known, Targets.Count(settings.Attacks, nearest), random, row => Guess(nearest.Find(known, row, all), random) == known.Sensitive![row], cancellationToken));
    }

    private static int Guess(List<(AttackedRelease Release, int Region)> regions, Random random)
    {
        var place = random.Next(regions.Sum(r => r.Release.Members[r.Region].Length));
        foreach (var (release, region) in regions)
        {
            var members = release.Members[region];
            if (place < members.Length)
            {
                return release.Sensitive![members[place]];
            }

            place -= members.Length;
        }

        throw new ArgumentException("No region.", nameof(regions));
    }

    /// <summary>For each person the region, and the outcome at the end of induction; −1: not told.</summary>
    private static Dictionary<int, (int Region, int Outcome)> Rows(Feed feed)
    {
        var rows = new Dictionary<int, (int Region, int Outcome)>();
        foreach (var (_, row) in feed.Rows())
        {
            if (row.State == FeedRowState.Living)
            {
                var before = rows.GetValueOrDefault(row.Person, (row.Region, -1));
                rows[row.Person] = (before.Region, row.Milestone == 0 && row.Outcome >= 0 ? row.Outcome : before.Item2);
            }
        }

        return rows;
    }

    private static Dictionary<int, Person> Known(Feed feed, IReadOnlyList<FeedPerson> known, TableHierarchy[] hierarchies, Dictionary<int, (int Region, int Outcome)> rows)
    {
        var found = new Dictionary<int, Person>();
        foreach (var person in known)
        {
            if (UInt128.TryParse(person.Pseudonym, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var pseudonym)
                && feed.Persons.TryGetValue(pseudonym, out var number) && rows.ContainsKey(number) && Leaves(hierarchies, person) is { } leaves)
            {
                found[number] = leaves with { Number = number };
            }
        }

        return found;
    }

    private static Person? Leaves(TableHierarchy[] hierarchies, FeedPerson person)
    {
        if (person.Leaves.Count != hierarchies.Length)
        {
            return null;
        }

        int[] leaves = [.. hierarchies.Select((hierarchy, a) => hierarchy.FindLeaf(person.Leaves[a]))];
        return leaves.Contains(-1) ? null : new(-1, leaves, person.Outcome is null ? -1 : Array.IndexOf(Outcomes, person.Outcome));
    }

    private static AttackedTables Sampled(
        TableHierarchy[] hierarchies, FeedRegions regions, Dictionary<int, (int Region, int Outcome)> rows, Dictionary<int, Person> known, Person[] control, Random random)
    {
        Person[] persons = [.. known.Values];
        random.Shuffle(persons);
        random.Shuffle(control);
        var size = Math.Min(Math.Min(persons.Length, PersonsMax), control.Length == 0 ? int.MaxValue : control.Length);
        var some = persons[..size];
        return Whole(hierarchies, regions, rows, [.. some.Select(person => person.Number)], some, control.Length == 0 ? control : control[..size], measured: false);
    }

    /// <summary>The rows of these persons as one table; who is known, and the control.</summary>
    private static AttackedTables Whole(
        TableHierarchy[] hierarchies, FeedRegions regions, Dictionary<int, (int Region, int Outcome)> rows, int[] persons, Person[] known, Person[] control, bool measured)
    {
        var codes = new Dictionary<int, int>();
        var labels = hierarchies.Select(_ => new List<int>()).ToArray();
        var regionOf = new int[persons.Length];
        var places = new List<int>();
        for (var i = 0; i < persons.Length; i++)
        {
            var region = rows[persons[i]].Region;
            if (!codes.TryGetValue(region, out regionOf[i]))
            {
                codes[region] = regionOf[i] = codes.Count;
                for (var a = 0; a < hierarchies.Length; a++)
                {
                    // A label that the last manifest does not know says nothing there.
                    labels[a].Add(hierarchies[a].FindLabel(regions.Tuple(region)[a]) is >= 0 and var label ? label : hierarchies[a].FindLabel(TableHierarchy.Root));
                }
            }

            places.Add(i);
        }

        var release = new AttackedRelease(
            0, new KnownRows([], persons, null), [.. places], [.. labels.Select(list => list.ToArray())], regionOf, persons, measured ? [.. persons.Select(person => rows[person].Outcome)] : null);
        return new(hierarchies, [release], Rows(known, hierarchies.Length), control.Length == 0 ? null : Rows(control, hierarchies.Length, -1 - persons.Length), LinkedByPerson: true, measured);
    }

    /// <param name="first">Number of the first, where they have none.</param>
    private static KnownRows Rows(Person[] persons, int attributes, int? first = null) => new(
        [.. Enumerable.Range(0, attributes).Select(a => persons.Select(person => person.Leaves[a]).ToArray())],
        [.. persons.Select((person, i) => first is { } start ? start - i : person.Number)],
        [.. persons.Select(person => person.Outcome)]);

    private static TableHierarchy Hierarchy(string name, string[][] paths)
    {
        var text = string.Join('\n', paths.Select(path => string.Join('\t', path.Select(label => $"\"{label.Replace("\"", "\"\"", StringComparison.Ordinal)}\""))));
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(text + "\n"));
        return TableHierarchy.Read(stream, name, '\t');
    }

    private sealed record Person(int Number, int[] Leaves, int Outcome);
}
