using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Grains.Clinics;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Patients;

/// <inheritdoc cref="IPatientGrain"/>
public sealed class PatientGrain(GrainServices services) : JournaledGrain<PatientState>(services), IPatientGrain
{
    private static readonly Refusal NotFound =
        Refusal.NotFound("PATIENT_NOT_FOUND", "patient", "There is no such patient, or this site may not see it.");

    private static readonly Refusal NoPlan = Refusal.NotFound("PLAN_NOT_FOUND", "name", "This patient has no plan yet.");

    protected override PatientState Empty => PatientState.Empty;

    public async Task<Reply<Accepted>> Enrol(EnrolPatient command, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var clinic = await ReadClinicAsync(command.HomeClinic, cancellationToken);
        if (clinic.Refusal is { } refusal)
        {
            return Reply<Accepted>.Refused(AtField(refusal, "home_clinic"));
        }

        var complete = command with { TimeZone = clinic.State!.TimeZone };
        return await HandleAsync(
            nameof(EnrolPatient),
            origin,
            (state, now) => origin.Site is { } site && site != complete.HomeClinic
                ? Refusal.Denied("SITE_NOT_HOME", "home_clinic", "A site enrols patients for itself only.")
                : EnrolPatient.Decide(state, complete, now),
            cancellationToken);
    }

    public Task<Reply<ConsultationAnswer>> RecordConsultation(RecordConsultation command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.RecordConsultation.Decide, cancellationToken);

    public Task<Reply<PlanAnswer>> CreatePlan(CreatePlan command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, (state, c, now) => Domain.Patients.CreatePlan.Decide(state, c with { NextVersion = Version + 1 }, now), cancellationToken);

    public Task<Reply<PlanAnswer>> RevisePlan(RevisePlan command, CommandOrigin origin, CancellationToken cancellationToken) =>
#if FAULTS
        Faults.Has("LetsLastWriteWin")
            ? Write(command, origin, (state, c, now) => Domain.Patients.RevisePlan.Decide(state, c with { NextVersion = Version + 1, BaseVersion = state.Plan?.Version ?? 0 }, now), cancellationToken)
            :
#endif
        Write(command, origin, (state, c, now) => Domain.Patients.RevisePlan.Decide(state, c with { NextVersion = Version + 1 }, now), cancellationToken);

    public Task<Reply<Accepted>> SetSharing(SetSharing command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.SetSharing.Decide, cancellationToken);

    public Task<Reply<Accepted>> SetResearchConsent(SetResearchConsent command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.SetResearchConsent.Decide, cancellationToken);

    public async Task<Reply<SessionAnswer>> StartSession(StartSession command, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var clinic = await ReadClinicAsync(command.Clinic, cancellationToken);
        return clinic.Refusal is { } refusal
            ? Reply<SessionAnswer>.Refused(AtField(refusal, "clinic"))
            : await Write(command with { ClinicCertified = clinic.State!.EsketamineCertified }, origin, Domain.Patients.StartSession.Decide, cancellationToken);
    }

    public Task<Reply<DoseAnswer>> RecordDose(RecordDose command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.RecordDose.Decide, cancellationToken);

    public Task<Reply<Accepted>> RecordSideEffect(RecordSideEffect command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.RecordSideEffect.Decide, cancellationToken);

    public Task<Reply<Accepted>> CompleteSession(CompleteSession command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.CompleteSession.Decide, cancellationToken);

    public Task<Reply<AssessmentAnswer>> RecordAssessment(RecordAssessment command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.RecordAssessment.Decide, cancellationToken);

    public Task<Reply<Accepted>> RecordMissedVisit(RecordMissedVisit command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.RecordMissedVisit.Decide, cancellationToken);

    public Task<Reply<Accepted>> EndTreatment(EndTreatment command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.EndTreatment.Decide, cancellationToken);

    public Task<Reply<Accepted>> CloseMilestone(CloseMilestone command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command, origin, Domain.Patients.CloseMilestone.Decide, cancellationToken);

    public async Task<Reading<PatientState>> Read(ReadRequest request, CancellationToken cancellationToken)
    {
        var reading = await ReadStateAsync(request, cancellationToken);
        return reading.State is { } state && !(state.Exists && state.Permits(request.Site, SiteAccess.Read))
            ? Reading<PatientState>.Refused(NotFound)
            : reading;
    }

    public async Task<Reading<PatientPlan>> ReadPlan(ReadRequest request, CancellationToken cancellationToken)
    {
        var reading = await Read(request, cancellationToken);
        return new(reading.State is { Plan: { } plan } state ? new(state.Id, plan) : null, reading.Version, reading.Confirmed, reading.Refusal ?? (reading.State?.Plan is null ? NoPlan : null));
    }

    public async Task<Reading<History>> ReadHistory(ReadRequest request, long afterVersion, int limit, CancellationToken cancellationToken)
    {
        // The rows come from the database, so the access to them and the version told with them must too.
        var reading = await Read(request with { Confirmed = true }, cancellationToken);
        if (reading.Refusal is { } refusal)
        {
            return Reading<History>.Refused(refusal);
        }

        return await ReadStoreAsync<History>(async () =>
        {
            var rows = await Services.Journal.ReadAsync(Stream, afterVersion, limit, cancellationToken);
            return new(new History([.. rows.Select(EntryOf)]), reading.Version, true, null);
        });
    }

    protected override PatientState Evolve(PatientState state, IEvent @event) => PatientState.Evolve(state, @event);

    protected override IReadOnlyList<Projection> Project(PatientState before, PatientState after, IReadOnlyList<IEvent> events) =>
        PatientProjections.Of(before, after, events);

    protected override Refusal RefuseTaken(string key) => key == "record_number"
        ? Refusal.Exists("RECORD_NUMBER_IN_USE", "record_number", "The home clinic has a patient with this record number; read that patient, or correct the number.")
        : base.RefuseTaken(key);

    /// <summary>Decides only for a patient that is there and that the acting site may write.</summary>
    private Task<Reply<TAnswer>> Write<TCommand, TAnswer>(
        TCommand command, CommandOrigin origin, Func<PatientState, TCommand, DateTimeOffset, Decision<TAnswer>> decide, CancellationToken cancellationToken)
        where TAnswer : class =>
        HandleAsync(typeof(TCommand).Name, origin, (state, now) => RefuseAccess(state, origin.Site) is { } refusal ? refusal : decide(state, command, now), cancellationToken);

    private static Refusal? RefuseAccess(PatientState state, ClinicId? site) =>
        !state.Exists || !state.Permits(site, SiteAccess.Read) ? NotFound
        : !state.Permits(site, SiteAccess.Write) ? Refusal.Denied("SITE_READ_ONLY", "patient", "This site may read the patient, not change it.")
        : null;

    /// <summary>That a clinic is not there is the field's mistake; that the database is away is nobody's.</summary>
    private static Refusal AtField(Refusal refusal, string field) => refusal.Kind == RefusalKind.NotFound ? refusal with { Field = field } : refusal;

    private static HistoryEntry EntryOf(JournalRow row) =>
        new(row.Version, row.RequestId, row.Command, [.. row.Events.Select(e => e.GetType().Name)], row.Actor, row.Site, row.RecordedAt);

    private Task<Reading<Domain.Clinics.ClinicState>> ReadClinicAsync(ClinicId clinic, CancellationToken cancellationToken) =>
        GrainFactory.GetGrain<IClinicGrain>(Streams.Of(clinic)).Read(new ReadRequest(false, 0, null), cancellationToken);
}
