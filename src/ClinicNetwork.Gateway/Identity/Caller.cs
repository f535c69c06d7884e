using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Identity.Tokens;
using ClinicNetwork.Grains.Identity;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace ClinicNetwork.Gateway.Identity;

/// <summary>
/// Who calls: whoever is at the other end of the connection, by the certificate that it was opened with (read once for each connection), or who a token
/// names that came with the call.
/// </summary>
internal sealed class Caller(string name, Scope scope, GoodToken? token = null, string? connection = null)
{
    private static readonly ConditionalWeakTable<X509Certificate2, Caller> Connected = [];

    private volatile CallerToken? _seal;

    private Caller(X509Certificate2 certificate)
        : this(certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false), ScopeOf(certificate)) =>
        (Thumbprint, Serial) = (Base64Url.EncodeToString(SHA256.HashData(certificate.RawData)), certificate.SerialNumber);

    /// <summary>What the journal calls it: the certificate's common name, or the token's subject.</summary>
    public string Name => name;

    /// <summary>Name of the connection's certificate; without a token the same as <see cref="Name"/>.</summary>
    public string Connection => connection ?? name;

    /// <summary>Of the connection's certificate: what an operator finds it by; empty of a token's caller.</summary>
    public string Serial { get; } = "";

    public Scope Scope => scope;

    public Roles Roles => scope.Roles;

    /// <summary>The one patient that the caller is; null: it is none.</summary>
    public PatientId? Patient => scope.Patient;

    /// <summary>The one partner that the caller is; null: it is none.</summary>
    public PartnerId? Partner => scope.Partner;

    /// <summary>Of the connection's certificate, as <c>x5t#S256</c> says it (RFC 8705, section 3.1); empty of a token's caller.</summary>
    public string Thumbprint { get; } = "";

    /// <summary>Null: it is the connection's own.</summary>
    public GoodToken? Token => token;

    /// <param name="site">Null: the network.</param>
    public bool MayActFor(ClinicId? site) => scope.MayActFor(site);

    /// <summary>Grain calls of this flow are for this caller from now on.</summary>
    public void Enter(CallerSeal seal, ClinicId? site) => _seal = seal.Enter(new(Name, Roles, site?.Value ?? "", Connection) { Patient = Patient?.Value ?? "", Partner = Partner?.Value ?? "" }, _seal);

    /// <summary>From now on this call is its.</summary>
    public void Take(ServerCallContext context) => context.UserState[typeof(Caller)] = this;

    /// <summary>Of a call whose token was not looked at yet, or is not good: the connection's.</summary>
    /// <exception cref="InvalidOperationException">The connection came in without a certificate; the listener lets none in.</exception>
    public static Caller Of(ServerCallContext context) =>
        context.UserState.TryGetValue(typeof(Caller), out var taken) ? (Caller)taken : OfConnection(context.GetHttpContext());

    /// <inheritdoc cref="Of"/>
    public static Caller OfConnection(HttpContext context) => Connected.GetValue(
        context.Connection.ClientCertificate ?? throw new InvalidOperationException("A call without a certificate."), certificate => new(certificate));

    private static Scope ScopeOf(X509Certificate2 certificate)
    {
        var (roles, sites, isNetwork, patient, partner) = CertificateScope.Read(certificate);
        return patient is { } one ? Scope.Of(one, roles) : partner is { } other ? Scope.Of(other, roles) : new(roles, sites, isNetwork);
    }
}
