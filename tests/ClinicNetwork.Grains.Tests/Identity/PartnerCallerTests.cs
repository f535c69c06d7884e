using ClinicNetwork.Domain.Partners;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Grains.Identity;
using ClinicNetwork.Grains.Partners;
using Microsoft.Extensions.DependencyInjection;

namespace ClinicNetwork.Grains.Tests.Identity;

/// <summary>A partner, past the gateway: its own grain, and of that what a registry may.</summary>
public sealed class PartnerCallerTests(UnsealedNetwork shared) : IClassFixture<UnsealedNetwork>
{
    private ClusterUnderTest Cluster => shared.Cluster;

    private CallerSeal Seal => Cluster.Services.GetRequiredService<CallerSeal>();

    private static CommandOrigin Puller => Origins.Next() with { Actor = "puller" };

    [Fact]
    public async Task A_partner_reaches_its_own_grain_and_no_other_one()
    {
        Seal.Enter(CallerSeal.System);
        foreach (var partner in (string[])["eu", "us"])
        {
            (await Grain(partner).Register(new(new(partner), "Registry", RecipientClass.ResearchRegistry), Origins.Next())).AcceptedAs(1);
        }

        Seal.Enter(new SealedCaller("puller", Roles.Registry, "") { Partner = "eu" });
        Assert.Null((await Grain("eu").Read(Replies.Confirmed)).Refusal);
        Assert.Equal("AGREEMENT_NOT_FOUND", (await Grain("eu").Acknowledge(Batch("eu"), Puller)).Refusal!.Reason);
        await RefusedAsync(() => Grain("us").Read(Replies.Confirmed));
        await RefusedAsync(() => Grain("us").Acknowledge(Batch("us"), Puller));
        await RefusedAsync(() => Grain("eu").End(new(new(new("eu"), "one"), "Not wanted"), Puller));
        await RefusedAsync(() => Grain("eu").Acknowledge(Batch("eu"), Puller with { Actor = "admin" }));
    }

    /// <summary>A seal that says a registry's role and no partner, or an administrator's role and a partner.</summary>
    [Fact]
    public async Task The_role_without_the_partner_and_a_partner_without_the_role_are_worth_nothing()
    {
        Seal.Enter(new SealedCaller("puller", Roles.Registry, ""));
        await RefusedAsync(() => Grain("eu").Read(Replies.Confirmed));
        await RefusedAsync(() => Grain("eu").Acknowledge(Batch("eu"), Puller));
        Seal.Enter(new SealedCaller("puller", Roles.NetworkAdmin, "") { Partner = "eu" });
        await RefusedAsync(() => Grain("eu").Read(Replies.Confirmed));
        await RefusedAsync(() => Grain("eu").End(new(new(new("eu"), "one"), "Not wanted"), Puller));
    }

    private static AcknowledgeBatch Batch(string partner) => new(new(new(partner), "one"), 1);

    private IPartnerGrain Grain(string partner) => Cluster.Partner(partner);

    private static Task RefusedAsync(Func<Task> call) => Assert.ThrowsAsync<UnauthorizedAccessException>(call);
}
