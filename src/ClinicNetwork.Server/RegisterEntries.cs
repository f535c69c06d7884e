using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Grains;
using ClinicNetwork.Journal;
using ClinicNetwork.Journal.Audit;
using ClinicNetwork.Server.Keys;

namespace ClinicNetwork.Server;

/// <summary>
/// Enters into the audit what the files beside the authority say of who may come in: certificates issued and revoked, machines registered and removed. That happens without
/// a database, and is taken up from the files: written to the database itself, and again at the next look until it is there. Every gateway enters every line at its start
/// and new ones within seconds; an entry's id is made of its line, so that it stands there once.
/// </summary>
internal sealed class RegisterEntries(string folder, IAuditLog audit, TimeProvider time, ILogger<RegisterEntries> log) : BackgroundService
{
    /// <summary>Lines in one transaction.</summary>
    internal const int GroupMax = 500;

    /// <summary>Who acts is whoever has the authority's file; its own name is not known.</summary>
    private const string Actor = "authority";

    /// <summary>HL7 v3 ActReason: "to administer the electronic systems used for the delivery of health care".</summary>
    private const string Purpose = "HSYSADMIN";

    /// <summary>Texts of an entry are short; a longer line was not written by <c>certs</c>.</summary>
    private const int LineMax = 2_000;

    private const int SerialMax = 40;

    /// <summary>Ids of the entries that the database has; as many as there are lines.</summary>
    private readonly HashSet<Guid> _entered = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var trouble = new TroubleLine(log, "The audit of certificates and machines waits", "The audit of certificates and machines goes on");
        using var timer = new PeriodicTimer(Registers.Every, time);
        do
        {
            trouble.Tell(await EnterAsync(stoppingToken));
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Null: the database has every line of the files. Else why not; the next look begins with what it lacks. For one at a time.</summary>
    internal async Task<string?> EnterAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var group in Read().Where(entry => !_entered.Contains(entry.EntryId!.Value)).Chunk(GroupMax))
            {
                await audit.RecordAsync(group, cancellationToken);
                _entered.UnionWith(group.Select(entry => entry.EntryId!.Value));
            }

            return null;
        }
        catch (StoreUnavailableException)
        {
            return "the database does not answer";
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return exception.GetType().Name;
        }
    }

    /// <summary>Of all lines. A file that cannot be read keeps nobody from the others, and is told by <see cref="Registers"/>.</summary>
    private List<AccessRecord> Read()
    {
        var now = time.GetUtcNow();
        var entries = new List<AccessRecord>();
        foreach (var read in (Func<IEnumerable<AccessRecord?>>[])[
            () => CertificateRegister.ReadRevocations(folder).Select(line => RevocationOf(line, now)),
            () => CertificateRegister.ReadIssued(folder).Select(IssueOf),
            () => ClientRegister.ReadLines(folder).Select(line => ChangeOf(line, now))])
        {
            try
            {
                entries.AddRange(read().OfType<AccessRecord>());
            }
            catch (StoreRefusedException)
            {
                // The next look reads it again.
            }
        }

        return entries;
    }

    /// <summary>Null: it is no line of <c>certs issue</c>.</summary>
    internal static AccessRecord? IssueOf(string[] line) => line is [var serial, var name, var roles, var sites, var at, _] && RegisterFile.InstantOf(at) is { } when
        ? Of(line, when, $"certs/issue {name} {roles}", sites, "certificate-" + serial)
        : null;

    /// <summary>Null: it revokes nothing. A line whose end was torn off revokes as well.</summary>
    /// <param name="now">When it was read: of a line whose time was torn off.</param>
    internal static AccessRecord? RevocationOf(string[] line, DateTimeOffset now) =>
        line[0].Trim().ToUpperInvariant() is { Length: >= 1 and <= SerialMax } serial && !serial.AsSpan().ContainsAnyExcept("0123456789ABCDEF")
            ? Of(line, InstantOf(line, now), "certs/revoke", "", "certificate-" + serial)
            : null;

    /// <summary>What a line makes of a machine: registered with roles, sites and keys, or, when it cannot be read, nobody any more. Null: of no machine.</summary>
    /// <inheritdoc cref="RevocationOf"/>
    internal static AccessRecord? ChangeOf(string[] line, DateTimeOffset now) => !Slug.IsValid(line[0]) ? null
        : ClientRegister.ClientOf(line) is { } client
            ? Of(line, InstantOf(line, now), $"clients/register {RoleNames.Join(client.Roles, '+')} {KeysOf(client.Keys)}", client.Partner?.Name ?? string.Join('+', client.Sites.Select(site => site.Value)), "client-" + client.Id)
            : Of(line, InstantOf(line, now), "clients/remove", "", "client-" + line[0]);

    /// <summary>Their URL, or by which they can be told from others.</summary>
    private static string KeysOf(string keys) =>
        keys.StartsWith('{') ? "jwks-sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(keys))) : keys;

    private static DateTimeOffset InstantOf(string[] line, DateTimeOffset now) => RegisterFile.InstantOf(line[^1]) ?? now;

    private static AccessRecord? Of(string[] line, DateTimeOffset at, string action, string sites, string subject)
    {
        var whole = string.Join(',', line);
        return action.Length + sites.Length <= LineMax
            ? new(at, action, Actor, sites, subject, Purpose, "OK", 1, new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(whole)).AsSpan(0, 16), bigEndian: true))
            : null;
    }
}
