using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Audit;
using ClinicNetwork.Gateway.Identity;
using ClinicNetwork.Gateway.Tests.Harness;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Exchange.V1;
using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClinicNetwork.Gateway.Tests.Audit;

/// <summary>What is refused and what leaves the network is durable before the caller is told.</summary>
public sealed class AuditInterceptorTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly RpcException NotThere = new(new Status(StatusCode.NotFound, "not there"));

    private readonly string _folder = Directory.CreateTempSubdirectory("clinicnetwork-interceptor-").FullName;

    [Theory]
    [InlineData("unary")]
    [InlineData("stream of answers")]
    [InlineData("both ways")]
    public async Task A_refusal_is_told_when_it_is_durable(string shape)
    {
        var context = Call("/clinicnetwork.care.v1.PatientService/GetPatient");
        await AssertHeldAsync(
            log => shape switch
            {
                "unary" => log.UnaryServerHandler<GetPatientRequest, GetPatientResponse>(new() { Name = "patients/a" }, context, (_, _) => throw NotThere),
                "both ways" => log.DuplexStreamingServerHandler<GetPatientRequest, GetPatientResponse>(null!, new Answers<GetPatientResponse>(), context, (_, _, _) => throw NotThere),
                _ => log.ServerStreamingServerHandler<GetPatientRequest, GetPatientResponse>(new() { Name = "patients/a" }, new Answers<GetPatientResponse>(), context, (_, _, _) => throw NotThere),
            },
            async call => Assert.Same(NotThere, await Assert.ThrowsAsync<RpcException>(() => call)),
            "NotFound");
    }

    [Fact]
    public async Task What_is_released_is_told_when_it_is_durable()
    {
        var context = Call("/clinicnetwork.exchange.v1.ReleaseService/GetManifest");
        await AssertHeldAsync(
            log => log.UnaryServerHandler<GetManifestRequest, GetManifestResponse>(new(), context, (_, _) => Task.FromResult(new GetManifestResponse())), call => call, "OK");
        var answers = new Answers<GetManifestResponse>();
        await AssertHeldAsync(
            log => log.ServerStreamingServerHandler<GetManifestRequest, GetManifestResponse>(new(), answers, context, (_, writer, _) => writer.WriteAsync(new())),
            call => call,
            "OK",
            () => Assert.Empty(answers.Taken));
        Assert.Single(answers.Taken);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <param name="begin">The call, which does not end before it is kept.</param>
    private async Task AssertHeldAsync(Func<AuditInterceptor, Task> begin, Func<Task, Task> end, string outcome, Action? meanwhile = null)
    {
        var kept = new Keeper { Blocked = true };
        using var spool = AccessSpool.OpenIn(_folder, new byte[32], NullLogger<AccessSpool>.Instance);
        using var log = new AccessLog(kept, spool, TimeProvider.System, NullLogger<AccessLog>.Instance);
        await log.StartAsync(default);
        var call = begin(new AuditInterceptor(log, TimeProvider.System));
        await kept.Asked.Task.WaitAsync(Patience);
        Assert.False(call.IsCompleted, "It is told before it is durable.");
        meanwhile?.Invoke();
        kept.Release();
        await end(call.WaitAsync(Patience));
        Assert.Equal((outcome, "nurse-1"), (Assert.Single(kept.Accesses).Outcome, kept.Accesses[0].Actor));
        await log.StopAsync(default);
    }

    private static OneCall Call(string method)
    {
        var context = new OneCall(method: method);
        new Caller("nurse-1", new Scope(Roles.Nurse, new HashSet<ClinicId>(), true)).Take(context);
        return context;
    }
}
