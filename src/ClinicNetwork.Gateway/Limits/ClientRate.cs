using ClinicNetwork.Grains.Rates;

namespace ClinicNetwork.Gateway.Limits;

/// <summary>
/// One client at one gateway. Permits of its lease are spent here; the next lease is asked for when half of a lot is left, one at a time. A client at its
/// limit is refused until the grain said there would be more, without a question.
/// </summary>
/// <param name="ask">For a lease, with the permits wanted. It may fail, or take as long as a grain call does.</param>
internal sealed class ClientRate(RateLimit limit, Func<int, Task<RateLease>> ask, TimeProvider time)
{
    /// <summary>Permits not spent after this are void: those that rest gateways hold do not add up to a second burst.</summary>
    internal static readonly TimeSpan GoodFor = TimeSpan.FromSeconds(5);

    /// <summary>A caller waits no longer for a lease; then the gateway goes on alone.</summary>
    internal static readonly TimeSpan AnswerMax = TimeSpan.FromMilliseconds(200);

    /// <summary>After a question that failed.</summary>
    private static readonly TimeSpan AskAgainAfter = TimeSpan.FromSeconds(1);

    /// <summary>Others may take what a caller waited for; so often it waits.</summary>
    private const int RoundsMax = 3;

    private readonly Lock _gate = new();
    private readonly long _began = time.GetTimestamp();
    private int _permits;
    private int _waiting;
    private TimeSpan _goodUntil;
    private TimeSpan _refusedUntil;
    private TimeSpan _askFrom;
    private TimeSpan _lastUsed;

    /// <summary>Not null while no silo answers: what this gateway lets through without one.</summary>
    private RateBucket? _alone;

    /// <summary>Null: none is under way.</summary>
    private Task? _asking;

    /// <summary>Since the last call.</summary>
    public TimeSpan Idle
    {
        get
        {
            lock (_gate)
            {
                return Now - _lastUsed;
            }
        }
    }

    private TimeSpan Now => time.GetElapsedTime(_began);

    /// <returns>Zero: the call may be made. Else when to come back.</returns>
    public ValueTask<TimeSpan> TakeAsync()
    {
        lock (_gate)
        {
            if (Take() is { } told)
            {
                return new(told);
            }
        }

        return new(WaitAsync());
    }

    private async Task<TimeSpan> WaitAsync()
    {
        for (var round = 0; round < RoundsMax; round++)
        {
            Task? asking;
            lock (_gate)
            {
                (asking, _waiting) = (_asking, _waiting + 1);
            }

            if (asking is not null)
            {
                await asking.WaitAsync(AnswerMax, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            lock (_gate)
            {
                _waiting--;
                if (asking is { IsCompleted: false } && asking == _asking)
                {
                    _alone ??= RateBucket.Full(limit.Alone, Now);
                }

                if (Take() is { } told)
                {
                    return told;
                }
            }
        }

        return TimeSpan.FromSeconds((double)limit.Lot / limit.PerSecond);
    }

    /// <summary>Null: it has to be waited for the lease under way.</summary>
    private TimeSpan? Take()
    {
        var now = _lastUsed = Now;
        if (now >= _goodUntil)
        {
            _permits = 0;
        }

        if (_permits <= limit.Lot / 2 && _asking is null && now >= _refusedUntil && now >= _askFrom)
        {
            _asking = AskAsync(limit.Lot + _waiting);
        }

        if (_permits > 0)
        {
            _permits--;
            return TimeSpan.Zero;
        }

        if (now < _refusedUntil)
        {
            return _refusedUntil - now;
        }

        if (_alone is not { } alone)
        {
            return null;
        }

        (var lease, _alone) = alone.Lease(1, limit.Alone, now);
        return lease.Wait;
    }

    /// <summary>Never throws.</summary>
    private async Task AskAsync(int wanted)
    {
        RateLease? lease = null;
        try
        {
            // Not under the lock.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            lease = await ask(wanted);
        }
        catch (Exception)
        {
            // Whatever keeps the answer away, the gateway goes on alone.
        }

        lock (_gate)
        {
            var now = Now;
            if (lease is null)
            {
                (_askFrom, _alone) = (now + AskAgainAfter, _alone ?? RateBucket.Full(limit.Alone, now));
            }
            else
            {
                _alone = null;
                (_permits, _goodUntil, _refusedUntil) = (_permits + lease.Permits, lease.Permits > 0 ? now + GoodFor : _goodUntil, now + lease.Wait);
            }

            _asking = null;
        }
    }
}
