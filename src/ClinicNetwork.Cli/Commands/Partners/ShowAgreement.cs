using System.Globalization;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Protocol.Exchange.V1;
using Google.Protobuf;

namespace ClinicNetwork.Cli.Commands.Partners;

internal static class ShowAgreement
{
    internal static CliCommand Build()
    {
        var name = Given.Agreement();
        var json = Given.Json();
        return new CliCommand("show", "Show one agreement: its terms and where it stands.", "agreement show eu-registry/outcomes").With(name, json).Runs(async run =>
        {
            using var network = run.Connect();
            var answer = await network.Partners.GetAgreementAsync(new() { Name = run.Of(name) }, cancellationToken: run.Cancelled);
            if (run.Of(json))
                run.Terminal.Line(JsonFormatter.Default.Format(answer));
            else
                Write(run.Terminal, answer.Agreement);
        });
    }

    /// <summary>What a second person reads, too.</summary>
    internal static void Write(Terminal terminal, AgreementTerms terms, int revision)
    {
        terminal.Line($"  terms     {terms.Profile} for {Show.Words(terms.Purpose)}, revision {revision}");
        terminal.Line($"  fields    {string.Join(", ", terms.Fields)}");
        terminal.Line($"  period    {Show.Instant(terms.ValidFrom)} to {Show.Instant(terms.ValidTo)}");
        terminal.Line($"  quota     {(terms.QuotaRowsADay == 0 ? "none" : terms.QuotaRowsADay.ToString("N0", CultureInfo.InvariantCulture) + " rows a day")}");
        terminal.Line($"  document  {terms.Document}");
        if (terms.Finding.Length > 0)
            terminal.Line($"  finding   {terms.Finding}");
    }

    private static void Write(Terminal terminal, Agreement agreement)
    {
        terminal.Line($"{agreement.Name}: {Show.Words(agreement.Status)}");
        Write(terminal, agreement.Terms, agreement.Revision);
        terminal.Line($"  recipient {agreement.Recipient}, epoch {agreement.Epoch}");
        if (agreement.Approval.Length > 0)
            terminal.Line($"  proposed  {agreement.Approval}");
        if (agreement.Reason.Length > 0)
            terminal.Line($"  reason    {agreement.Reason}");
        terminal.Line($"  stored    {(agreement.Acknowledged == 0 ? "no batch" : $"batch {agreement.Acknowledged}")}");
        terminal.Line($"  changed   {Show.Instant(agreement.ChangedAt)}");
        terminal.Line($"  etag      {agreement.Etag}");
    }
}
