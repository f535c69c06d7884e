using ClinicNetwork.Grains.Identity;
using ClinicNetwork.Grains.Rates;
using ClinicNetwork.Grains.Tests.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace ClinicNetwork.Grains.Tests.Rates;

/// <summary>One grain a client, asked by gateways alone.</summary>
public sealed class RateGrainTests(UnsealedNetwork shared) : IClassFixture<UnsealedNetwork>
{
    private static readonly RateLimit Limit = new(PerSecond: 1, Burst: 30);

    private IGrainFactory Grains => shared.Cluster.Services.GetRequiredService<IGrainFactory>();

    private CallerSeal Seal => shared.Cluster.Services.GetRequiredService<CallerSeal>();

    [Fact]
    public async Task Gateways_that_ask_for_one_client_share_its_permits_and_another_client_has_its_own()
    {
        Seal.Enter(CallerSeal.System);
        var began = TimeProvider.System.GetTimestamp();
        var given = 0;
        for (var i = 0; i < 5; i++)
        {
            // Each a reference of its own, as each gateway has.
            given += (await Of("lab").Lease(20, Limit)).Permits;
        }

        Assert.InRange(given, Limit.Burst, Limit.Burst + Limit.PerSecond * (1 + (int)TimeProvider.System.GetElapsedTime(began).TotalSeconds));
        Assert.Equal(20, (await Of("clinic").Lease(20, Limit)).Permits);
    }

    [Fact]
    public async Task Nobody_but_the_network_itself_asks()
    {
        RequestContext.Clear();
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Of("lab").Lease(1, Limit));
        Seal.Enter(new SealedCaller("lab", Roles.Operator | Roles.NetworkAdmin, ""));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => Of("lab").Lease(1, Limit));
    }

    [Fact]
    public void A_key_holds_nothing_of_the_name() => Assert.Matches("^rt-[0-9a-f]{32}$", Streams.OfRate("dr-jane-doe"));

    private IRateGrain Of(string client) => Grains.GetGrain<IRateGrain>(Streams.OfRate(client));
}
