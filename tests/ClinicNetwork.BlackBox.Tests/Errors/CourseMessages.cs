using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.BlackBox.Tests.Errors;

/// <summary>Death, contacts, loss to follow-up and pregnancy; none of them is recorded of anybody in the cast.</summary>
internal static class CourseMessages
{
    public static IEnumerable<BadMessage> All => [.. Death(), .. Contact(), .. Loss(), .. Pregnancy()];

    private static BadMessages<RecordDeathRequest> Death() =>
        new BadMessages<RecordDeathRequest>("PatientService/RecordDeath", _ => Valid.Death(Cast.Planned), async (n, r) => await n.Patients.RecordDeathAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .BadEnums("cause", (r, v) => r.Cause = (DeathCause)v)
            .BadEnums("source", (r, v) => r.Source = (DeathSource)v)
            .BadTexts("note", 500, required: false, (r, v) => r.Note = v)
            .Precondition("before a dose", "DEATH_BEFORE_SESSION", "occurred_at", (r, _) => (r.Patient, r.OccurredAt) = (Cast.Dosed, Valid.At(TimeSpan.FromMinutes(5))));

    private static BadMessages<RecordContactRequest> Contact() =>
        new BadMessages<RecordContactRequest>("PatientService/RecordContact", _ => Valid.Contact(Cast.Planned), async (n, r) => await n.Patients.RecordContactAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .BadEnums("way", (r, v) => r.Way = (ContactWay)v)
            .BadEnums("result", (r, v) => r.Result = (ContactResult)v)
            .BadTexts("note", 500, required: false, (r, v) => r.Note = v);

    private static BadMessages<DeclareLostRequest> Loss() =>
        new BadMessages<DeclareLostRequest>("PatientService/DeclareLost", _ => Valid.Loss(Cast.Planned), async (n, r) => await n.Patients.DeclareLostAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .BadTexts("note", 500, required: false, (r, v) => r.Note = v)
            .Precondition("nobody tried", "CONTACTS_TOO_FEW", "patient", (_, _) => { });

    private static BadMessages<RecordPregnancyRequest> Pregnancy() =>
        new BadMessages<RecordPregnancyRequest>("PatientService/RecordPregnancy", _ => Valid.Pregnancy(Cast.Planned), async (n, r) => await n.Patients.RecordPregnancyAsync(r))
            .BadRequestIds((r, v) => r.RequestId = v)
            .BadNames("patient", "patients", (r, v) => r.Patient = v)
            .UnknownPatient((r, v) => r.Patient = v)
            .BadTimes((r, v) => r.OccurredAt = v)
            .BadEnums("finding", (r, v) => r.Finding = (PregnancyFinding)v)
            .BadTexts("note", 500, required: false, (r, v) => r.Note = v)
            .Precondition("no pregnancy", "NOTHING_TO_END", "finding", (r, _) => r.Finding = PregnancyFinding.Ended)
            .Precondition("no breastfeeding", "NOTHING_TO_END", "finding", (r, _) => r.Finding = PregnancyFinding.BreastfeedingEnded);
}
