using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Gateway.Audit;
using ClinicNetwork.Journal.Audit;

namespace ClinicNetwork.Server;

/// <summary>
/// Enters into the audit what the authority issued and revoked: that happens in files, without a database, and is taken up from them. Every gateway
/// enters every line at its start and new ones within seconds; an entry's id is made of its line, so that it stands there once.
/// </summary>
internal sealed class CertificateEntries(AccessLog log)
{
    /// <summary>Who acts is whoever has the authority's file; its own name is not known.</summary>
    private const string Actor = "authority";

    /// <summary>Texts of an entry are short; a longer line was not written by <c>certs</c>.</summary>
    private const int LineMax = 2_000;

    private int _issued;
    private int _revoked;

    /// <param name="lines">All of the register, the oldest first; for one thread at a time.</param>
    public void EnterIssued(IReadOnlyList<string[]> lines) => _issued = Enter(lines, _issued, IssueOf);

    /// <inheritdoc cref="EnterIssued"/>
    public void EnterRevoked(IReadOnlyList<string[]> lines) => _revoked = Enter(lines, _revoked, RevocationOf);

    /// <summary>How many lines are entered now: the next ones when there is room.</summary>
    private int Enter(IReadOnlyList<string[]> lines, int entered, Func<string[], AccessRecord?> of)
    {
        for (; entered < lines.Count; entered++)
        {
            if (of(lines[entered]) is { } access && !log.TryKeep(access))
            {
                return entered;
            }
        }

        return entered;
    }

    /// <summary>Null: it is no line of <c>certs</c>.</summary>
    internal static AccessRecord? IssueOf(string[] line) => line is [var serial, var name, var roles, var sites, var at, _]
        ? Of(line, at, $"certs/issue {name} {roles}", sites, serial)
        : null;

    /// <inheritdoc cref="IssueOf"/>
    internal static AccessRecord? RevocationOf(string[] line) => line is [var serial, var at] ? Of(line, at, "certs/revoke", "", serial) : null;

    private static AccessRecord? Of(string[] line, string at, string action, string sites, string serial)
    {
        var whole = string.Join(',', line);
        return whole.Length <= LineMax && DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var when)
            ? new(when, action, Actor, sites, "certificate-" + serial, "", "OK", 1, new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(whole)).AsSpan(0, 16), bigEndian: true))
            : null;
    }
}
