using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class ExportPatient
{
    private const string Format = "clinicnetwork-patient-record/1";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var json = Path("--out", "File for the record as JSON; it must not be there yet");
        var print = Path("--print", "File for the same as a page to print (HTML)");
        return new CliCommand(
            "export", "Take out the whole record: the patient as it stands and every command that made it. The audit keeps that it was.",
            "patient export patients/p-1 --out p-1.json --print p-1.html")
            .With(patient, json, print)
            .Runs(async run =>
            {
                var files = ((string?[])[run.Of(json), run.Of(print)]).OfType<string>().ToArray();
                if (files.Length == 0)
                    throw new InputException("--out", "give a file for the record as JSON, or --print for a page to print.");
                foreach (var file in files.Where(File.Exists))
                    throw new InputException("--out", $"{file} is there already; give another name, or remove it first.");
                using var network = run.Connect();
                var record = Of(await network.ExportPatientAsync(run.Of(patient), run.Cancelled));
                if (run.Of(json) is { } data)
                    await WriteAsync(data, record.ToJsonString(Readable) + "\n", run.Cancelled);
                if (run.Of(print) is { } page)
                    await WriteAsync(page, PrintForm.Of(record), run.Cancelled);
                run.Terminal.Line($"{run.Of(patient)} in {string.Join(" and ", files)}: {Show.Count(record["commands"]!.AsArray().Count, "command")}");
                run.Terminal.Line("It holds everything about a person and is encrypted by nothing; only you may read the file.");
            });
    }

    private static JsonObject Of(PatientRecord exported)
    {
        var record = new JsonObject { ["format"] = Format };
        foreach (var (key, value) in JsonNode.Parse(JsonFormatter.Default.Format(exported.Whole))!.AsObject().ToArray())
            record[key] = value!.DeepClone();
        record["commands"] = new JsonArray([.. exported.Commands.Select(Of)]);
        return record;
    }

    private static JsonObject Of(RecordedCommand command) => new()
    {
        ["version"] = command.Version,
        ["command"] = command.Command,
        ["actor"] = command.Actor,
        ["site"] = command.Site,
        ["recordedAt"] = JsonFormatter.ToDiagnosticString(command.RecordedAt).Trim('"'),
        ["events"] = new JsonArray([.. command.Events.Select(@event => new JsonObject { ["kind"] = @event.Kind, ["content"] = JsonNode.Parse(@event.Content) })]),
    };

    private static System.CommandLine.Option<string?> Path(string name, string description) => Given.Option(name, description, "FILE", text => text.Length > 0 ? text : null)!;

    /// <summary>Whole or not at all, for its owner alone.</summary>
    private static async Task WriteAsync(string file, string text, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var part = file + ".part";
        try
        {
            await using (var writer = new StreamWriter(part, options))
                await writer.WriteAsync(text.AsMemory(), cancellationToken);
            File.Move(part, file, overwrite: false);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException("--out", $"{file} cannot be written: {exception.Message}");
        }
        finally
        {
            File.Delete(part);
        }
    }
}
