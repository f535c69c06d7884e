using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using ClinicNetwork.Journal;

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

    /// <summary>Made with the authority, so that where it is missing it was lost.</summary>
    public static void BeginRevocations(string folder) => RegisterFile.Begin(Path.Combine(folder, RevokedFile), RevokedHeading);

    /// <summary>Whole lines of what was issued, without the heading, the oldest first; part of a line that was torn is none: its certificate was not handed out.</summary>
    public static IReadOnlyList<string[]> ReadIssued(string folder) =>
    [
        .. (RegisterFile.Lines(Path.Combine(folder, IssuedFile), IssuedHeading) ?? []).Select(line => line.Split(','))
            .Where(fields => fields.Length == 6 && RegisterFile.InstantOf(fields[4]) is not null && RegisterFile.InstantOf(fields[5]) is not null),
    ];

    /// <summary>Lines of what was revoked, without the heading, the oldest first; a torn one revokes too, if its serial number is whole.</summary>
    /// <exception cref="StoreRefusedException">The file is missing or cannot be read.</exception>
    public static IReadOnlyList<string[]> ReadRevocations(string folder)
    {
        var path = Path.Combine(folder, RevokedFile);
        return RegisterFile.Lines(path, RevokedHeading) is { } lines
            ? [.. lines.Select(line => line.Split(','))]
            : throw new StoreRefusedException(
                $"{path} is missing, and nobody would be revoked without it; put it back from its backup or, where nothing was ever revoked, make it as an empty file.");
    }

    /// <inheritdoc cref="ReadRevocations"/>
    /// <returns>Serial numbers, in capitals.</returns>
    public static FrozenSet<string> ReadRevoked(string folder) =>
        ReadRevocations(folder).Select(line => line[0].Trim().ToUpperInvariant()).ToFrozenSet(StringComparer.Ordinal);
}
