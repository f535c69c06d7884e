using System.Text.Json;

namespace ClinicNetwork.Verification.Tables;

/// <summary>The report of an anonymisation, as it is written.</summary>
public sealed class ReportedMeasures
{
    /// <summary>Longest report, bytes.</summary>
    public const int BytesMax = 1 << 20;

    /// <summary>Relative difference from which on two measures differ.</summary>
    private const double Tolerance = 1e-9;

    private static readonly string[] Unchecked = ["mode", "seconds_compute", "seconds_total", "peak_bytes"];

    private readonly Dictionary<string, JsonElement> _values = new(StringComparer.Ordinal);

    private ReportedMeasures(JsonElement root)
    {
        foreach (var member in root.EnumerateObject())
        {
            if (!_values.TryAdd(member.Name, member.Value.Clone()))
            {
                throw new TableFormatException(null, null, null, "the report has a key twice.");
            }
        }
    }

    /// <exception cref="TableFormatException">It is no JSON object, or has a key twice.</exception>
    public static ReportedMeasures Read(Stream stream)
    {
        using var bounded = new MemoryStream();
        var buffer = new byte[8_192];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            bounded.Write(buffer, 0, read);
            if (bounded.Length > BytesMax)
            {
                throw new TableFormatException(null, null, null, $"the report is longer than {BytesMax} bytes.");
            }
        }

        try
        {
            using var json = JsonDocument.Parse(bounded.ToArray());
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? new(json.RootElement)
                : throw new TableFormatException(null, null, null, "the report is no JSON object; give what 'clinicnet anonymise --report' wrote.");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new TableFormatException(null, null, null, "the report is no JSON; give what 'clinicnet anonymise --report' wrote.");
        }
    }

    internal void Compare(VerifiedMeasures measures, TableFindings findings)
    {
        var expected = Expected(measures);
        foreach (var (key, value) in expected)
        {
            if (!_values.TryGetValue(key, out var said))
            {
                Add(findings, key, "the report has not this key.");
            }
            else if (value is { } number && !(said.ValueKind == JsonValueKind.Number && said.TryGetDouble(out var reported) && IsSame(reported, number)))
            {
                Add(findings, key, "the report says something else than the table.");
            }
        }

        foreach (var key in Unchecked.Where(key => !_values.ContainsKey(key)))
        {
            Add(findings, key, "the report has not this key.");
        }

        foreach (var _ in _values.Keys.Where(key => !Unchecked.Contains(key) && !expected.ContainsKey(key)))
        {
            Add(findings, null, "the report has a key that no report has.");
        }
    }

    /// <summary>Null: not known here, so not compared.</summary>
    private static Dictionary<string, double?> Expected(VerifiedMeasures measures) => new(StringComparer.Ordinal)
    {
        ["n"] = measures.N,
        ["k"] = measures.K,
        ["persons"] = measures.Persons,
        ["classes"] = measures.Classes,
        ["min_class"] = measures.MinClass,
        ["suppressed"] = measures.Suppressed,
        ["ncp"] = measures.Ncp,
        ["gi"] = measures.Gi,
        ["dm"] = measures.Dm,
        ["c_avg"] = measures.CAvg,
        ["risk_max"] = measures.RiskMax,
        ["risk_avg"] = measures.RiskAvg,
        ["l_distinct"] = measures.LDistinct,
        ["t"] = measures.T,
    };

    private static bool IsSame(double reported, double own) =>
        double.IsFinite(reported) && Math.Abs(reported - own) <= Math.Max(1e-12, Tolerance * Math.Max(Math.Abs(own), Math.Abs(reported)));

    private static void Add(TableFindings findings, string? key, string message) =>
        findings.Add(TableRules.Report, () => new(TableRules.Report, TableFile.Report, 0, null, key, message));
}
