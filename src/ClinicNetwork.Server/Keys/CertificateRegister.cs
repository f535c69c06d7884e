using System.Collections.Frozen;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Server.Keys;

/// <summary>
/// What the authority issued, and what was revoked of it: two files beside the authority, each only ever appended to, a line at a time under a lock.
/// </summary>
internal static class CertificateRegister
{
    public const string IssuedFile = "issued.csv";
    public const string RevokedFile = "revoked.csv";

    private const string IssuedHeading = "serial,name,roles,sites,issued_at,ends_at";
    private const string RevokedHeading = "serial,revoked_at";

    /// <summary>Another process that appends is waited for no longer than this.</summary>
    private static readonly TimeSpan LockMax = TimeSpan.FromSeconds(1);

    public static void Issued(string folder, X509Certificate2 certificate, string name, string roles, string sites, TimeProvider time) => Append(
        Path.Combine(folder, IssuedFile), IssuedHeading,
        string.Create(CultureInfo.InvariantCulture, $"{certificate.SerialNumber},{name},{roles},{sites},{Iso(time.GetUtcNow())},{Iso(certificate.NotAfter.ToUniversalTime())}"));

    public static void Revoked(string folder, string serial, TimeProvider time) =>
        Append(Path.Combine(folder, RevokedFile), RevokedHeading, $"{serial},{Iso(time.GetUtcNow())}");

    /// <summary>Lines of what was issued, without the heading, the oldest first.</summary>
    public static IReadOnlyList<string[]> ReadIssued(string folder) => [.. Lines(Path.Combine(folder, IssuedFile)).Select(line => line.Split(','))];

    /// <summary>Serial numbers, in capitals.</summary>
    public static FrozenSet<string> ReadRevoked(string folder) =>
        Lines(Path.Combine(folder, RevokedFile)).Select(line => line.Split(',')[0].Trim().ToUpperInvariant()).ToFrozenSet(StringComparer.Ordinal);

    private static string Iso(DateTimeOffset instant) => instant.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Whole lines: one that is being written has no end yet and is read the next time.</summary>
    private static IEnumerable<string> Lines(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        var text = Insist(path, () =>
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        });
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1);
    }

    private static void Append(string path, string heading, string line)
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        Insist(path, () =>
        {
            using var stream = new FileStream(path, options);
            using var writer = new StreamWriter(stream);
            writer.Write(stream.Position == 0 ? $"{heading}\n{line}\n" : line + "\n");
            writer.Flush();
            stream.Flush(flushToDisk: true);
            return true;
        });
    }

    /// <summary>Another process holds the file for a moment while it appends.</summary>
    private static T Insist<T>(string path, Func<T> use)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return use();
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(began) < LockMax)
            {
                Thread.Yield();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new StoreRefusedException($"{path} cannot be used: {exception.Message}");
            }
        }
    }
}
