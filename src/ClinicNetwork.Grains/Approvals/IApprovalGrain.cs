using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Approvals;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Grains.Identity;
using Orleans.Concurrency;

namespace ClinicNetwork.Grains.Approvals;

/// <summary>Something that two persons have to want: the owner of the stream <c>ap-{approval}</c>.</summary>
[Alias("approval-grain")]
public interface IApprovalGrain : IGrainWithStringKey
{
    /// <summary>By the clinic whose the subject is, or the network. NOT_FOUND for whom the subject is not there.</summary>
    [ForRoles(Roles.SiteAdmin | Roles.NetworkAdmin)]
    [Alias("propose")]
    Task<Reply<ApprovalAnswer>> Propose(Propose command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>What is approved is carried out at once; where that fails, by the due loop.</summary>
    [ForRoles(Roles.SiteAdmin | Roles.NetworkAdmin)]
    [Alias("approve")]
    Task<Reply<Accepted>> Approve(Approve command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.SiteAdmin | Roles.NetworkAdmin)]
    [Alias("reject")]
    Task<Reply<Accepted>> Reject(Reject command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>Sent by the due loop until what was approved is done; refused unless it was.</summary>
    [ForRoles(Roles.System)]
    [Alias("execute")]
    Task<Reply<Accepted>> Execute(CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>Sent by the due loop when the time of a proposal is over.</summary>
    [ForRoles(Roles.System)]
    [Alias("expire")]
    Task<Reply<Accepted>> Expire(CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>A site reads what is its own, the network all. Always confirmed: a second person decides on it.</summary>
    [ReadOnly]
    [ForRoles(Roles.SiteAdmin | Roles.NetworkAdmin | Roles.Auditor)]
    [Alias("read")]
    Task<Reading<ApprovalState>> Read(ReadRequest request, CancellationToken cancellationToken = default);
}
