using ClinicNetwork.Domain.Eligibility;

namespace ClinicNetwork.Domain.Patients;

/// <summary>What the coded parts of a consultation must keep.</summary>
internal static class ConsultationRules
{
    /// <summary>Highest dose that is no slip of the pen, mg a day or sessions ([K], our bound).</summary>
    private const double DoseMax = 10_000;

    /// <summary>Ten years ([K], our bound).</summary>
    private const int WeeksMax = 520;

    private const int MedicationsMax = 50;
    private const int AllergiesMax = 30;

    /// <summary>Null when they do.</summary>
    public static Refusal? Check(Consultation consultation) =>
        consultation.EarlierTreatments.Select((t, i) => CheckTrial(t.Trial, $"consultation.earlier_treatments[{i}].trial")).FirstOrDefault(r => r is not null)
        ?? (consultation.Detail is { } detail ? CheckDetail(detail) : null);

    private static Refusal? CheckTrial(TreatmentTrial? trial, string field) =>
        trial is null ? null
        : trial.Dose is { } dose && !(dose > 0 && dose <= DoseMax) ? Refusal.Invalid("TRIAL_OUT_OF_RANGE", field + ".dose", $"Give a dose above 0, at most {DoseMax}.")
        : trial.Dose is null != trial.Unit is null ? Refusal.Invalid("DOSE_UNIT_MISSING", field + ".dose_unit", "Give dose and unit together.")
        : trial.Weeks is < 1 or > WeeksMax ? Refusal.Invalid("TRIAL_OUT_OF_RANGE", field + ".weeks", $"Give 1 to {WeeksMax} weeks.")
        : null;

    private static Refusal? CheckDetail(ConsultationDetail detail) =>
        CheckFindings(detail)
        ?? CheckCount(detail.Medications.Length, MedicationsMax, "consultation.medication.medications")
        ?? CheckCount(detail.Allergies.Length, AllergiesMax, "consultation.allergies")
        ?? First(detail.Medications.Select((m, i) =>
            Texts.Check(m.Name, 1, 120, $"consultation.medication.medications[{i}].name") ?? Texts.Check(m.Dose, 0, 120, $"consultation.medication.medications[{i}].dose")))
        ?? First(detail.Allergies.Select((a, i) => Texts.Check(a, 1, 120, $"consultation.allergies[{i}]")))
        ?? CheckDistinct(detail.BaselineScales, "SCALE_REPEATED", "consultation.baseline_scales")
        ?? CheckDistinct(detail.Discussed, "TOPIC_REPEATED", "consultation.discussed");

    private static Refusal? CheckFindings(ConsultationDetail detail)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return First(detail.Findings.Select((f, i) =>
            ContraindicationCatalogue.Find(f.Code) is null ? Refusal.Invalid("FINDING_UNKNOWN", $"consultation.findings[{i}].code", "List the contraindications and give one of their codes; tell others in contraindications.")
            : !seen.Add(f.Code) ? Refusal.Invalid("FINDING_REPEATED", $"consultation.findings[{i}].code", "Give each code at most once.")
            : Texts.Check(f.Note, 0, 500, $"consultation.findings[{i}].note")));
    }

    private static Refusal? CheckCount(int count, int most, string field) => count > most ? Refusal.Invalid("TOO_MANY", field, $"Give at most {most}.") : null;

    private static Refusal? CheckDistinct<T>(IReadOnlyCollection<T> values, string reason, string field) =>
        values.Distinct().Count() < values.Count ? Refusal.Invalid(reason, field, "Give each at most once.") : null;

    private static Refusal? First(IEnumerable<Refusal?> refusals) => refusals.FirstOrDefault(r => r is not null);
}
