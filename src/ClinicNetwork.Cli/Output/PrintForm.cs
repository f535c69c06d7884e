using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf.Reflection;

namespace ClinicNetwork.Cli.Output;

/// <summary>
/// A patient's exported record as one page to print. It is made from whatever the record holds, so nothing that a later version adds is left out: an object is a list of terms,
/// a list of objects a table.
/// </summary>
internal static partial class PrintForm
{
    private const string Style = """
        body { font: 11pt/1.4 system-ui, sans-serif; margin: 2em auto; max-width: 60em; color: #111; }
        h1 { font-size: 1.5em; margin-bottom: 0; } h2 { font-size: 1.15em; border-bottom: 1px solid #999; margin-top: 1.6em; }
        dl { display: grid; grid-template-columns: max-content auto; gap: .1em 1em; margin: .3em 0; } dt { color: #555; } dd { margin: 0; }
        table { border-collapse: collapse; width: 100%; font-size: .85em; } th, td { text-align: left; vertical-align: top; padding: .15em .5em .15em 0; border-bottom: 1px solid #ddd; }
        th { color: #555; font-weight: 600; } tr { break-inside: avoid; } thead { display: table-header-group; } .empty { color: #777; } svg { width: 100%; height: auto; }
        td, dd { overflow-wrap: anywhere; }
        @page { margin: 15mm; } @media print { body { margin: 0; max-width: none; } h2 { break-after: avoid; } }
        """;

    /// <summary>For programs alone.</summary>
    private const string Etag = "etag";

    /// <summary>Of the wire's enumerations: <c>DRUG_KETAMINE_RACEMIC</c> is <c>ketamine racemic</c>.</summary>
    private static readonly Dictionary<string, string> Choices = ChoicesOf(PatientServiceReflection.Descriptor, []);

    internal static string Of(JsonObject record)
    {
        var patient = record["patient"]!.AsObject();
        var name = $"{Text(patient["givenName"])} {Text(patient["familyName"])}";
        var page = new StringBuilder("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>").Append(Text(patient["name"])).Append("</title>\n<style>").Append(Style)
            .Append("</style></head>\n<body>\n<h1>").Append(name).Append("</h1>\n");
        page.Append("<p>Record of ").Append(Text(patient["name"])).Append(", version ").Append(Text(record["revision"]?["version"]))
            .Append(". Decision support, not a medical device. Times are UTC, days the clinic's.</p>\n");
        Terms(page, patient.Where(p => p.Value is not (JsonArray or JsonObject)));
        foreach (var (key, value) in patient.Where(p => p.Value is JsonArray or JsonObject))
        {
            Section(page, key, value!);
            if (key == "assessments")
                Plot(page, value!.AsArray(), patient["sessions"]?.AsArray() ?? []);
        }
        foreach (var (key, value) in record.Where(p => p.Key is not ("patient" or "revision" or "format")))
            Section(page, key, value!);
        return page.Append("</body></html>\n").ToString();
    }

    private static void Section(StringBuilder page, string key, JsonNode value)
    {
        page.Append("<h2>").Append(Encode(Words(key))).Append("</h2>\n");
        Value(page, value);
        page.Append('\n');
    }

    private static void Value(StringBuilder page, JsonNode? value)
    {
        switch (value)
        {
            case JsonArray { Count: 0 }:
                page.Append("<span class=\"empty\">none</span>");
                break;
            case JsonArray array when array.All(item => item is JsonObject):
                Table(page, [.. array.Select(item => item!.AsObject())]);
                break;
            case JsonArray array:
                page.Append(string.Join(", ", array.Select(Text)));
                break;
            case JsonObject pressure when pressure["systolicMmhg"] is { } systolic && pressure["diastolicMmhg"] is { } diastolic:
                page.Append(Text(systolic)).Append('/').Append(Text(diastolic)).Append(" mmHg");
                break;
            case JsonObject members:
                Terms(page, members);
                break;
            default:
                page.Append(Text(value));
                break;
        }
    }

    private static void Terms(StringBuilder page, IEnumerable<KeyValuePair<string, JsonNode?>> members)
    {
        page.Append("<dl>");
        foreach (var (key, value) in members.Where(member => member.Key != Etag))
        {
            page.Append("<dt>").Append(Encode(Words(key))).Append("</dt><dd>");
            Value(page, value);
            page.Append("</dd>");
        }
        page.Append("</dl>");
    }

    private static void Table(StringBuilder page, JsonObject[] rows)
    {
        var columns = rows.SelectMany(row => row.Select(member => member.Key)).Distinct().ToArray();
        page.Append("<table><thead><tr>");
        foreach (var column in columns)
            page.Append("<th>").Append(Encode(Words(column))).Append("</th>");
        page.Append("</tr></thead>");
        foreach (var row in rows)
        {
            page.Append("<tr>");
            foreach (var column in columns)
            {
                page.Append("<td>");
                if (row.ContainsKey(column))
                    Value(page, row[column]);
                page.Append("</td>");
            }
            page.Append("</tr>\n");
        }
        page.Append("</table>");
    }

    /// <summary>PHQ-9 totals by time, with the bands 5, 10, 15, 20 (Kroenke 2001) and a mark for each dose.</summary>
    private static void Plot(StringBuilder page, JsonArray assessments, JsonArray sessions)
    {
        var points = assessments.Select(a => (At: At(a!["occurredAt"]), Total: (int?)a["total"] ?? 0)).OrderBy(p => p.At).ToArray();
        var doses = sessions.Where(s => s!["dosedAt"] is not null).Select(s => At(s!["dosedAt"])).ToArray();
        if (points.Length < 2)
            return;
        var (from, to) = (doses.Append(points[0].At).Min(), doses.Append(points[^1].At).Max());
        string X(DateTimeOffset at) => Number(30 + (660 * ((at - from) / (to - from))));
        static string Y(int total) => Number(110 - (total * 100.0 / 27));
        page.Append("<svg viewBox=\"0 0 700 130\" role=\"img\" aria-label=\"PHQ-9 over time\">");
        foreach (var band in (int[])[0, 5, 10, 15, 20])
        {
            page.Append(CultureInfo.InvariantCulture, $"<line x1=\"30\" x2=\"690\" y1=\"{Y(band)}\" y2=\"{Y(band)}\" stroke=\"#ddd\"/><text x=\"24\" y=\"{Y(band)}\" font-size=\"8\" text-anchor=\"end\" dominant-baseline=\"middle\">{band}</text>");
        }
        foreach (var dose in doses)
            page.Append("<line x1=\"").Append(X(dose)).Append("\" x2=\"").Append(X(dose)).Append("\" y1=\"110\" y2=\"117\" stroke=\"#06c\"/>");
        page.Append("<polyline fill=\"none\" stroke=\"#111\" points=\"").AppendJoin(' ', points.Select(p => $"{X(p.At)},{Y(p.Total)}")).Append("\"/>");
        foreach (var point in points)
            page.Append("<circle r=\"2\" cx=\"").Append(X(point.At)).Append("\" cy=\"").Append(Y(point.Total)).Append("\"/>");
        page.Append("<text x=\"30\" y=\"127\" font-size=\"8\">").Append(Day(from)).Append("</text><text x=\"690\" y=\"127\" font-size=\"8\" text-anchor=\"end\">").Append(Day(to))
            .Append("; blue: a dose</text></svg>\n");
    }

    private static DateTimeOffset At(JsonNode? time) => DateTimeOffset.Parse((string)time!, CultureInfo.InvariantCulture);

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>Safe in a page.</summary>
    private static string Text(JsonNode? value) => value is null ? "" : value.GetValueKind() switch
    {
        JsonValueKind.String when Choices.TryGetValue((string)value!, out var choice) => Encode(choice),
        JsonValueKind.String when DateTimeOffset.TryParseExact((string)value!, InstantForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) =>
            at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        JsonValueKind.String => Encode(Short((string)value!)),
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        _ => Encode(value.ToJsonString()),
    };

    private static readonly string[] InstantForms = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz"];

    /// <summary><c>patients/p-1/sessions/s-1</c> as <c>sessions/s-1</c>: the page is about one patient. A word in capitals as a word.</summary>
    private static string Short(string text) =>
        PartOfPatient().Match(text) is { Success: true } part ? part.Groups[1].Value
        : Shouted().IsMatch(text) ? text.Replace('_', ' ').ToLowerInvariant()
        : text;

    [GeneratedRegex("^patients/[a-z0-9-]+/(.+)$")]
    private static partial Regex PartOfPatient();

    [GeneratedRegex("^[A-Z]{4,}(_[A-Z]+)*$")]
    private static partial Regex Shouted();

    private static string Encode(string text) => WebUtility.HtmlEncode(text);

    /// <summary><c>doseMgPerKg</c> as <c>dose mg per kg</c>.</summary>
    private static string Words(string key)
    {
        var words = new StringBuilder();
        foreach (var c in key)
        {
            if (char.IsUpper(c))
                words.Append(' ');
            words.Append(char.ToLowerInvariant(c));
        }
        return words.ToString();
    }

    private static Dictionary<string, string> ChoicesOf(FileDescriptor file, Dictionary<string, string> found)
    {
        foreach (var kind in file.EnumTypes)
        {
            var prefix = kind.Values[0].Name[..^"UNSPECIFIED".Length];
            foreach (var value in kind.Values)
                found[value.Name] = value.Name[prefix.Length..].Replace('_', ' ').ToLowerInvariant();
        }
        foreach (var used in file.Dependencies.Where(used => used.Package == file.Package))
            ChoicesOf(used, found);
        return found;
    }
}
