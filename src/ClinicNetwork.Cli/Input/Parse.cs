using System.Globalization;
using System.Text.RegularExpressions;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.Cli.Input;

/// <summary>Reads one value from text; null when it is none. The limits are those of the protos.</summary>
internal static partial class Parse
{
    private const int AddressesMax = 64;

    internal static Uri? Address(string text) =>
        System.Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)) ? uri : null;

    /// <summary>One address, or several, by comma: with TLS, or of this machine without.</summary>
    internal static IReadOnlyList<Uri>? Addresses(string text)
    {
        var addresses = text.Split(',', StringSplitOptions.TrimEntries).Select(Address).OfType<Uri>().ToArray();
        return addresses.Length == text.Split(',').Length && addresses.Length is >= 1 and <= AddressesMax
            && addresses.All(address => address.Scheme == addresses[0].Scheme)
                ? addresses
                : null;
    }

    /// <summary><c>clinics/harbour</c>, or <c>harbour</c> for short.</summary>
    internal static string? Clinic(string text) => Name("clinics/", text);

    /// <summary><c>patients/p-1</c>, or <c>p-1</c> for short.</summary>
    internal static string? Patient(string text) => Name("patients/", text);

    /// <summary><c>doubles/…</c>, as the list prints it, or what follows the slash.</summary>
    internal static string? Double(string text) => Name("doubles/", text);

    /// <summary><c>approvals/erase-7</c>, or <c>erase-7</c> for short.</summary>
    internal static string? Approval(string text) => Name("approvals/", text);

    /// <summary><c>partners/north/submissions/spring</c>.</summary>
    internal static string? Submission(string text) =>
        text.Split('/') is ["partners", var partner, "submissions", var id] && Id(partner) is not null && Id(id) is not null ? text : null;

    /// <summary><c>partners/eu-registry</c>, or <c>eu-registry</c> for short.</summary>
    internal static string? Partner(string text) => Name("partners/", text);

    /// <summary><c>partners/eu-registry/agreements/outcomes</c>, or <c>eu-registry/outcomes</c> for short.</summary>
    internal static string? Agreement(string text)
    {
        var parts = text.StartsWith("partners/", StringComparison.Ordinal) ? text["partners/".Length..].Split("/agreements/") : text.Split('/');
        return parts is [var partner, var agreement] && Id(partner) is not null && Id(agreement) is not null ? $"partners/{partner}/agreements/{agreement}" : null;
    }

    internal static string? Id(string text) => IdPattern().IsMatch(text) ? text : null;

    internal static Timestamp? Instant(string text) =>
        DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            ? Timestamp.FromDateTimeOffset(instant)
            : null;

    /// <summary>ISO 8601 <c>YYYY-MM-DD</c>.</summary>
    internal static DateOnly? Day(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    internal static int? Whole(string text, int low, int high) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= low && number <= high ? number : null;

    internal static double? Number(string text, double low, double high) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= low && number <= high ? number : null;

    /// <summary><c>120/80</c> in mmHg.</summary>
    internal static BloodPressure? Pressure(string text) =>
        text.Split('/') is [var systolic, var diastolic]
            && Whole(systolic, 50, 300) is { } high && Whole(diastolic, 20, 200) is { } low && low < high
            ? new BloodPressure { SystolicMmhg = high, DiastolicMmhg = low }
            : null;

    /// <summary>Nine answers of 0 to 3, by comma.</summary>
    internal static int[]? Phq9Items(string text)
    {
        var items = text.Split(',').Select(item => Whole(item.Trim(), 0, 3)).ToArray();
        return items.Length == 9 && items.All(item => item is not null) ? [.. items.Select(item => item!.Value)] : null;
    }

    /// <summary>One or more answers of 0 to 9 by comma; <c>-</c> for what was not answered.</summary>
    internal static int?[]? ScaleAnswers(string text)
    {
        var answers = text.Split(',', StringSplitOptions.TrimEntries);
        return answers.All(answer => answer == "-" || Whole(answer, 0, 9) is not null)
            ? [.. answers.Select(answer => answer == "-" ? null : Whole(answer, 0, 9))]
            : null;
    }

    /// <summary><c>TEXT</c>, <c>TEXT;TARGET</c> or <c>TEXT;TARGET;YYYY-MM-DD</c>; TARGET is a PHQ-9 total, or <c>gad-7=8</c>.</summary>
    internal static Goal? Goal(string text)
    {
        var parts = text.Split(';');
        if (parts.Length > 3 || parts[0].Trim().Length is 0 or > 300)
            return null;
        var goal = new Goal { Text = parts[0].Trim() };
        if (parts.Length > 1 && parts[1].Trim().Length > 0)
        {
            var measure = parts[1].Split('=', 2, StringSplitOptions.TrimEntries);
            if (Whole(measure[^1], 0, measure.Length == 1 ? 27 : 60) is not { } target)
                return null;
            if (measure.Length == 1)
                goal.TargetPhq9 = target;
            else if (Choice<ScaleKind>.Find(measure[0]) is { } scale)
                (goal.Measure, goal.TargetTotal) = (scale, target);
            else
                return null;
        }
        if (parts.Length > 2 && Day(parts[2].Trim()) is null)
            return null;
        goal.TargetDate = parts.Length > 2 ? parts[2].Trim() : "";
        return goal;
    }

    /// <summary><c>KIND;PROVIDER;EVERY-DAYS;FROM</c>, and <c>;TO</c> when it has an end.</summary>
    internal static PlannedSupport? Support(string text)
    {
        var parts = text.Split(';', StringSplitOptions.TrimEntries);
        return parts.Length is 4 or 5 && Choice<SupportKind>.Find(parts[0]) is { } kind && parts[1].Length is >= 1 and <= 200 && Whole(parts[2], 1, 90) is { } days
            && Day(parts[3]) is not null && (parts.Length == 4 || Day(parts[4]) is not null)
                ? new PlannedSupport { Kind = kind, Provider = parts[1], EveryDays = days, FromDay = parts[3], ToDay = parts.Length == 5 ? parts[4] : "" }
                : null;
    }

    /// <summary><c>fasting=REASON</c>.</summary>
    internal static GateOverride? Override(string text) =>
        text.Split('=', 2) is [var gate, { Length: > 0 and <= 500 } reason] && Choice<GateKind>.Find(gate) is { } kind ? new GateOverride { Gate = kind, Reason = reason } : null;

    /// <summary><c>clinics/harbour:read</c> or <c>:write</c>; of sections <c>clinics/harbour:scales=read,journal=write</c>.</summary>
    internal static SiteGrant? Grant(string text)
    {
        if (text.Split(':') is not [var site, var access] || Clinic(site) is not { } clinic)
        {
            return null;
        }

        if (Choice<SiteAccess>.Find(access) is { } granted)
        {
            return new() { Site = clinic, Access = granted };
        }

        var sections = access.Split(',').Select(one => one.Split('=') is [var section, var what] && Choice<PlanSection>.Find(section) is { } named && Choice<SiteAccess>.Find(what) is { } may
            ? new SectionGrant { Section = named, Access = may }
            : null).ToArray();
        return sections.All(s => s is not null) && sections.DistinctBy(s => s!.Section).Count() == sections.Length ? new() { Site = clinic, Sections = { sections } } : null;
    }

    private static string? Name(string prefix, string text)
    {
        var id = text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text;
        return Id(id) is null ? null : prefix + id;
    }

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$")]
    private static partial Regex IdPattern();
}
