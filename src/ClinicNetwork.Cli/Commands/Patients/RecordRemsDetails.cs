using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class RecordRemsDetails
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var session = Given.Id("session");
        var lot = Given.Text("--lot", "Lot number of the devices", 40);
        var taking = Given.ManyOf<RemsMedication>("--taking", "Medication that the patient takes; what is not named is answered with no");
        var ready = Given.Whole("--ready-minutes", "When the patient could have left, minutes from the beginning of the dose", 0, 1440, 0);
        var by = Given.Required(Given.Text("--monitored-by", "Who watched the patient", 120));
        var mutation = new Mutation();
        return new CliCommand("rems-details", "Record what a session's monitoring form asks for and nothing else of the session tells.",
            "patient rems-details patients/p-1 s-1 --lot K4711 --taking benzodiazepines --ready-minutes 90 --monitored-by \"R. Alvarez\"")
            .With(patient, session, lot, taking, ready, by)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var request = new RecordRemsDetailsRequest
                    {
                        RequestId = id,
                        Patient = run.Of(patient),
                        SessionId = run.Of(session),
                        LotNumber = run.Of(lot) ?? "",
                        Taking = { run.Of(taking) },
                        MonitoredBy = run.Of(by),
                        OccurredAt = at,
                    };
                    run.Set(ready, v => request.ReadyMinutes = v);
                    var answer = await network.Patients.RecordRemsDetailsAsync(request, cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"details of session {run.Of(session)} recorded: ");
                });
            });
    }
}
