using System.Diagnostics;
using ClinicNetwork.Gateway.Limits;
using ClinicNetwork.Gateway.Tests.Harness;
using ClinicNetwork.Grains.Rates;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace ClinicNetwork.Gateway.Tests.Limits;

/// <summary>A client's rate over gateways that share its grain, by a clock that the test moves.</summary>
public sealed class ClientRatesTests(ITestOutputHelper output)
{
    private const string Client = "lab";
    private const string Serial = "5A0C";

    private static readonly RateLimit Limit = new(PerSecond: 1_000, Burst: 2_000);

    private readonly SteppedTime _time = new();
    private RateBucket _bucket = RateBucket.Full(Limit, TimeSpan.Zero);
    private int _asked;

    [Fact]
    public async Task Two_gateways_together_let_through_what_one_would()
    {
        ClientRates[] gateways = [Gateway(), Gateway()];
        var admitted = 0;
        const int Milliseconds = 10_000;
        for (var i = 0; i < Milliseconds; i++)
        {
            // Four times what is permitted, half of it at each.
            foreach (var gateway in (ClientRates[])[.. gateways, .. gateways])
            {
                admitted += await gateway.TakeAsync(Client, Serial) == TimeSpan.Zero ? 1 : 0;
            }

            _time.Move(TimeSpan.FromMilliseconds(1));
        }

        var permitted = Limit.Burst + Milliseconds / 1_000 * Limit.PerSecond;
        output.WriteLine($"{admitted:N0} of {permitted:N0} permitted and 40,000 tried; {_asked:N0} questions to the grain");
        Assert.InRange(admitted, permitted * 95 / 100, permitted);
        Assert.InRange(_asked, 1, 2 * 10 * 60 + Limit.Burst / Limit.Lot);
    }

    [Fact]
    public async Task Whoever_is_over_the_rate_is_told_when_to_come_back_and_the_grain_is_not_asked_meanwhile()
    {
        var gateway = Gateway();
        Assert.Equal(Limit.Burst, await SpendAsync(gateway, Limit.Burst + 1));
        var asked = _asked;
        var wait = await gateway.TakeAsync(Client, Serial);
        Assert.InRange(wait, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(0.1));
        Assert.Equal(0, await SpendAsync(gateway, 10_000));
        Assert.Equal(asked, _asked);
        _time.Move(wait);
        Assert.Equal(Limit.Lot, await SpendAsync(gateway, 10 * Limit.Lot));
    }

    [Fact]
    public async Task Another_client_is_not_held_up()
    {
        var buckets = new Dictionary<string, RateBucket>();
        var gateway = new ClientRates(Limit, (client, wanted) => Lease(wanted, buckets.GetValueOrDefault(client, RateBucket.Full(Limit, TimeSpan.Zero)), left => buckets[client] = left), _time, Log);
        Assert.Equal(Limit.Burst, await SpendAsync(gateway, 3 * Limit.Burst));
        Assert.Equal(TimeSpan.Zero, await gateway.TakeAsync("clinic", "77"));
    }

    [Fact]
    public async Task One_lease_is_asked_for_at_a_time_however_many_wait_for_it()
    {
        var answer = new TaskCompletionSource<RateLease>();
        var gateway = new ClientRates(Limit, (_, _) => { Interlocked.Increment(ref _asked); return answer.Task; }, _time, Log);
        var calls = Enumerable.Range(0, 40).Select(_ => gateway.TakeAsync(Client, Serial).AsTask()).ToArray();
        answer.SetResult(new(Limit.Lot, TimeSpan.Zero));
        Assert.All(await Task.WhenAll(calls).WaitAsync(TimeSpan.FromSeconds(20)), wait => Assert.Equal(TimeSpan.Zero, wait));
        Assert.InRange(_asked, 1, 2);
    }

    /// <summary>Neither closed nor open without bound.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_a_silo_a_gateway_lets_a_quarter_through_and_then_comes_back(bool hangs)
    {
        var away = true;
        var never = new TaskCompletionSource<RateLease>();
        var gateway = new ClientRates(Limit, (_, wanted) => !away ? Lease(wanted, _bucket, left => _bucket = left) : hangs ? never.Task : Task.FromException<RateLease>(new TimeoutException()), _time, Log);
        var first = gateway.TakeAsync(Client, Serial);
        _time.Move(ClientRate.AnswerMax);
        Assert.Equal(TimeSpan.Zero, await first.AsTask().WaitAsync(TimeSpan.FromSeconds(20)));
        var admitted = 1;
        for (var i = 0; i < 4_000; i++)
        {
            admitted += await gateway.TakeAsync(Client, Serial) == TimeSpan.Zero ? 1 : 0;
            _time.Move(TimeSpan.FromMilliseconds(1));
        }

        Assert.InRange(admitted, Limit.Alone.Burst, Limit.Alone.Burst + 5 * Limit.Alone.PerSecond);
        away = false;
        never.TrySetException(new TimeoutException());
        await UntilAsync(async () =>
        {
            _time.Move(TimeSpan.FromSeconds(1));
            return await SpendAsync(gateway, Limit.Burst) > Limit.Alone.Burst;
        });
    }

    [Fact]
    public async Task What_was_leased_and_not_spent_is_void_after_a_while()
    {
        var gateway = Gateway();
        Assert.Equal(TimeSpan.Zero, await gateway.TakeAsync(Client, Serial));
        _time.Move(ClientRate.GoodFor);
        _bucket = new RateBucket(0, _time.Now);
        Assert.NotEqual(TimeSpan.Zero, await gateway.TakeAsync(Client, Serial));
    }

    [Fact]
    public async Task Clients_that_rest_are_forgotten()
    {
        var gateway = Gateway();
        for (var i = 0; i < 100; i++)
        {
            await gateway.TakeAsync($"client-{i}", Serial);
        }

        Assert.Equal(100, gateway.Count);
        _time.Move(TimeSpan.FromMinutes(2));
        await gateway.TakeAsync(Client, Serial);
        Assert.Equal(1, gateway.Count);
    }

    [Fact]
    public async Task A_flood_is_one_line_a_minute_with_the_serial_number_and_without_the_name()
    {
        var log = new KeptLog<ClientRates>();
        var gateway = new ClientRates(Limit, Ask, _time, log);
        await SpendAsync(gateway, Limit.Burst + 3_000);
        Assert.Contains(Serial, Assert.Single(log.Lines), StringComparison.Ordinal);
        Assert.DoesNotContain(Client, log.Lines[0], StringComparison.Ordinal);
        _time.Move(TimeSpan.FromSeconds(61));
        await SpendAsync(gateway, 2 * Limit.Burst);
        Assert.Contains("3000 were", log.Lines[1], StringComparison.Ordinal);
        Assert.Equal(2, log.Lines.Count);
    }

    /// <summary>What every call pays. The time is told, not judged: machines differ.</summary>
    [Fact]
    public async Task A_call_that_is_let_through_allocates_nothing()
    {
        const int Calls = 1_000_000;
        var wide = new RateLimit(PerSecond: 1_000_000, Burst: 20_000_000);
        var gateway = new ClientRates(wide, (_, wanted) => Task.FromResult(new RateLease(10 * Calls, TimeSpan.Zero)), _time, Log);
        Assert.Equal(TimeSpan.Zero, await gateway.TakeAsync(Client, Serial));
        Assert.Equal(0, Take(Calls));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var began = Stopwatch.GetTimestamp();
        var refused = Take(Calls);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        output.WriteLine($"{Stopwatch.GetElapsedTime(began).TotalNanoseconds / Calls:0} ns and {(double)bytes / Calls:0.000} bytes a call");
        Assert.Equal((0, 0L), (refused, bytes / 1_000));

        int Take(int calls)
        {
            var over = 0;
            for (var i = 0; i < calls; i++)
            {
                over += gateway.TakeAsync(Client, Serial) is { IsCompletedSuccessfully: true, Result: var wait } && wait == TimeSpan.Zero ? 0 : 1;
            }

            return over;
        }
    }

    private static NullLogger<ClientRates> Log => NullLogger<ClientRates>.Instance;

    private ClientRates Gateway() => new(Limit, Ask, _time, Log);

    private Task<RateLease> Ask(string client, int wanted) => Lease(wanted, _bucket, left => _bucket = left);

    private Task<RateLease> Lease(int wanted, RateBucket bucket, Action<RateBucket> keep)
    {
        lock (_time)
        {
            _asked++;
            (var lease, var left) = bucket.Lease(wanted, Limit, _time.Now);
            keep(left);
            return Task.FromResult(lease);
        }
    }

    private static async Task<int> SpendAsync(ClientRates gateway, int calls)
    {
        var admitted = 0;
        for (var i = 0; i < calls; i++)
        {
            admitted += await gateway.TakeAsync(Client, Serial) == TimeSpan.Zero ? 1 : 0;
        }

        return admitted;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        for (var round = 0; !await condition(); round++)
        {
            Assert.InRange(round, 0, 1_000);
            await Task.Yield();
        }
    }
}
