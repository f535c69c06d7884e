using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Protocol.Exchange.V1;
using Google.Protobuf;

namespace ClinicNetwork.Cli.Commands.Registry;

internal static class ShowDictionary
{
    internal static CliCommand Build()
    {
        var profile = ReleaseProfile.Option();
        var json = Given.Json();
        return new CliCommand("dictionary", "What each column of your rows says: meaning, values, unit, source.", "registry dictionary", "registry dictionary --json")
            .With(profile, json)
            .Runs(async run =>
            {
                using var network = run.Connect();
                var dictionary = await network.Releases.GetDataDictionaryAsync(new() { Name = run.Of(profile) }, cancellationToken: run.Cancelled);
                if (run.Of(json))
                {
                    run.Terminal.Line(JsonFormatter.Default.Format(dictionary));
                    return;
                }
                var table = new Sheet("!column", "meaning", "values", "empty when", "source");
                foreach (var column in dictionary.Columns)
                    table.Row(column.Name, column.Meaning, ValuesOf(column), column.EmptyWhen, column.Source);
                table.WriteTo(run.Terminal);
            });
    }

    private static string ValuesOf(DataColumn column) =>
        (column.Values.Count > 0 ? string.Join(", ", column.Values) : column.Pattern) + (column.Unit.Length > 0 ? $" ({column.Unit})" : "");
}
