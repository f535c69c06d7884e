using ClinicNetwork.Domain.Clinics;
using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Domain.Tests.Support;

/// <summary>Every use case behind one door: <c>Decide</c> by the type of the command.</summary>
internal static class UseCases
{
    /// <summary>All types of the domain with a public <c>Decide</c>: a new one without a test is found here.</summary>
    public static IReadOnlyList<Type> All { get; } =
        [.. typeof(PatientState).Assembly.GetExportedTypes().Where(t => t.GetMethod("Decide") is not null).OrderBy(t => t.Name, StringComparer.Ordinal)];

    /// <summary>Those that a course is made of: an erasure is the end of any.</summary>
    public static IReadOnlyList<string> OfPatients { get; } =
        [.. All.Where(t => t.Namespace == typeof(PatientState).Namespace && t != typeof(ErasePatient)).Select(t => t.Name)];

    /// <summary>With the alerts that follow, as a patient's grain decides.</summary>
    public static Attempt Decide(PatientState state, object command, DateTimeOffset now) =>
        DecideAlone(state, command, now) is var attempt && attempt.Accepted
            ? attempt with { Events = [.. attempt.Events, .. EarlyWarning.Of(state, attempt.Events, now)] }
            : attempt;

    private static Attempt DecideAlone(PatientState state, object command, DateTimeOffset now) => command switch
    {
        EnrolPatient c => Attempt.Of(nameof(EnrolPatient), EnrolPatient.Decide(state, c, now)),
        RecordConsultation c => Attempt.Of(nameof(RecordConsultation), RecordConsultation.Decide(state, c, now)),
        CreatePlan c => Attempt.Of(nameof(CreatePlan), CreatePlan.Decide(state, c, now)),
        RevisePlan c => Attempt.Of(nameof(RevisePlan), RevisePlan.Decide(state, c, now)),
        ProposeRevision c => Attempt.Of(nameof(ProposeRevision), ProposeRevision.Decide(state, c, now)),
        ResolvePlanConflict c => Attempt.Of(nameof(ResolvePlanConflict), ResolvePlanConflict.Decide(state, c, now)),
        SetSharing c => Attempt.Of(nameof(SetSharing), SetSharing.Decide(state, c, now)),
        SetResearchConsent c => Attempt.Of(nameof(SetResearchConsent), SetResearchConsent.Decide(state, c, now)),
        StartSession c => Attempt.Of(nameof(StartSession), StartSession.Decide(state, c, now)),
        RecordDose c => Attempt.Of(nameof(RecordDose), RecordDose.Decide(state, c, now)),
        RecordSideEffect c => Attempt.Of(nameof(RecordSideEffect), RecordSideEffect.Decide(state, c, now)),
        RecordVitals c => Attempt.Of(nameof(RecordVitals), RecordVitals.Decide(state, c, now)),
        ResolveSideEffect c => Attempt.Of(nameof(ResolveSideEffect), ResolveSideEffect.Decide(state, c, now)),
        RecordLeaving c => Attempt.Of(nameof(RecordLeaving), RecordLeaving.Decide(state, c, now)),
        CompleteSession c => Attempt.Of(nameof(CompleteSession), CompleteSession.Decide(state, c, now)),
        RecordAssessment c => Attempt.Of(nameof(RecordAssessment), RecordAssessment.Decide(state, c, now)),
        RecordScale c => Attempt.Of(nameof(RecordScale), RecordScale.Decide(state, c, now)),
        RecordSafetyCheck c => Attempt.Of(nameof(RecordSafetyCheck), RecordSafetyCheck.Decide(state, c, now)),
        RecordMissedVisit c => Attempt.Of(nameof(RecordMissedVisit), RecordMissedVisit.Decide(state, c, now)),
        RecordRequestForDose c => Attempt.Of(nameof(RecordRequestForDose), RecordRequestForDose.Decide(state, c, now)),
        NoticeLapse c => Attempt.Of(nameof(NoticeLapse), NoticeLapse.Decide(state, c, now)),
        RescheduleVisit c => Attempt.Of(nameof(RescheduleVisit), RescheduleVisit.Decide(state, c, now)),
        RecordSupportSession c => Attempt.Of(nameof(RecordSupportSession), RecordSupportSession.Decide(state, c, now)),
        RecordAdviceDecision c => Attempt.Of(nameof(RecordAdviceDecision), RecordAdviceDecision.Decide(state, c, now)),
        EndTreatment c => Attempt.Of(nameof(EndTreatment), EndTreatment.Decide(state, c, now)),
        RecordDeath c => Attempt.Of(nameof(RecordDeath), RecordDeath.Decide(state, c, now)),
        RecordContact c => Attempt.Of(nameof(RecordContact), RecordContact.Decide(state, c, now)),
        DeclareLost c => Attempt.Of(nameof(DeclareLost), DeclareLost.Decide(state, c, now)),
        RecordPregnancy c => Attempt.Of(nameof(RecordPregnancy), RecordPregnancy.Decide(state, c, now)),
        BreakGlass c => Attempt.Of(nameof(BreakGlass), BreakGlass.Decide(state, c, now)),
        EndResearchConsent c => Attempt.Of(nameof(EndResearchConsent), EndResearchConsent.Decide(state, c, now)),
        WithdrawAgain c => Attempt.Of(nameof(WithdrawAgain), WithdrawAgain.Decide(state, c, now)),
        AddYearlyMilestones c => Attempt.Of(nameof(AddYearlyMilestones), AddYearlyMilestones.Decide(state, c, now)),
        EndEmergencyAccess c => Attempt.Of(nameof(EndEmergencyAccess), EndEmergencyAccess.Decide(state, c, now)),
        ReviewEmergencyAccess c => Attempt.Of(nameof(ReviewEmergencyAccess), ReviewEmergencyAccess.Decide(state, c, now)),
        EscalateAlert c => Attempt.Of(nameof(EscalateAlert), EscalateAlert.Decide(state, c, now)),
        AcknowledgeAlert c => Attempt.Of(nameof(AcknowledgeAlert), AcknowledgeAlert.Decide(state, c, now)),
        RecordRemsEnrolment c => Attempt.Of(nameof(RecordRemsEnrolment), RecordRemsEnrolment.Decide(state, c, now)),
        RecordRemsDetails c => Attempt.Of(nameof(RecordRemsDetails), RecordRemsDetails.Decide(state, c, now)),
        RecordRemsSubmission c => Attempt.Of(nameof(RecordRemsSubmission), RecordRemsSubmission.Decide(state, c, now)),
        RecordSeriousEvent c => Attempt.Of(nameof(RecordSeriousEvent), RecordSeriousEvent.Decide(state, c, now)),
        WriteJournalEntry c => Attempt.Of(nameof(WriteJournalEntry), WriteJournalEntry.Decide(state, c, now)),
        SetOwnGoals c => Attempt.Of(nameof(SetOwnGoals), SetOwnGoals.Decide(state, c, now)),
        RecordDiaryEffect c => Attempt.Of(nameof(RecordDiaryEffect), RecordDiaryEffect.Decide(state, c, now)),
        ResolveDiaryEffect c => Attempt.Of(nameof(ResolveDiaryEffect), ResolveDiaryEffect.Decide(state, c, now)),
        SetSupportContacts c => Attempt.Of(nameof(SetSupportContacts), SetSupportContacts.Decide(state, c, now)),
        ExplainVisit c => Attempt.Of(nameof(ExplainVisit), ExplainVisit.Decide(state, c, now)),
        MarkEnteredInError c => Attempt.Of(nameof(MarkEnteredInError), MarkEnteredInError.Decide(state, c, now)),
        AmendFact c => Attempt.Of(nameof(AmendFact), AmendFact.Decide(state, c, now)),
        OfferTransfer c => Attempt.Of(nameof(OfferTransfer), OfferTransfer.Decide(state, c, now)),
        WithdrawTransfer c => Attempt.Of(nameof(WithdrawTransfer), WithdrawTransfer.Decide(state, c, now)),
        AcceptTransfer c => Attempt.Of(nameof(AcceptTransfer), AcceptTransfer.Decide(state, c, now)),
        TakeDosing c => Attempt.Of(nameof(TakeDosing), TakeDosing.Decide(state, c, now)),
        PassDosing c => Attempt.Of(nameof(PassDosing), PassDosing.Decide(state, c, now)),
        EndDosing c => Attempt.Of(nameof(EndDosing), EndDosing.Decide(state, c, now)),
        ReportSession c => Attempt.Of(nameof(ReportSession), ReportSession.Decide(state, c, now)),
        DeclineTransfer c => Attempt.Of(nameof(DeclineTransfer), DeclineTransfer.Decide(state, c, now)),
        ReopenDouble c => Attempt.Of(nameof(ReopenDouble), ReopenDouble.Decide(state, c, now)),
        DismissDouble c => Attempt.Of(nameof(DismissDouble), DismissDouble.Decide(state, c, now)),
        CloseMilestone c => Attempt.Of(nameof(CloseMilestone), CloseMilestone.Decide(state, c, now)),
        ErasePatient c => Attempt.Of(nameof(ErasePatient), ErasePatient.Decide(state, c, now)),
        _ => throw new ArgumentException($"No use case of a patient: {command.GetType().Name}.", nameof(command)),
    };

    public static Attempt Decide(ClinicState state, RegisterClinic command, DateTimeOffset now) =>
        Attempt.Of(nameof(RegisterClinic), RegisterClinic.Decide(state, command, now));

    public static Attempt Decide(ClinicState state, DestroyClinicKey command, DateTimeOffset now) =>
        Attempt.Of(nameof(DestroyClinicKey), DestroyClinicKey.Decide(state, command, now));

    public static Attempt Decide(ClinicState state, ConfigureClinic command, DateTimeOffset now) =>
        Attempt.Of(nameof(ConfigureClinic), ConfigureClinic.Decide(state, command, now));

    public static PatientState Fold(PatientState state, Attempt attempt) => attempt.Events.Aggregate(state, PatientState.Evolve);
}
