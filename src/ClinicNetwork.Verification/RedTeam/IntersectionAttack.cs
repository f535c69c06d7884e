namespace ClinicNetwork.Verification.RedTeam;

/// <summary>
/// Intersection of several releases (Ganta, Kasiviswanathan and Smith 2008, doi:10.1145/1401890.1401926; Fung et al. 2008, doi:10.1145/1353343.1353371; Byun et al. 2006). The attacker
/// knows of a target the quasi-identifiers, and in which releases the target is. A row may be the target's when its region covers them.
/// Linked by person: candidates are the persons with such a row in each release that holds the target, and with no row in any other.
/// Linked by content (no release names persons): rows of two releases can be the same person's only if all that is published beside the quasi-identifiers is equal; candidates are
/// Σ over content of the fewest such rows in any release that holds the target, and never more than the fewest persons behind them: an upper bound, so what is found here is real.
/// </summary>
internal static class IntersectionAttack
{
    /// <summary>With more persons so many are drawn.</summary>
    public const int TargetsMax = 100_000;

    public const string Name = "intersection";

    public static AttackResult Run(AttackedTables tables, int k, Random random, CancellationToken cancellationToken)
    {
        if (tables.Releases.Any(release => release.Known is null))
        {
            return AttackResult.NotRun(Name, "needs --original");
        }

        var search = new CandidateSearch(tables);
        var persons = search.Persons();
        random.Shuffle(persons);
        var (targets, under, disclosed, least) = (0, 0, 0, int.MaxValue);
        foreach (var person in persons.Take(TargetsMax))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (candidates, values) = search.Of(person);
            targets++;
            under += candidates < k ? 1 : 0;
            disclosed += values == 1 ? 1 : 0;
            least = Math.Min(least, candidates);
        }

        var figures = new Dictionary<string, double>
        {
            ["releases"] = tables.Releases.Count, ["targets"] = targets, ["under_k"] = under, ["share_under_k"] = targets == 0 ? 0 : (double)under / targets,
            ["least_candidates"] = targets == 0 ? 0 : least, ["linked_by_person"] = tables.LinkedByPerson ? 1 : 0, ["bound"] = 0,
        };
        if (tables.HasSensitive)
        {
            figures["value_disclosed"] = disclosed;
        }

        var found = targets == 0
            ? "nobody is in the releases"
            : $"{under} of {targets} targets ({AttackResult.Percent((double)under / targets)}) have fewer than {k} candidates in {(tables.Releases.Count == 1 ? "one release" : $"{tables.Releases.Count} releases")}, the least {least}"
                + (tables.HasSensitive ? $"; one sensitive value is left for {disclosed}" : "");
        return new(Name, under > 0 ? AttackVerdict.Exceeded : AttackVerdict.Held, found, figures);
    }

    /// <summary>Candidates of one target after the other.</summary>
    private sealed class CandidateSearch
    {
        private readonly AttackedTables _tables;
        private readonly RegionIndex[] _indices;
        private readonly Dictionary<int, List<(int Release, int Row)>> _holding = [];
        private readonly Dictionary<int, int> _releasesOfLink = [];
        private readonly Dictionary<int, int> _left = [];
        private readonly Dictionary<int, int> _here = [];
        private readonly HashSet<int> _persons = [];
        private readonly Dictionary<int, int> _valueOf = [];

        public CandidateSearch(AttackedTables tables)
        {
            _tables = tables;
            _indices = [.. tables.Releases.Select(release => new RegionIndex(release, tables.Attributes))];
            for (var r = 0; r < tables.Releases.Count; r++)
            {
                var release = tables.Releases[r];
                for (var place = 0; place < release.Rows.Length; place++)
                {
                    var holding = Of(_holding, release.PersonOf(place));
                    if (holding.Count == 0 || holding[^1].Release != r)
                    {
                        holding.Add((r, release.Rows[place]));
                    }
                }

                foreach (var link in release.Links.Distinct())
                {
                    _releasesOfLink[link] = _releasesOfLink.GetValueOrDefault(link) + 1;
                }
            }
        }

        public int[] Persons() => [.. _holding.Keys];

        /// <returns>Candidates, and the distinct sensitive values among them.</returns>
        public (int Candidates, int Values) Of(int person)
        {
            var holding = _holding[person];
            var most = int.MaxValue;
            for (var i = 0; i < holding.Count; i++)
            {
                most = Math.Min(most, Look(holding[i].Release, holding[i].Row));
                Intersect(first: i == 0);
            }

            if (_tables.LinkedByPerson)
            {
                // Who is in another release too is not the target.
                foreach (var link in _left.Keys.Where(link => _releasesOfLink[link] != holding.Count).ToArray())
                {
                    _left.Remove(link);
                }

                return (_left.Count, Values());
            }

            return (Math.Min(most, _left.Values.Sum()), Values());
        }

        /// <summary>Counts the rows of one release that may be the target's by their links.</summary>
        /// <returns>Persons behind them.</returns>
        private int Look(int index, int row)
        {
            var release = _tables.Releases[index];
            _here.Clear();
            _persons.Clear();
            foreach (var region in _indices[index].Compatible(release.Known!, row))
            {
                foreach (var place in release.Members[region])
                {
                    var link = release.Links[place];
                    _here[link] = _here.GetValueOrDefault(link) + 1;
                    _persons.Add(release.PersonOf(place));
                    _valueOf[link] = release.Sensitive?[place] ?? 0;
                }
            }

            return _persons.Count;
        }

        private void Intersect(bool first)
        {
            if (first)
            {
                _left.Clear();
                foreach (var (link, rows) in _here)
                {
                    _left[link] = rows;
                }

                return;
            }

            foreach (var (link, rows) in _left.ToArray())
            {
                var both = Math.Min(rows, _here.GetValueOrDefault(link));
                if (both == 0)
                {
                    _left.Remove(link);
                }
                else
                {
                    _left[link] = both;
                }
            }
        }

        private int Values() => _tables.HasSensitive ? _left.Keys.Select(link => _valueOf[link]).Distinct().Count() : 0;

        private static List<(int Release, int Row)> Of(Dictionary<int, List<(int Release, int Row)>> lists, int key) => lists.TryGetValue(key, out var list) ? list : lists[key] = [];
    }
}
