namespace ClinicNetwork.Verification.RedTeam.Feeds;

/// <summary>
/// Intersection over everything that a recipient, or several who collude, were given (Ganta, Kasiviswanathan and Smith 2008, doi:10.1145/1401890.1401926). Rows are one person's by pseudonym; between
/// recipients by an equal pseudonym, and by content: where the rows of a person at the cells and milestones that both have are like those of exactly one person at the other. Of each person the
/// quasi-identifiers are intersected over all rows. Found: who fits fewer than k living persons of the same cells. Bound: nobody.
/// </summary>
internal static class CoalitionAttack
{
    public const string Alone = "intersection";
    public const string Together = "coalition";

    public static IEnumerable<AttackResult> Run(FeedSet feeds, CancellationToken cancellationToken)
    {
        var (persons, under, least) = (0, 0, int.MaxValue);
        foreach (var feed in feeds.Feeds)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var found = Intersect([feed], feeds, new Links(feed.Persons.Count));
            (persons, under, least) = (persons + found.Persons, under + found.Under, Math.Min(least, found.Least));
        }

        yield return Judge(Alone, persons, under, least, feeds.K, "");
        if (feeds.Feeds.Count < 2)
        {
            yield return AttackResult.NotRun(Together, "needs the folders of two recipients or more");
            yield break;
        }

        var links = new Links(feeds.Feeds.Sum(feed => feed.Persons.Count));
        var linked = Link(feeds.Feeds, links, cancellationToken);
        var all = Intersect(feeds.Feeds, feeds, links);
        yield return Judge(Together, all.Persons, all.Under, all.Least, feeds.K, $"; {linked} persons of one recipient found at another by content");
    }

    private static AttackResult Judge(string name, int persons, int under, int least, int k, string more) => new(
        name, under > 0 ? AttackVerdict.Exceeded : AttackVerdict.Held,
        persons == 0 ? "nobody is in the releases" : $"{under} of {persons} persons fit fewer than {k} living persons of their cell, the least {least}{more}",
        new Dictionary<string, double>
        {
            ["persons"] = persons, ["under_k"] = under, ["share_under_k"] = persons == 0 ? 0 : (double)under / persons, ["least_candidates"] = persons == 0 ? 0 : least, ["bound"] = 0,
        });

    private static int Link(IReadOnlyList<Feed> feeds, Links links, CancellationToken cancellationToken)
    {
        int[] starts = [.. feeds.Select((_, f) => feeds.Take(f).Sum(feed => feed.Persons.Count))];
        HashSet<long>[] slots = [.. feeds.Select(feed => feed.Rows().Where(row => row.Row.State == FeedRowState.Living).Select(row => row.Row.Slot).ToHashSet())];
        var linked = 0;
        for (var a = 0; a < feeds.Count; a++)
        {
            for (var b = a + 1; b < feeds.Count; b++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                foreach (var (pseudonym, person) in feeds[a].Persons)
                {
                    if (feeds[b].Persons.TryGetValue(pseudonym, out var same))
                    {
                        links.Join(starts[a] + person, starts[b] + same);
                    }
                }

                var both = slots[a].Intersect(slots[b]).ToHashSet();
                var other = Unique(feeds[b], both);
                foreach (var (content, person) in Unique(feeds[a], both))
                {
                    if (person >= 0 && other.GetValueOrDefault(content, -1) is >= 0 and var same)
                    {
                        links.Join(starts[a] + person, starts[b] + same);
                        linked++;
                    }
                }
            }
        }

        return linked;
    }

    /// <summary>The person of each whole content over these cells and milestones; −1 where several have it.</summary>
    private static Dictionary<ulong, int> Unique(Feed feed, HashSet<long> slots)
    {
        var contents = new ulong[feed.Persons.Count];
        foreach (var (_, row) in feed.Rows())
        {
            if (row.State == FeedRowState.Living && slots.Contains(row.Slot))
            {
                contents[row.Person] += Scrambled(Scrambled((ulong)row.Slot) ^ row.Content);
            }
        }

        var unique = new Dictionary<ulong, int>();
        for (var person = 0; person < contents.Length; person++)
        {
            if (contents[person] != 0 && !unique.TryAdd(contents[person], person))
            {
                unique[contents[person]] = -1;
            }
        }

        return unique;
    }

    /// <summary>The finaliser of SplitMix64 (Steele, Lea and Flood 2014): a bijection, so that sums of what differs differ.</summary>
    private static ulong Scrambled(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }

    private static (int Persons, int Under, int Least) Intersect(IReadOnlyList<Feed> feeds, FeedSet all, Links links)
    {
        var persons = new Dictionary<int, Known>();
        var start = 0;
        foreach (var feed in feeds)
        {
            foreach (var (_, row) in feed.Rows())
            {
                var root = links.Find(start + row.Person);
                if (!persons.TryGetValue(root, out var known))
                {
                    persons[root] = known = new();
                }

                known.See(row);
            }

            start += feed.Persons.Count;
        }

        var (attacked, under, least) = (0, 0, int.MaxValue);
        foreach (var group in persons.Values.Where(known => known.Living).GroupBy(known => known.CellKey, StringComparer.Ordinal))
        {
            (string Key, int Persons)[] kinds = [.. group.GroupBy(known => known.RegionKey, StringComparer.Ordinal).Select(kind => (kind.Key, kind.Count()))];
            HashSet<string>[][] leaves = [.. group.DistinctBy(known => known.RegionKey).Select(known => all.Regions.Common(known.Regions))];
            for (var kind = 0; kind < kinds.Length; kind++)
            {
                var fit = 0;
                for (var other = 0; other < kinds.Length; other++)
                {
                    fit += other == kind || Fits(leaves[kind], leaves[other]) ? kinds[other].Persons : 0;
                }

                attacked += kinds[kind].Persons;
                under += fit < all.K ? kinds[kind].Persons : 0;
                least = Math.Min(least, fit);
            }
        }

        return (attacked, under, least);
    }

    private static bool Fits(HashSet<string>[] target, HashSet<string>[] other) => !target.Where((leaves, a) => !leaves.Overlaps(other[a])).Any();

    /// <summary>What is known of a person: few cells and regions, one of each in a sound release.</summary>
    private sealed class Known
    {
        private readonly List<int> _cells = [];

        public List<int> Regions { get; } = [];

        public bool Living { get; private set; }

        public string CellKey => string.Join(',', _cells.Order());

        public string RegionKey => string.Join(',', Regions.Order());

        public void See(in FeedRow row)
        {
            Living |= row.State == FeedRowState.Living;
            if (!_cells.Contains(row.Cell))
            {
                _cells.Add(row.Cell);
            }

            if (!Regions.Contains(row.Region))
            {
                Regions.Add(row.Region);
            }
        }
    }

    /// <summary>Persons who are one.</summary>
    private sealed class Links(int persons)
    {
        private readonly int[] _above = [.. Enumerable.Range(0, persons)];

        public int Find(int person)
        {
            while (_above[person] != person)
            {
                person = _above[person] = _above[_above[person]];
            }

            return person;
        }

        public void Join(int one, int other) => _above[Find(one)] = Find(other);
    }
}
