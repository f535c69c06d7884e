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
        ReportSession.Build(),
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
        ExportPatient.Build(),
        DoubleCommands());

    private static CliCommand DoubleCommands() =>
        new CliCommand("doubles", "Records that look like one person's: nothing is merged, somebody who knows looks.", "patient doubles list clinics/harbour").With(
            ListDoubles.Build(), DismissDouble.Build(), ReopenDouble.Build());

    private static CliCommand SessionCommands() =>
        new CliCommand("session", "A treatment session: start, dose, complete; or leave without a discharge.").With(
            StartSession.Build(), RecordDose.Build(), CompleteSession.Build(), RecordLeaving.Build());
}
