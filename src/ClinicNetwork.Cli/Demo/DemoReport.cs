using System.Globalization;
using System.Text.Json;
using ClinicNetwork.Cli.Commands;
using ClinicNetwork.Cli.Commands.Registry;
using ClinicNetwork.Cli.Output;

namespace ClinicNetwork.Cli.Demo;

/// <summary>What the demo prints, within 100 columns.</summary>
internal static class DemoReport
{
    internal static void WriteChange(Terminal terminal, PlanChangeSeen? change)
    {
        terminal.Line("");
        if (change is null)
        {
            terminal.Line("Plan sync: no patient was between two infusions half-way; give more --patients to see it.");
            return;
        }
        terminal.Line($"Plan sync: {change.Patient} of {change.Home}, shared with {change.SecondSite} (read)");
        var from = $"{Show.Dose(change.Before)} (revision {change.Before.Revision})";
        var to = $"{Show.Dose(change.After)} (revision {change.After.Revision})";
        terminal.Line($"  {from} became {to} at the home clinic, acknowledged in {Ms(change.AcknowledgedMs)}");
        terminal.Line($"  {change.SecondSite} had it {Ms(change.ArrivedMs)} after it was sent, and read revision {change.After.Revision}");
        terminal.Line($"  {change.Outsider}, without access, got {change.OutsiderAnswer}");
    }

    internal static void Write(Terminal terminal, DemoSettings settings, DemoOutcome outcome)
    {
        WriteOutcomes(terminal, outcome.Outcomes);
        WriteRelease(terminal, outcome);
        WriteRun(terminal, settings, outcome);
    }

    private static void WriteOutcomes(Terminal terminal, ReleasedOutcomes outcomes)
    {
        terminal.Line("");
        terminal.Line("Outcomes in the pulled release (PHQ-9) beside McInnes 2022, to which the simulated course is fitted");
        var table = new Sheet("outcome", ">n / measured", ">rate", ">95 % interval", ">published", "interval holds it");
        foreach (var share in (ShareBeside[])[outcomes.Response, outcomes.Remission, outcomes.Worsening])
            table.Row(Row(share, ""));
        foreach (var share in (ShareBeside[])[outcomes.SustainedWeek4, outcomes.SustainedWeek8])
            table.Row(Row(share, "~"));
        table.WriteTo(terminal);
        terminal.Line("  rates are of persons measured; response kept: of the responders who were measured again that week");
        terminal.Line($"  treated persons with a released end of induction: {outcomes.Released}, measured: {outcomes.Measured}");
        terminal.Line($"  missing: {string.Join(", ", outcomes.Missing.Select(m => $"{Lower(m.Reason)} {m.Count}"))}");
    }

    private static string[] Row(ShareBeside share, string about)
    {
        var published = about + ReleaseTables.Percent(share.Published.Value);
        if (share.Of == 0)
            return [share.Outcome, "0 / 0", "-", "-", published, "-"];
        var (rate, holds) = (ReleaseTables.Percent(share.Share), Show.YesNo(share.HoldsPublished));
        return [share.Outcome, $"{share.Count} / {share.Of}", rate, Range(share), published, holds];
    }

    private static void WriteRelease(Terminal terminal, DemoOutcome outcome)
    {
        var figures = outcome.Verification.Figures;
        using var manifest = LastManifest(outcome.ReleaseFolder);
        var last = manifest.RootElement;
        terminal.Line("");
        terminal.Line("Release, as recomputed by the independent verifier");
        var table = new Sheet("measure", "value", "meaning");
        table.Row("columns", $"{last.GetProperty("columns").GetArrayLength()}", $"given to {last.GetProperty("recipient")}, for {Words(last, "purpose")}");
        table.Row("k, margin", $"{last.GetProperty("k")}, {last.GetProperty("margin")}", "persons that a cell must hold when it is formed: k + margin");
        table.Row("batches, rows", $"{figures.Batches}, {figures.Rows:N0}", "one row per person and milestone, measured or missing");
        table.Row("persons, cells", $"{figures.Persons}, {figures.Cells}", "each person in one cell, for ever");
        table.Row("smallest class", $"{figures.ClassMin}", "rows that look alike; at least k");
        table.Row("highest risk", ReleaseTables.Percent(figures.RiskMax), "1 / smallest class: picking out a person known to be in");
        table.Row("NCP", figures.Ncp.ToString("0.000", CultureInfo.InvariantCulture), "information lost to generalisation: 0 none, 1 all");
        table.Row("suppressed rows", $"{figures.Suppressed}", "rows with nothing but * in the quasi-identifiers");
        table.Row("waiting persons", figures.ManifestWaiting, "consenting and treated, not yet in a cell");
        table.Row("promised persons", $"{last.GetProperty("promised")}", "in cells, with milestones to come");
        table.Row("withheld cells", $"{figures.WithheldCells}", "cells whose milestone was held back");
        table.Row("red team", RedTeam(last.GetProperty("red_team")), "attacks that held; of the others too few persons to say");
        table.WriteTo(terminal);
    }

    private static string RedTeam(JsonElement redTeam)
    {
        var verdicts = redTeam.GetProperty("attacks").EnumerateArray().Select(attack => Words(attack, "verdict")).ToList();
        return $"{verdicts.Count(verdict => verdict == "held")} of {verdicts.Count}";
    }

    private static void WriteRun(Terminal terminal, DemoSettings settings, DemoOutcome outcome)
    {
        terminal.Line("");
        terminal.Line("Run");
        var (load, pull, verification) = (outcome.Load, outcome.Pull, outcome.Verification);
        var table = new Sheet("what", "figure");
        table.Row("patients, seed", $"{settings.Patients}, {settings.Seed}");
        table.Row("baseline", settings.BaselineName);
        table.Row(
            "commands acknowledged",
            $"{load.Commands:N0} in {Number(load.Seconds)} s, {load.Commands / load.Seconds:N0} a second, each on disk first");
        table.Row(
            "registry pull",
            $"{pull.Rows:N0} rows over {pull.Cuts} cut streams and {pull.Kills} ended pull, {pull.RowsTakenUp} rows taken up");
        table.Row("gaps, doubles", "none: the rows of every batch give the signed Merkle root");
        table.Row(
            "verified",
            verification.Accepted
                ? "yes: every rule of docs/release-format.md"
                : $"NO: {verification.Findings[0].Rule}, {verification.Findings[0].Message}");
        table.WriteTo(terminal);
    }

    private static JsonDocument LastManifest(string folder) => JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(Directory.EnumerateDirectories(Path.Combine(folder, "batches")).Order(StringComparer.Ordinal).Last(), "manifest.json")));

    private static string Words(JsonElement of, string member) => Lower(of.GetProperty(member).GetString()!);

    internal static string Range(ShareBeside share) =>
        string.Create(CultureInfo.InvariantCulture, $"{share.Interval.Low * 100:0.0}-{share.Interval.High * 100:0.0} %");

    private static string Ms(double milliseconds) => milliseconds.ToString("0.0", CultureInfo.InvariantCulture) + " ms";

    private static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);

    private static string Lower(string reason) => reason.ToLowerInvariant().Replace('_', ' ');
}
