using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Grains.Identity;
using Grpc.Core;

namespace ClinicNetwork.Gateway.Identity;

/// <summary>Who is at the other end of a connection, by the certificate that it was opened with. Read once for each connection.</summary>
internal sealed class Caller
{
    private static readonly ConditionalWeakTable<X509Certificate2, Caller> Connected = [];

    private readonly IReadOnlySet<ClinicId> _sites;
    private readonly bool _isNetwork;
    private volatile CallerToken? _token;

    private Caller(X509Certificate2 certificate)
    {
        Name = certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);
        (Roles, _sites, _isNetwork) = CertificateScope.Read(certificate);
    }

    /// <summary>What the journal calls it: the certificate's common name.</summary>
    public string Name { get; }

    public Roles Roles { get; }

    /// <param name="site">Null: the network.</param>
    public bool MayActFor(ClinicId? site) => _isNetwork || (site is { } one && _sites.Contains(one));

    /// <summary>Grain calls of this flow are for this caller from now on.</summary>
    public void Enter(CallerSeal seal, ClinicId? site) => _token = seal.Enter(new(Name, Roles, site?.Value ?? ""), _token);

    /// <exception cref="InvalidOperationException">The connection came in without a certificate; the listener lets none in.</exception>
    public static Caller Of(ServerCallContext context) => Connected.GetValue(
        context.GetHttpContext().Connection.ClientCertificate ?? throw new InvalidOperationException("A call without a certificate."), certificate => new(certificate));
}
