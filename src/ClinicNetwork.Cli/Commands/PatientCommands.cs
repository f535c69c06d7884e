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
        ProposeRevision.Build(),
        ListConflicts.Build(),
        ResolveConflict.Build(),
        SetSharing.Build(),
        SetResearchConsent.Build(),
        SessionCommands(),
        RecordAssessment.Build(),
        RecordScale.Build(),
        RecordVitals.Build(),
        RecordSideEffect.Build(),
        ResolveSideEffect.Build(),
        RecordSafetyCheck.Build(),
        RecordMissedVisit.Build(),
        RecordRequestForDose.Build(),
        RescheduleVisit.Build(),
        RecordSupport.Build(),
        EndTreatment.Build(),
        RecordDeath.Build(),
        RecordContact.Build(),
        DeclareLost.Build(),
        RecordContact.BuildFound(),
        RecordPregnancy.Build(),
        BreakGlass.Build(),
        ReviewAccess.Build(),
        AcknowledgeAlert.Build(),
        RecordRemsEnrolment.Build(),
        RecordRemsDetails.Build(),
        RecordRemsSubmission.Build(),
        RecordSeriousEvent.Build(),
        ShowRemsForm.Build(),
        DecideAdvice.Build(),
        ShowAdvice.Build(),
        MarkEnteredInError.Build(),
        AmendFact.Build(),
        ShowPatient.Build(),
        ShowEligibility.Build(),
        ShowCalendar.Build(),
        ShowHistory.Build(),
        ExportPatient.Build());

    private static CliCommand SessionCommands() =>
        new CliCommand("session", "A treatment session: start, dose, complete; or leave without a discharge.").With(
            StartSession.Build(), RecordDose.Build(), CompleteSession.Build(), RecordLeaving.Build());
}
