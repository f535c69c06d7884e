using System.Collections.Immutable;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Gateway.Requests;
using Wire = ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Gateway.Care;

/// <summary>A consultation's coded parts, from the wire; refuses what cannot be read, decides nothing.</summary>
internal static class ConsultationCommands
{
    public static TreatmentTrial? TrialOf(Wire.TreatmentTrial? trial, string field) => trial is null ? null : new(
        Fields.Enum<TreatmentClass>((int)trial.TreatmentClass, field + ".treatment_class"),
        trial.HasDose ? Fields.Finite(trial.Dose, field + ".dose") : null,
        trial.DoseUnit == Wire.DoseUnit.Unspecified ? null : Fields.Enum<DoseUnit>((int)trial.DoseUnit, field + ".dose_unit"),
        trial.HasWeeks ? trial.Weeks : null,
        trial.Adherence == Wire.Adherence.Unspecified ? null : Fields.Enum<Adherence>((int)trial.Adherence, field + ".adherence"),
        trial.HasPresentEpisode ? trial.PresentEpisode : null);

    /// <summary>Null when nothing of it was given, as by clients before 0.4.</summary>
    public static ConsultationDetail? DetailOf(Wire.Consultation c) =>
        c.Findings.Count == 0 && c.Medication is null && c.Allergies.Count == 0 && c.Pregnancy == Wire.PregnancyPossibility.Unspecified && c.BaselineScales.Count == 0 && c.Discussed.Count == 0 && !c.HasAcuteIdeation
            ? null
            : new(
                [.. c.Findings.Select(f => new CodedFinding(f.Code, f.Present, f.Note))],
                c.Medication is not null,
                MedicationsOf(c.Medication),
                [.. c.Allergies],
                c.Pregnancy == Wire.PregnancyPossibility.Unspecified ? null : Fields.Enum<PregnancyPossibility>((int)c.Pregnancy, "consultation.pregnancy"),
                [.. c.BaselineScales.Select((s, i) => Fields.Enum<ScaleKind>((int)s, $"consultation.baseline_scales[{i}]"))],
                [.. c.Discussed.Select((d, i) => Fields.Enum<DiscussedTopic>((int)d, $"consultation.discussed[{i}]"))],
                c.HasAcuteIdeation ? c.AcuteIdeation : null);

    private static ImmutableArray<Medication> MedicationsOf(Wire.MedicationList? list) =>
    [
        .. (list?.Medications ?? []).Select((m, i) => new Medication(
            m.Name, Fields.Enum<MedicationClass>((int)m.MedicationClass, $"consultation.medication.medications[{i}].medication_class"), m.Dose)),
    ];
}
