using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Gateway.Audit;
using ClinicNetwork.Journal;
using ClinicNetwork.Journal.Audit;
using ClinicNetwork.Server.Keys;

namespace ClinicNetwork.Server;

/// <summary>
/// Enters into the audit what the authority issued and revoked: that happens in files, without a database, and is taken up from them. Every gateway
/// enters every line at its start and new ones within seconds; an entry's id is made of its line, so that it stands there once.
/// </summary>
internal sealed class CertificateEntries(string folder, AccessLog log, TimeProvider time, ILogger<CertificateEntries> logger) : BackgroundService
{
    /// <summary>Who acts is whoever has the authority's file; its own name is not known.</summary>
    private const string Actor = "authority";

    /// <summary>Texts of an entry are short; a longer line was not written by <c>certs</c>.</summary>
    private const int LineMax = 2_000;

    private int _issued;
    private int _revoked;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(RevokedConnections.Every, time);
        do
        {
            try
            {
                _issued = Enter(CertificateRegister.ReadIssued(folder), _issued, IssueOf);
                _revoked = Enter(CertificateRegister.ReadRevocations(folder), _revoked, RevocationOf);
            }
            catch (StoreRefusedException exception)
            {
                logger.LogWarning("{Problem} What was issued or revoked is entered into the audit later.", exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

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
