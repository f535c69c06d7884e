using ClinicNetwork.Domain.Clinics;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Refusals;

/// <summary>Refusals of what destroys keys, and of what comes after it.</summary>
internal static class KeyRefusals
{
    public static IEnumerable<RefusalCase> All()
    {
        var chart = new Chart().Enrol();
        yield return RefusalCase.Invalid("TEXT_INVALID", "reason", "no reason", chart, new ErasePatient(""));
        yield return RefusalCase.Invalid("TEXT_INVALID", "reason", "501 characters", chart, new ErasePatient(new('x', 501)));
        yield return new(
            nameof(ErasePatient), "PATIENT_NOT_FOUND", "patient", RefusalKind.NotFound, "nobody", () => UseCases.Decide(PatientState.Empty, new ErasePatient("why"), default));
        var erased = UseCases.Fold(chart.State, chart.Try(new ErasePatient("why")));
        yield return new(nameof(ErasePatient), "PATIENT_NOT_FOUND", "patient", RefusalKind.NotFound, "twice", () => UseCases.Decide(erased, new ErasePatient("why"), default));
        yield return new(
            nameof(EnrolPatient), "PATIENT_EXISTS", "patient", RefusalKind.Exists, "erased", () => UseCases.Decide(erased, Given.Enrolment("Europe/Berlin", chart.At(0)), chart.At(0)));

        var clinic = ClinicState.Evolve(ClinicState.Empty, new ClinicRegistered(Given.Home, "North clinic", "Europe/Berlin", true));
        yield return RefusalCase.Clinic("CLINIC_NOT_FOUND", "clinic", RefusalKind.NotFound, "nobody", ClinicState.Empty, new DestroyClinicKey("why"));
        yield return RefusalCase.Clinic("TEXT_INVALID", "reason", RefusalKind.Invalid, "no reason", clinic, new DestroyClinicKey(""));
        yield return RefusalCase.Clinic(
            "CLINIC_KEY_DESTROYED", "clinic", RefusalKind.Precondition, "twice", ClinicState.Evolve(clinic, new ClinicKeyDestroyed("why")), new DestroyClinicKey("why"));
    }
}
