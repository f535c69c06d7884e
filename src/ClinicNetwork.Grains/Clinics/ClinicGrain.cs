using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Clinics;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Clinics;

/// <inheritdoc cref="IClinicGrain"/>
public sealed class ClinicGrain(GrainServices services, IProjections projections) : JournaledGrain<ClinicState>(services), IClinicGrain
{
    private static readonly Refusal NotFound = Refusal.NotFound("CLINIC_NOT_FOUND", "name", "There is no such clinic; list the clinics.");

    protected override ClinicState Empty => ClinicState.Empty;

    public Task<Reply<Accepted>> Register(RegisterClinic command, CommandOrigin origin, CancellationToken cancellationToken) =>
        HandleAsync(nameof(RegisterClinic), origin, (state, now) => RegisterClinic.Decide(state, command, now), cancellationToken);

    public Task<Reply<Accepted>> Configure(ConfigureClinic command, CommandOrigin origin, CancellationToken cancellationToken) =>
        HandleAsync(nameof(ConfigureClinic), origin, (state, now) => ConfigureClinic.Decide(state, command, now), cancellationToken);

    public Task<Reply<Accepted>> DestroyKeyAsync(DestroyClinicKey command, CommandOrigin origin, CancellationToken cancellationToken) =>
        HandleAsync(nameof(DestroyClinicKey), origin, (state, now) => DestroyClinicKey.Decide(state, command, now), cancellationToken);

    public async Task<Reading<ClinicState>> Read(ReadRequest request, CancellationToken cancellationToken)
    {
        var reading = await ReadStateAsync(request, cancellationToken);
        if (reading is { State.Exists: false, Confirmed: false })
        {
            reading = await ReadStateAsync(request with { Confirmed = true }, cancellationToken);
        }

        return reading.State is { Exists: false } ? Reading<ClinicState>.Refused(NotFound) : reading;
    }

    public async Task<Reading<Roster>> ReadRoster(string afterStream, int limit, CancellationToken cancellationToken)
    {
        if (await RefuseAsync(cancellationToken) is { } refusal)
        {
            return Reading<Roster>.Refused(refusal);
        }

        return await ReadStoreAsync<Roster>(async () =>
        {
            var rows = await projections.ReadRosterAsync(State.Id.Name, afterStream, limit, cancellationToken);
            return new(new Roster([.. rows.Select(r => new RosterItem(r.Stream, r.HomeClinic, r.Version))]), Version, true, null);
        });
    }

    public async Task<Reading<Worklist>> ReadWorklist(WorklistItem? after, int limit, CancellationToken cancellationToken)
    {
        if (await RefuseAsync(cancellationToken) is { } refusal)
        {
            return Reading<Worklist>.Refused(refusal);
        }

        var now = Services.Clock.Now;
        var from = after is null ? null : new FollowUpRow(after.Stream, after.Milestone, after.OpensAt, after.ClosesAt);
        return await ReadStoreAsync<Worklist>(async () =>
        {
            var rows = await projections.ReadWorklistAsync(State.Id.Name, now, from, limit, cancellationToken);
            return new(new Worklist([.. rows.Select(r => new WorklistItem(r.Stream, r.Milestone, r.OpensAt, r.ClosesAt))], now), Version, true, null);
        });
    }

    /// <summary>Lists of patients are for a clinic that is there and has its key.</summary>
    private async Task<Refusal?> RefuseAsync(CancellationToken cancellationToken) =>
        (await Read(new(false, 0, null), cancellationToken)).Refusal
        ?? (State.KeyDestroyed || Services.Keys.LossOf(State.Id.Name) is not null ? ClinicState.RefuseKeyDestroyed("clinic") : null);

    protected override ClinicState Evolve(ClinicState state, IEvent @event) => ClinicState.Evolve(state, @event);

    protected override IReadOnlyList<Projection> Project(ClinicState before, ClinicState after, IReadOnlyList<IEvent> events) =>
        !before.Exists ? [new Projection.ClinicIndexed(Stream), new Projection.HolderAdded(after.Id.Name)]
        : after.KeyDestroyed && !before.KeyDestroyed ? [new Projection.HolderDestroyed(after.Id.Name)]
        : [];
}
