using System.Security.Cryptography;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Exchange;
using ClinicNetwork.Gateway.Identity;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Gateway.Tests.Harness;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using Grpc.Core;

namespace ClinicNetwork.Gateway.Tests.Exchange;

/// <summary>The release service on a store in memory, and its callers.</summary>
internal sealed class ReleaseGateway : IDisposable
{
    public static readonly DateTimeOffset Today = new(2026, 3, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public ReleaseGateway()
    {
        var secrets = new ReleaseSecrets(purpose => SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(purpose)), _key);
        Store = new(secrets);
        Service = new(null!, Store, new PartnerAgreements(Store, Clock), secrets, new SignedTokens(new byte[32], "i"), Clock, Time, Life);
    }

    public FakeExchange Store { get; }

    public DayClock Clock { get; } = new();

    public HandTime Time { get; } = new();

    public HostLife Life { get; } = new();

    public ReleaseGatewayService Service { get; }

    public static ServerCallContext Partner(string partner = "registry-a", CancellationToken gone = default) => Call(Scope.Of(new PartnerId(partner), Roles.Registry), gone);

    public static ServerCallContext NoPartner() => Call(new(Roles.Registry | Roles.NetworkAdmin, new HashSet<ClinicId>(), true), default);

    public void Dispose()
    {
        _key.Dispose();
        Life.Dispose();
    }

    private static OneCall Call(Scope scope, CancellationToken gone)
    {
        var call = new OneCall(gone);
        new Caller("tester", scope).Take(call);
        return call;
    }

    internal sealed class DayClock : IStoreClock
    {
        public bool IsManual => true;

        public DateTimeOffset Now { get; set; } = Today;

        public Task AdvanceAsync(DateTimeOffset to, CancellationToken cancellationToken)
        {
            Now = to;
            return Task.CompletedTask;
        }
    }
}
