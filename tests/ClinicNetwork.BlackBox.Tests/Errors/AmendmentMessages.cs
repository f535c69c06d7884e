using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.BlackBox.Tests.Errors;

/// <summary>Facts entered in error, and what is put in their place.</summary>
internal static class AmendmentMessages
{
    public static IEnumerable<BadMessage> All => [.. Marks(), .. Amends(), .. AmendsOfSessions()];

    private static readonly string[] NoFacts = ["", "assessments", "assessments/", "assessments/Upper", "side-effects/0", "side-effects/01", "sessions/s-1/vitals/x", "patients/warned/assessments/a-1", "dose"];

    private static BadMessages<MarkEnteredInErrorRequest> Marks()
    {
        var rows = new BadMessages<MarkEnteredInErrorRequest>("PatientService/MarkEnteredInError", _ => Valid.Mistake(Cast.Completed), async (n, r) => await n.Patients.MarkEnteredInErrorAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadTexts("reason", 500, required: true, (r, v) => r.Reason = v)
            .Precondition("a fact that is not there", "FACT_UNKNOWN", "fact", (r, _) => r.Fact = "assessments/nobody")
            .Precondition("a number that is not there", "FACT_UNKNOWN", "fact", (r, _) => r.Fact = "side-effects/999999");
        foreach (var fact in NoFacts)
        {
            rows.Invalid($"fact is '{fact}'", "FACT_INVALID", "fact", r => r.Fact = fact);
        }

        return rows;
    }

    private static BadMessages<AmendFactRequest> Amends() =>
        new BadMessages<AmendFactRequest>("PatientService/AmendFact", _ => Valid.Amendment(Cast.Completed, "a-9"), async (n, r) => await n.Patients.AmendFactAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadTexts("reason", 500, required: true, (r, v) => (r.Reason, r.Scale) = (v, new() { AssessmentId = "a-9", Scale = ScaleKind.Gad7, OccurredAt = r.Scale.OccurredAt }))
            .BadIds("replacement.assessment_id", (r, v) => r.Scale.AssessmentId = v)
            .BadEnums("replacement.scale", (r, v) => r.Scale.Scale = (ScaleKind)v)
            .Invalid("nothing in its place", "FIELD_MISSING", "replacement", r => r.ClearReplacement())
            .Invalid("no time", "TIME_MISSING", "replacement.occurred_at", r => r.Scale.OccurredAt = null)
            .Invalid("of another kind", "REPLACEMENT_MISMATCH", "replacement", r => r.End = new() { Reason = "moved", OccurredAt = r.Scale.OccurredAt })
            .Invalid("a whole session", "FACT_NOT_AMENDABLE", "fact", r => r.Fact = "sessions/s-1")
            .Invalid("no name of a fact", "FACT_INVALID", "fact", r => r.Fact = "assessments/a-1/items")
            .Invalid("an item of another scale", "ITEM_UNKNOWN", "replacement.items[0].key", r => r.Scale.Items[0].Key = "mood")
            .Precondition("a fact that is not there", "FACT_UNKNOWN", "fact", (r, _) => r.Fact = "assessments/nobody");

    private static BadMessages<AmendFactRequest> AmendsOfSessions() =>
        new BadMessages<AmendFactRequest>("PatientService/AmendFact", _ => Dose(), async (n, r) => await n.Patients.AmendFactAsync(r))
            .NotFinite("replacement.dose_mg", (r, v) => r.Dose.DoseMg = v)
            .Invalid("a dose of nothing", "DOSE_OUT_OF_RANGE", "replacement.dose_mg", r => r.Dose.DoseMg = 0)
            .Invalid("a dose in place of an answer", "REPLACEMENT_MISMATCH", "replacement", r => r.Fact = "assessments/a-1")
            .Invalid("readings in place of a dose", "REPLACEMENT_MISMATCH", "replacement", r => r.Vitals = new() { OccurredAt = r.Dose.OccurredAt, HeartRate = 70 });

    private static AmendFactRequest Dose()
    {
        var (request, dose) = (Valid.Amendment(Cast.Completed, "a-9", "sessions/s-1/dose"), Valid.Dose(Cast.Completed, "s-1"));
        request.Dose = new() { DoseMg = dose.DoseMg, DurationMinutes = dose.DurationMinutes, OccurredAt = dose.OccurredAt };
        return request;
    }
}
