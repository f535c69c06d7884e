namespace ClinicNetwork.Verification.RedTeam;

/// <summary>
/// Linkage (Giomi et al. 2023, section 4.2): two other tables know a person by a random half of the quasi-identifiers each. The attacker finds the nearest released row of either half,
/// one at random of those equally near, and links the two tables where it is the same person's.
/// </summary>
internal static class LinkageAttack
{
    public const string Name = "linkage";

    /// <summary>Regions looked at by all attacks together, at most: a large table is attacked fewer times.</summary>
    internal const int LooksMax = 200_000_000;

    public static AttackResult Run(AttackedTables tables, int attacks, Random random, CancellationToken cancellationToken)
    {
        if (tables.Original is null || tables.Attributes.Count < 2)
        {
            return AttackResult.NotRun(Name, "needs --original, and two quasi-identifiers or more");
        }

        var nearest = new NearestRegions(tables);
        Proportion Attack(KnownRows known) => Targets.Attack(known, Targets.Count(attacks, nearest), random, row => Links(known, row), cancellationToken);

        bool Links(KnownRows known, int row)
        {
            int[] order = [.. Enumerable.Range(0, tables.Attributes.Count)];
            random.Shuffle(order);
            var half = order.Length / 2;
            return OneOf(nearest.Find(known, row, order.AsSpan(..half)), random) == OneOf(nearest.Find(known, row, order.AsSpan(half..)), random);
        }

        return Targets.Judge(Name, tables, nearest.Count > 0, Attack);
    }

    /// <summary>The person of one row of the regions.</summary>
    private static int OneOf(List<(AttackedRelease Release, int Region)> regions, Random random)
    {
        var place = random.Next(regions.Sum(r => r.Release.Members[r.Region].Length));
        foreach (var (release, region) in regions)
        {
            var members = release.Members[region];
            if (place < members.Length)
            {
                return release.PersonOf(members[place]);
            }

            place -= members.Length;
        }

        throw new ArgumentException("No region.", nameof(regions));
    }
}

/// <summary>Persons drawn from the original and from the control, and attacked alike.</summary>
internal static class Targets
{
    /// <summary>How many are attacked: as many as wanted, fewer where the release has very many regions.</summary>
    public static int Count(int attacks, NearestRegions nearest) => Math.Min(attacks, Math.Max(ExcessRisk.AttacksMin, LinkageAttack.LooksMax / Math.Max(1, nearest.Count)));

    /// <param name="succeeds">Of a row of the table.</param>
    public static Proportion Attack(KnownRows known, int count, Random random, Func<int, bool> succeeds, CancellationToken cancellationToken)
    {
        var (attacked, successes) = (0, 0);
        foreach (var row in known.FirstRows(random).Take(count))
        {
            cancellationToken.ThrowIfCancellationRequested();
            attacked++;
            successes += succeeds(row) ? 1 : 0;
        }

        return new(successes, attacked);
    }

    /// <param name="any">Something was released.</param>
    public static AttackResult Judge(string name, AttackedTables tables, bool any, Func<KnownRows, Proportion> attack)
    {
        if (!any)
        {
            return new ExcessRisk(new(), new()).Judge(name, 0);
        }

        var against = attack(tables.Original!);
        var control = tables.Control is null ? new Proportion() : attack(tables.Control);
        return new ExcessRisk(against, control).Judge(name, Math.Min(against.Of, control.Of));
    }
}
