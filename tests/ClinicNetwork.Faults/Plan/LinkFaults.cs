using ClinicNetwork.Faults.Proxy;
using ClinicNetwork.Faults.Run;

namespace ClinicNetwork.Faults.Plan;

/// <summary>F6, F7 and F10: what happens to the links and to a server's clock.</summary>
internal static class LinkFaults
{
    public static Fault DatabaseCut(int which, TimeSpan hold) => Rule("F6 silo-database cut", which, hold, LinkRule.Cut, s => s.Database);

    public static Fault DatabaseRefused(int which, TimeSpan hold) => Rule("F6 silo-database refused", which, hold, LinkRule.Refused, s => s.Database);

    public static Fault GatewayCut(int which, TimeSpan hold) => Rule("F6 client-gateway cut", which, hold, LinkRule.Cut, s => s.Clients);

    public static Fault SlowLinks(TimeSpan hold) => new(
        "F7 slow and lossy links",
        "all",
        hold,
        (network, _) => SetAll(network, LinkRule.SlowAndLossy),
        (network, _) => SetAll(network, LinkRule.Whole));

    /// <summary>Answers are cut after the database or the server has done the work.</summary>
    public static Fault CutReplies(int which, TimeSpan hold) => new(
        "F7 replies cut after commit",
        $"a{which + 1}",
        hold,
        (network, _) =>
        {
            network.A[which].Clients.Set(new LinkRule(CutReplyShare: 0.05));
            network.A[which].Database.Set(new LinkRule(CutReplyShare: 0.05));
            return Task.CompletedTask;
        },
        (network, _) =>
        {
            network.A[which].Clients.Set(LinkRule.Whole);
            network.A[which].Database.Set(LinkRule.Whole);
            return Task.CompletedTask;
        });

    /// <summary>A silo and the two others do not hear each other, or it is heard and does not hear.</summary>
    /// <param name="oneWay">Nothing reaches it, what it says goes through.</param>
    public static Fault SiloCut(int which, bool oneWay, TimeSpan hold) => new(
        oneWay ? "F6 silo-silo cut one way" : "F6 silo-silo cut",
        $"a{which + 1}",
        hold,
        (network, _) => Cut(network, which, oneWay, on: true),
        (network, _) => Cut(network, which, oneWay, on: false));

    /// <summary>The clock of a server jumps: an hour's drift and a day's, ahead and back.</summary>
    public static Fault ClockJump(int which, TimeSpan shift, TimeSpan hold) => new(
        shift.Duration() >= TimeSpan.FromDays(1) ? "F10 clock jumps a day" : shift.Duration() >= TimeSpan.FromHours(1) ? "F10 clock jumps 2 h" : "F10 clock off by 10 min",
        $"a{which + 1}",
        hold,
        (network, stop) => File.WriteAllTextAsync(network.A[which].Server.Place.ClockFile, $"{shift.TotalSeconds:0}", stop),
        (network, _) =>
        {
            File.Delete(network.A[which].Server.Place.ClockFile);
            return Task.CompletedTask;
        });

    private static Fault Rule(string name, int which, TimeSpan hold, LinkRule rule, Func<Station, FaultProxy> link) => new(
        name,
        $"a{which + 1}",
        hold,
        (network, _) =>
        {
            link(network.A[which]).Set(rule);
            return Task.CompletedTask;
        },
        (network, _) =>
        {
            link(network.A[which]).Set(LinkRule.Whole);
            return Task.CompletedTask;
        });

    private static Task SetAll(RigNetwork network, LinkRule rule)
    {
        foreach (var station in network.A)
        {
            station.Clients.Set(rule);
            station.Database.Set(rule);
            foreach (var other in network.A)
            {
                station.Silo.Set(rule, other.Server.Name);
            }
        }

        return Task.CompletedTask;
    }

    private static Task Cut(RigNetwork network, int which, bool oneWay, bool on)
    {
        var cut = network.A[which];
        foreach (var other in network.A.Where(s => s != cut))
        {
            // Who connects goes up, who listens goes down; both kinds of connection carry messages both ways.
            cut.Silo.Set(!on ? LinkRule.Whole : oneWay ? new LinkRule(StallUp: true) : LinkRule.Cut, other.Server.Name);
            other.Silo.Set(!on ? LinkRule.Whole : oneWay ? new LinkRule(StallDown: true) : LinkRule.Cut, cut.Server.Name);
        }

        return Task.CompletedTask;
    }
}
