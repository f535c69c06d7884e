using System.Globalization;
using System.Text.Json;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Client;

namespace ClinicNetwork.Cli.Commands.Registry;

internal static class ShowStatistics
{
    private const string Outcomes = "outcomes";
    private const string Durability = "durability-of-response";
    private const string All = "ALL";

    internal static CliCommand Build()
    {
        var profile = ReleaseProfile.Option();
        var table = Given.Option("--table", $"{Outcomes} or {Durability}; default {Outcomes}", "TABLE", text => text is Outcomes or Durability ? text : null);
        table.DefaultValueFactory = _ => Outcomes;
        var publication = Given.Whole("--publication", "Number of the publication; 0: the newest", 0, int.MaxValue, 0);
        var key = Given.File("--key", "The release key that a pull kept (network-key.pem of its folder); without it the key that the network gives now");
        var file = Given.Option("--out", "File for the signed document, with its signature beside it in FILE.sig; it must not be there yet", "FILE", text => text.Length > 0 ? text : null);
        return new CliCommand(
            "statistics", "Response, remission and worsening, or how long a response lasts, by the network's own count of your rows: signed, with every denominator.",
            "registry statistics --key release/network-key.pem", "registry statistics --table durability-of-response --out durability.json")
            .With(profile, table, publication, key, file)
            .Runs(async run =>
            {
                if (run.Of(file) is { } there && File.Exists(there))
                    throw new InputException("--out", $"{there} is there already; give another name, or remove it first.");
                using var network = run.Connect();
                var answer = await ReleaseStatistics.ReadAsync(network, run.Of(profile), run.Of(table), run.Of(publication), run.Of(key), run.Cancelled);
                if (run.Of(file) is { } target)
                {
                    await File.WriteAllBytesAsync(target, answer.Document.ToByteArray(), run.Cancelled);
                    await File.WriteAllTextAsync(target + ".sig", answer.Signature.ToBase64(), run.Cancelled);
                }
                using var document = JsonDocument.Parse(answer.Document.Memory);
                Write(run.Terminal, document.RootElement, run.Of(table));
            });
    }

    private static void Write(Terminal terminal, JsonElement told, string table)
    {
        foreach (var sheet in table == Outcomes ? OutcomesOf(told) : [DurabilityOf(told)])
            sheet.WriteTo(terminal);
        terminal.Line($"{Text(told, "table")}/{Number(told, "version")}, {Number(told, "persons")} persons as of {Text(told, "as_of")} (publication {Number(told, "publication")}), signed by the network");
        terminal.Line($"not in it: {Number(told, "withheld_cells")} cells and milestones withheld, {Number(told, "retired_cells")} cells retired, since the beginning");
        terminal.Line(table == Outcomes
            ? "*: not told, as in the rows; % of those measured; in brackets if none, or all, of those of whom it is not known had met it"
            : "lasting: product-limit estimate; who is missing once is censored, which holds when being missing tells nothing of the response");
    }

    /// <summary>One a milestone.</summary>
    private static IEnumerable<Sheet> OutcomesOf(JsonElement told)
    {
        foreach (var milestone in told.GetProperty("lines").EnumerateArray().GroupBy(line => Text(line, "milestone")))
        {
            var sheet = new Sheet(milestone.Key, ">released", ">measured", ">response %", ">remission %", ">worsening %");
            foreach (var line in milestone)
                sheet.Row(GroupOf(line), Number(line, "released"), Number(line, "measured"), Share(line, "response"), Share(line, "remission"), Share(line, "worsening"));
            yield return sheet;
        }
    }

    private static string GroupOf(JsonElement line) => (Text(line, "treatment"), Text(line, "baseline_severity")) switch
    {
        (All, All) => "all",
        (var treatment, All) => $"treatment {treatment}",
        (All, var severity) => $"severity {severity}",
        var (treatment, severity) => $"{treatment}; {severity}",
    };

    private static Sheet DurabilityOf(JsonElement told)
    {
        var sheet = new Sheet("milestone", "treatment", ">at risk", ">lost", ">censored", ">lasting");
        foreach (var line in told.GetProperty("lines").EnumerateArray())
            sheet.Row(
                Text(line, "milestone"), Text(line, "treatment"), Number(line, "at_risk"), Number(line, "lost"), Number(line, "censored"), Percent(line.GetProperty("lasting")));
        return sheet;
    }

    private static string Share(JsonElement line, string name)
    {
        var share = line.GetProperty(name);
        return share.GetProperty("share").ValueKind == JsonValueKind.Null
            ? "-"
            : string.Create(CultureInfo.InvariantCulture, $"{Hundred(share, "share"):0.0} ({Hundred(share, "low_if_missing"):0}-{Hundred(share, "high_if_missing"):0})");
    }

    private static double Hundred(JsonElement share, string name) => 100 * share.GetProperty(name).GetDouble();

    private static string Percent(JsonElement share) => share.ValueKind == JsonValueKind.Null ? "-" : ReleaseTables.Percent(share.GetDouble());

    private static string Number(JsonElement of, string name) => of.GetProperty(name).GetInt32().ToString(CultureInfo.InvariantCulture);

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString() ?? "";
}
