namespace ClinicNetwork.Faults.Plan;

/// <summary>Which faults, in which order, with which parts: a function of the seed.</summary>
internal static class FaultPlan
{
    /// <summary>Points in the server at which a test build can be told to crash.</summary>
    public static readonly string[] Points = ["BeforeCommit", "AfterCommit", "BeforeReply"];

    public const string MigrationPoint = "InMigration";

    /// <summary>Every fault once, short; of some with two forms one in even seeds and one in odd, so that two seeds in a row have all.</summary>
    /// <param name="half">Every second fault; two seeds in a row have all.</param>
    public static IReadOnlyList<Fault> Short(int seed, bool hasDisk, bool half = false)
    {
        var random = new Random(seed);
        int Which() => random.Next(3);
        TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
        var even = seed % 2 == 0;
        List<Fault> faults =
        [
            even ? ProcessFaults.Kill("two", Seconds(0.5), 0, 1 + random.Next(2)) : ProcessFaults.Kill("one", Seconds(0.5), Which()),
            ProcessFaults.Kill("all", Seconds(0.5), 0, 1, 2),
            ProcessFaults.RollingRestart(),
            ProcessFaults.Freeze(Which(), Seconds(5)),
            ProcessFaults.Freeze(Which(), Seconds(12)),
            ProcessFaults.CrashAt(Points[random.Next(Points.Length)], Which(), random.Next(5, 20)),
            ProcessFaults.CrashInMigration(MigrationPoint, random.Next(2)),
            DatabaseFaults.Kill(Seconds(0.5)),
            even ? DatabaseFaults.Immediate(Seconds(0.5)) : DatabaseFaults.Fast(Seconds(0.5)),
            DatabaseFaults.EndSessions(3),
            even ? LinkFaults.DatabaseCut(Which(), Seconds(4)) : LinkFaults.DatabaseRefused(Which(), Seconds(3)),
            LinkFaults.SiloCut(Which(), oneWay: even, Seconds(4)),
            even ? LinkFaults.GatewayCut(Which(), Seconds(3)) : DatabaseFaults.Freeze(Seconds(4)),
            LinkFaults.SlowLinks(Seconds(3)),
            LinkFaults.CutReplies(Which(), Seconds(3)),
            LinkFaults.ClockJump(Which(), Shift(random), Seconds(3)),
        ];
        if (hasDisk)
        {
            faults.Add(DatabaseFaults.DiskFull(Seconds(3)));
        }

        if (half)
        {
            faults = [.. faults.Where((_, i) => i % 2 == seed % 2)];
        }

        Shuffle(faults, random);

        // Both clusters and the held transaction last long enough for others to strike meanwhile.
        faults.Insert(random.Next(3), DatabaseFaults.HeldTransaction(Seconds(8)));
        faults.Insert(0, ProcessFaults.SecondCluster(TimeSpan.Zero) with { Beside = true });
        return faults;
    }

    /// <summary>One round of a long run: every fault in full, in an order of its own.</summary>
    public static IReadOnlyList<Fault> Round(int seed, int round, bool hasDisk)
    {
        var random = new Random(unchecked((seed * 1_000_003) + round));
        int Which() => random.Next(3);
        TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
        List<Fault> faults =
        [
            ProcessFaults.Kill("one", Seconds(20), Which()),
            ProcessFaults.Kill("two", Seconds(5), 0, 1 + random.Next(2)),
            ProcessFaults.Kill("all", Seconds(2), 0, 1, 2),
            ProcessFaults.RollingRestart(),
            ProcessFaults.Freeze(Which(), Seconds(5)),
            ProcessFaults.Freeze(Which(), Seconds(45)),
            ProcessFaults.Freeze(Which(), Seconds(150)),
            .. Points.Select(point => ProcessFaults.CrashAt(point, Which(), random.Next(20, 500))),
            ProcessFaults.CrashInMigration(MigrationPoint, random.Next(2)),
            DatabaseFaults.Kill(Seconds(3)),
            DatabaseFaults.Immediate(Seconds(3)),
            DatabaseFaults.Fast(Seconds(3)),
            DatabaseFaults.Freeze(Seconds(20)),
            DatabaseFaults.EndSessions(20),
            LinkFaults.DatabaseCut(Which(), Seconds(15)),
            LinkFaults.DatabaseRefused(Which(), Seconds(15)),
            LinkFaults.SiloCut(Which(), false, Seconds(30)),
            LinkFaults.SiloCut(Which(), true, Seconds(30)),
            LinkFaults.GatewayCut(Which(), Seconds(15)),
            LinkFaults.SlowLinks(Seconds(30)),
            LinkFaults.CutReplies(Which(), Seconds(30)),
            LinkFaults.ClockJump(Which(), TimeSpan.FromHours(2), Seconds(15)),
            LinkFaults.ClockJump(Which(), TimeSpan.FromDays(1), Seconds(15)),
            LinkFaults.ClockJump(Which(), TimeSpan.FromMinutes(-10), Seconds(15)),
            DatabaseFaults.HeldTransaction(Seconds(60)),
        ];
        if (hasDisk)
        {
            faults.Add(DatabaseFaults.DiskFull(Seconds(10)));
        }

        Shuffle(faults, random);
        faults.Insert(random.Next(faults.Count), ProcessFaults.SecondCluster(TimeSpan.Zero) with { Beside = true });
        return faults;
    }

    /// <summary>What finds the planted defects: two clusters all the time, and one fault of each kind that shows any.</summary>
    public static IReadOnlyList<Fault> SelfTest(int seed)
    {
        var random = new Random(seed);
        TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
        return
        [
            ProcessFaults.SecondCluster(TimeSpan.Zero) with { Beside = true },
            LinkFaults.CutReplies(random.Next(3), Seconds(4)),
            LinkFaults.SlowLinks(Seconds(6)),
            DatabaseFaults.EndSessions(2),
            LinkFaults.ClockJump(random.Next(3), TimeSpan.FromDays(1), Seconds(4)),
            DatabaseFaults.Kill(Seconds(0.3)),
        ];
    }

    private static TimeSpan Shift(Random random) => random.Next(3) switch
    {
        0 => TimeSpan.FromHours(2),
        1 => TimeSpan.FromDays(1),
        _ => TimeSpan.FromMinutes(-10),
    };

    private static void Shuffle(List<Fault> faults, Random random) => random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(faults));
}
