using System.Text.Json;
using ClinicNetwork.Anonymisation.Tables;

namespace ClinicNetwork.Cli.Tables;

/// <summary>What a run reached and took: the measures of docs/anonymisation.md, seconds, and the most memory that the process had.</summary>
internal sealed record AnonymiseReport(TableMeasures Measures, int K, string Mode, double SecondsCompute, double SecondsTotal, long PeakBytes)
{
    internal void WriteTo(Stream output)
    {
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("n", Measures.Rows);
            json.WriteNumber("k", K);
            json.WriteNumber("persons", Measures.Persons);
            json.WriteNumber("classes", Measures.Classes);
            json.WriteNumber("min_class", Measures.MinClass);
            json.WriteNumber("suppressed", Measures.Suppressed);
            json.WriteNumber("ncp", Measures.Ncp);
            json.WriteNumber("gi", Measures.GeneralisationIntensity);
            json.WriteNumber("dm", Measures.Discernibility);
            json.WriteNumber("c_avg", Measures.AverageClass);
            json.WriteNumber("risk_max", Measures.RiskMax);
            json.WriteNumber("risk_avg", Measures.RiskAverage);
            Write(json, "l_distinct", Measures.DistinctL);
            Write(json, "t", Measures.T);
            json.WriteString("mode", Mode);
            json.WriteNumber("seconds_compute", Math.Round(SecondsCompute, 6));
            json.WriteNumber("seconds_total", Math.Round(SecondsTotal, 6));
            json.WriteNumber("peak_bytes", PeakBytes);
            json.WriteEndObject();
        }
        output.WriteByte((byte)'\n');
    }

    private static void Write(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
        else
            json.WriteNull(name);
    }
}
