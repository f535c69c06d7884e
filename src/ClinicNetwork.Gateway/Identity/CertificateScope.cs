using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Gateway.Identity;

/// <summary>
/// Roles and sites of a certificate's holder, or the patient or partner that it is: URIs among its subject alternative names (RFC 5280, section 4.2.1.6), <c>urn:clinicnetwork:role:nurse</c>,
/// <c>urn:clinicnetwork:site:harbour</c>, <c>urn:clinicnetwork:patient:p-7</c>, <c>urn:clinicnetwork:partner:eu-registry</c>. What is not known grants nothing.
/// </summary>
public static class CertificateScope
{
    private const string RolePrefix = "urn:clinicnetwork:role:";
    private const string SitePrefix = "urn:clinicnetwork:site:";
    private const string PatientPrefix = "urn:clinicnetwork:patient:";
    private const string PartnerPrefix = "urn:clinicnetwork:partner:";

    /// <summary>uniformResourceIdentifier of GeneralName.</summary>
    private static readonly Asn1Tag UriTag = new(TagClass.ContextSpecific, 6);

    /// <param name="sites">None: the whole network.</param>
    /// <param name="patient">The patient that the holder is; null: none.</param>
    /// <param name="partner">The partner that the holder is; null: none.</param>
    public static IEnumerable<Uri> Uris(Roles roles, IEnumerable<ClinicId> sites, PatientId? patient = null, PartnerId? partner = null) =>
        RoleNames.All.Where(r => roles.HasFlag(r.Value)).Select(r => r.Key).Order(StringComparer.Ordinal).Select(name => new Uri(RolePrefix + name))
            .Concat(sites.Select(site => new Uri(SitePrefix + site.Value)))
            .Concat(patient is { } one ? [new Uri(PatientPrefix + one.Value)] : [])
            .Concat(partner is { } other ? [new Uri(PartnerPrefix + other.Value)] : []);

    /// <returns>No site and not the network: it may act for nobody.</returns>
    public static (Roles Roles, IReadOnlySet<ClinicId> Sites, bool IsNetwork, PatientId? Patient, PartnerId? Partner) Read(X509Certificate2 certificate)
    {
        var (roles, sites, isNetwork, patients, partners) = (Roles.None, new HashSet<ClinicId>(), true, new List<PatientId?>(), new List<PartnerId?>());
        List<string> uris;
        try
        {
            uris = UrisOf(certificate);
        }
        catch (AsnContentException)
        {
            return (Roles.None, sites, false, null, null);
        }

        foreach (var uri in uris)
        {
            if (uri.StartsWith(RolePrefix, StringComparison.Ordinal))
            {
                roles |= RoleNames.All.GetValueOrDefault(uri[RolePrefix.Length..]);
            }
            else if (uri.StartsWith(SitePrefix, StringComparison.Ordinal))
            {
                // A site that cannot be read is a limit all the same.
                isNetwork = false;
                if (ClinicId.TryParseName("clinics/" + uri[SitePrefix.Length..], out var site))
                {
                    sites.Add(site);
                }
            }
            else if (uri.StartsWith(PatientPrefix, StringComparison.Ordinal))
            {
                patients.Add(PatientId.TryParseName("patients/" + uri[PatientPrefix.Length..], out var patient) ? patient : null);
            }
            else if (uri.StartsWith(PartnerPrefix, StringComparison.Ordinal))
            {
                partners.Add(PartnerId.TryParseName("partners/" + uri[PartnerPrefix.Length..], out var partner) ? partner : null);
            }
        }

        // One that cannot be read, or a second, is a limit all the same: nobody is two.
        return (patients, partners) is ([], []) or ([not null], []) or ([], [not null])
            ? (roles, sites, isNetwork, patients.SingleOrDefault(), partners.SingleOrDefault())
            : (Roles.None, sites, false, null, null);
    }

    private static List<string> UrisOf(X509Certificate2 certificate)
    {
        var uris = new List<string>();
        foreach (var extension in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
        {
            var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                if (names.PeekTag().HasSameClassAndValue(UriTag))
                {
                    uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, UriTag));
                }
                else
                {
                    names.ReadEncodedValue();
                }
            }
        }

        return uris;
    }
}
