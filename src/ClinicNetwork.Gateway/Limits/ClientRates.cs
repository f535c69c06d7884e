using System.Collections.Concurrent;
using ClinicNetwork.Gateway.Identity;
using ClinicNetwork.Grains;
using ClinicNetwork.Grains.Identity;
using ClinicNetwork.Grains.Rates;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ClinicNetwork.Gateway.Limits;

/// <summary>
/// The rate of each client over all gateways: its grain gives permits out, this gateway spends them. A client is its name: certificates that follow each
/// other, or are used side by side, have one rate. Clients that rest are forgotten.
/// </summary>
public sealed class ClientRates
{
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromMinutes(1);

    private readonly RateLimit _limit;
    private readonly Func<string, int, Task<RateLease>> _ask;
    private readonly TimeProvider _time;
    private readonly ILogger<ClientRates> _log;
    private readonly ConcurrentDictionary<string, Client> _clients = new(StringComparer.Ordinal);
    private long _swept;

    public ClientRates(RateLimit limit, IGrainFactory grains, CallerSeal seal, TimeProvider time, ILogger<ClientRates> log)
        : this(limit, (client, wanted) => AskAsync(client, wanted, limit, grains, seal), time, log)
    {
    }

    /// <param name="ask">The client's grain: how many of the permits that are wanted it gives.</param>
    internal ClientRates(RateLimit limit, Func<string, int, Task<RateLease>> ask, TimeProvider time, ILogger<ClientRates> log) =>
        (_limit, _ask, _time, _log, _swept) = (limit, ask, time, log, time.GetTimestamp());

    /// <summary>Clients known now.</summary>
    internal int Count => _clients.Count;

    /// <summary>Of the connection, whoever a token names: calls and items count for one client.</summary>
    internal ValueTask<TimeSpan> TakeAsync(HttpContext context)
    {
        var client = Caller.OfConnection(context);
        return TakeAsync(client.Name, client.Serial);
    }

    /// <param name="serial">What the log calls the client by: a name may be a person's.</param>
    /// <returns>Zero: the call may be made. Else when to come back.</returns>
    internal ValueTask<TimeSpan> TakeAsync(string name, string serial)
    {
        if (!_clients.TryGetValue(name, out var client))
        {
            Forget();
            client = _clients.GetOrAdd(name, static (name, rates) => new(new(rates._limit, wanted => rates._ask(name, wanted), rates._time), new(rates._time)), this);
        }

        var taken = client.Rate.TakeAsync();
        return taken.IsCompletedSuccessfully && taken.Result == TimeSpan.Zero ? taken : TellAsync(taken, client, serial);
    }

    /// <summary>An item of a stream: it waits for its permit and is not refused, so that a stream goes at the client's rate.</summary>
    internal ValueTask WaitAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var taken = TakeAsync(context);
        return taken.IsCompletedSuccessfully && taken.Result == TimeSpan.Zero ? default : InsistAsync(taken, context, cancellationToken);
    }

    private async ValueTask InsistAsync(ValueTask<TimeSpan> taken, HttpContext context, CancellationToken cancellationToken)
    {
        while (await taken is var wait && wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, _time, cancellationToken);
            taken = TakeAsync(context);
        }
    }

    /// <summary>At most once a minute, and only when somebody new comes: what is kept is bounded by who called since.</summary>
    private void Forget()
    {
        var swept = Interlocked.Read(ref _swept);
        if (_time.GetElapsedTime(swept) < ForgetAfter || Interlocked.CompareExchange(ref _swept, _time.GetTimestamp(), swept) != swept)
        {
            return;
        }

        foreach (var (name, client) in _clients.Where(one => one.Value.Rate.Idle >= ForgetAfter))
        {
            _clients.TryRemove(new(name, client));
        }
    }

    private async ValueTask<TimeSpan> TellAsync(ValueTask<TimeSpan> taken, Client client, string serial)
    {
        var wait = await taken;
        if (wait > TimeSpan.Zero && client.Over.Times() is { } calls)
        {
            _log.LogWarning("The client with certificate {Serial} is over its {PerSecond} calls a second; {Calls} were refused or held back since this was last said", serial, _limit.PerSecond, calls);
        }

        return wait;
    }

    private static Task<RateLease> AskAsync(string client, int wanted, RateLimit limit, IGrainFactory grains, CallerSeal seal)
    {
        // Of this flow alone, which is not a caller's: what was sealed for the call that began it stays with the call.
        seal.Enter(CallerSeal.System);
        return grains.GetGrain<IRateGrain>(Streams.OfRate(client)).Lease(wanted, limit);
    }

    /// <param name="Over">Of its calls that were refused or held back.</param>
    private sealed record Client(ClientRate Rate, MinuteLine Over);
}
