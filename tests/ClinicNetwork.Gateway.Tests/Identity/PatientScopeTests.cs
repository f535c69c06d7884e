using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Identity;

namespace ClinicNetwork.Gateway.Tests.Identity;

/// <summary>Whoever is named as a patient is that patient, whatever else its certificate or token says.</summary>
public sealed class PatientScopeTests
{
    private static readonly PatientId One = new("p-1");
    private static readonly PatientId Other = new("p-2");
    private static readonly ClinicId Harbour = new("harbour");
    private static readonly Roles All = RoleNames.All.Values.Aggregate((all, role) => all | role);

    private static readonly Scope Network = new(All, new HashSet<ClinicId>(), true);
    private static readonly Scope Site = new(All, new HashSet<ClinicId> { Harbour }, false);
    private static readonly Scope Nowhere = new(All, new HashSet<ClinicId>(), false);

    [Fact]
    public void A_patient_has_its_own_role_alone_and_acts_for_no_site()
    {
        var scope = Scope.Of(One, All);
        Assert.Equal((Roles.Patient, One), (scope.Roles, scope.Patient));
        Assert.True(scope.MayActFor(null));
        Assert.False(scope.MayActFor(Harbour));
        Assert.Equal(Roles.None, Scope.Of(One, Roles.Clinician | Roles.NetworkAdmin).Roles);
    }

    [Fact]
    public void A_token_and_a_connection_allow_together_what_both_do()
    {
        foreach (var (first, second) in ((Scope, Scope)[])[(Scope.Of(One, All), Network), (Scope.Of(One, All), Scope.Of(One, All))])
        {
            foreach (var both in (Scope[])[first.Within(second), second.Within(first)])
            {
                Assert.Equal((Roles.Patient, One), (both.Roles, both.Patient));
            }
        }

        foreach (var (first, second) in ((Scope, Scope)[])
            [(Scope.Of(One, All), Scope.Of(Other, All)), (Scope.Of(One, All), Site), (Scope.Of(One, All), Nowhere), (Scope.Of(One, All), Network with { Roles = Roles.Clinician })])
        {
            foreach (var both in (Scope[])[first.Within(second), second.Within(first)])
            {
                Assert.Equal(Roles.None, both.Roles);
                Assert.NotNull(both.Patient);
                Assert.False(both.MayActFor(Harbour));
            }
        }

        Assert.Null(Network.Within(Site).Patient);
        Assert.Equal(All, Network.Within(Site).Roles);
    }

    [Theory]
    [InlineData(Roles.Patient, true, "role:patient", "patient:p-1")]
    [InlineData(Roles.Patient, true, "patient:p-1", "role:nurse", "role:patient", "site:harbour")]
    [InlineData(Roles.None, true, "patient:p-1", "role:nurse")]
    [InlineData(Roles.None, false, "role:patient", "role:nurse", "patient:p-1", "patient:p-2")]
    [InlineData(Roles.None, false, "role:patient", "role:nurse", "patient:p-1", "patient:p-1")]
    [InlineData(Roles.None, false, "role:patient", "role:nurse", "patient:Upper")]
    [InlineData(Roles.None, false, "role:patient", "role:nurse", "patient:")]
    public void A_certificate_names_one_patient_or_is_worth_nothing(Roles roles, bool named, params string[] names)
    {
        var (read, sites, isNetwork, patient, _) = CertificateScope.Read(Certificate(names));
        var scope = patient is { } one ? Scope.Of(one, read) : new Scope(read, sites, isNetwork);
        Assert.Equal((roles, named ? One : (PatientId?)null), (scope.Roles, scope.Patient));
        Assert.False(!named && scope.MayActFor(null));
    }

    [Fact]
    public void What_is_issued_for_a_patient_is_read_as_such()
    {
        var names = CertificateScope.Uris(Roles.Patient, [], One).Select(uri => uri.OriginalString["urn:clinicnetwork:".Length..]);
        Assert.Equal((Roles.Patient, One), (CertificateScope.Read(Certificate([.. names])).Roles, CertificateScope.Read(Certificate([.. names])).Patient));
    }

    private static X509Certificate2 Certificate(string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=tester", key, HashAlgorithmName.SHA256);
        var alternative = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            alternative.AddUri(new Uri("urn:clinicnetwork:" + name));
        }

        request.CertificateExtensions.Add(alternative.Build());
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
    }
}
