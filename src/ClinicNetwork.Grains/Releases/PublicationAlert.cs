using ClinicNetwork.Grains.Identity;

namespace ClinicNetwork.Grains.Releases;

/// <summary>Whether publications are blocked: what health and status tell. The reason stands in the server's log alone.</summary>
public sealed class PublicationAlert(IGrainFactory grains, CallerSeal seal)
{
    /// <summary>Null: it is not blocked, or the database does not answer.</summary>
    public async Task<DateTimeOffset?> ReadBlockedSinceAsync(CancellationToken cancellationToken)
    {
        // In a flow of its own: what its caller asks next is not asked by the network.
        seal.Enter(CallerSeal.System);
        var reading = await grains.GetGrain<IReleaseGrain>(Streams.OfProfile(PublicOutcomes.Profile)).Read(new(false, 0, null), cancellationToken);
        return reading.State?.BlockedSince;
    }
}
