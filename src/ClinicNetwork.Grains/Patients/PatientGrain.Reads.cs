using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using ClinicNetwork.Journal.Codec;

namespace ClinicNetwork.Grains.Patients;

/// <summary>What a patient tells of itself, and to whom.</summary>
public sealed partial class PatientGrain
{
    public async Task<Reading<PatientState>> Read(ReadRequest request, CancellationToken cancellationToken)
    {
        if (RefuseDestroyed(request.Site) is { } destroyed)
        {
            return Reading<PatientState>.Refused(destroyed);
        }

        var reading = await ReadStateAsync(request, cancellationToken);
        if (reading.State is null && reading.Refusal is not { Kind: RefusalKind.OutOfRange })
        {
            return reading;
        }

        // A version that is not there is told to those alone who may know the patient: it would tell others that there is one.
        return State.IsErased && request.Site is null ? Reading<PatientState>.Refused(Erased)
            : State.Exists && State.ReadableBy(request.Site) is not PlanSections.None and var readable && (readable == PlanSections.All || State.FindEmergency(request.Site, Services.Clock.Now) is null)
                ? Told(reading) with { Readable = readable, Writable = State.WritableBy(request.Site) }
            : State.FindEmergency(request.Site, Services.Clock.Now) is not null ? Told(reading) with { InEmergency = true }
            : request.Confirmed || reading.Confirmed || reading.State is null ? Reading<PatientState>.Refused(NotFound)
            // Nobody is denied from memory: another cluster over this store may have enrolled or shared the patient since.
            : await Read(request with { Confirmed = true }, cancellationToken);
    }

    public async Task<Reading<PatientPlan>> ReadPlan(ReadRequest request, CancellationToken cancellationToken)
    {
        var reading = await Read(request, cancellationToken);
        if (reading is { State.Plan: null, Refusal: null, Confirmed: false })
        {
            reading = await Read(request with { Confirmed = true }, cancellationToken);
        }

        return new(
            reading.State is { Plan: { } plan } state ? new(state.Id, plan) { OpenConflicts = [.. state.PlanConflicts.Where(c => c.IsOpen)] } : null,
            reading.Version,
            reading.Confirmed,
            reading.Refusal ?? (reading.State?.Plan is null ? NoPlan : null),
            reading.InEmergency)
        {
            Readable = reading.Readable,
            Writable = reading.Writable,
        };
    }

    public async Task<Reading<PatientReplica>> ReadReplica(ReadRequest request, CancellationToken cancellationToken)
    {
        var reading = await Read(request, cancellationToken);
        var whole = reading is { InEmergency: false, Readable: PlanSections.All };
        return new(
            reading.State is { } state ? new(state.Id, state.Plan, whole ? ReplicaCodec.Encode(state) : null) : null, reading.Version, reading.Confirmed, reading.Refusal, reading.InEmergency)
        {
            Readable = reading.Readable,
            Writable = reading.Writable,
        };
    }

    public async Task<Reading<CourseOutcomes>> ReadOutcomes(ReadRequest request, CancellationToken cancellationToken)
    {
        var reading = await Read(request, cancellationToken);
        if (reading.State is not { } state || (request.Site is { } site && site != state.HomeClinic))
        {
            return Reading<CourseOutcomes>.Refused(reading.Refusal ?? NotFound);
        }

        var course = state.InCourse(1);
        return new(
            InductionCourse.Of(course) is null ? new("", []) : new(ReleaseMapper.FirstProtocol(course).Id.Name, course.Outcomes),
            reading.Version,
            reading.Confirmed,
            null);
    }

    public async Task<Reading<History>> ReadHistory(ReadRequest request, long afterVersion, int limit, CancellationToken cancellationToken)
    {
        // The rows come from the database, so the access to them and the version told with them must too.
        var reading = await Read(request with { Confirmed = true }, cancellationToken);
        return await ReadRowsAsync(
            reading, request.Site, afterVersion, limit, rows => new Reading<History>(new([.. rows.Select(r => IsTold(r, reading.Readable) ? EntryOf(r) : Hidden(r))]), reading.Version, true, null, reading.InEmergency), cancellationToken);
    }

    public async Task<Reading<RecordPage>> ReadRecord(ReadRequest request, long afterVersion, int limit, CancellationToken cancellationToken)
    {
        var reading = await Read(request with { Confirmed = true }, cancellationToken);
        return await ReadRowsAsync(
            reading with { Refusal = reading.InEmergency ? EmergencyOnly : reading.Refusal ?? (reading.Readable == PlanSections.All ? null : PatientState.OtherSections) },
            request.Site,
            afterVersion,
            limit,
            rows => new Reading<RecordPage>(new([.. rows.Select(r => new RecordedCommand(EntryOf(r), [.. r.Events.Select(e => EventJson.Of(IsPatient ? e : PatientVoice.WithoutPrivate(e)))]))]), reading.Version, true, null),
            cancellationToken);
    }

    /// <summary>Snapshots of versions before 0.4 hold the last consultation alone, those before 0.6 the present consent alone.</summary>
    protected override bool IsWhole(PatientState snapshot) => (snapshot.Consultation is null || snapshot.Consultations.Length > 0) && (snapshot.KeepsConsents || snapshot.IsErased);

    private Reading<PatientState> Told(Reading<PatientState> reading) =>
        IsPatient || reading.State is not { } state ? reading : reading with { State = state with { Voice = state.Voice.WithoutPrivate(), Retracted = [.. state.Retracted.Select(r => r.WithoutPrivate())] } };

    /// <summary>Rows of whoever may read the patient, as <paramref name="reading"/> found.</summary>
    private async Task<Reading<T>> ReadRowsAsync<T>(
        Reading<PatientState> reading, ClinicId? site, long afterVersion, int limit, Func<IReadOnlyList<JournalRow>, Reading<T>> answer, CancellationToken cancellationToken)
        where T : class
    {
        if (reading.Refusal is { } refusal)
        {
            return Reading<T>.Refused(refusal);
        }

        try
        {
            return await ReadStoreAsync(async () => answer(await Services.Journal.ReadAsync(Stream, afterVersion, limit, cancellationToken)));
        }
        catch (KeyLostException lost)
        {
            return Reading<T>.Refused(RefuseLost(lost.Loss, site));
        }
    }

    /// <summary>A site that reads some sections is told what was done in those, and of the rest that something was.</summary>
    private static bool IsTold(JournalRow row, PlanSections readable) =>
        readable == PlanSections.All || readable.HasFlag(SectionsOfCommand.Of(row.Command.Replace(EmergencyAccess.Mark, "", StringComparison.Ordinal)));

    private static HistoryEntry Hidden(JournalRow row) => new(row.Version, "", "", [], "", "", row.RecordedAt);

    private static HistoryEntry EntryOf(JournalRow row) =>
        new(row.Version, row.RequestId, row.Command, [.. row.Events.Select(e => e.GetType().Name)], row.Actor, row.Site, row.RecordedAt);
}
