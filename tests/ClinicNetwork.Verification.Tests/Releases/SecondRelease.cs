namespace ClinicNetwork.Verification.Tests.Releases;

/// <summary>Releases of version 2, made of those of version 1.</summary>
internal static class SecondRelease
{
    public static readonly string[] PublicColumns = TestProfile.AllColumns[..^1];

    /// <summary>The example of version 1, to a recipient of all columns of a profile or of those given.</summary>
    public static TestRelease Example(IReadOnlyList<string>? columns = null, string profile = "public-outcomes", string recipient = "agreement-1") =>
        Of(TestRelease.Example(), columns, profile, recipient);

    public static TestRelease Of(TestRelease release, IReadOnlyList<string>? columns = null, string profile = "public-outcomes", string recipient = "agreement-1")
    {
        columns ??= profile == "public-outcomes" ? PublicColumns : TestProfile.AllColumns;
        foreach (var (index, row) in release.Rows.Index())
        {
            TestExchange.Widen(row, index);
            row.Agreed = columns;
        }

        for (var i = 0; i < release.Batches.Count; i++)
            release.Batches[i].Exchange = new TestExchange { Publication = 2 * i + 3, Columns = columns, Profile = profile, Recipient = recipient };
        Refer(release);
        return release;
    }

    /// <summary>Draws the references anew, after outcomes were changed.</summary>
    public static void Refer(TestRelease release)
    {
        for (var i = 0; i < release.Batches.Count; i++)
            release.Batches[i].Exchange!.Released = [.. release.Batches.Take(i + 1).SelectMany(batch => batch.Rows)];
    }

    /// <summary>
    /// A well-formed release of version 2 from a plan: some rows told to be withdrawn at once, later or not yet, some corrected (and corrected again), some cells and
    /// milestones in coarse bands, some columns not agreed.
    /// </summary>
    public static TestRelease Build(ReleasePlan plan)
    {
        var random = new Random(plan.Seed);
        var columns = TestProfile.AllColumns.Where((name, index) => index < 9 || random.Next(5) > 0).ToList();
        var release = Of(plan.Build(), columns, "research-outcomes");
        var coarse = release.Rows.Select(row => (row["cell"], row["milestone"])).Distinct().Where(_ => random.Next(4) == 0).ToHashSet();
        foreach (var row in release.Rows.Where(row => coarse.Contains((row["cell"], row["milestone"])))) row.MakeCoarse();
        foreach (var batch in release.Batches) batch.Exchange!.Coarse.UnionWith(coarse);
        Refer(release);
        for (var into = 1; into < release.Batches.Count; into++)
        {
            for (var corrections = random.Next(4); corrections > 0; corrections--) TryCorrect(release, into, random);
        }

        for (var number = 1; number < release.Batches.Count; number++)
            foreach (var (index, row) in release.Batches[number - 1].Rows.Index())
                if (row.Withdrawn && random.Next(3) > 0 && !release.Batches.Exists(batch => batch.Exchange!.Tombstones.GetValueOrDefault(number)?.Contains(index) == true))
                    release.Batches[random.Next(number, release.Batches.Count)].Exchange!.Tell(number, index);
        return release;
    }

    private static void TryCorrect(TestRelease release, int into, Random random)
    {
        var batch = random.Next(into);
        if (release.Batches[batch].Rows.Count == 0) return;
        var of = random.Next(release.Batches[batch].Rows.Count);
        if (release.Batches[batch].Rows[of].Withdrawn) return;
        release.Batches[into].Exchange!.Correct(release.Batches[into], batch + 1, release.Batches[batch], of, row =>
        {
            row["side_effects"] = "SEVERE";
            if (!row.Measured) row.MakeMeasured("response");
            if (release.Batches[into].Exchange!.Coarse.Contains((row["cell"], row["milestone"]))) row.MakeCoarse();
        }, random);
    }
}
