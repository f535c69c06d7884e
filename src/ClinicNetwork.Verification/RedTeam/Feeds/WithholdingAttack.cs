namespace ClinicNetwork.Verification.RedTeam.Feeds;

/// <summary>
/// Whether a withheld milestone tells that its members had one outcome (minimality: Wong et al. 2007). A cell's milestone before its last released one that was never released was withheld; if a
/// share was withheld by chance, as the manifest says, at least that share of them must be. Found: so few are withheld that it happens by chance once in a thousand releases.
/// <para>Power: the chance to notice a network that withholds only what is uniform. How many those would be is reckoned from the released outcomes: Σ over categories of share^measured. Under 0.8 the
/// result is not established.</para>
/// </summary>
internal static class WithholdingAttack
{
    public const string Name = "withholding";

    private const double Alpha = 0.001;
    private const double PowerMin = 0.8;

    public static IEnumerable<AttackResult> Run(FeedSet feeds) => feeds.Feeds
        .Select(feed => feed.Batches[^1].Manifest.WithholdShare is > 0 and < 1 and var share ? Judge(Count(feed), share) : AttackResult.NotRun(Name, "the manifests tell no share that is withheld by chance"))
        .OrderBy(result => result.Verdict == AttackVerdict.Exceeded ? 0 : 1)
        .Take(1);

    /// <summary>P(X ≤ <paramref name="most"/>) of n draws with this chance.</summary>
    internal static double Binomial(int most, int n, double chance)
    {
        var (sum, term) = (0.0, n * Math.Log(1 - chance));
        for (var x = 0; x <= Math.Min(most, n); x++)
        {
            sum += Math.Exp(term);
            term += Math.Log((n - x) / (x + 1.0)) + Math.Log(chance / (1 - chance));
        }

        return Math.Min(1, sum);
    }

    private static AttackResult Judge((int Withheld, int Of, double Uniform) count, double share)
    {
        var (withheld, of, uniform) = count;
        var most = -1;
        while (most < of && Binomial(most + 1, of, share) <= Alpha)
        {
            most++;
        }

        var power = most < 0 ? 0 : Poisson(most, uniform);
        var figures = new Dictionary<string, double>
        {
            ["withheld"] = withheld, ["of"] = of, ["share"] = of == 0 ? 0 : (double)withheld / of, ["policy_share"] = share, ["uniform_expected"] = uniform, ["found_up_to"] = most, ["power"] = power,
        };
        var found = FormattableString.Invariant($"{withheld} of {of} milestones that later ones followed are withheld, by chance {share * of:0.0}; power {power:0.00}");
        return new(Name, withheld <= most ? AttackVerdict.Exceeded : power < PowerMin ? AttackVerdict.NotEstablished : AttackVerdict.Held, found, figures);
    }

    private static double Poisson(int most, double mean)
    {
        var (sum, term) = (0.0, Math.Exp(-mean));
        for (var x = 0; x <= most; x++)
        {
            sum += term;
            term *= mean / (x + 1);
        }

        return Math.Min(1, sum);
    }

    private static (int Withheld, int Of, double Uniform) Count(Feed feed)
    {
        var measured = new Dictionary<(int Cell, byte Milestone), int>();
        var shares = new double[FeedManifest.Milestones.Length][];
        foreach (var (_, row) in feed.Rows())
        {
            measured[(row.Cell, row.Milestone)] = measured.GetValueOrDefault((row.Cell, row.Milestone)) + (row.Outcome >= 0 ? 1 : 0);
            if (row.Outcome >= 0)
            {
                (shares[row.Milestone] ??= new double[4])[row.Outcome]++;
            }
        }

        foreach (var counts in shares.OfType<double[]>())
        {
            var all = counts.Sum();
            for (var i = 0; i < counts.Length; i++)
            {
                counts[i] /= all;
            }
        }

        var (withheld, of, uniform) = (0, 0, 0.0);
        foreach (var cell in feed.Batches.SelectMany(batch => batch.Members.Keys).Distinct().GroupBy(slot => (int)(slot >> 8), slot => (byte)slot))
        {
            var last = cell.Max();
            of += last;
            withheld += last + 1 - cell.Count();
            uniform += cell.Where(milestone => milestone < last).Sum(milestone => Uniform(shares[milestone], measured.GetValueOrDefault((cell.Key, milestone))));
        }

        return (withheld, of, uniform);
    }

    /// <summary>Chance that so many have one outcome.</summary>
    private static double Uniform(double[]? shares, int measured) => shares is null || measured == 0 ? 0 : shares.Sum(share => Math.Pow(share, measured));
}
