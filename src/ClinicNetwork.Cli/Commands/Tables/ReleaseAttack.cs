using System.Text.Json;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Tables;
using ClinicNetwork.Verification.RedTeam.Feeds;

namespace ClinicNetwork.Cli.Commands.Tables;

/// <summary>Attacks folders of pulled releases, of one recipient or of several together.</summary>
internal static class ReleaseAttack
{
    private const int IdsMax = 10_000_000;

    internal static int Run(Invocation run, string[] folders, string? ids, int seed, string? report)
    {
        if (folders.FirstOrDefault(folder => !Directory.Exists(folder)) is { } none)
            throw new InputException("--release", $"there is no folder {none}; give the folder of a pulled release");
        if (report is not null)
            AsideFile.RefuseToReplace("--report", report, [ids]);
        using var target = report is null ? null : new AsideFile("--report", report);
        var settings = new FeedSettings(seed, Ids: ids is null ? null : Read(ids));
        var found = Attack(folders, settings, run.Cancelled);
        if (target is not null)
        {
            Write(found, seed, target.Content);
            target.Finish();
            target.Place();
        }

        AttackSheet.Show(run.Terminal, found.Results);
        run.Terminal.Line($"seed {seed}; k = {found.K}; folders: {found.Folders}; batches: {found.Batches}; rows: {found.Rows}; persons: {found.Persons}");
        return AttackSheet.End(run.Terminal, found.Results, "--release", "tell the network");
    }

    private static FeedReport Attack(string[] folders, FeedSettings settings, CancellationToken cancelled)
    {
        try
        {
            return FeedRun.Attack(folders, FeedPeople.Nobody, settings, cancelled);
        }
        catch (FeedFormatException error)
        {
            throw new InputException(error.File, error.Rule);
        }
    }

    private static string[] Read(string path)
    {
        string[] ids = [.. File.ReadLines(path).Where(line => line.Length > 0).Take(IdsMax + 1)];
        return ids.Length <= IdsMax ? ids : throw new InputException(path, $"has more than {IdsMax} lines; give fewer");
    }

    private static void Write(FeedReport report, int seed, Stream output)
    {
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("seed", seed);
            json.WriteNumber("k", report.K);
            json.WriteNumber("folders", report.Folders);
            json.WriteNumber("batches", report.Batches);
            json.WriteNumber("rows", report.Rows);
            json.WriteNumber("persons", report.Persons);
            json.WriteBoolean("held", report.Held);
            AttackSheet.Write(json, report.Results);
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }
}
