namespace ClinicNetwork.Verification.RedTeam.Feeds;

/// <summary>
/// Re-release (Byun et al. 2006; Fung et al. 2008, doi:10.1145/1353343.1353371): rows of a cell and milestone that an earlier batch had, a person twice at a milestone, a person in two cells
/// (re-formed or merged after a release). Each lets two releases be compared for a person. Bound: none.
/// </summary>
internal static class DisjointnessAttack
{
    public const string Name = "disjointness";

    public static AttackResult Run(FeedSet feeds, CancellationToken cancellationToken)
    {
        var (rows, again, twice, moved) = (0L, 0, 0, 0);
        foreach (var feed in feeds.Feeds)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var batchOf = new Dictionary<long, int>();
            var seen = new HashSet<long>();
            var cellOf = new int[feed.Persons.Count];
            Array.Fill(cellOf, -1);
            var inTwo = new HashSet<int>();
            foreach (var (batch, row) in feed.Rows())
            {
                rows++;
                if (cellOf[row.Person] >= 0 && cellOf[row.Person] != row.Cell)
                {
                    inTwo.Add(row.Person);
                }

                cellOf[row.Person] = row.Cell;
                if (row.Correction)
                {
                    continue;
                }

                again += batchOf.TryAdd(row.Slot, batch) || batchOf[row.Slot] == batch ? 0 : 1;
                twice += seen.Add(((long)row.Person << 8) | row.Milestone) ? 0 : 1;
            }

            moved += inTwo.Count;
        }

        var figures = new Dictionary<string, double>
        {
            ["rows"] = rows, ["rows_released_again"] = again, ["rows_of_a_person_twice"] = twice, ["persons_in_two_cells"] = moved, ["bound"] = 0,
        };
        return new(
            Name, again + twice + moved > 0 ? AttackVerdict.Exceeded : AttackVerdict.Held,
            $"of {rows} rows {again} of a cell and milestone released before, {twice} of a person who has one there; {moved} persons in two cells", figures);
    }
}
