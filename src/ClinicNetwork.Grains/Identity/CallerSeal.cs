using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Identity;

/// <summary>Who a grain is called for, as the gateway found it on the connection.</summary>
/// <param name="Name">The journal's actor.</param>
/// <param name="Site">Acting clinic's id; empty: the network.</param>
/// <param name="Connection">Name of the certificate that the call came over; empty: nobody outside called.</param>
public sealed record SealedCaller(string Name, Roles Roles, string Site, string Connection = "")
{
    /// <summary>The id of the one patient that the caller is; empty: it is none. Such a caller acts for no site.</summary>
    public string Patient { get; init; } = "";

    /// <summary>The id of the one partner that the caller is; empty: it is none. Such a caller acts for no site.</summary>
    public string Partner { get; init; } = "";
}

/// <summary>
/// Who calls, on its way from the gateway to the grain: a value of the call's context under a key that every process of the network derives from the
/// master key. Whoever reaches a silo without that key can call no grain.
/// </summary>
/// <param name="secret">32 bytes.</param>
public sealed class CallerSeal(byte[] secret, IStoreClock clock)
{
    /// <summary>Purpose of <see cref="IStore.DeriveSecret"/>.</summary>
    public const string Purpose = "caller-seal";

    /// <summary>Of the call's context.</summary>
    internal const string ContextKey = "clinicnetwork-caller";

    /// <summary>Longer than any call, and two clocks' difference.</summary>
    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(10);

    /// <summary>One that is used again is made anew when less than this is left.</summary>
    private static readonly TimeSpan LeftMin = TimeSpan.FromMinutes(7);

    private const char Between = '|';

    /// <summary>Stands before a patient in the site's place, where no site's id can: a silo that knows no patients' seals finds that the caller acts for another site.</summary>
    private const string PatientMark = "patients/";

    /// <inheritdoc cref="PatientMark"/>
    private const string PartnerMark = "partners/";

    /// <summary>For calls that nobody outside asked for: what is due, and a store's first publication day.</summary>
    public static SealedCaller System { get; } = new("system", Roles.System, "");

    /// <summary>Whom the grain call under way is for; null: its seal is none of this network.</summary>
    public SealedCaller? Current => Open(RequestContext.Get(ContextKey) as string);

    /// <summary>Every grain call that this flow makes from now on is for this caller.</summary>
    public void Enter(SealedCaller caller) => RequestContext.Set(ContextKey, Seal(caller).Text);

    /// <param name="last">What this caller got before, which may still be good.</param>
    public CallerToken Enter(SealedCaller caller, CallerToken? last)
    {
        var token = last is not null && last.Caller == caller && last.Until - clock.Now >= LeftMin ? last : Seal(caller);
        RequestContext.Set(ContextKey, token.Text);
        return token;
    }

    /// <summary>Null: it is no seal of this network, or its time is over (which a manual clock does not tell).</summary>
    public SealedCaller? Open(string? text)
    {
        if (text?.Split(Between, 6) is not [var mac, var until, var roles, var site, var connection, var name]
            || !long.TryParse(until, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || !int.TryParse(roles, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        Span<byte> told = stackalloc byte[SHA256.HashSizeInBytes];
        return Convert.FromHexString(mac, told, out _, out var written) == OperationStatus.Done && written == told.Length
            && CryptographicOperations.FixedTimeEquals(told, Mac(text[(mac.Length + 1)..]))
            && (clock.IsManual || seconds >= clock.Now.ToUnixTimeSeconds())
            ? site.StartsWith(PatientMark, StringComparison.Ordinal) ? new(name, (Roles)number, "", connection) { Patient = site[PatientMark.Length..] }
            : site.StartsWith(PartnerMark, StringComparison.Ordinal) ? new(name, (Roles)number, "", connection) { Partner = site[PartnerMark.Length..] }
            : new(name, (Roles)number, site, connection)
            : null;
    }

    /// <summary>The name comes last: that of a token may hold what stands between, that of a certificate, the connection's, may not.</summary>
    private CallerToken Seal(SealedCaller caller)
    {
        var until = clock.Now + GoodFor;
        var acting = caller.Patient.Length > 0 ? PatientMark + caller.Patient : caller.Partner.Length > 0 ? PartnerMark + caller.Partner : caller.Site;
        var content = string.Create(CultureInfo.InvariantCulture, $"{until.ToUnixTimeSeconds()}{Between}{(int)caller.Roles}{Between}{acting}{Between}{caller.Connection}{Between}{caller.Name}");
        return new(caller, until, Convert.ToHexStringLower(Mac(content)) + Between + content);
    }

    private byte[] Mac(string content) => HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(content));
}

/// <summary>A sealed caller, to be used for later calls of the same.</summary>
public sealed record CallerToken(SealedCaller Caller, DateTimeOffset Until, string Text);
