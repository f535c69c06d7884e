using ClinicNetwork.Cli.Output;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

/// <summary>A consultation's coded parts, and safety checks, as lines.</summary>
internal static class ConsultationSheet
{
    internal static void WriteHead(Terminal terminal, GetPatientResponse answer)
    {
        if (answer.Patient.Consultation is { } consultation)
        {
            var at = $"{consultation.Number} of {Show.Day(consultation.OccurredAt)}{(consultation.RecordedBy.Length > 0 ? $" by {consultation.RecordedBy}" : "")}";
            terminal.Line($"  consulted {at}, {(consultation.TreatmentConsent ? "consents to treatment" : "NO consent to treatment")}");
            string[] present = [.. consultation.Findings.Where(f => f.Present).Select(f => f.Code), .. consultation.Contraindications];
            var asked = consultation.Findings.Count(f => !f.Present);
            if (present.Length + asked > 0)
                terminal.Line($"  against   {(present.Length == 0 ? "nothing found" : string.Join(", ", present))}{(asked > 0 ? $"; {asked} asked about and absent" : "")}");
            if (consultation.Medication is { } list)
                terminal.Line($"  takes     {(list.Medications.Count == 0 ? "nothing" : string.Join(", ", list.Medications.Select(m => $"{m.Name} ({Show.Words(m.MedicationClass)})")))}");
            if (consultation.Allergies.Count > 0)
                terminal.Line($"  allergies {string.Join(", ", consultation.Allergies)}");
            if (consultation.Pregnancy != PregnancyPossibility.Unspecified)
                terminal.Line($"  pregnancy {Show.Words(consultation.Pregnancy)}");
        }
        foreach (var warning in answer.SafetyWarnings)
            terminal.Line($"  WARNING   {Show.Words(warning.Kind)} of {Show.Day(warning.OccurredAt)}: {Show.Words(warning.Finding)}; {warning.AsksFor} ({warning.Rule})");
    }

    internal static void WriteChecks(Terminal terminal, Patient patient)
    {
        if (patient.SafetyChecks.Count == 0)
            return;
        var table = new Sheet("done", "check", "finding", "result", "id");
        foreach (var check in patient.SafetyChecks.OrderBy(check => check.OccurredAt))
            table.Row(Show.Instant(check.OccurredAt), Show.Words(check.Kind), Show.Words(check.Finding), ResultOf(check), check.Name[(check.Name.LastIndexOf('/') + 1)..]);
        terminal.Line("");
        table.WriteTo(terminal);
    }

    private static string ResultOf(SafetyCheck check) => check.ResultCase switch
    {
        SafetyCheck.ResultOneofCase.LiverPanel => string.Join(", ", ((string Name, LiverValue? Value)[])
            [("ALT", check.LiverPanel.Alt), ("AST", check.LiverPanel.Ast), ("ALP", check.LiverPanel.Alp), ("bilirubin", check.LiverPanel.Bilirubin)]
            is var values ? values.Where(v => v.Value is not null).Select(v => $"{v.Name} {Show.Number(v.Value!.Value)} (to {Show.Number(v.Value.UpperLimit)} {UnitOf(v.Value.Unit)})") : []),
        SafetyCheck.ResultOneofCase.CognitionTest => $"{check.CognitionTest.Test} {Show.Number(check.CognitionTest.Score)} of {Show.Number(check.CognitionTest.ScoreMax)}",
        SafetyCheck.ResultOneofCase.MisuseScreen => Words(check.MisuseScreen),
        SafetyCheck.ResultOneofCase.PregnancyTest => Words(check.PregnancyTest),
        SafetyCheck.ResultOneofCase.UrineDrugScreen => Words(check.UrineDrugScreen),
        _ => "",
    };

    private static string Words(ScreenResult screen) => $"{Show.Words(screen.Outcome)}{string.Concat(screen.Substances.Select(s => $", {s}"))}";

    private static string UnitOf(LiverUnit unit) => unit switch { LiverUnit.UnitsPerLitre => "U/L", LiverUnit.MicromolPerLitre => "µmol/L", _ => "mg/dL" };
}
