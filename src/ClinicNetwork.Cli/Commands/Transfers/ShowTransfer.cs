using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands.Transfers;

internal static class ShowTransfer
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var number = Given.Whole("--number", "Of the offer; without it the latest", 1, 100, 0);
        return new CliCommand("show", "Show one offer of a patient and what came of it.", "transfer show patients/p-1", "transfer show patients/p-1 --number 1")
            .With(patient, number)
            .Runs(async run =>
            {
                using var network = run.Connect();
                var transfer = (await network.Transfers.GetTransferAsync(new() { Patient = run.Of(patient), Number = run.Of(number) }, cancellationToken: run.Cancelled)).Transfer;
                run.Terminal.Line($"{transfer.Patient}, transfer {transfer.Number}: {Show.Words(transfer.Status)}");
                run.Terminal.Line($"  from      {transfer.FromClinic}, which keeps {Show.Words(transfer.Keeps)}");
                run.Terminal.Line($"  to        {transfer.ToClinic}");
                run.Terminal.Line($"  reason    {transfer.Reason}");
                run.Terminal.Line($"  drug      {Show.Words(transfer.Drug)}");
                run.Terminal.Line($"  offered   {Show.Instant(transfer.OfferedAt)}, expires {Show.Instant(transfer.ExpiresAt)}");
                if (transfer.ClosedAt is { } closed)
                    run.Terminal.Line($"  closed    {Show.Instant(closed)}{(transfer.Finding.Length > 0 ? $": {transfer.Finding}" : "")}");
            });
    }
}
