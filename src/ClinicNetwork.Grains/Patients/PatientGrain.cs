using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Clinics;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Grains.Clinics;
using ClinicNetwork.Grains.Due;
using ClinicNetwork.Grains.Identity;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using ClinicNetwork.Journal.Ledger;

namespace ClinicNetwork.Grains.Patients;

/// <inheritdoc cref="IPatientGrain"/>
public sealed partial class PatientGrain(GrainServices services, CallerSeal seal, IDisclosureLedger ledger, IDoubles doubles) : JournaledGrain<PatientState>(services), IPatientGrain
{
    private static readonly Refusal NotFound =
        Refusal.NotFound("PATIENT_NOT_FOUND", "patient", "There is no such patient, or this site may not see it.");

    private static readonly Refusal HomeOnly = Refusal.Denied("SITE_NOT_HOME", "patient", "The home clinic alone decides who else sees the patient.");

    private static readonly Refusal EmergencyOnly = Refusal.Denied(
        "EMERGENCY_ACCESS_ONLY", "patient", "Emergency access is for reading and for what is done at the patient's side; the home clinic can share the patient.");

    private static readonly Refusal NoPlan = Refusal.NotFound("PLAN_NOT_FOUND", "name", "This patient has no plan yet.");

    private static readonly Refusal Erased = Refusal.NotFound("PATIENT_ERASED", "patient", "The patient was erased; there is nothing left to read.");

    private static readonly Refusal Orphaned = Refusal.Precondition(
        "PATIENT_KEY_DESTROYED", "patient", "The key of the last clinic that could read this patient was destroyed; nobody can read it any more.");

    protected override PatientState Empty => PatientState.Empty;

    public async Task<Reply<Accepted>> Enrol(EnrolPatient command, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var clinic = await ReadClinicAsync(command.HomeClinic, confirmed: false, cancellationToken);
        if (clinic.Refusal is { } refusal)
        {
            return Reply<Accepted>.Refused(AtField(refusal, "home_clinic"));
        }

        var complete = command with { TimeZone = clinic.State!.TimeZone };
        if (clinic.State.KeyDestroyed)
        {
            return Reply<Accepted>.Refused(ClinicState.RefuseKeyDestroyed("home_clinic"));
        }

        var reply = await HandleAsync(
            nameof(EnrolPatient),
            origin,
            (state, now) => origin.Site is { } site && site != complete.HomeClinic
                ? Refusal.Denied("SITE_NOT_HOME", "home_clinic", "A site enrols patients for itself only.")
                : EnrolPatient.Decide(state, complete, now),
            cancellationToken);
        // Of an erased patient: an id is never given again, and no more than that is told.
        return reply.Refusal is { Kind: RefusalKind.NotFound } ? Reply<Accepted>.Refused(EnrolPatient.Exists) : reply;
    }

    public Task<Reply<ConsultationAnswer>> RecordConsultation(RecordConsultation command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command with { Actor = origin.Actor }, origin, Domain.Patients.RecordConsultation.Decide, cancellationToken);

    public Task<Reply<PlanAnswer>> CreatePlan(CreatePlan command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, (state, c, now) => Domain.Patients.CreatePlan.Decide(state, c with { NextVersion = Version + 1 }, now), cancellationToken);

    public Task<Reply<PlanAnswer>> RevisePlan(RevisePlan command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(
            By(command, origin),
            origin,
            (state, c, now) =>
            {
#if FAULTS
                c = Faults.Has("LetsLastWriteWin") ? c with { BaseVersion = state.Plan?.Version ?? 0 } : c;
#endif
                return Domain.Patients.RevisePlan.Decide(state, c with { NextVersion = Version + 1 }, now).Map(a => a with { Readable = state.ReadableBy(origin.Site) });
            },
            cancellationToken);

    public Task<Reply<ProposalAnswer>> ProposeRevision(ProposeRevision command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(
            command with { Revision = By(command.Revision, origin) },
            origin,
            (state, c, now) =>
            {
                var revision = c.Revision;
#if FAULTS
                revision = Faults.Has("MergesInSilence") ? revision with { BaseVersion = state.Plan?.Version ?? 0 } : revision;
#endif
                return Domain.Patients.ProposeRevision.Decide(state, c with { Revision = revision with { NextVersion = Version + 1 } }, now);
            },
            cancellationToken);

    public Task<Reply<PlanAnswer>> ResolvePlanConflict(ResolvePlanConflict command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(
            command with { Actor = origin.Actor, Site = origin.Site },
            origin,
            (state, c, now) => Domain.Patients.ResolvePlanConflict.Decide(state, c with { NextVersion = Version + 1 }, now),
            cancellationToken);

    public Task<Reply<Accepted>> SetSharing(SetSharing command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, (state, c, now) => state.IsOfHome(origin.Site) ? Domain.Patients.SetSharing.Decide(state, c, now) : HomeOnly, cancellationToken);

    public Task<Reply<ConsentAnswer>> SetResearchConsent(SetResearchConsent command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.SetResearchConsent.Decide, cancellationToken);

    public async Task<Reply<SessionAnswer>> StartSession(StartSession command, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var complete = await CompleteAsync(command, origin, cancellationToken);
        return complete.Refusal is { } refusal
            ? Reply<SessionAnswer>.Refused(refusal)
            : await Write(
                complete.Command!,
                origin,
                (state, c, now) =>
                {
#if FAULTS
                    state = Faults.Has("StartsOverConflict") ? state with { PlanConflicts = [] } : state;
#endif
                    return Domain.Patients.StartSession.Decide(state, c, now);
                },
                cancellationToken);
    }

    public Task<Reply<VitalsAnswer>> RecordVitals(RecordVitals command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.RecordVitals.Decide, cancellationToken);

    public Task<Reply<Accepted>> ResolveSideEffect(ResolveSideEffect command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.ResolveSideEffect.Decide, cancellationToken);

    public Task<Reply<Accepted>> RecordLeaving(RecordLeaving command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.RecordLeaving.Decide, cancellationToken);

    public Task<Reply<DoseAnswer>> RecordDose(RecordDose command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.RecordDose.Decide, cancellationToken);

    public Task<Reply<Accepted>> RecordSideEffect(RecordSideEffect command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.RecordSideEffect.Decide, cancellationToken);

    public Task<Reply<Accepted>> CompleteSession(CompleteSession command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.CompleteSession.Decide, cancellationToken);

    public Task<Reply<AssessmentAnswer>> RecordAssessment(RecordAssessment command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.RecordAssessment.Decide, cancellationToken);

    public Task<Reply<ScaleAnswer>> RecordScale(RecordScale command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command with { AtHome = IsPatient }, origin, Domain.Patients.RecordScale.Decide, cancellationToken);

    public Task<Reply<SafetyCheckAnswer>> RecordSafetyCheck(RecordSafetyCheck command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.RecordSafetyCheck.Decide, cancellationToken);

    public Task<Reply<Accepted>> RecordMissedVisit(RecordMissedVisit command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.RecordMissedVisit.Decide, cancellationToken);

    public Task<Reply<Accepted>> RecordRequestForDose(RecordRequestForDose command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command with { Actor = origin.Actor, ActorRoles = seal.Current?.Roles ?? Roles.None }, origin, Domain.Patients.RecordRequestForDose.Decide, cancellationToken);

    public Task<Reply<Accepted>> RescheduleVisit(RescheduleVisit command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.RescheduleVisit.Decide, cancellationToken);

    public Task<Reply<Accepted>> RecordSupportSession(RecordSupportSession command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.RecordSupportSession.Decide, cancellationToken);

    public Task<Reply<AdviceDecisionAnswer>> RecordAdviceDecision(RecordAdviceDecision command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command with { Actor = origin.Actor }, origin, Domain.Patients.RecordAdviceDecision.Decide, cancellationToken);

    public Task<Reply<Accepted>> EndTreatment(EndTreatment command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.EndTreatment.Decide, cancellationToken);

    public Task<Reply<Accepted>> RecordDeath(RecordDeath command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.RecordDeath.Decide, cancellationToken);

    public Task<Reply<Accepted>> RecordContact(RecordContact command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.RecordContact.Decide, cancellationToken);

    public Task<Reply<Accepted>> DeclareLost(DeclareLost command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.DeclareLost.Decide, cancellationToken);

    public Task<Reply<Accepted>> RecordPregnancy(RecordPregnancy command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.RecordPregnancy.Decide, cancellationToken);

    public async Task<Reply<EmergencyAnswer>> BreakGlass(BreakGlass command, CommandOrigin origin, CancellationToken cancellationToken)
    {
        // What is wrong whoever is there is told first: also of a patient whose key was destroyed.
        var complete = command with { Site = origin.Site, Actor = origin.Actor };
        if (Domain.Patients.BreakGlass.Check(complete) is { } wrong)
        {
            return Reply<EmergencyAnswer>.Refused(wrong);
        }

        // From the database: a clinic that lost its key a moment ago would open the patient and read nothing.
        var clinic = await ReadClinicAsync(origin.Site!.Value, confirmed: true, cancellationToken);
        if (clinic.Refusal is { } refusal)
        {
            return Reply<EmergencyAnswer>.Refused(AtField(refusal, "clinicnetwork-site"));
        }

        if (clinic.State!.KeyDestroyed || RefuseDestroyed(origin.Site) is not null)
        {
            return Reply<EmergencyAnswer>.Refused(ClinicState.RefuseKeyDestroyed("clinicnetwork-site"));
        }

        return await HandleAsync(
            nameof(BreakGlass),
            origin,
            (state, now) => state.Exists ? Domain.Patients.BreakGlass.Decide(state, complete, now) : NotFound,
            cancellationToken);
    }

    public Task<Reply<Accepted>> ReviewEmergencyAccess(ReviewEmergencyAccess command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command with { Site = origin.Site, Actor = origin.Actor }, origin, Domain.Patients.ReviewEmergencyAccess.Decide, cancellationToken);

    public Task<Reply<Accepted>> AcknowledgeAlert(AcknowledgeAlert command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command with { Actor = origin.Actor, ActorRoles = seal.Current?.Roles ?? Roles.None }, origin, Domain.Patients.AcknowledgeAlert.Decide, cancellationToken);

    public async Task<Reply<Accepted>> RecordRemsEnrolment(RecordRemsEnrolment command, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var clinic = await ReadClinicAsync(command.Clinic, confirmed: false, cancellationToken);
        return clinic.Refusal is { } refusal
            ? Reply<Accepted>.Refused(AtField(refusal, "clinic"))
            : await Write(command with { ClinicCertified = clinic.State!.IsCertified(command.OccurredAt) }, origin, Domain.Patients.RecordRemsEnrolment.Decide, cancellationToken);
    }

    public Task<Reply<Accepted>> RecordRemsDetails(RecordRemsDetails command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.RecordRemsDetails.Decide, cancellationToken);

    public Task<Reply<RemsSubmissionAnswer>> RecordRemsSubmission(RecordRemsSubmission command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command with { Actor = origin.Actor }, origin, Domain.Patients.RecordRemsSubmission.Decide, cancellationToken);

    public Task<Reply<Accepted>> RecordSeriousEvent(RecordSeriousEvent command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.RecordSeriousEvent.Decide, cancellationToken);

    public Task<Reply<NumberAnswer>> WriteJournalEntry(WriteJournalEntry command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.WriteJournalEntry.Decide, cancellationToken);

    public Task<Reply<Accepted>> SetOwnGoals(SetOwnGoals command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.SetOwnGoals.Decide, cancellationToken);

    public Task<Reply<NumberAnswer>> RecordDiaryEffect(RecordDiaryEffect command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command with { AtHome = IsPatient }, origin, Domain.Patients.RecordDiaryEffect.Decide, cancellationToken);

    public Task<Reply<Accepted>> ResolveDiaryEffect(ResolveDiaryEffect command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.ResolveDiaryEffect.Decide, cancellationToken);

    public Task<Reply<Accepted>> SetSupportContacts(SetSupportContacts command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command with { AtHome = IsPatient }, origin, Domain.Patients.SetSupportContacts.Decide, cancellationToken);

    public Task<Reply<NumberAnswer>> ExplainVisit(ExplainVisit command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command with { AtHome = IsPatient }, origin, Domain.Patients.ExplainVisit.Decide, cancellationToken);

    public Task<Reply<AmendmentAnswer>> MarkEnteredInError(MarkEnteredInError command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(
            command with { Actor = origin.Actor, ActorRoles = seal.Current?.Roles ?? Roles.None }, origin, Domain.Patients.MarkEnteredInError.Decide, cancellationToken);

    public Task<Reply<AmendmentAnswer>> AmendFact(AmendFact command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command with { Actor = origin.Actor, ActorRoles = seal.Current?.Roles ?? Roles.None }, origin, Domain.Patients.AmendFact.Decide, cancellationToken);

    public Task<Reply<Accepted>> EscalateAlert(EscalateAlert command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.EscalateAlert.Decide, cancellationToken);

    public Task<Reply<Accepted>> NoticeLapse(NoticeLapse command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.NoticeLapse.Decide, cancellationToken);

    public Task<Reply<Accepted>> EndResearchConsent(EndResearchConsent command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.EndResearchConsent.Decide, cancellationToken);

    public Task<Reply<Accepted>> WithdrawAgain(WithdrawAgain command, CommandOrigin origin, CancellationToken cancellationToken) =>
        HandleAsync(
            nameof(WithdrawAgain),
            origin,
            (state, now) => RefuseAccess(command, state, origin.Site, now) is { } refusal ? refusal : Domain.Patients.WithdrawAgain.Decide(state, command, now),
            () => [new Projection.DueDone(DueKinds.OfWithdrawal(command.Permitted, command.Until))],
            cancellationToken);

    public Task<Reply<Accepted>> AddYearlyMilestones(AddYearlyMilestones command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.AddYearlyMilestones.Decide, cancellationToken);

    public Task<Reply<Accepted>> EndEmergencyAccess(EndEmergencyAccess command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.EndEmergencyAccess.Decide, cancellationToken);

    public Task<Reply<Accepted>> CloseMilestone(CloseMilestone command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.CloseMilestone.Decide, cancellationToken);

    public async Task<Reply<Accepted>> EraseAsync(ErasePatient command, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var reply = await HandleAsync(
            nameof(ErasePatient),
            origin,
            (state, now) => state.IsErased ? Erased : ErasePatient.Decide(state, command, now),
            cancellationToken);
        if (reply.Refusal?.Kind == RefusalKind.NotFound)
        {
            reply = await FindErasureAsync(origin, cancellationToken) ?? reply;
        }

        if (reply.Refusal is null)
        {
            await Services.Snapshots.DeleteAsync(GrainContext.GrainId, cancellationToken);
        }

        return reply;
    }

    protected override PatientState Evolve(PatientState state, IEvent @event) => PatientState.Evolve(state, @event);

    protected override IReadOnlyList<Projection> Project(PatientState before, PatientState after, IReadOnlyList<IEvent> events) =>
        PatientProjections.Of(before, after, events);

    /// <summary>Whatever takes something away is in the disclosure ledger first: also what a statement recorded late takes away, though a later one gives it again.</summary>
    protected override async Task<Refusal?> PrecedeAsync(Append append, PatientState before, CancellationToken cancellationToken)
    {
        var consents = append.Projections.OfType<Projection.ConsentSet>().ToArray();
        if (consents.Length == 0 || before.PresentConsent() is not { } present)
        {
            return null;
        }

        var (permitted, until) = (consents.Aggregate(present.Permission, (all, c) => all & c.Recipients), consents.Min(c => c.Until));
        if (permitted == present.Permission && until >= (present.Until ?? DateTimeOffset.MaxValue))
        {
            return null;
        }

        try
        {
            await ledger.AppendAsync(new LedgerEntry.Withdrawal(Stream, append.Origin.RequestId, permitted, until, Services.Clock.Now), cancellationToken);
            return null;
        }
        catch (LedgerUnavailableException)
        {
            return LedgerRefusal.Unavailable;
        }
    }

    /// <summary>In the transaction: what only an emergency permitted says so wherever its row is shown.</summary>
    protected override string NameOf(string command, CommandOrigin origin, PatientState state, DateTimeOffset now) =>
        EmergencyAccess.Commands.Contains(command) && !state.WritableBy(origin.Site).HasFlag(SectionsOfCommand.Of(command)) ? command + EmergencyAccess.Mark : command;

    protected override Refusal RefuseTaken(string key) => key switch
    {
        "record_number" => Refusal.Exists("RECORD_NUMBER_IN_USE", "record_number", "The home clinic has a patient with this record number; read that patient, or correct the number."),
        "holder" => ClinicState.RefuseKeyDestroyed("home_clinic"),
        _ => base.RefuseTaken(key),
    };

    /// <summary>
    /// A clinic does not get to know that there was a patient whom it may not see any more. Those that could see one whose last clinic's key was destroyed have
    /// lost their own with it, and are told that.
    /// </summary>
    protected override Refusal RefuseLost(KeyLoss loss, ClinicId? site) =>
        RefuseDestroyed(site) ?? (site is not null ? NotFound : loss == KeyLoss.Orphaned ? Orphaned : Erased);

    /// <summary>Decides only for a patient that is there and that the acting site may write. What it warns of goes with it.</summary>
    private Task<Reply<TAnswer>> Write<TCommand, TAnswer>(
        TCommand command, CommandOrigin origin, Func<PatientState, TCommand, DateTimeOffset, Decision<TAnswer>> decide, CancellationToken cancellationToken)
        where TAnswer : class =>
        HandleAsync(
            typeof(TCommand).Name,
            origin,
            (state, now) => (RefuseDestroyed(origin.Site) ?? RefuseAccess(command, state, origin.Site, now)) is { } refusal
                ? refusal
                : EarlyWarning.With(state, decide(state, command, now), now),
            cancellationToken);

    private static RevisePlan By(RevisePlan command, CommandOrigin origin) => command with { Actor = origin.Actor, Site = origin.Site };

    /// <summary>The caller is the patient: the filter lets no other one here.</summary>
    private bool IsPatient => seal.Current is { Patient.Length: > 0 };

    private static Refusal? RefuseAccess<TCommand>(TCommand command, PatientState state, ClinicId? site, DateTimeOffset now) =>
        state.IsErased && site is null ? Erased
        : state.Exists && state.WritableBy(site).HasFlag(SectionsOfCommand.Of(command)) ? null
        : state.FindEmergency(site, now) is not null ? EmergencyAccess.Commands.Contains(typeof(TCommand).Name) ? null : EmergencyOnly
        : !state.Exists || state.ReadableBy(site) == PlanSections.None ? NotFound
        : state.RefuseChange(site, SectionsOfCommand.Of(command));

    /// <summary>Whatever is known of the patient: a clinic without a key acts no more.</summary>
    private Refusal? RefuseDestroyed(ClinicId? site) =>
        site is { } clinic && Services.Keys.LossOf(clinic.Name) is not null ? ClinicState.RefuseKeyDestroyed("site") : null;

    /// <summary>The answer of the command that erased the patient, when this is that command again.</summary>
    private async Task<Reply<Accepted>?> FindErasureAsync(CommandOrigin origin, CancellationToken cancellationToken)
    {
        try
        {
            return await Services.Keys.FindErasureAsync(Stream, cancellationToken) is { } erasure && erasure.RequestId == origin.RequestId
                ? StoredReply.Of(erasure, origin)
                : null;
        }
        catch (StoreUnavailableException)
        {
            return Reply<Accepted>.Refused(Refusal.Unavailable("OUTCOME_UNKNOWN", "The database does not answer; the same request id will tell."));
        }
    }

    /// <summary>That a clinic is not there is the field's mistake; that the database is away is nobody's.</summary>
    private static Refusal AtField(Refusal refusal, string field) => refusal.Kind == RefusalKind.NotFound ? refusal with { Field = field } : refusal;

    private Task<Reading<ClinicState>> ReadClinicAsync(ClinicId clinic, bool confirmed, CancellationToken cancellationToken) =>
        GrainFactory.GetGrain<IClinicGrain>(Streams.Of(clinic)).Read(new ReadRequest(confirmed, 0, null), cancellationToken);
}
