using System.CommandLine;
using System.Security.Cryptography;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Verification;

namespace ClinicNetwork.Cli.Commands.Registry;

internal static class VerifyRelease
{
    internal static CliCommand Build()
    {
        var folder = Given.Argument("folder", "the folder of a pulled release", text => Directory.Exists(text) ? text : null);
        var key = KeyOption();
        return new CliCommand("verify", "Check a pulled release by itself, without the network; exit code 2 when it is refused.",
            "registry verify release", "registry verify release --key network-key.pem")
            .With(folder, key)
            .Runs(run =>
            {
                var report = ReleaseVerifier.VerifyFolder(run.Of(folder), new Expected(run.Of(key) is { } pem ? ReadKey(pem) : null), run.Cancelled);
                return Task.FromResult(report.Accepted ? Accepted(run.Terminal, report.Figures) : Refused(run.Terminal, report));
            });
    }

    private static int Accepted(Terminal terminal, ReleaseFigures figures)
    {
        ReleaseTables.WriteFigures(terminal, figures);
        ReleaseTables.WriteMilestones(terminal, figures);
        terminal.Line("accepted: every rule of docs/release-format.md holds");
        return ExitCodes.Done;
    }

    internal static int Refused(Terminal terminal, VerificationReport report)
    {
        var table = new Sheet("rule", "where", "what");
        foreach (var finding in report.Findings)
            table.Row(finding.Rule, finding.Line is { } line ? $"{finding.File}:{line}" : finding.File, finding.Message);
        table.WriteTo(terminal);
        terminal.Error.WriteLine(
            $"clinicnet: folder: the release is refused, {Show.Count(report.Findings.Count, "finding")}{(report.MoreFindings ? " and more" : "")}, "
            + $"first {report.Findings[0].Rule}; pull it again, and tell the network if it stays");
        return ExitCodes.Refused;
    }

    internal static Option<string?> KeyOption() => Given.Option(
        "--key", "a file with the network's release key (PEM), had by another way than the pull", "PEM", text => File.Exists(text) ? text : null)!;

    internal static string ReadKey(string file)
    {
        try
        {
            using var key = ECDsa.Create();
            key.ImportFromPem(File.ReadAllText(file));
            return key.ExportSubjectPublicKeyInfoPem();
        }
        catch (Exception error) when (error is ArgumentException or CryptographicException or IOException)
        {
            throw new InputException("--key", "give a file with one public key in PEM");
        }
    }
}
