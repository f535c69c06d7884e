using System.Globalization;
using System.Text.Json;

namespace ClinicNetwork.Verification;

/// <summary>Reads the manifest's counts of persons, which are shown as "fewer than k" from 1 to k - 1.</summary>
internal static class ManifestCounts
{
    /// <summary>
    /// <c>waiting</c> as text. Version 1 of the format shows the number both as a number and as a text of digits: both are read, either 0 or at
    /// least <paramref name="k"/>; a smaller one discloses a small count.
    /// </summary>
    /// <param name="asText">Version 2: text alone.</param>
    public static string ReadWaiting(ManifestFields fields, int k, bool asText)
    {
        if (!fields.Any("waiting", out var json)) return "";
        var text = json.ValueKind switch
        {
            JsonValueKind.Number when !asText => json.GetRawText(),
            JsonValueKind.String => json.GetString()!,
            _ => "",
        };
        if (json.ValueKind == JsonValueKind.String && text == FewerThan(k)) return text;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && (count == 0 || count >= k)) return text;
        fields.Refuse("waiting", $"must be 0, a whole number from k on, or \"{FewerThan(k)}\"");
        return "";
    }

    /// <summary><c>missing</c>, in the order of <see cref="OutcomeProfile.MissingReasons"/>; a reason left out is 0.</summary>
    public static ReportedCount[] ReadMissing(ManifestFields fields, int k)
    {
        var missing = fields.Object("missing");
        var counts = OutcomeProfile.MissingReasons
            .Select(reason => missing.Has(reason) ? ReadCount(missing, reason, k) : default).ToArray();
        missing.RefuseOthers();
        return counts;
    }

    /// <summary><c>promised</c>: nobody, k or more, or fewer than k.</summary>
    public static void ReadPromised(ManifestFields fields, int k)
    {
        if (fields.Has("promised") && ReadCount(fields, "promised", k).Discloses(k)) fields.Refuse("promised", "is under k and must be shown as fewer than k");
        else if (!fields.Has("promised")) fields.Refuse("promised", "is missing");
    }

    private static ReportedCount ReadCount(ManifestFields missing, string reason, int k)
    {
        missing.Any(reason, out var json);
        if (json.ValueKind == JsonValueKind.String && json.GetString() == FewerThan(k)) return ReportedCount.FewerThan(k);
        if (json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out var count) && count >= 0) return new ReportedCount(count, count);
        missing.Refuse(reason, $"must be a count or \"{FewerThan(k)}\"");
        return default;
    }

    private static string FewerThan(int k) => string.Create(CultureInfo.InvariantCulture, $"fewer than {k}");
}
