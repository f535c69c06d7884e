using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Clinics;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Grains.Patients;

/// <summary>A transfer of care: what the home clinic does, and what the clinic does that the patient is offered to.</summary>
public sealed partial class PatientGrain
{
    public async Task<Reply<TransferAnswer>> OfferTransfer(OfferTransfer command, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var clinic = await ReadClinicAsync(command.To, confirmed: true, cancellationToken);
        return clinic.Refusal is { } refusal ? Reply<TransferAnswer>.Refused(AtField(refusal, "to_clinic"))
            : clinic.State!.KeyDestroyed ? Reply<TransferAnswer>.Refused(ClinicState.RefuseKeyDestroyed("to_clinic"))
            : await Write(command with { Site = origin.Site, Actor = origin.Actor }, origin, Domain.Patients.OfferTransfer.Decide, cancellationToken);
    }

    public Task<Reply<Accepted>> WithdrawTransfer(WithdrawTransfer command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Write(command with { Site = origin.Site, Actor = origin.Actor }, origin, Domain.Patients.WithdrawTransfer.Decide, cancellationToken);

    public async Task<Reply<Accepted>> AcceptTransfer(AcceptTransfer command, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var complete = command with { Site = origin.Site, Actor = origin.Actor };
        if (origin.Site is { } site)
        {
            // From the database: a clinic that lost its key a moment ago would take the patient and read nothing.
            var clinic = await ReadClinicAsync(site, confirmed: true, cancellationToken);
            if ((clinic.Refusal ?? (clinic.State!.KeyDestroyed ? ClinicState.RefuseKeyDestroyed("clinicnetwork-site") : null)) is { } refusal)
            {
                return Reply<Accepted>.Refused(AtField(refusal, "clinicnetwork-site"));
            }

            complete = complete with { TimeZone = clinic.State!.TimeZone };
        }

        return await Answer(complete, complete.Number, origin, Domain.Patients.AcceptTransfer.Decide, cancellationToken);
    }

    public Task<Reply<Accepted>> DeclineTransfer(DeclineTransfer command, CommandOrigin origin, CancellationToken cancellationToken) =>
        Answer(command with { Site = origin.Site, Actor = origin.Actor }, command.Number, origin, Domain.Patients.DeclineTransfer.Decide, cancellationToken);

    public async Task<Reading<PatientTransfers>> ReadTransfers(ReadRequest request, CancellationToken cancellationToken)
    {
        // Confirmed: whoever decides on an offer, or is refused one, does so by what was committed.
        var reading = await Read(request with { Confirmed = true }, cancellationToken);
        return reading.State is { } state
            ? new(TransfersOf(state, [.. state.Transfers.Where(t => reading.Readable == PlanSections.All || t.To == request.Site)]), reading.Version, true, null, reading.InEmergency)
            : reading.Refusal == NotFound && TransferRules.OpenAt(State, Services.Clock.Now) is { } offer && offer.To == request.Site ? new(TransfersOf(State, [offer]), Version, true, null)
            : Reading<PatientTransfers>.Refused(reading.Refusal!);
    }

    /// <summary>An act of the clinic that the patient is offered to: it needs no other access, and the offer gives it none but this.</summary>
    private Task<Reply<Accepted>> Answer<TCommand>(
        TCommand command, int number, CommandOrigin origin, Func<PatientState, TCommand, DateTimeOffset, Decision<Accepted>> decide, CancellationToken cancellationToken) =>
        HandleAsync(
            typeof(TCommand).Name,
            origin,
            (state, now) => (RefuseDestroyed(origin.Site) ?? RefuseOffered(state, number, origin.Site)) is { } refusal ? refusal : decide(state, command, now),
            cancellationToken);

    private static Refusal? RefuseOffered(PatientState state, int number, ClinicId? site) =>
        state.IsErased && site is null ? Erased
        : state.Exists && (state.ReadableBy(site) != PlanSections.None || TransferRules.IsOfferedTo(state, number, site)) ? null
        : NotFound;

    private static PatientTransfers TransfersOf(PatientState state, IReadOnlyList<Transfer> transfers) => new(state.Id, state.Plan?.MadeFrom.Drug, transfers);
}
