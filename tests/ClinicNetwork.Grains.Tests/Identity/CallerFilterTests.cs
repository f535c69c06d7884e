using System.Reflection;
using ClinicNetwork.Grains.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClinicNetwork.Grains.Tests.Identity;

/// <summary>A call that went past the gateway, or says more than the gateway sealed, does nothing.</summary>
public sealed class CallerFilterTests(UnsealedNetwork shared) : IClassFixture<UnsealedNetwork>
{
    private const string ContextKey = "clinicnetwork-caller";

    private static readonly SealedCaller Nurse = new("nurse-1", Roles.Nurse, "north");

    private ClusterUnderTest Cluster => shared.Cluster;

    private CallerSeal Seal => Cluster.Services.GetRequiredService<CallerSeal>();

    private static CommandOrigin Of(string actor, string? site) => Origins.Next() with { Actor = actor, Site = site is null ? null : new ClinicId(site) };

    [Fact]
    public async Task Without_a_seal_nothing_is_done()
    {
        RequestContext.Clear();
        await RefusedAsync(() => Cluster.Patient("nobody").Read(Replies.Confirmed));
        await RefusedAsync(() => Cluster.Clinic("north").Register(Commands.Register("north"), Of("admin", null)));
        await RefusedAsync(() => Cluster.Release.Publish(Of("due-loop", null)));
        Assert.Equal(0, await shared.Network.Store.Journal.ReadHeadAsync("cl-north", default));
    }

    public static TheoryData<string?> Forged => new()
    {
        null, "", "|", "||||", "nurse-1", "0|1|2|3|4", new string('0', 64) + "|99999999999|1023||admin", new string('z', 64) + "|99999999999|1023||admin",
        new string('0', 62) + "|99999999999|1023||admin", "|99999999999|1023||admin",
    };

    [Theory]
    [MemberData(nameof(Forged))]
    public async Task A_forged_seal_opens_nothing(string? text)
    {
        RequestContext.Set(ContextKey, text!);
        await RefusedAsync(() => Cluster.Patient("nobody").Read(Replies.Confirmed));
    }

    [Fact]
    public async Task A_seal_that_was_changed_or_is_another_networks_opens_nothing()
    {
        Seal.Enter(Nurse);
        var good = (string)RequestContext.Get(ContextKey)!;
        Assert.NotNull((await Cluster.Patient("nobody").Read(new(true, 0, new("north")))).Refusal);
        foreach (var at in Enumerable.Range(0, good.Length))
        {
            RequestContext.Set(ContextKey, good[..at] + (good[at] == '1' ? '2' : '1') + good[(at + 1)..]);
            await RefusedAsync(() => Cluster.Patient("nobody").Read(new(true, 0, new("north"))));
        }

        new CallerSeal(new byte[32], shared.Network.Clock).Enter(Nurse);
        await RefusedAsync(() => Cluster.Patient("nobody").Read(new(true, 0, new("north"))));
    }

    [Fact]
    public async Task A_caller_does_what_its_roles_are_for_as_itself_and_for_its_own_site()
    {
        Seal.Enter(Nurse);
        Assert.Equal("PATIENT_NOT_FOUND", (await Cluster.Patient("nobody").RecordAssessment(Commands.Assess("a-1", 1, 10), Of("nurse-1", "north"))).Refusal!.Reason);
        await RefusedAsync(() => Cluster.Patient("nobody").RecordConsultation(Commands.Consult(), Of("nurse-1", "north")));
        await RefusedAsync(() => Cluster.Patient("nobody").CloseMilestone(new(Domain.Outcomes.Milestone.Week4), Of("nurse-1", "north")));
        await RefusedAsync(() => Cluster.Release.Publish(Of("nurse-1", "north")));
        await RefusedAsync(() => Cluster.Patient("nobody").RecordAssessment(Commands.Assess("a-1", 1, 10), Of("admin", "north")));
        await RefusedAsync(() => Cluster.Patient("nobody").RecordAssessment(Commands.Assess("a-1", 1, 10), Of("nurse-1", "south")));
        await RefusedAsync(() => Cluster.Patient("nobody").RecordAssessment(Commands.Assess("a-1", 1, 10), Of("nurse-1", null)));
        await RefusedAsync(() => Cluster.Patient("nobody").Read(new(true, 0, null)));
        await RefusedAsync(() => Cluster.Patient("nobody").ReadPlan(new(true, 0, new("south"))));
        await RefusedAsync(() => Cluster.Patient("nobody").ReadHistory(new(true, 0, new("south")), 0, 10));
    }

    /// <summary>Not even for the network itself: somebody forgot to say for whom it is.</summary>
    [Fact]
    public async Task A_method_that_names_no_roles_is_for_nobody()
    {
        var call = DispatchProxy.Create<IIncomingGrainCallContext, CallWithoutRoles>();
        Seal.Enter(CallerSeal.System);
        await RefusedAsync(() => new CallerFilter(Seal, NullLogger<CallerFilter>.Instance).Invoke(call));
    }

    [Fact]
    public async Task A_sites_lists_are_read_for_it_or_for_the_network()
    {
        Seal.Enter(Nurse with { Site = "south" });
        await RefusedAsync(() => Cluster.Clinic("north").ReadRoster("", 10));
        await RefusedAsync(() => Cluster.Clinic("north").ReadWorklist(null, 10));
        foreach (var site in (string[])["north", ""])
        {
            Seal.Enter(Nurse with { Site = site });
            Assert.Equal("CLINIC_NOT_FOUND", (await Cluster.Clinic("north").ReadRoster("", 10)).Refusal!.Reason);
            Assert.Equal("CLINIC_NOT_FOUND", (await Cluster.Clinic("north").ReadWorklist(null, 10)).Refusal!.Reason);
        }
    }

    [Fact]
    public void A_seal_ends()
    {
        var clock = new StandingClock();
        var seal = new CallerSeal(new byte[32], clock);
        var first = seal.Enter(Nurse, null);
        Assert.Equal(Nurse, seal.Open(first.Text));
        Assert.Same(first, seal.Enter(Nurse, first));
        Assert.NotSame(first, seal.Enter(Nurse with { Site = "south" }, first));
        clock.Now += TimeSpan.FromMinutes(4);
        Assert.NotEqual(first.Text, seal.Enter(Nurse, first).Text);
        Assert.NotNull(seal.Open(first.Text));
        clock.Now += TimeSpan.FromMinutes(7);
        Assert.Null(seal.Open(first.Text));
    }

    private static async Task RefusedAsync(Func<Task> call) => await Assert.ThrowsAsync<UnauthorizedAccessException>(call);
}

/// <summary>A call of a method of our assembly that says nothing of roles.</summary>
public class CallWithoutRoles : DispatchProxy
{
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
    {
        "get_InterfaceMethod" => typeof(CallerSeal).GetMethod(nameof(CallerSeal.Open)),
        "Invoke" => Task.CompletedTask,
        _ => throw new NotSupportedException(targetMethod.Name),
    };
}

/// <summary>A silo to which nobody adds a seal.</summary>
public sealed class UnsealedNetwork : IAsyncLifetime
{
    public NetworkUnderTest Network { get; private set; } = null!;

    public ClusterUnderTest Cluster { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Network = await NetworkUnderTest.CreateStoreAsync(null, []);
        Cluster = await ClusterUnderTest.StartAsync(Network, NetworkUnderTest.NoSnapshots, sealsCalls: false);
    }

    public async Task DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await Network.DisposeAsync();
    }
}
