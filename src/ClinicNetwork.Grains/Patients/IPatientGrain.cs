using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Grains.Identity;
using Orleans.Concurrency;

namespace ClinicNetwork.Grains.Patients;

/// <summary>One patient: the owner of the stream <c>pt-{patient}</c>. Every command is decided, appended, adopted and answered, in this order.</summary>
[Alias("patient-grain")]
public interface IPatientGrain : IGrainWithStringKey
{
    [ForRoles(Roles.Clinician | Roles.Coordinator)]
    [Alias("enrol")]
    Task<Reply<Accepted>> Enrol(EnrolPatient command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician)]
    [Alias("record-consultation")]
    Task<Reply<ConsultationAnswer>> RecordConsultation(RecordConsultation command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician)]
    [Alias("create-plan")]
    Task<Reply<PlanAnswer>> CreatePlan(CreatePlan command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician)]
    [Alias("revise-plan")]
    Task<Reply<PlanAnswer>> RevisePlan(RevisePlan command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician)]
    [Alias("propose-revision")]
    Task<Reply<ProposalAnswer>> ProposeRevision(ProposeRevision command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician)]
    [Alias("resolve-plan-conflict")]
    Task<Reply<PlanAnswer>> ResolvePlanConflict(ResolvePlanConflict command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Coordinator)]
    [Alias("set-sharing")]
    Task<Reply<Accepted>> SetSharing(SetSharing command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Coordinator)]
    [Alias("set-research-consent")]
    Task<Reply<ConsentAnswer>> SetResearchConsent(SetResearchConsent command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Nurse)]
    [Alias("start-session")]
    Task<Reply<SessionAnswer>> StartSession(StartSession command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Nurse)]
    [Alias("record-dose")]
    Task<Reply<DoseAnswer>> RecordDose(RecordDose command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Nurse)]
    [Alias("record-side-effect")]
    Task<Reply<Accepted>> RecordSideEffect(RecordSideEffect command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Nurse)]
    [Alias("record-vitals")]
    Task<Reply<VitalsAnswer>> RecordVitals(RecordVitals command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Nurse)]
    [Alias("resolve-side-effect")]
    Task<Reply<Accepted>> ResolveSideEffect(ResolveSideEffect command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Nurse)]
    [Alias("record-leaving")]
    Task<Reply<Accepted>> RecordLeaving(RecordLeaving command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Nurse)]
    [Alias("complete-session")]
    Task<Reply<Accepted>> CompleteSession(CompleteSession command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Nurse | Roles.Coordinator)]
    [Alias("record-assessment")]
    Task<Reply<AssessmentAnswer>> RecordAssessment(RecordAssessment command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Nurse | Roles.Coordinator | Roles.Patient)]
    [Alias("record-scale")]
    Task<Reply<ScaleAnswer>> RecordScale(RecordScale command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Nurse)]
    [Alias("record-safety-check")]
    Task<Reply<SafetyCheckAnswer>> RecordSafetyCheck(RecordSafetyCheck command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Nurse | Roles.Coordinator)]
    [Alias("record-missed-visit")]
    Task<Reply<Accepted>> RecordMissedVisit(RecordMissedVisit command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Nurse | Roles.Coordinator)]
    [Alias("record-request-for-dose")]
    Task<Reply<Accepted>> RecordRequestForDose(RecordRequestForDose command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Nurse | Roles.Coordinator)]
    [Alias("reschedule-visit")]
    Task<Reply<Accepted>> RescheduleVisit(RescheduleVisit command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician)]
    [Alias("end-treatment")]
    Task<Reply<Accepted>> EndTreatment(EndTreatment command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician)]
    [Alias("record-death")]
    Task<Reply<Accepted>> RecordDeath(RecordDeath command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Nurse | Roles.Coordinator)]
    [Alias("record-contact")]
    Task<Reply<Accepted>> RecordContact(RecordContact command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Coordinator)]
    [Alias("declare-lost")]
    Task<Reply<Accepted>> DeclareLost(DeclareLost command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Nurse)]
    [Alias("record-pregnancy")]
    Task<Reply<Accepted>> RecordPregnancy(RecordPregnancy command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>For the site that acts, which has no access; what may be done then says <see cref="EmergencyAccess.Commands"/>.</summary>
    [ForRoles(Roles.Clinician)]
    [Alias("break-glass")]
    Task<Reply<EmergencyAnswer>> BreakGlass(BreakGlass command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.SiteAdmin)]
    [Alias("review-emergency-access")]
    Task<Reply<Accepted>> ReviewEmergencyAccess(ReviewEmergencyAccess command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Nurse | Roles.SiteAdmin)]
    [Alias("acknowledge-alert")]
    Task<Reply<Accepted>> AcknowledgeAlert(AcknowledgeAlert command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Nurse | Roles.Coordinator)]
    [Alias("record-rems-enrolment")]
    Task<Reply<Accepted>> RecordRemsEnrolment(RecordRemsEnrolment command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Nurse)]
    [Alias("record-rems-details")]
    Task<Reply<Accepted>> RecordRemsDetails(RecordRemsDetails command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Nurse | Roles.Coordinator)]
    [Alias("record-rems-submission")]
    Task<Reply<RemsSubmissionAnswer>> RecordRemsSubmission(RecordRemsSubmission command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Nurse)]
    [Alias("record-serious-event")]
    Task<Reply<Accepted>> RecordSeriousEvent(RecordSeriousEvent command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Patient)]
    [Alias("write-journal-entry")]
    Task<Reply<NumberAnswer>> WriteJournalEntry(WriteJournalEntry command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Patient)]
    [Alias("set-own-goals")]
    Task<Reply<Accepted>> SetOwnGoals(SetOwnGoals command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Nurse | Roles.Coordinator | Roles.Patient)]
    [Alias("record-diary-effect")]
    Task<Reply<NumberAnswer>> RecordDiaryEffect(RecordDiaryEffect command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Nurse | Roles.Coordinator | Roles.Patient)]
    [Alias("resolve-diary-effect")]
    Task<Reply<Accepted>> ResolveDiaryEffect(ResolveDiaryEffect command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Nurse | Roles.Coordinator | Roles.Patient)]
    [Alias("set-support-contacts")]
    Task<Reply<Accepted>> SetSupportContacts(SetSupportContacts command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Nurse | Roles.Coordinator | Roles.Patient)]
    [Alias("explain-visit")]
    Task<Reply<NumberAnswer>> ExplainVisit(ExplainVisit command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Nurse | Roles.Coordinator)]
    [Alias("record-support-session")]
    Task<Reply<Accepted>> RecordSupportSession(RecordSupportSession command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician)]
    [Alias("record-advice-decision")]
    Task<Reply<AdviceDecisionAnswer>> RecordAdviceDecision(RecordAdviceDecision command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Nurse | Roles.Patient)]
    [Alias("mark-entered-in-error")]
    Task<Reply<AmendmentAnswer>> MarkEnteredInError(MarkEnteredInError command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.Clinician | Roles.Nurse)]
    [Alias("amend-fact")]
    Task<Reply<AmendmentAnswer>> AmendFact(AmendFact command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>By the home clinic.</summary>
    [ForRoles(Roles.Clinician | Roles.Coordinator)]
    [Alias("offer-transfer")]
    Task<Reply<TransferAnswer>> OfferTransfer(OfferTransfer command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>By the home clinic.</summary>
    [ForRoles(Roles.Clinician | Roles.Coordinator)]
    [Alias("withdraw-transfer")]
    Task<Reply<Accepted>> WithdrawTransfer(WithdrawTransfer command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>By the clinic that the patient is offered to, which has no other access.</summary>
    [ForRoles(Roles.Clinician | Roles.Coordinator)]
    [Alias("accept-transfer")]
    Task<Reply<Accepted>> AcceptTransfer(AcceptTransfer command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="AcceptTransfer"/>
    [ForRoles(Roles.Clinician | Roles.Coordinator)]
    [Alias("decline-transfer")]
    Task<Reply<Accepted>> DeclineTransfer(DeclineTransfer command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>By the home clinic, or the network.</summary>
    [ForRoles(Roles.Clinician | Roles.Coordinator | Roles.NetworkAdmin)]
    [Alias("dismiss-double")]
    Task<Reply<Accepted>> DismissDouble(DismissDouble command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="DismissDouble"/>
    [ForRoles(Roles.Clinician | Roles.Coordinator | Roles.NetworkAdmin)]
    [Alias("reopen-double")]
    Task<Reply<Accepted>> ReopenDouble(ReopenDouble command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>A session that was started where the network was not at hand.</summary>
    [ForRoles(Roles.Clinician | Roles.Nurse)]
    [Alias("report-session")]
    Task<Reply<ReportAnswer>> ReportSession(ReportSession command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>By the clinic that becomes the dosing site, or stays it.</summary>
    [ForRoles(Roles.Clinician | Roles.Nurse)]
    [Alias("take-dosing")]
    Task<Reply<DosingAnswer>> TakeDosing(TakeDosing command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>By the dosing site.</summary>
    [ForRoles(Roles.Clinician | Roles.Nurse)]
    [Alias("pass-dosing")]
    Task<Reply<DosingAnswer>> PassDosing(PassDosing command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="PassDosing"/>
    [ForRoles(Roles.Clinician | Roles.Nurse)]
    [Alias("end-dosing")]
    Task<Reply<Accepted>> EndDosing(EndDosing command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>Sent by the due loop once the time of the alert's level is over.</summary>
    [ForRoles(Roles.System)]
    [Alias("escalate-alert")]
    Task<Reply<Accepted>> EscalateAlert(EscalateAlert command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>Sent by the due loop once the time for a dose, or for monitoring, is over.</summary>
    [ForRoles(Roles.System)]
    [Alias("notice-lapse")]
    Task<Reply<Accepted>> NoticeLapse(NoticeLapse command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>Sent by the due loop once the period of consent is over.</summary>
    [ForRoles(Roles.System)]
    [Alias("end-research-consent")]
    Task<Reply<Accepted>> EndResearchConsent(EndResearchConsent command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>Sent by the due loop for a withdrawal that a restore lost.</summary>
    [ForRoles(Roles.System)]
    [Alias("withdraw-again")]
    Task<Reply<Accepted>> WithdrawAgain(WithdrawAgain command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>Sent by the due loop, once, for who was treated before there were yearly milestones.</summary>
    [ForRoles(Roles.System)]
    [Alias("add-yearly-milestones")]
    Task<Reply<Accepted>> AddYearlyMilestones(AddYearlyMilestones command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>Sent by the due loop once its time is over.</summary>
    [ForRoles(Roles.System)]
    [Alias("end-emergency-access")]
    Task<Reply<Accepted>> EndEmergencyAccess(EndEmergencyAccess command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>Sent by the due loop once the milestone's last possible day is over.</summary>
    [ForRoles(Roles.System)]
    [Alias("close-milestone")]
    Task<Reply<Accepted>> CloseMilestone(CloseMilestone command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>Destroys the patient's key; by the network itself alone, when two persons approved it. Sent again with the same request id it is answered as done, although its row cannot be read any more.</summary>
    [ForRoles(Roles.System)]
    [Alias("erase")]
    Task<Reply<Accepted>> EraseAsync(ErasePatient command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>Answered between the steps of a command that is under way: memory holds committed versions only. The patient's private entries are told to the patient alone.</summary>
    [AlwaysInterleave]
    [ForRoles(Roles.Clinician | Roles.Nurse | Roles.Coordinator | Roles.Patient)]
    [Alias("read")]
    Task<Reading<PatientState>> Read(ReadRequest request, CancellationToken cancellationToken = default);

    /// <summary>The plan alone, so that the rest of the state does not travel. Refused NOT_FOUND when there is none.</summary>
    [AlwaysInterleave]
    [ForRoles(Roles.Clinician | Roles.Nurse | Roles.Coordinator)]
    [Alias("read-plan")]
    Task<Reading<PatientPlan>> ReadPlan(ReadRequest request, CancellationToken cancellationToken = default);

    /// <summary>The plan, if there is one, and for whom may read all of the patient, not in an emergency alone, the whole state.</summary>
    [AlwaysInterleave]
    [ForRoles(Roles.Clinician | Roles.Nurse | Roles.Coordinator)]
    [Alias("read-replica")]
    Task<Reading<PatientReplica>> ReadReplica(ReadRequest request, CancellationToken cancellationToken = default);

    /// <summary>Every offer for whom may read the patient, the one that is open for the clinic that it is made to; to all others NOT_FOUND. Always confirmed.</summary>
    [ReadOnly]
    [ForRoles(Roles.Clinician | Roles.Coordinator)]
    [Alias("read-transfers")]
    Task<Reading<PatientTransfers>> ReadTransfers(ReadRequest request, CancellationToken cancellationToken = default);

    /// <summary>What was said in this record of records that look like it; for the home clinic and the network. Always confirmed.</summary>
    [ReadOnly]
    [ForRoles(Roles.Clinician | Roles.Coordinator | Roles.NetworkAdmin)]
    [Alias("read-dismissed-doubles")]
    Task<Reading<DismissedDoubles>> ReadDismissedDoubles(ReadRequest request, CancellationToken cancellationToken = default);

    /// <summary>The dosing site, for whom may read medication or sessions. Always confirmed.</summary>
    [ReadOnly]
    [ForRoles(Roles.Clinician | Roles.Nurse | Roles.Coordinator)]
    [Alias("read-dosing")]
    Task<Reading<PatientDosing>> ReadDosing(ReadRequest request, CancellationToken cancellationToken = default);

    /// <summary>The first course's closed milestones, for the figures of the home clinic; refused NOT_FOUND to every other site. None before the first dose.</summary>
    [AlwaysInterleave]
    [ForRoles(Roles.Clinician | Roles.Nurse | Roles.Coordinator | Roles.SiteAdmin)]
    [Alias("read-outcomes")]
    Task<Reading<CourseOutcomes>> ReadOutcomes(ReadRequest request, CancellationToken cancellationToken = default);

    /// <summary>Versions after <paramref name="afterVersion"/>, at most <paramref name="limit"/>; always from the database.</summary>
    [ReadOnly]
    [ForRoles(Roles.Clinician | Roles.Nurse)]
    [Alias("read-history")]
    Task<Reading<History>> ReadHistory(ReadRequest request, long afterVersion, int limit, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="ReadHistory"/>, with what each command recorded; to be taken out, so not in an emergency.</summary>
    [ReadOnly]
    [ForRoles(Roles.Clinician | Roles.Coordinator | Roles.Patient)]
    [Alias("read-record")]
    Task<Reading<RecordPage>> ReadRecord(ReadRequest request, long afterVersion, int limit, CancellationToken cancellationToken = default);
}

[GenerateSerializer, Immutable, Alias("patient-plan")]
public sealed record PatientPlan([property: Id(0)] PatientId Patient, [property: Id(1)] Plan Plan)
{
    /// <summary>By number; a silo before 0.7 sends none.</summary>
    [Id(2)] public IReadOnlyList<PlanConflict>? OpenConflicts { get; init; }
}

/// <param name="State">As <see cref="Journal.Codec.ReplicaCodec"/> writes it; null: it is not for the reader, or too large.</param>
[GenerateSerializer, Immutable, Alias("patient-replica")]
public sealed record PatientReplica([property: Id(0)] PatientId Patient, [property: Id(1)] Plan? Plan, [property: Id(2)] byte[]? State)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(PatientReplica);
}

/// <summary>What an offer tells of a patient, and nothing else of it.</summary>
/// <param name="Drug">Of the present plan; null: there is none.</param>
/// <param name="Transfers">By number.</param>
[GenerateSerializer, Immutable, Alias("patient-transfers")]
public sealed record PatientTransfers(
    [property: Id(0)] PatientId Patient, [property: Id(1)] Domain.Protocols.Drug? Drug, [property: Id(2)] IReadOnlyList<Transfer> Transfers)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(PatientTransfers);
}

[GenerateSerializer, Immutable, Alias("history")]
public sealed record History([property: Id(0)] IReadOnlyList<HistoryEntry> Entries);

[GenerateSerializer, Immutable, Alias("record-page")]
public sealed record RecordPage([property: Id(0)] IReadOnlyList<RecordedCommand> Commands);

/// <summary>One accepted command with what it recorded, as JSON: <see cref="EventJson"/>.</summary>
[GenerateSerializer, Immutable, Alias("recorded-command")]
public sealed record RecordedCommand([property: Id(0)] HistoryEntry Entry, [property: Id(1)] IReadOnlyList<string> Contents)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(RecordedCommand);
}

/// <param name="Dismissed">In order.</param>
[GenerateSerializer, Immutable, Alias("dismissed-doubles")]
public sealed record DismissedDoubles([property: Id(0)] IReadOnlyList<DoubleDismissed> Dismissed)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(DismissedDoubles);
}

/// <param name="Right">That holds now; null: nobody's does.</param>
[GenerateSerializer, Immutable, Alias("patient-dosing")]
public sealed record PatientDosing([property: Id(0)] DosingRight? Right)
{
    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(PatientDosing);
}
