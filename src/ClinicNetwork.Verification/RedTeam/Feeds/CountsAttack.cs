namespace ClinicNetwork.Verification.RedTeam.Feeds;

/// <summary>
/// Counts of manifests, and their differences. Found: a number of persons from 1 to k − 1 that is told as a number, or a cell and milestone told with fewer than k members. How little two numbers of
/// waiting persons of successive manifests differ is reported and has no bound: it says how many came and went of everybody, not who.
/// </summary>
internal static class CountsAttack
{
    public const string Name = "counts";

    public static AttackResult Run(FeedSet feeds)
    {
        var (told, small, cells, steps, closer) = (0, 0, 0, 0, 0);
        foreach (var feed in feeds.Feeds)
        {
            int? before = null;
            foreach (var manifest in feed.Batches.Select(batch => batch.Manifest))
            {
                told += manifest.Told.Count + manifest.Members.Count;
                small += manifest.Told.Count(count => IsSmall(count.Persons, manifest.K));
                cells += manifest.Members.Values.Count(members => members < manifest.K);
                int? waiting = manifest.Told.Where(count => count.Name == "waiting").Select(count => (int?)count.Persons).FirstOrDefault();
                if (before is { } earlier && waiting is { } now)
                {
                    steps++;
                    closer += IsSmall(Math.Abs(now - earlier), manifest.K) ? 1 : 0;
                }

                before = waiting;
            }
        }

        return new(
            Name, small + cells > 0 ? AttackVerdict.Exceeded : AttackVerdict.Held,
            $"of {told} numbers of persons {small + cells} are from 1 to k − 1; {closer} of {steps} steps of the waiting are",
            new Dictionary<string, double> { ["numbers"] = told, ["small_numbers"] = small, ["small_cells"] = cells, ["waiting_steps"] = steps, ["small_waiting_steps"] = closer, ["bound"] = 0 });
    }

    private static bool IsSmall(int persons, int k) => persons > 0 && persons < k;
}
