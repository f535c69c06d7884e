using Orleans.Configuration;

namespace ClinicNetwork.Server;

/// <summary>
/// How soon a silo that is gone is noticed. Goal: a killed one after 8 s in the median and 12 s at most, a cluster that was killed whole
/// serves again within 30 s, and a pause of 5 s loses nothing. A wrong verdict costs activations, never data: the journal's keys arbitrate.
/// </summary>
internal static class FailureDetection
{
    /// <summary>Period and timeout of a probe. Three missed ones are some 6 s; a pause of 5 s, or a full collection, is no death.</summary>
    private static readonly TimeSpan Probe = TimeSpan.FromSeconds(2);

    /// <summary>Orleans adapts probes to the peer's answers; never below what a busy machine needs.</summary>
    private static readonly TimeSpan ProbeMin = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Nor above the goal: the default of four probes would also let a connection that was alive within the last 24 s hold back every vote.
    /// </summary>
    private static readonly TimeSpan ProbeMax = Probe;

    private const int MissedProbesMax = 3;

    /// <summary>Two: one silo alone, itself cut off, cannot declare all others dead. Orleans asks for fewer when fewer are left.</summary>
    private const int Votes = 2;

    /// <summary>Heartbeat in the table: three missed ones are 15 s, after which the row of a dead cluster is ignored by who joins.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);

    private const int HeartbeatsMissedMax = 3;

    /// <summary>Gossip tells changes at once; the table is read again in case gossip was lost. One small read a silo.</summary>
    private static readonly TimeSpan TableRefresh = TimeSpan.FromSeconds(5);

    /// <summary>Joining needs an answer from each living silo; within a minute there is one, or the row is stale and ignored.</summary>
    private static readonly TimeSpan JoinMax = TimeSpan.FromMinutes(1);

    /// <summary>Rows of dead silos tell a late one that it is dead; after a day nobody is that late.</summary>
    private static readonly TimeSpan DefunctKept = TimeSpan.FromDays(1);

    private static readonly TimeSpan DefunctCleanUp = TimeSpan.FromHours(1);

    /// <summary>How often a gateway reads which silos there are: after all were replaced it finds the new ones this soon.</summary>
    public static readonly TimeSpan GatewayListRefresh = TimeSpan.FromSeconds(3);

    public static void Apply(ClusterMembershipOptions options)
    {
        (options.ProbeTimeout, options.MinProbeTimeout, options.MaxProbeTimeout) = (Probe, ProbeMin, ProbeMax);
        (options.NumMissedProbesLimit, options.NumVotesForDeathDeclaration) = (MissedProbesMax, Votes);
        (options.IAmAliveTablePublishTimeout, options.NumMissedTableIAmAliveLimit) = (Heartbeat, HeartbeatsMissedMax);
        (options.TableRefreshTimeout, options.MaxJoinAttemptTime) = (TableRefresh, JoinMax);
        (options.DefunctSiloExpiration, options.DefunctSiloCleanupPeriod) = (DefunctKept, DefunctCleanUp);
    }
}
