using System.Security.Cryptography.X509Certificates;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Identity;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Server.Keys;

/// <summary>
/// The administrator's client certificate, its private key and the authority's certificate, in one file of the key folder, mode 0600: all that
/// <c>clinicnet</c> needs to connect. Made where it is missing or about to end; whoever may write to that folder holds the authority itself.
/// </summary>
internal static class AdminIdentityFile
{
    public const string FileName = "admin.pem";

    /// <summary>What the journal calls its holder.</summary>
    private const string Name = "admin";

    /// <summary>Whoever begins is everything at every site; those who come later get less.</summary>
    private static readonly Roles AllRoles = RoleNames.All.Values.Aggregate((all, role) => all | role);

    private static readonly TimeSpan Life = TimeSpan.FromDays(365);

    /// <summary>So long before its end it is made anew.</summary>
    private static readonly TimeSpan Renewed = TimeSpan.FromDays(30);

    /// <summary>Makes it where it has to be made, and tells where it lies. A folder that cannot be written (a Secret) is left: it was made with the keys.</summary>
    public static void Ensure(string folder, NetworkAuthority authority, TimeProvider time)
    {
        var path = Path.Combine(folder, FileName);
        if (!IsGood(path, authority, time))
        {
            using var certificate = authority.IssueClient(Name, CertificateScope.Uris(AllRoles, []), Life);
            try
            {
                CertificateRegister.Issued(folder, certificate, Name, "all", "", time);
                SecretFile.Write(path, authority.IdentityOf(certificate), replace: true);
            }
            catch (StoreRefusedException)
            {
                return;
            }
        }

        Console.WriteLine($"administrator's certificate: {path}");
    }

    private static bool IsGood(string path, NetworkAuthority authority, TimeProvider time)
    {
        if (!File.Exists(path))
        {
            return false;
        }

        try
        {
            using var certificate = SecretFile.Read(path, text => X509Certificate2.CreateFromPem(text, text));
            return certificate.NotAfter.ToUniversalTime() - Renewed > time.GetUtcNow().UtcDateTime
                && authority.HasSigned(certificate);
        }
        catch (StoreRefusedException)
        {
            return false;
        }
    }
}
