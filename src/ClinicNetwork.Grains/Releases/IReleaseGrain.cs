using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Grains.Identity;
using Orleans.Concurrency;

namespace ClinicNetwork.Grains.Releases;

/// <summary>The releases of all profiles: the owner of the stream <c>rl-public-outcomes</c>. Pool, cells and rows live in tables, so it can die at any moment.</summary>
[Alias("release-grain")]
public interface IReleaseGrain : IGrainWithStringKey
{
    /// <summary>Sets the first publication day; where it is set already, nothing is written.</summary>
    [ForRoles(Roles.System)]
    [Alias("start")]
    Task<Reply<Accepted>> Start(CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>Holds a publication day. Sent by the due loop; repeated after a kill it publishes the same once. One that is blocked is accepted, and due again an hour later.</summary>
    [ForRoles(Roles.System)]
    [Alias("publish")]
    [ResponseTimeout("00:05:00")]
    Task<Reply<Accepted>> Publish(CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>Also while a publication is made.</summary>
    [AlwaysInterleave]
    [ForRoles(Roles.System)]
    [Alias("read")]
    Task<Reading<ReleaseState>> Read(ReadRequest request, CancellationToken cancellationToken = default);

    /// <summary>Publishes the list that replaces a recipient's pseudonyms by those of its agreement's epoch; where that was done already, nothing is written.</summary>
    [ForRoles(Roles.System)]
    [Alias("rekey")]
    [ResponseTimeout("00:05:00")]
    Task<Reply<Accepted>> Rekey(string agreement, CommandOrigin origin, CancellationToken cancellationToken = default);
}
