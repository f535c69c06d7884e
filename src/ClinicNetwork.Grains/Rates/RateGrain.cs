namespace ClinicNetwork.Grains.Rates;

/// <inheritdoc cref="IRateGrain"/>
public sealed class RateGrain(TimeProvider time) : Grain, IRateGrain
{
    private readonly long _began = time.GetTimestamp();
    private RateBucket? _bucket;

    public Task<RateLease> Lease(int wanted, RateLimit limit)
    {
        var now = time.GetElapsedTime(_began);
        (var lease, _bucket) = (_bucket ?? RateBucket.Full(limit, now)).Lease(wanted, limit, now);
        return Task.FromResult(lease);
    }
}
