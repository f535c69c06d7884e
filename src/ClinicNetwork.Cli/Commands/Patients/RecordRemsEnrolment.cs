using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class RecordRemsEnrolment
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var clinic = Given.Clinic("--clinic", "Certified site that treats from now on, clinics/{clinic}");
        var transfer = Given.Flag("--transfer", "Notice of a move of an enrolled patient to this site, not the enrolment form");
        var prescriber = Given.Text("--prescriber", "Who signed the form", 120);
        var indication = Given.MayBeOneOf<RemsIndication>("--indication", "What esketamine is given for");
        var consent = Given.Flag("--consent", "The patient signed the form");
        var reference = Given.Text("--reference", "The programme's own reference", 60);
        var mutation = new Mutation();
        return new CliCommand("rems-enrol", "Record the enrolment in the programme for esketamine, or the notice of a move to another site.",
            "patient rems-enrol patients/p-1 --clinic clinics/harbour --prescriber \"Dr Chen\" --indication treatment-resistant-depression --consent",
            "patient rems-enrol patients/p-1 --clinic clinics/hillside --transfer")
            .With(patient, clinic, transfer, prescriber, indication, consent, reference)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Patients.RecordRemsEnrolmentAsync(
                        new()
                        {
                            RequestId = id,
                            Patient = run.Of(patient),
                            Kind = run.Of(transfer) ? RemsEnrolmentKind.TransferNotice : RemsEnrolmentKind.Form,
                            Clinic = run.Of(clinic),
                            Prescriber = run.Of(prescriber) ?? "",
                            Indication = run.Of(indication),
                            ConsentSigned = run.Of(consent),
                            Reference = run.Of(reference) ?? "",
                            OccurredAt = at,
                        },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, run.Of(transfer) ? $"notice of the move to {run.Of(clinic)} recorded: " : $"enrolled for {run.Of(clinic)}: ");
                });
            });
    }
}
