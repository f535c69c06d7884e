using System.CommandLine;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

/// <summary>The coded parts of a consultation as options.</summary>
internal sealed class ConsultationOptions
{
    /// <summary>For <c>--absent</c>: every code of the catalogue that is not named.</summary>
    private const string Others = "others";

    private readonly Option<string[]> present = Given.Many("--present", "a condition that is there, by its code in 'clinicnet contraindications'", "CODE", Code);
    private readonly Option<string[]> absent = Given.Many("--absent", "a condition that was asked about and is not there, by its code; 'others': all that are not named", "CODE", Code);
    private readonly Option<Medication[]> medications = Given.Many("--medication", "a drug that is taken, NAME:CLASS or NAME:CLASS:DOSE", "DRUG", Parse.Medication);
    private readonly Option<bool> noMedication = Given.Flag("--no-medication", "The patient was asked, and takes nothing");
    private readonly Option<string[]> allergies = Given.Many("--allergy", "an allergy or intolerance, 1 to 120 characters", "TEXT", text => text.Length is >= 1 and <= 120 ? text : null);
    private readonly Option<PregnancyPossibility> pregnancy = Given.MayBeOneOf<PregnancyPossibility>("--pregnancy", "Whether the patient is, or may be, pregnant");
    private readonly Option<ScaleKind[]> scales = Given.ManyOf<ScaleKind>("--baseline-scale", "A scale that the course is measured by");
    private readonly Option<DiscussedTopic[]> discussed = Given.ManyOf<DiscussedTopic>("--discussed", "A risk, benefit or alternative that was talked about, by code");
    private readonly Option<string> ideation = Given.Option("--acute-ideation", "yes or no: acute suicidal ideation or behaviour", "YES|NO", text => text is "yes" or "no" ? text : null);

    internal Option[] All => [present, absent, medications, noMedication, allergies, pregnancy, scales, discussed, ideation];

    internal async Task FillAsync(Consultation consultation, Invocation run, ClinicNetworkClient network)
    {
        var there = run.Of(present);
        var named = run.Of(absent).Where(code => code != Others).ToArray();
        var others = run.Of(absent).Contains(Others)
            ? (await ListContraindications.AllAsync(run, network)).Select(c => c.Code).Except([.. there, .. named])
            : [];
        consultation.Findings.AddRange(there.Select(code => new CodedFinding { Code = code, Present = true }));
        consultation.Findings.AddRange(named.Concat(others).Select(code => new CodedFinding { Code = code }));
        if (run.Of(noMedication) && run.Of(medications).Length > 0)
            throw new InputException("--no-medication", "give this, or the drugs");
        if (run.Of(noMedication) || run.Of(medications).Length > 0)
            consultation.Medication = new() { Medications = { run.Of(medications) } };
        consultation.Allergies.AddRange(run.Of(allergies));
        consultation.Pregnancy = run.Of(pregnancy);
        consultation.BaselineScales.AddRange(run.Of(scales));
        consultation.Discussed.AddRange(run.Of(discussed));
        if (run.Of(ideation) is { } acute)
            consultation.AcuteIdeation = acute == "yes";
    }

    private static string? Code(string text) => Parse.Id(text);
}
