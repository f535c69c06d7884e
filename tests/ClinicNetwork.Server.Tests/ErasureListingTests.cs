using ClinicNetwork.Journal;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClinicNetwork.Server.Tests;

/// <summary>A list of erasures that cannot be written for long is told; one that is kept elsewhere is nobody's trouble.</summary>
public sealed class ErasureListingTests
{
    [Fact]
    public async Task A_list_that_cannot_be_written_for_a_minute_is_unhealthy_until_it_is_written()
    {
        var (time, keys) = (new PassedTime(), new Keys { Answer = () => throw new StoreRefusedException("full") });
        using var listing = new ErasureListing(keys, time, NullLogger<ErasureListing>.Instance);
        Assert.Equal(HealthStatus.Healthy, await AfterAsync(TimeSpan.Zero));
        Assert.Equal(HealthStatus.Healthy, await AfterAsync(ErasureListing.FailingMax));
        Assert.Equal(HealthStatus.Unhealthy, await AfterAsync(TimeSpan.FromSeconds(1)));

        // Nobody knows while the database is away; it was failing.
        keys.Answer = () => throw new StoreUnavailableException("away");
        Assert.Equal(HealthStatus.Unhealthy, await AfterAsync(TimeSpan.FromSeconds(1)));
        keys.Answer = () => true;
        Assert.Equal(HealthStatus.Healthy, await AfterAsync(TimeSpan.Zero));
        keys.Answer = () => throw new StoreRefusedException("full");
        Assert.Equal(HealthStatus.Healthy, await AfterAsync(ErasureListing.FailingMax));

        async Task<HealthStatus> AfterAsync(TimeSpan passed)
        {
            time.Passed += passed;
            await listing.LookAsync(default);
            return (await listing.CheckHealthAsync(new(), default)).Status;
        }
    }

    [Fact]
    public async Task Where_the_folder_cannot_be_written_it_is_healthy_and_asked_once()
    {
        var keys = new Keys { Answer = () => false };
        using var listing = new ErasureListing(keys, TimeProvider.System, NullLogger<ErasureListing>.Instance);
        await listing.StartAsync(default);
        await listing.ExecuteTask!.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal((1, HealthStatus.Healthy), (keys.Asked, (await listing.CheckHealthAsync(new(), default)).Status));
    }

    private sealed class Keys : IKeyring
    {
        public Func<bool> Answer { get; set; } = () => true;

        public int Asked { get; private set; }

        public Task<bool> ListDestroyedAsync(CancellationToken cancellationToken)
        {
            Asked++;
            return Task.FromResult(Answer());
        }

        public KeyLoss? LossOf(string name) => null;

        public Task<Erasure?> FindErasureAsync(string stream, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed class PassedTime : TimeProvider
    {
        public TimeSpan Passed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Passed.Ticks;
    }
}
