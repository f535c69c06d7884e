using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Audit.V1;
using ClinicNetwork.Verification.Audit;

namespace ClinicNetwork.Cli.Commands.Audit;

internal static class VerifyAudit
{
    private const string SeenUsual = "audit-seen.json";

    internal static CliCommand Build()
    {
        var seen = Given.Option(
            "--seen", $"File that keeps the network's key and what was seen, so that the next run finds out what was taken back; without it {SeenUsual}", "FILE",
            text => text.Length > 0 ? text : null);
        return new CliCommand("verify", "Check every entry of the audit, its tree and its signed heads; exit code 2 when something was altered.",
            "audit verify", "audit verify --seen /media/stick/audit-seen.json")
            .With(seen)
            .Runs(async run =>
            {
                var file = new SeenFile(run.Of(seen) ?? SeenUsual);
                var before = file.Read();
                using var network = run.Connect();
                var key = (await network.Audit.GetAuditKeyAsync(new(), cancellationToken: run.Cancelled)).PublicKeyPem;
                // Heads before entries: the tree may grow meanwhile, but not shrink.
                var heads = await Pages.AllAsync<Head>(async token =>
                {
                    var page = await network.Audit.ListHeadsAsync(new() { PageSize = 1_000, PageToken = token }, cancellationToken: run.Cancelled);
                    return (page.Heads, page.NextPageToken);
                });
                using var verifier = new AuditVerifier(
                    key, before.Key, heads.Select(AuditMessages.Of), before.Roots);
                await ReadAsync(network, verifier, run.Cancelled);
                var report = verifier.Finish();
                if (report.Finding is { } finding)
                    return Refused(run.Terminal, finding);
                if (report.SignedSize > 0)
                    file.Write(before.With(key, new(report.Origin, report.SignedSize, report.Root)));
                run.Terminal.Line($"accepted: {Show.Count(report.Size, "entry", "entries")}, {report.SignedSize} of them under {Show.Count(report.Heads, "signed head")}"
                    + (before.Roots.Count > 0 ? $", and the tree still begins with what {Show.Count(before.Roots.Count, "earlier run")} saw" : ""));
                return ExitCodes.Done;
            });
    }

    private static async Task ReadAsync(ClinicNetworkClient network, AuditVerifier verifier, CancellationToken cancellationToken)
    {
        if (verifier.IsRefused)
            return;
        await foreach (var placed in network.StreamEntriesAsync(cancellationToken: cancellationToken))
        {
            verifier.Add(AuditMessages.Of(placed));
            if (verifier.IsRefused)
                return;
        }
    }

    private static int Refused(Terminal terminal, AuditFinding finding)
    {
        terminal.Error.WriteLine($"clinicnet: audit: refused, {finding.Rule}: {finding.Message}");
        return ExitCodes.Refused;
    }
}
