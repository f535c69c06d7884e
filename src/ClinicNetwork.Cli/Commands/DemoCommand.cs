using System.Globalization;
using ClinicNetwork.Cli.Demo;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Cli.Servers;
using ClinicNetwork.Simulation;

namespace ClinicNetwork.Cli.Commands;

internal static class DemoCommand
{
    internal static CliCommand Build()
    {
        var patients = Given.Whole("--patients", "Virtual patients", 60, 20_000, 600);
        var seed = Given.Whole("--seed", "Seed of the cohort", 1, int.MaxValue, 1);
        var seeds = Given.Whole("--seeds", "Run with seeds 1 to N on a new network each, one line each; 0 runs once", 0, 1000, 0);
        var baseline = Given.Option(
            "--baseline", "CSV file respondent,sex,age_years,phq9_total to draw from; without it NHANES 2013-2016, as embedded", "FILE",
            text => File.Exists(text) ? text : null);
        var keep = Given.Flag("--keep", "Leave the network running to play with");
        var folder = Given.Option(
            "--folder", "An empty folder that stays; without it a temporary one", "DIR", text => text.Length > 0 ? text : null);
        var port = Given.Whole("--port", "Port of the network; 0 takes a free one", 0, 65_535, 0);
        return new CliCommand(
            "demo", "The whole idea in one run: clinics, 600 made-up patients, half a year, a plan change, a verified release.",
            "demo", "demo --keep", "demo --seeds 20", "demo --baseline nhanes-2013-2016-phq9.csv")
            .With(patients, seed, seeds, baseline, keep, folder, port)
            .Runs(async run =>
            {
                var settings = new DemoSettings(
                    run.Of(patients), (ulong)run.Of(seed), Baseline(run.Of(baseline)), BaselineName(run.Of(baseline)), run.Of(keep),
                    run.Of(folder), run.Of(port));
                run.Terminal.Line("ClinicNetwork demo. Everything in it is synthetic: no patient, no clinic and no outcome is real.");
                if (run.Of(seeds) == 0)
                    return await RunOnceAsync(settings, run);
                if (run.Of(keep) || run.Of(folder) is not null || run.Has(port) || run.Has(seed))
                    throw new InputException("--seeds", "cannot be combined with --seed, --keep, --folder or --port");
                var verified = await new SeedSeries(settings, run.Terminal).RunAsync(run.Of(seeds), run.Cancelled);
                return verified ? ExitCodes.Done : ExitCodes.Failed;
            });
    }

    private static async Task<int> RunOnceAsync(DemoSettings settings, Invocation run)
    {
        using var folder = DemoFolder.Open(settings.Folder);
        await using var server = await ServerProcess.StartAsync(DemoSettings.Server(folder.Network, settings.Port), run.Cancelled);
        run.Terminal.Line($"server {server.Address} (process {server.ProcessId}) on {folder.Network}");
        var outcome = await new DemoRun(settings, server, folder).RunAsync(run.Terminal, run.Cancelled);
        DemoReport.Write(run.Terminal, settings, outcome);
        server.Leave = settings.Keep;
        folder.Stays |= settings.Keep;
        WriteNext(run.Terminal, settings, server, folder, outcome);
        return outcome.Verification.Accepted ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static void WriteNext(Terminal terminal, DemoSettings settings, ServerProcess server, DemoFolder folder, DemoOutcome outcome)
    {
        terminal.Line("");
        terminal.Line("Where to look next");
        if (!settings.Keep)
        {
            terminal.Line("  clinicnet demo --keep                    the same, and the network stays to play with");
            terminal.Line("  clinicnet demo --seeds 20                how often the intervals hold the published figures");
            if (folder.Stays)
                terminal.Line($"  clinicnet registry verify {outcome.ReleaseFolder}");
            return;
        }
        terminal.Line($"  export {Invocation.ServerVariable}={server.Address.GetLeftPart(UriPartial.Authority)} {Invocation.IdentityVariable}={folder.Identity}");
        terminal.Line("  clinicnet status");
        terminal.Line("  clinicnet clinic worklist clinics/harbour");
        if (outcome.Change is { } change)
        {
            terminal.Line($"  clinicnet patient show {change.Patient} --site {change.SecondSite}");
            terminal.Line($"  clinicnet patient history {change.Patient}");
            terminal.Line($"  clinicnet site watch {change.SecondSite}");
        }
        terminal.Line($"  clinicnet agreement show {DemoRegistry.Agreement}");
        terminal.Line($"  clinicnet approvals list --identity {folder.SecondIdentity}    the second administrator");
        terminal.Line($"  export {Invocation.IdentityVariable}={folder.RegistryIdentity}    # to be the registry");
        terminal.Line($"  clinicnet registry pull --out {outcome.ReleaseFolder}");
        terminal.Line($"  clinicnet registry status --out {outcome.ReleaseFolder}");
        terminal.Line($"  clinicnet registry verify {outcome.ReleaseFolder}");
        terminal.Line($"  clinicnet redteam --release {outcome.ReleaseFolder}");
        terminal.Line($"running: {server.Address.GetLeftPart(UriPartial.Authority)}, process {server.ProcessId}, folder {folder.Path}");
        terminal.Line($"stop it: kill {server.ProcessId}");
    }

    private static string BaselineName(string? path) => path is null ? "NHANES 2013-2016, embedded" : Path.GetFileName(path);

    private static BaselineTable Baseline(string? path)
    {
        if (path is null)
            return BaselineTable.Embedded;
        try
        {
            using var reader = new StreamReader(path);
            return BaselineTable.ReadCsv(reader);
        }
        catch (BaselineFileException error)
        {
            throw new InputException("--baseline", string.Create(CultureInfo.InvariantCulture, $"{error.Message}"));
        }
    }
}
