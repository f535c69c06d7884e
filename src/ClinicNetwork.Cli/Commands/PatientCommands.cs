using ClinicNetwork.Cli.Commands.Patients;

namespace ClinicNetwork.Cli.Commands;

internal static class PatientCommands
{
    internal static CliCommand Build() => new CliCommand(
        "patient", "The pathway of one patient, from enrolment to follow-up.", "patient show patients/p-1").With(
        EnrolPatient.Build(),
        RecordConsultation.Build(),
        CreatePlan.Build(),
        RevisePlan.Build(),
        SetSharing.Build(),
        SetResearchConsent.Build(),
        SessionCommands(),
        RecordAssessment.Build(),
        RecordScale.Build(),
        RecordVitals.Build(),
        RecordSideEffect.Build(),
        ResolveSideEffect.Build(),
        RecordMissedVisit.Build(),
        EndTreatment.Build(),
        BreakGlass.Build(),
        ReviewAccess.Build(),
        AcknowledgeAlert.Build(),
        MarkEnteredInError.Build(),
        AmendFact.Build(),
        ShowPatient.Build(),
        ShowCalendar.Build(),
        ShowHistory.Build());

    private static CliCommand SessionCommands() =>
        new CliCommand("session", "A treatment session: start, dose, complete; or leave without a discharge.").With(
            StartSession.Build(), RecordDose.Build(), CompleteSession.Build(), RecordLeaving.Build());
}
