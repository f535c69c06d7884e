using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Approvals;
using ClinicNetwork.Domain.Partners;
using ClinicNetwork.Grains.Identity;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Partners;

/// <inheritdoc cref="IPartnerGrain"/>
public sealed class PartnerGrain(GrainServices services, CallerSeal seal) : JournaledGrain<PartnerState>(services), IPartnerGrain
{
    protected override PartnerState Empty => PartnerState.Empty;

    public Task<Reply<Accepted>> Register(RegisterPartner command, CommandOrigin origin, CancellationToken cancellationToken) =>
        HandleAsync(nameof(RegisterPartner), origin, (state, now) => RegisterPartner.Decide(state, command, now), cancellationToken);

    public Task<Reply<Accepted>> Draft(DraftAgreement command, CommandOrigin origin, CancellationToken cancellationToken) =>
        HandleAsync(nameof(DraftAgreement), origin, (state, now) => DraftAgreement.Decide(state, command, now), cancellationToken);

    public Task<Reply<Accepted>> Propose(ProposeAgreement command, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var by = new Person(origin.Actor, seal.Current?.Connection ?? "");
        return HandleAsync(nameof(ProposeAgreement), origin, (state, now) => ProposeAgreement.Decide(state, command, by, now), cancellationToken);
    }

    public Task<Reply<Accepted>> Activate(ActivateAgreement command, CommandOrigin origin, CancellationToken cancellationToken) =>
        HandleAsync(nameof(ActivateAgreement), origin, (state, now) => ActivateAgreement.Decide(state, command, now), cancellationToken);

    public Task<Reply<Accepted>> Suspend(SuspendAgreement command, CommandOrigin origin, CancellationToken cancellationToken) =>
        HandleAsync(nameof(SuspendAgreement), origin, (state, now) => SuspendAgreement.Decide(state, command, now), cancellationToken);

    public Task<Reply<Accepted>> End(EndAgreement command, CommandOrigin origin, CancellationToken cancellationToken) =>
        HandleAsync(nameof(EndAgreement), origin, (state, now) => EndAgreement.Decide(state, command, now), cancellationToken);

    public Task<Reply<Accepted>> Rekey(RekeyAgreement command, CommandOrigin origin, CancellationToken cancellationToken) =>
        HandleAsync(nameof(RekeyAgreement), origin, (state, now) => RekeyAgreement.Decide(state, command, now), cancellationToken);

    public Task<Reply<Accepted>> ConfirmRekey(ConfirmRekey command, CommandOrigin origin, CancellationToken cancellationToken) =>
        HandleAsync(nameof(ConfirmRekey), origin, (state, now) => Domain.Partners.ConfirmRekey.Decide(state, command, now), cancellationToken);

    public Task<Reply<Accepted>> Expire(ExpireAgreement command, CommandOrigin origin, CancellationToken cancellationToken) =>
        HandleAsync(nameof(ExpireAgreement), origin, (state, now) => ExpireAgreement.Decide(state, command, now), cancellationToken);

    public Task<Reply<BatchAnswer>> Acknowledge(AcknowledgeBatch command, CommandOrigin origin, CancellationToken cancellationToken) =>
        HandleAsync(nameof(AcknowledgeBatch), origin, (state, now) => AcknowledgeBatch.Decide(state, command, now), cancellationToken);

    public async Task<Reading<PartnerState>> Read(ReadRequest request, CancellationToken cancellationToken)
    {
        // Confirmed in any case: who is given what is decided on it.
        var reading = await ReadStateAsync(request with { Confirmed = true }, cancellationToken);
        return reading.State is { Exists: false } ? Reading<PartnerState>.Refused(PartnerState.RefuseUnknown("name")) : reading;
    }

    protected override PartnerState Evolve(PartnerState state, IEvent @event) => PartnerState.Evolve(state, @event);

    protected override IReadOnlyList<Projection> Project(PartnerState before, PartnerState after, IReadOnlyList<IEvent> events) => PartnerProjections.Of(before, after, events);
}
