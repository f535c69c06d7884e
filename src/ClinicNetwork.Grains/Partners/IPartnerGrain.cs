using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Partners;
using ClinicNetwork.Grains.Identity;
using Orleans.Concurrency;

namespace ClinicNetwork.Grains.Partners;

/// <summary>One recipient of releases and its agreements: the owner of the stream <c>pa-{partner}</c>. A registry calls for the partner that it is, and for no other.</summary>
[Alias("partner-grain")]
public interface IPartnerGrain : IGrainWithStringKey
{
    [ForRoles(Roles.NetworkAdmin)]
    [Alias("register")]
    Task<Reply<Accepted>> Register(RegisterPartner command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.NetworkAdmin)]
    [Alias("draft")]
    Task<Reply<Accepted>> Draft(DraftAgreement command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>Before the approval is proposed that it names.</summary>
    [ForRoles(Roles.NetworkAdmin)]
    [Alias("propose")]
    Task<Reply<Accepted>> Propose(ProposeAgreement command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>By the network itself alone, when two persons approved it.</summary>
    [ForRoles(Roles.System)]
    [Alias("activate")]
    Task<Reply<Accepted>> Activate(ActivateAgreement command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.NetworkAdmin)]
    [Alias("suspend")]
    Task<Reply<Accepted>> Suspend(SuspendAgreement command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.NetworkAdmin)]
    [Alias("end")]
    Task<Reply<Accepted>> End(EndAgreement command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.NetworkAdmin)]
    [Alias("rekey")]
    Task<Reply<Accepted>> Rekey(RekeyAgreement command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>Sent by the due loop when the list of new pseudonyms is published.</summary>
    [ForRoles(Roles.System)]
    [Alias("confirm-rekey")]
    Task<Reply<Accepted>> ConfirmRekey(ConfirmRekey command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>Sent by the due loop when an agreement's period is over.</summary>
    [ForRoles(Roles.System)]
    [Alias("expire")]
    Task<Reply<Accepted>> Expire(ExpireAgreement command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>By the partner itself, of a batch that it was given.</summary>
    [ForRoles(Roles.Registry)]
    [Alias("acknowledge")]
    Task<Reply<BatchAnswer>> Acknowledge(AcknowledgeBatch command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [AlwaysInterleave]
    [ForRoles(Roles.NetworkAdmin | Roles.Auditor | Roles.Registry)]
    [Alias("read")]
    Task<Reading<PartnerState>> Read(ReadRequest request, CancellationToken cancellationToken = default);
}
