using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClinicNetwork.Benchmarks.Reports;

/// <summary>Every figure of every round, for later runs to be compared with.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter() },
    };

    public static string Of(Report report) => JsonSerializer.Serialize(report, Options);
}
