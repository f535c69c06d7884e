using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace ClinicNetwork.Server.Keys;

/// <summary>What the authority issued, and what was revoked of it: two files beside the authority.</summary>
internal static class CertificateRegister
{
    public const string IssuedFile = "issued.csv";
    public const string RevokedFile = "revoked.csv";

    private const string IssuedHeading = "serial,name,roles,sites,issued_at,ends_at";
    private const string RevokedHeading = "serial,revoked_at";

    public static void Issued(string folder, X509Certificate2 certificate, string name, string roles, string sites, TimeProvider time) => RegisterFile.Append(
        Path.Combine(folder, IssuedFile), IssuedHeading,
        string.Create(CultureInfo.InvariantCulture, $"{certificate.SerialNumber},{name},{roles},{sites},{RegisterFile.Iso(time.GetUtcNow())},{RegisterFile.Iso(certificate.NotAfter.ToUniversalTime())}"));

    public static void Revoked(string folder, string serial, TimeProvider time) =>
        RegisterFile.Append(Path.Combine(folder, RevokedFile), RevokedHeading, $"{serial},{RegisterFile.Iso(time.GetUtcNow())}");

    /// <summary>Lines of what was issued, without the heading, the oldest first.</summary>
    public static IReadOnlyList<string[]> ReadIssued(string folder) => [.. RegisterFile.Lines(Path.Combine(folder, IssuedFile)).Select(line => line.Split(','))];

    /// <summary>Lines of what was revoked, without the heading, the oldest first.</summary>
    public static IReadOnlyList<string[]> ReadRevocations(string folder) => [.. RegisterFile.Lines(Path.Combine(folder, RevokedFile)).Select(line => line.Split(','))];

    /// <summary>Serial numbers, in capitals.</summary>
    public static FrozenSet<string> ReadRevoked(string folder) =>
        ReadRevocations(folder).Select(line => line[0].Trim().ToUpperInvariant()).ToFrozenSet(StringComparer.Ordinal);
}
