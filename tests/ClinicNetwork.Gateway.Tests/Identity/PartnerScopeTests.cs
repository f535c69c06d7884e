using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Identity;

namespace ClinicNetwork.Gateway.Tests.Identity;

/// <summary>Whoever is named as a partner is that partner, whatever else its certificate or token says.</summary>
public sealed class PartnerScopeTests
{
    private static readonly PartnerId One = new("eu");
    private static readonly Roles All = RoleNames.All.Values.Aggregate((all, role) => all | role);
    private static readonly Scope Network = new(All, new HashSet<ClinicId>(), true);

    [Fact]
    public void A_partner_is_a_registry_alone_and_acts_for_no_site()
    {
        var scope = Scope.Of(One, All);
        Assert.Equal((Roles.Registry, One), (scope.Roles, scope.Partner));
        Assert.True(scope.MayActFor(null));
        Assert.False(scope.MayActFor(new("harbour")));
    }

    [Fact]
    public void A_token_and_a_connection_allow_together_what_both_do()
    {
        foreach (var (first, second) in ((Scope, Scope)[])[(Scope.Of(One, All), Network), (Scope.Of(One, All), Scope.Of(One, All))])
        {
            Assert.All([first.Within(second), second.Within(first)], both => Assert.Equal((Roles.Registry, One), (both.Roles, both.Partner)));
        }

        foreach (var (first, second) in ((Scope, Scope)[])
            [(Scope.Of(One, All), Scope.Of(new PartnerId("us"), All)), (Scope.Of(One, All), Scope.Of(new PatientId("p-1"), All)), (Scope.Of(One, All), new(All, new HashSet<ClinicId> { new("harbour") }, false))])
        {
            Assert.All([first.Within(second), second.Within(first)], both => Assert.Equal(Roles.None, both.Roles));
        }
    }

    [Theory]
    [InlineData(Roles.Registry, true, "role:registry", "partner:eu")]
    [InlineData(Roles.Registry, true, "partner:eu", "role:network-admin", "role:registry", "site:harbour")]
    [InlineData(Roles.None, true, "partner:eu", "role:network-admin")]
    [InlineData(Roles.None, false, "role:registry", "partner:eu", "partner:us")]
    [InlineData(Roles.None, false, "role:registry", "role:patient", "partner:eu", "patient:p-1")]
    [InlineData(Roles.None, false, "role:registry", "partner:Upper")]
    [InlineData(Roles.None, false, "role:registry", "partner:")]
    public void A_certificate_names_one_partner_or_is_worth_nothing(Roles roles, bool named, params string[] names)
    {
        var (read, sites, isNetwork, _, partner) = CertificateScope.Read(Certificate(names.Select(name => new Uri("urn:clinicnetwork:" + name))));
        var scope = partner is { } one ? Scope.Of(one, read) : new Scope(read, sites, isNetwork);
        Assert.Equal((roles, named ? One : (PartnerId?)null), (scope.Roles, scope.Partner));
        Assert.False(!named && scope.MayActFor(null));
    }

    [Fact]
    public void What_is_issued_for_a_partner_is_read_as_such()
    {
        var read = CertificateScope.Read(Certificate(CertificateScope.Uris(Roles.Registry, [], partner: One)));
        Assert.Equal((Roles.Registry, One), (read.Roles, read.Partner));
    }

    private static X509Certificate2 Certificate(IEnumerable<Uri> names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=tester", key, HashAlgorithmName.SHA256);
        var alternative = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            alternative.AddUri(name);
        }

        request.CertificateExtensions.Add(alternative.Build());
        return request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
    }
}
