using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class RecordConsultation
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var diagnosis = Given.Required(Given.Text("--diagnosis", "ICD-10-CM code of the depression, for example F33.2", 10));
        var history = Given.Text("--history", "Psychiatric history", 4000);
        var earlier = Given.Many(
            "--earlier", "an earlier treatment, TREATMENT:adequate|inadequate:none|partial|full, and after it, as far as known, :class=ssri,dose=150mg,weeks=8,adherence=good,episode=present", "TREATMENT", Parse.EarlierTreatment);
        var risks = Given.Required(Given.Many("--risk", "a risk that was discussed, 1 to 200 characters", "TEXT", Short));
        var consent = Given.Flag("--treatment-consent", "The patient consents to treatment; without it no session starts");
        var contraindications = Given.Many(
            "--contraindication", "a contraindication found, 1 to 200 characters; any one stops every session", "TEXT", Short);
        var coded = new ConsultationOptions();
        var mutation = new Mutation();
        return new CliCommand("consult", "Record a consultation: history, earlier treatments, conditions, medication, risks discussed, consent.",
            "patient consult patients/p-1 --diagnosis F33.2 --earlier sertraline:adequate:none --earlier venlafaxine:adequate:partial "
            + "--risk dissociation --risk \"raised blood pressure\" --treatment-consent",
            "patient consult patients/p-1 --diagnosis F33.2 --earlier sertraline:adequate:none:class=ssri,dose=150mg,weeks=8,episode=present "
            + "--risk \"as on the sheet\" --discussed dissociation --discussed driving --present substance-use-disorder --absent others --medication lorazepam:benzodiazepine:\"1 mg at night\" --treatment-consent")
            .With(patient, diagnosis, history, earlier, risks, consent, contraindications)
            .With(coded.All)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                var consultation = new Consultation
                {
                    DiagnosisCode = run.Of(diagnosis),
                    PsychiatricHistory = run.Of(history) ?? "",
                    EarlierTreatments = { run.Of(earlier) },
                    RisksDiscussed = { run.Of(risks) },
                    TreatmentConsent = run.Of(consent),
                    Contraindications = { run.Of(contraindications) },
                };
                await coded.FillAsync(consultation, run, network);
                await mutation.SendAsync(run, network, async (id, at) =>
                {
                    var answer = await network.Patients.RecordConsultationAsync(
                        new() { RequestId = id, Patient = run.Of(patient), OccurredAt = at, Consultation = consultation }, cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"{answer.InadequateResponses} adequate treatments without full response, {PresentOf(answer)} in the present episode: ");
                });
            });
    }

    private static string PresentOf(RecordConsultationResponse answer) => answer.PresentEpisodeFailures == answer.PresentEpisodeFailuresMax
        ? $"{answer.PresentEpisodeFailures}"
        : $"{answer.PresentEpisodeFailures} to {answer.PresentEpisodeFailuresMax}";

    private static string? Short(string text) => text.Length is >= 1 and <= 200 ? text : null;
}
