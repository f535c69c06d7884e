namespace ClinicNetwork.Faults.Plan;

/// <summary>Which faults, in which order, with which parts: a function of the seed.</summary>
internal static class FaultPlan
{
    /// <summary>Points in the server at which a test build can be told to crash.</summary>
    public static readonly string[] Points = ["BeforeReply", "BeforeCommit", "AfterCommit"];

    public const string MigrationPoint = "InMigration";

    /// <summary>How far a server's clock jumps.</summary>
    private static readonly TimeSpan[] Shifts = [TimeSpan.FromHours(2), TimeSpan.FromDays(1), TimeSpan.FromMinutes(-10)];

    /// <summary>Seeds in a row whose <see cref="Part"/>s strike every form of every fault between them.</summary>
    public const int Parts = 4;

    /// <summary>Every fault once, short; of some with two forms one in even seeds and one in odd, so that two seeds in a row have all.</summary>
    public static IReadOnlyList<Fault> Short(int seed, bool hasDisk)
    {
        var random = new Random(seed);
        int Which() => random.Next(3);
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
            LinkFaults.ClockJump(Which(), Shifts[random.Next(Shifts.Length)], Seconds(3)),
        ];
        if (hasDisk)
        {
            faults.Add(DatabaseFaults.DiskFull(Seconds(3)));
        }

        return InOrder(faults, random);
    }

    /// <summary>
    /// A quarter of all forms, short. Four seeds in a row strike every form; two in a row strike every fault, because each has forms in two
    /// quarters that are two apart.
    /// </summary>
    public static IReadOnlyList<Fault> Part(int seed, bool hasDisk)
    {
        var random = new Random(seed);
        int Which() => random.Next(3);

        // Dealt out in turn, like cards. Three forms side by side are in two quarters two apart; of fewer, two lie two places apart, a single one twice.
        List<Fault> forms =
        [
            ProcessFaults.RollingRestart(),
            ProcessFaults.Freeze(Which(), Seconds(5)),
            ProcessFaults.RollingRestart(),
            ProcessFaults.Freeze(Which(), Seconds(12)),
            ProcessFaults.Kill("one", Seconds(0.5), Which()),
            ProcessFaults.Kill("two", Seconds(0.5), 0, 1 + random.Next(2)),
            ProcessFaults.Kill("all", Seconds(0.5), 0, 1, 2),
            .. Points.Select(point => ProcessFaults.CrashAt(point, Which(), random.Next(5, 20))),
            ProcessFaults.CrashInMigration(MigrationPoint, random.Next(2)),
            DatabaseFaults.Immediate(Seconds(0.5)),
            DatabaseFaults.Fast(Seconds(0.5)),
            DatabaseFaults.Kill(Seconds(0.5)),
            DatabaseFaults.Freeze(Seconds(4)),
            DatabaseFaults.EndSessions(3),
            LinkFaults.DatabaseCut(Which(), Seconds(4)),
            LinkFaults.DatabaseRefused(Which(), Seconds(3)),
            LinkFaults.SiloCut(Which(), oneWay: false, Seconds(4)),
            LinkFaults.SiloCut(Which(), oneWay: true, Seconds(4)),
            LinkFaults.GatewayCut(Which(), Seconds(3)),
            .. Shifts.Select(shift => LinkFaults.ClockJump(Which(), shift, Seconds(3))),
            LinkFaults.SlowLinks(Seconds(3)),
            DatabaseFaults.DiskFull(Seconds(3)),
            LinkFaults.CutReplies(Which(), Seconds(3)),
            DatabaseFaults.DiskFull(Seconds(3)),
        ];
        var dealt = forms.Where((_, i) => i % Parts == seed % Parts);
        return InOrder([.. hasDisk ? dealt : dealt.Where(f => f.Name != DatabaseFaults.DiskFullName)], random);
    }

    /// <summary>One round of a long run: every fault in full, in an order of its own.</summary>
    public static IReadOnlyList<Fault> Round(int seed, int round, bool hasDisk)
    {
        var random = new Random(unchecked((seed * 1_000_003) + round));
        int Which() => random.Next(3);
        List<Fault> faults =
        [
            ProcessFaults.Kill("one", Seconds(20), Which()),
            ProcessFaults.Kill("two", Seconds(5), 0, 1 + random.Next(2)),
            ProcessFaults.Kill("all", Seconds(2), 0, 1, 2),
            ProcessFaults.RollingRestart(),
            ProcessFaults.Freeze(Which(), Seconds(5)),
            ProcessFaults.Freeze(Which(), Seconds(45)),
            ProcessFaults.Freeze(Which(), Seconds(150)),
            .. Points.Select(point => ProcessFaults.CrashAt(point, Which(), random.Next(10, 50))),
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
            .. Shifts.Select(shift => LinkFaults.ClockJump(Which(), shift, Seconds(15))),
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

    /// <summary>The faults in the seed's order, and what every short plan has besides: F12, early, and F11 beside all of it.</summary>
    private static List<Fault> InOrder(List<Fault> faults, Random random)
    {
        Shuffle(faults, random);

        // Only the load commits while the transaction is held: one fault strikes after the other. The second cluster goes on beside them.
        faults.Insert(random.Next(3), DatabaseFaults.HeldTransaction(Seconds(8)));
        faults.Insert(0, ProcessFaults.SecondCluster(TimeSpan.Zero) with { Beside = true });
        return faults;
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static void Shuffle(List<Fault> faults, Random random) => random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(faults));
}
