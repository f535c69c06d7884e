using System.Globalization;
using System.Text.Json;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Verification.Tables;

namespace ClinicNetwork.Cli.Tables;

/// <summary>A verdict for people and for programs.</summary>
internal static class VerdictView
{
    /// <returns>The exit code.</returns>
    internal static int Show(Terminal terminal, TableVerdict verdict, VerifySettings settings)
    {
        if (verdict.Measures is { } measures)
            MeasuresOf(measures).WriteTo(terminal);
        foreach (var line in verdict.NotChecked)
            terminal.Line($"not checked: {line}");
        if (verdict.Clean)
        {
            terminal.Line("accepted: everything that was checked holds");
            return ExitCodes.Done;
        }
        var table = new Sheet("rule", "where", "what");
        foreach (var finding in verdict.Findings)
            table.Row(finding.Rule, $"{Path.GetFileName(settings.PathOf(finding))}{Place(finding)}", finding.Message);
        foreach (var (rule, count) in verdict.Counts.Where(rule => rule.Value > TableVerdict.PerRuleMax))
            table.Row(rule, "", $"and {count - TableVerdict.PerRuleMax} more");
        table.WriteTo(terminal);
        var first = verdict.Findings[0];
        terminal.Error.WriteLine($"clinicnet: {settings.PathOf(first)}:{Place(first).TrimStart(',')}{(Place(first).Length > 0 ? ":" : "")} {first.Rule}, {first.Message.TrimEnd('.')} ({Commands.Show.Count(verdict.Counts.Values.Sum(), "finding")} in all; do not publish it)");
        return ExitCodes.Refused;
    }

    internal static void WriteTo(Stream output, TableVerdict verdict, VerifySettings settings)
    {
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteBoolean("accepted", verdict.Clean);
            json.WritePropertyName("measures");
            WriteMeasures(json, verdict.Measures);
            json.WriteStartObject("counts");
            foreach (var (rule, count) in verdict.Counts)
                json.WriteNumber(rule, count);
            json.WriteEndObject();
            json.WriteStartArray("findings");
            foreach (var finding in verdict.Findings)
            {
                json.WriteStartObject();
                json.WriteString("rule", finding.Rule);
                json.WriteString("file", settings.PathOf(finding));
                if (finding.Row is { } row)
                    json.WriteNumber("row", row);
                if (finding.Column is { } column)
                    json.WriteString("column", column);
                json.WriteString("message", finding.Message);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteStartArray("not_checked");
            foreach (var line in verdict.NotChecked)
                json.WriteStringValue(line);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        output.WriteByte((byte)'\n');
    }

    /// <summary>The keys of the report of an anonymisation, and what it has not.</summary>
    private static void WriteMeasures(Utf8JsonWriter json, VerifiedMeasures? measures)
    {
        if (measures is null)
        {
            json.WriteNullValue();
            return;
        }
        json.WriteStartObject();
        foreach (var (key, value) in ((string, double?)[])
        [
            ("n", measures.N), ("k", measures.K), ("persons", measures.Persons), ("batches", measures.Batches), ("classes", measures.Classes), ("min_class", measures.MinClass),
            ("suppressed", measures.Suppressed), ("withheld", measures.Withheld), ("ncp", measures.Ncp), ("gi", measures.Gi), ("dm", measures.Dm), ("c_avg", measures.CAvg),
            ("risk_max", measures.RiskMax), ("risk_avg", measures.RiskAvg), ("l_distinct", measures.LDistinct), ("l_entropy", measures.LEntropy), ("t", measures.T),
        ])
        {
            if (value is { } number)
                json.WriteNumber(key, number);
            else
                json.WriteNull(key);
        }
        json.WriteEndObject();
    }

    private static Sheet MeasuresOf(VerifiedMeasures measures)
    {
        var table = new Sheet("measure", "value");
        table.Row("rows, persons", $"{measures.N}, {measures.Persons?.ToString(CultureInfo.InvariantCulture) ?? "-"}");
        if (measures.Batches > 1)
            table.Row("batches", $"{measures.Batches}");
        table.Row("classes", $"{measures.Classes}, {Number(measures.CAvg)} times k rows on average");
        table.Row("smallest class", $"{measures.MinClass} persons (k = {measures.K})");
        table.Row("suppressed rows", measures.Withheld == 0 ? $"{measures.Suppressed}" : $"{measures.Suppressed}, {measures.Withheld} of them withheld");
        if (measures is { Ncp: { } ncp, Gi: { } gi })
            table.Row("information lost (NCP, GI)", $"{Number(ncp)}, {Number(gi)}");
        table.Row("discernibility (DM)", measures.Dm.ToString("0", CultureInfo.InvariantCulture));
        table.Row("highest, average risk", $"{Number(measures.RiskMax)}, {Number(measures.RiskAvg)}");
        if (measures is { LDistinct: { } distinct, LEntropy: { } entropy, T: { } t })
        {
            table.Row("sensitive values of a class, fewest", $"{distinct} (by entropy {Number(entropy)})");
            table.Row("farthest class from the table (t)", Number(t));
        }
        return table;
    }

    private static string Place(TableFinding finding) =>
        (finding.Row is { } row ? $", row {row}" : "") + (finding.Column is { } column ? $", column {column}" : "");

    private static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
