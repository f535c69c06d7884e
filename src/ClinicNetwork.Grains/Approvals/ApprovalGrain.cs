using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Approvals;
using ClinicNetwork.Domain.Clinics;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Partners;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Grains.Clinics;
using ClinicNetwork.Grains.Due;
using ClinicNetwork.Grains.Identity;
using ClinicNetwork.Grains.Partners;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Journal;
using Microsoft.Extensions.Logging;

namespace ClinicNetwork.Grains.Approvals;

/// <inheritdoc cref="IApprovalGrain"/>
public sealed class ApprovalGrain(GrainServices services, CallerSeal seal) : JournaledGrain<ApprovalState>(services), IApprovalGrain
{
    /// <summary>Of a retry whose answer is no longer kept: it was done.</summary>
    private const string DoneLongAgo = "ANSWER_EXPIRED";

    protected override ApprovalState Empty => ApprovalState.Empty;

    public async Task<Reply<ApprovalAnswer>> Propose(Propose command, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var by = PersonOf(origin);
        var (site, problem, kept, offer) = command.Kind == ApprovalKind.Agreement
            ? await FindAgreementAsync(command, origin.Site, cancellationToken)
            : await FindSubjectAsync(command, origin.Site, cancellationToken);
        return await HandleAsync(
            nameof(Propose) + command.Kind,
            origin,
            (state, now) => !state.Exists && problem is not null ? problem : Domain.Approvals.Propose.Decide(state, command, site, by, now, kept, offer),
            cancellationToken);
    }

    public async Task<Reply<Accepted>> Approve(Approve command, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var by = PersonOf(origin);
        var reply = await HandleAsync(
            nameof(Approve),
            origin,
            (state, now) => RefuseSite(state, origin.Site, "approval") is { } refusal ? refusal : Domain.Approvals.Approve.Decide(state, command, by, now),
            cancellationToken);
        if (reply.Refusal is null && State is { Status: ApprovalStatus.Approved, DecidedAt: { } decidedAt })
        {
            await TryExecuteAsync(DueRunner.OriginOf(new(Stream, DueKinds.ExecuteApproval, decidedAt)), cancellationToken);
        }

        return reply;
    }

    public Task<Reply<Accepted>> Reject(Reject command, CommandOrigin origin, CancellationToken cancellationToken)
    {
        var by = PersonOf(origin);
        return HandleAsync(
            nameof(Reject),
            origin,
            (state, now) => RefuseSite(state, origin.Site, "approval") is { } refusal ? refusal : Domain.Approvals.Reject.Decide(state, command, by, now),
            cancellationToken);
    }

    public async Task<Reply<Accepted>> Execute(CommandOrigin origin, CancellationToken cancellationToken)
    {
        // Confirmed: nothing is destroyed by what memory says alone.
        var reading = await ReadStateAsync(new(true, 0, null), cancellationToken);
        if (reading.Refusal is { } refusal)
        {
            return Reply<Accepted>.Refused(refusal);
        }

        var effect = reading.State!.Status == ApprovalStatus.Approved ? await CarryOutAsync(reading.State, cancellationToken) : null;
        return effect is { Kind: RefusalKind.Unavailable }
            ? Reply<Accepted>.Refused(effect)
            : await HandleAsync(
                nameof(CloseApproval), origin, (state, now) => CloseApproval.Decide(state, new(effect?.Reason ?? ""), now), cancellationToken);
    }

    public Task<Reply<Accepted>> Expire(CommandOrigin origin, CancellationToken cancellationToken) =>
        HandleAsync(nameof(ExpireApproval), origin, (state, now) => ExpireApproval.Decide(state, new(), now), cancellationToken);

    public async Task<Reading<ApprovalState>> Read(ReadRequest request, CancellationToken cancellationToken)
    {
        var reading = await ReadStateAsync(request with { Confirmed = true }, cancellationToken);
        return reading.State is { } state && (state.Exists ? RefuseSite(state, request.Site, "name") : ApprovalState.RefuseUnknown("name")) is { } refusal
            ? Reading<ApprovalState>.Refused(refusal)
            : reading;
    }

    protected override ApprovalState Evolve(ApprovalState state, IEvent @event) => ApprovalState.Evolve(state, @event);

    protected override IReadOnlyList<Projection> Project(ApprovalState before, ApprovalState after, IReadOnlyList<IEvent> events) => ApprovalProjections.Of(after);

    /// <summary>By the seal, which the filter has compared with the origin.</summary>
    private Person PersonOf(CommandOrigin origin) => new(origin.Actor, seal.Current?.Connection ?? "");

    /// <summary>Null: the network acts, or the clinic whose the subject is.</summary>
    private Refusal? RefuseSite(ApprovalState state, ClinicId? site, string field) =>
        site is not { } acting ? RefuseOfNetwork(state, field)
        : !state.Exists || acting != state.Site ? ApprovalState.RefuseUnknown(field)
        : Services.Keys.LossOf(acting.Name) is not null ? ClinicState.RefuseKeyDestroyed("site")
        : null;

    /// <summary>Null: it is no agreement, or the caller is more than a site's administrator.</summary>
    private Refusal? RefuseOfNetwork(ApprovalState state, string field) =>
        state.Kind == ApprovalKind.Agreement && (seal.Current!.Roles & ~Roles.SiteAdmin) == Roles.None ? ApprovalState.RefuseUnknown(field) : null;

    /// <summary>The terms that are proposed, once the partner's own stream says that this approval is asked for; or why it cannot be proposed.</summary>
    private async Task<(ClinicId? Site, Refusal? Problem, (PatientState Patient, int Years)? Kept, AgreementOffer? Offer)> FindAgreementAsync(
        Propose command, ClinicId? acting, CancellationToken cancellationToken)
    {
        seal.Enter(CallerSeal.System);
        if (!AgreementId.TryParseName(command.Subject, out var id))
        {
            throw new InvalidOperationException($"{command.Kind} is about something else.");
        }

        var reading = await GrainFactory.GetGrain<IPartnerGrain>(Streams.Of(id.Partner)).Read(new(true, 0, null), cancellationToken);
        return acting is not null ? (null, Refusal.Denied("SITE_NOT_YOURS", "agreement", "The network's own agreements are proposed for no site."), null, null)
            : reading.State is not { } partner ? (null, reading.Refusal, null, null)
            : partner.Find(id) is not { } agreement ? (null, PartnerState.RefuseUnknownAgreement("agreement"), null, null)
            : agreement.Proposal?.Approval != command.Approval ? (null, Refusal.Stale("AGREEMENT_CHANGED", "agreement", "It is proposed under another approval by now; read it."), null, null)
            : (null, null, null, new(id, agreement.Revision, partner.Class, agreement.Terms));
    }

    /// <summary>The clinic whose the subject is; or why it cannot be proposed. Of a patient, what tells how long the record is kept.</summary>
    private async Task<(ClinicId? Site, Refusal? Problem, (PatientState Patient, int Years)? Kept, AgreementOffer? Offer)> FindSubjectAsync(
        Propose command, ClinicId? acting, CancellationToken cancellationToken)
    {
        seal.Enter(CallerSeal.System);
        if (command.Kind == ApprovalKind.Erasure && PatientId.TryParseName(command.Subject, out var patient))
        {
            var reading = await GrainFactory.GetGrain<IPatientGrain>(Streams.Of(patient)).Read(new(true, 0, acting), cancellationToken);
            if (reading.State is not { HomeClinic: var home } state)
            {
                return (null, reading.Refusal, null, null);
            }

            if (acting is not null && acting != home)
            {
                return (home, Refusal.Denied("SITE_NOT_HOME", "patient", "The home clinic, or the network, proposes that a patient be erased."), null, null);
            }

            var clinicOf = await GrainFactory.GetGrain<IClinicGrain>(Streams.Of(home)).Read(new(true, 0, null), cancellationToken);
            return clinicOf.State is { } settings ? (home, null, (state, Retention.YearsOf(settings)), null) : (home, clinicOf.Refusal, null, null);
        }

        if (command.Kind == ApprovalKind.KeyDestruction && ClinicId.TryParseName(command.Subject, out var clinic))
        {
            var reading = await GrainFactory.GetGrain<IClinicGrain>(Streams.Of(clinic)).Read(new(true, 0, null), cancellationToken);
            return (clinic, reading.Refusal is { } refusal ? refusal with { Field = refusal.Kind == RefusalKind.NotFound ? "clinic" : refusal.Field }
                : acting is not null && acting != clinic ? Refusal.Denied("SITE_NOT_YOURS", "clinic", "The clinic itself, or the network, proposes that its key be destroyed.")
                : reading.State!.KeyDestroyed ? ClinicState.RefuseKeyDestroyed("clinic")
                : null, null, null);
        }

        throw new InvalidOperationException($"{command.Kind} is about something else.");
    }

    /// <summary>Whatever becomes of it: the approval stands, and what is left undone is due.</summary>
    private async Task TryExecuteAsync(CommandOrigin origin, CancellationToken cancellationToken)
    {
        try
        {
            await Execute(origin, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            Services.Log.LogWarning("What was approved was not done at once; it is due: {Stream}: {Failure}", Services.Handles.Of(Stream), Services.Handles.Told(exception, Stream));
        }
    }

    /// <summary>Null: its effect is durable. Again it does nothing: the request id is the approval's, for ever.</summary>
    private async Task<Refusal?> CarryOutAsync(ApprovalState approved, CancellationToken cancellationToken)
    {
        seal.Enter(CallerSeal.System);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(approved.Id.Name));
        var origin = new CommandOrigin("approval-" + Convert.ToHexStringLower(hash.AsSpan(0, 16)), hash, "approval:" + approved.Id.Value, null);
        var reply = approved.Kind == ApprovalKind.Erasure && PatientId.TryParseName(approved.Subject, out var patient)
                ? await GrainFactory.GetGrain<IPatientGrain>(Streams.Of(patient)).EraseAsync(
                    new(approved.Reason, approved.Ground == ErasureGround.None ? approved.RetentionYears : null) { HomeClinic = approved.Site }, origin, cancellationToken)
            : approved.Kind == ApprovalKind.KeyDestruction && ClinicId.TryParseName(approved.Subject, out var clinic)
                ? await GrainFactory.GetGrain<IClinicGrain>(Streams.Of(clinic)).DestroyKeyAsync(new(approved.Reason), origin, cancellationToken)
            : approved is { Kind: ApprovalKind.Agreement, Offer: { } offer }
                ? await GrainFactory.GetGrain<IPartnerGrain>(Streams.Of(offer.Agreement.Partner)).Activate(new(offer.Agreement, offer.Revision, approved.Id), origin, cancellationToken)
            : throw new InvalidOperationException($"{approved.Kind} is about something else.");
        return reply.Refusal is { Reason: not DoneLongAgo } refusal ? refusal : null;
    }
}
