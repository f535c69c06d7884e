using System.Collections.Frozen;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Partners;
using ClinicNetwork.Gateway.Audit;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains;
using ClinicNetwork.Grains.Identity;
using Google.Protobuf;
using Grpc.Core;
using static ClinicNetwork.Domain.Identity.Roles;

namespace ClinicNetwork.Gateway.Identity;

/// <summary>
/// Who may call what: the one table of the gateway, a row for each rpc (docs/security/authorisation.csv is the same for people). Which of a site's
/// patients a caller may see is decided by the grains, for the site that the caller acts for.
/// </summary>
internal static class Access
{
    private const Roles Care = Clinician | Nurse | Coordinator;
    private const Roles Everybody = Care | Patient | SiteAdmin | NetworkAdmin | Registry | Auditor | Operator;
    private const Roles Released = Registry | Auditor | NetworkAdmin;

    /// <summary>The network's administrators, and a site's for what is its own.</summary>
    private const Roles Deciding = SiteAdmin | NetworkAdmin;

    /// <summary>Who is told of probable doubles, and says what they are.</summary>
    internal const Roles DoublesReaders = Clinician | Coordinator | NetworkAdmin;

    /// <summary>Whoever keeps heads of the audit and is shown that it only grew.</summary>
    private const Roles Witness = Registry | Auditor | NetworkAdmin | Operator;

    /// <summary>Health and reflection tell nothing of patients: any certificate will do.</summary>
    private const string Infrastructure = "/grpc.";

    private static readonly Refusal NotAllowed =
        Refusal.Denied("ROLE_NOT_ALLOWED", "", "None of your roles may do this; ask the network's administrator for one that may.");

    private static readonly Refusal NotYours =
        Refusal.Denied("SITE_NOT_YOURS", Origins.SiteEntry, "Act for a site that your certificate names.");

    private static readonly Refusal NobodyNamed =
        Refusal.Denied("PATIENT_NOT_NAMED", "", "A patient does this for itself: come with a certificate or a token that names the patient.");

    private static readonly Refusal NotThisPatient =
        Refusal.NotFound("PATIENT_NOT_FOUND", "patient", "There is no such patient, or you may not see it.");

    private static readonly Refusal NoPartnerNamed =
        Refusal.Denied("PARTNER_NOT_NAMED", "", "A partner does this for itself: come with a certificate or a token that names the partner.");

    private static readonly Refusal NotThisPartner = PartnerState.RefuseUnknown("name");

    private static readonly Refusal OfNetwork =
        Refusal.Denied("SITE_NOT_YOURS", Origins.SiteEntry, "This is about the whole network: act for no site, with a certificate that names none.");

    public static readonly FrozenDictionary<string, AccessRow> Rows = new Dictionary<string, AccessRow>
    {
        ["/clinicnetwork.admin.v1.NetworkService/GetStatus"] = new(Everybody, Audited.Not),
        ["/clinicnetwork.admin.v1.NetworkService/AdvanceClock"] = new(Operator, Audited.Not),
        ["/clinicnetwork.admin.v1.ApprovalService/ProposeErasure"] = new(Deciding, Audited.ByJournal),
        ["/clinicnetwork.admin.v1.ApprovalService/ProposeKeyDestruction"] = new(Deciding, Audited.ByJournal),
        ["/clinicnetwork.admin.v1.ApprovalService/Approve"] = new(Deciding, Audited.ByJournal),
        ["/clinicnetwork.admin.v1.ApprovalService/Reject"] = new(Deciding, Audited.ByJournal),
        ["/clinicnetwork.admin.v1.ApprovalService/GetApproval"] = new(Deciding | Auditor, Audited.AsRead),
        ["/clinicnetwork.admin.v1.ApprovalService/ListApprovals"] = new(Deciding | Auditor, Audited.AsRead),
        ["/clinicnetwork.audit.v1.AuditService/GetAuditKey"] = new(Witness, Audited.Not),
        ["/clinicnetwork.audit.v1.AuditService/GetHead"] = new(Witness, Audited.Not),
        ["/clinicnetwork.audit.v1.AuditService/ListHeads"] = new(Witness, Audited.Not),
        ["/clinicnetwork.audit.v1.AuditService/GetInclusionProof"] = new(Witness, Audited.Not),
        ["/clinicnetwork.audit.v1.AuditService/GetConsistencyProof"] = new(Witness, Audited.Not),
        ["/clinicnetwork.audit.v1.AuditService/StreamEntries"] = new(Auditor, Audited.AsRelease, IsOfNetwork: true),
        ["/clinicnetwork.audit.v1.AuditService/ListAccesses"] = new(Auditor, Audited.AsRead, IsOfNetwork: true),
        ["/clinicnetwork.care.v1.ClinicService/RegisterClinic"] = new(NetworkAdmin, Audited.ByJournal),
        ["/clinicnetwork.care.v1.ClinicService/ConfigureClinic"] = new(NetworkAdmin, Audited.ByJournal),
        ["/clinicnetwork.care.v1.ClinicService/GetClinic"] = new(Care | SiteAdmin | NetworkAdmin | Auditor, Audited.Not),
        ["/clinicnetwork.care.v1.ClinicService/GetClinicOutcomes"] = new(Care | SiteAdmin, Audited.AsRead),
        ["/clinicnetwork.care.v1.ClinicService/ListClinics"] = new(Care | SiteAdmin | NetworkAdmin | Auditor, Audited.Not),
        ["/clinicnetwork.care.v1.ClinicService/ListContraindications"] = new(Care | SiteAdmin | NetworkAdmin | Auditor, Audited.Not),
        ["/clinicnetwork.care.v1.ClinicService/ListClinicDay"] = new(Care | SiteAdmin, Audited.AsRead),
        ["/clinicnetwork.care.v1.ClinicService/ListFollowUpRules"] = new(Care | SiteAdmin | NetworkAdmin | Auditor, Audited.Not),
        ["/clinicnetwork.care.v1.ClinicService/ListOutcomeDefinitions"] = new(Care | SiteAdmin | NetworkAdmin | Auditor, Audited.Not),
        ["/clinicnetwork.care.v1.ClinicService/ListProtocols"] = new(Care | SiteAdmin | NetworkAdmin | Auditor, Audited.Not),
        ["/clinicnetwork.care.v1.ClinicService/ListScales"] = new(Care | Patient | SiteAdmin | NetworkAdmin | Auditor, Audited.Not),
        ["/clinicnetwork.care.v1.ClinicService/ListRoster"] = new(Care | SiteAdmin, Audited.AsRead),
        ["/clinicnetwork.care.v1.ClinicService/ListWorklist"] = new(Care | SiteAdmin, Audited.AsRead),
        ["/clinicnetwork.care.v1.FactService/IngestFacts"] = new(Care, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientMatchService/ListProbableDoubles"] = new(DoublesReaders, Audited.AsRead),
        ["/clinicnetwork.care.v1.PatientMatchService/DismissDouble"] = new(DoublesReaders, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientMatchService/ReopenDouble"] = new(DoublesReaders, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/EnrolPatient"] = new(Clinician | Coordinator, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/RecordConsultation"] = new(Clinician, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/CreatePlan"] = new(Clinician, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/RevisePlan"] = new(Clinician, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/ProposeRevision"] = new(Clinician, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/ResolvePlanConflict"] = new(Clinician, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/SetSharing"] = new(Clinician | Coordinator, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/SetResearchConsent"] = new(Clinician | Coordinator, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/StartSession"] = new(Clinician | Nurse, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/RecordDose"] = new(Clinician | Nurse, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/RecordSideEffect"] = new(Clinician | Nurse, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/RecordVitals"] = new(Clinician | Nurse, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/ResolveSideEffect"] = new(Clinician | Nurse, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/RecordLeaving"] = new(Clinician | Nurse, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/CompleteSession"] = new(Clinician | Nurse, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/RecordAssessment"] = new(Care, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/RecordScale"] = new(Care | Patient, Audited.ByJournal, IsOfOwnPatient: true),
        ["/clinicnetwork.care.v1.PatientService/RecordSafetyCheck"] = new(Clinician | Nurse, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/RecordMissedVisit"] = new(Care, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/RecordRequestForDose"] = new(Care, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/RescheduleVisit"] = new(Care, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/EndTreatment"] = new(Clinician, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/RecordDeath"] = new(Clinician, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/RecordContact"] = new(Care, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/DeclareLost"] = new(Clinician | Coordinator, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/RecordPregnancy"] = new(Clinician | Nurse, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/BreakGlass"] = new(Clinician, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/ReviewEmergencyAccess"] = new(Clinician | SiteAdmin, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/AcknowledgeAlert"] = new(Clinician | Nurse | SiteAdmin, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/RecordRemsEnrolment"] = new(Care, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/RecordRemsDetails"] = new(Clinician | Nurse, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/RecordRemsSubmission"] = new(Care, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/RecordSeriousEvent"] = new(Clinician | Nurse, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/RecordSupportSession"] = new(Care, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/RecordAdviceDecision"] = new(Clinician, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/AmendFact"] = new(Clinician | Nurse, Audited.ByJournal),
        ["/clinicnetwork.care.v1.PatientService/MarkEnteredInError"] = new(Clinician | Nurse | Patient, Audited.ByJournal, IsOfOwnPatient: true),
        ["/clinicnetwork.care.v1.PatientService/GetAdvice"] = new(Care, Audited.AsRead),
        ["/clinicnetwork.care.v1.PatientService/GetRemsForm"] = new(Care, Audited.AsRead),
        ["/clinicnetwork.care.v1.PatientService/GetPatient"] = new(Care | Patient, Audited.AsRead, IsOfOwnPatient: true),
        ["/clinicnetwork.care.v1.PatientService/GetEligibility"] = new(Care, Audited.AsRead),
        ["/clinicnetwork.care.v1.PatientService/GetPlan"] = new(Care, Audited.AsRead),
        ["/clinicnetwork.care.v1.PatientService/ListHistory"] = new(Clinician | Nurse, Audited.AsRead),
        ["/clinicnetwork.care.v1.RecordService/ExportPatient"] = new(Clinician | Coordinator | Patient, Audited.AsRelease, IsOfOwnPatient: true),
        ["/clinicnetwork.care.v1.PatientVoiceService/WriteJournalEntry"] = new(Patient, Audited.ByJournal, IsOfOwnPatient: true),
        ["/clinicnetwork.care.v1.PatientVoiceService/ListJournal"] = new(Care | Patient, Audited.AsRead, IsOfOwnPatient: true),
        ["/clinicnetwork.care.v1.PatientVoiceService/SetOwnGoals"] = new(Patient, Audited.ByJournal, IsOfOwnPatient: true),
        ["/clinicnetwork.care.v1.PatientVoiceService/RecordDiaryEffect"] = new(Care | Patient, Audited.ByJournal, IsOfOwnPatient: true),
        ["/clinicnetwork.care.v1.PatientVoiceService/ResolveDiaryEffect"] = new(Care | Patient, Audited.ByJournal, IsOfOwnPatient: true),
        ["/clinicnetwork.care.v1.PatientVoiceService/SetSupportContacts"] = new(Care | Patient, Audited.ByJournal, IsOfOwnPatient: true),
        ["/clinicnetwork.care.v1.PatientVoiceService/ExplainVisit"] = new(Care | Patient, Audited.ByJournal, IsOfOwnPatient: true),
        ["/clinicnetwork.exchange.v1.PartnerService/RegisterPartner"] = new(NetworkAdmin, Audited.ByJournal, IsOfNetwork: true),
        ["/clinicnetwork.exchange.v1.PartnerService/GetPartner"] = new(Released, Audited.AsRead, IsOfOwnPartner: true),
        ["/clinicnetwork.exchange.v1.PartnerService/ListPartners"] = new(NetworkAdmin | Auditor, Audited.AsRead, IsOfNetwork: true),
        ["/clinicnetwork.exchange.v1.PartnerService/DraftAgreement"] = new(NetworkAdmin, Audited.ByJournal, IsOfNetwork: true),
        ["/clinicnetwork.exchange.v1.PartnerService/ProposeAgreement"] = new(NetworkAdmin, Audited.ByJournal, IsOfNetwork: true),
        ["/clinicnetwork.exchange.v1.PartnerService/SuspendAgreement"] = new(NetworkAdmin, Audited.ByJournal, IsOfNetwork: true),
        ["/clinicnetwork.exchange.v1.PartnerService/EndAgreement"] = new(NetworkAdmin, Audited.ByJournal, IsOfNetwork: true),
        ["/clinicnetwork.exchange.v1.PartnerService/RekeyAgreement"] = new(NetworkAdmin, Audited.ByJournal, IsOfNetwork: true),
        ["/clinicnetwork.exchange.v1.PartnerService/GetAgreement"] = new(Released, Audited.AsRead, IsOfOwnPartner: true),
        ["/clinicnetwork.exchange.v1.PartnerService/ListAgreements"] = new(Released, Audited.AsRead, IsOfOwnPartner: true),
        ["/clinicnetwork.exchange.v1.ReleaseService/ListBatches"] = new(Released, Audited.Not),
        ["/clinicnetwork.exchange.v1.ReleaseService/GetManifest"] = new(Released, Audited.AsRelease),
        ["/clinicnetwork.exchange.v1.ReleaseService/GetReleaseKey"] = new(Released, Audited.Not),
        ["/clinicnetwork.exchange.v1.ReleaseService/StreamBatch"] = new(Released, Audited.AsRelease),
        ["/clinicnetwork.exchange.v1.ReleaseService/AcknowledgeBatch"] = new(Registry, Audited.ByJournal),
        ["/clinicnetwork.exchange.v1.ReleaseService/GetFeedStatus"] = new(Released, Audited.Not),
        ["/clinicnetwork.exchange.v1.ReleaseService/GetDataDictionary"] = new(Released, Audited.Not),
        ["/clinicnetwork.exchange.v1.ReleaseService/GetCapabilities"] = new(Released, Audited.Not),
        ["/clinicnetwork.exchange.v1.ReleaseService/ListRekeys"] = new(Released, Audited.AsRelease),
        ["/clinicnetwork.exchange.v1.ReleaseService/GetStatistics"] = new(Released, Audited.AsRelease),
        ["/clinicnetwork.exchange.v1.ReleaseService/ListLateRecipients"] = new(Auditor | NetworkAdmin, Audited.Not, IsOfNetwork: true),
        ["/clinicnetwork.exchange.v1.SubmissionService/SubmitOutcomes"] = new(Registry, Audited.ByJournal, IsOfOwnPartner: true),
        ["/clinicnetwork.exchange.v1.SubmissionService/CompleteSubmission"] = new(Registry, Audited.ByJournal, IsOfOwnPartner: true),
        ["/clinicnetwork.exchange.v1.SubmissionService/AbortSubmission"] = new(Registry, Audited.ByJournal, IsOfOwnPartner: true),
        ["/clinicnetwork.exchange.v1.SubmissionService/GetSubmission"] = new(Released, Audited.Not, IsOfOwnPartner: true),
        ["/clinicnetwork.exchange.v1.SubmissionService/ListSubmissions"] = new(Released, Audited.Not, IsOfOwnPartner: true),
        ["/clinicnetwork.exchange.v1.SubmissionService/ListReceipts"] = new(Released, Audited.AsRead, IsOfOwnPartner: true),
        ["/clinicnetwork.exchange.v1.SubmissionService/GetQualityReport"] = new(Released, Audited.AsRead, IsOfOwnPartner: true),
        ["/clinicnetwork.exchange.v1.SubmissionService/StreamSubmission"] = new(Auditor | NetworkAdmin, Audited.AsRelease, IsOfNetwork: true),
        ["/clinicnetwork.sync.v1.PlanFeedService/WatchPlans"] = new(Care, Audited.AsRead),
        ["/clinicnetwork.sync.v1.PlanFeedService/GetPlanChanges"] = new(Care, Audited.AsRead),
        ["/clinicnetwork.sync.v1.PlanFeedService/ListSitePatients"] = new(Care, Audited.AsRead),
        ["/clinicnetwork.sync.v1.PlanPushService/PushChanges"] = new(Care, Audited.ByJournal),
        ["/clinicnetwork.sync.v1.PlanPushService/ReportSession"] = new(Clinician | Nurse, Audited.ByJournal),
        ["/clinicnetwork.sync.v1.DosingService/TakeDosing"] = new(Clinician | Nurse, Audited.ByJournal),
        ["/clinicnetwork.sync.v1.DosingService/PassDosing"] = new(Clinician | Nurse, Audited.ByJournal),
        ["/clinicnetwork.sync.v1.DosingService/EndDosing"] = new(Clinician | Nurse, Audited.ByJournal),
        ["/clinicnetwork.sync.v1.DosingService/GetDosing"] = new(Care, Audited.AsRead),
        ["/clinicnetwork.sync.v1.TransferService/OfferTransfer"] = new(Clinician | Coordinator, Audited.ByJournal),
        ["/clinicnetwork.sync.v1.TransferService/WithdrawTransfer"] = new(Clinician | Coordinator, Audited.ByJournal),
        ["/clinicnetwork.sync.v1.TransferService/AcceptTransfer"] = new(Clinician | Coordinator, Audited.ByJournal),
        ["/clinicnetwork.sync.v1.TransferService/DeclineTransfer"] = new(Clinician | Coordinator, Audited.ByJournal),
        ["/clinicnetwork.sync.v1.TransferService/GetTransfer"] = new(Clinician | Coordinator, Audited.AsRead),
        ["/clinicnetwork.sync.v1.TransferService/ListTransfers"] = new(Clinician | Coordinator, Audited.AsRead),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static bool IsInfrastructure(string method) => method.StartsWith(Infrastructure, StringComparison.Ordinal);

    /// <summary>Of a call that succeeds.</summary>
    public static Audited HowAudited(string method) => IsInfrastructure(method) ? Audited.Not : RowOf(method).Audited;

    /// <summary>Before anything of the message is looked at.</summary>
    /// <exception cref="RefusedException">PERMISSION_DENIED, with the reason.</exception>
    public static void Admit(ServerCallContext context, CallerSeal seal)
    {
        if (IsInfrastructure(context.Method))
        {
            return;
        }

        var caller = Caller.Of(context);
        CheckRole(caller, context.Method);
        var site = Origins.SiteOf(context);
        if (!caller.MayActFor(site))
        {
            throw new RefusedException(NotYours);
        }

        if (site is not null && RowOf(context.Method).IsOfNetwork)
        {
            throw new RefusedException(OfNetwork);
        }

        var row = RowOf(context.Method);
        if (row.IsOfOwnPatient && caller.Patient is null && (caller.Roles & row.Roles & ~Patient) == None)
        {
            throw new RefusedException(NobodyNamed);
        }

        if (row.IsOfOwnPartner && caller.Partner is null && (caller.Roles & row.Roles & ~Registry) == None)
        {
            throw new RefusedException(NoPartnerNamed);
        }

        caller.Enter(seal, site);
    }

    /// <summary>Whatever a patient's message is about is that patient, and a partner's is about no other: of others they do not get to know that they are there.</summary>
    /// <exception cref="RefusedException">NOT_FOUND, the same whether the other is there or not.</exception>
    public static void AdmitSubject(ServerCallContext context, object request)
    {
        if (IsInfrastructure(context.Method) || request is not IMessage message || Entries.SubjectOf(message) is not { Length: > 0 } subject)
        {
            return;
        }

        var caller = Caller.Of(context);
        if (caller.Patient is { } own && subject != Streams.Of(own))
        {
            throw new RefusedException(NotThisPatient);
        }

        if (caller.Partner is { } partner && Streams.IsPartner(subject) && subject != Streams.Of(partner))
        {
            throw new RefusedException(NotThisPartner);
        }
    }

    /// <param name="method"><c>/service/rpc</c>, also of a command that came in on a stream.</param>
    public static void CheckRole(Caller caller, string method)
    {
        if ((caller.Roles & RowOf(method).Roles) == None)
        {
            throw new RefusedException(NotAllowed);
        }
    }

    /// <summary>A path in another spelling (routing looks at no case) has no row, and nobody may call it.</summary>
    private static AccessRow RowOf(string method) => Rows.TryGetValue(method, out var row) ? row : default;
}

/// <summary>An rpc's row: who may call it, and how it is audited when it succeeds.</summary>
/// <param name="IsOfNetwork">It cannot be told apart by sites: only who acts for the network may.</param>
/// <param name="IsOfOwnPatient">With the patient's role alone it is for the patient that the caller is.</param>
/// <param name="IsOfOwnPartner">With the registry's role alone it is for the partner that the caller is.</param>
internal readonly record struct AccessRow(Roles Roles, Audited Audited, bool IsOfNetwork = false, bool IsOfOwnPatient = false, bool IsOfOwnPartner = false);
