using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Grains.Identity;

namespace ClinicNetwork.Grains.Releases;

/// <summary>One release profile: the owner of the stream <c>rl-{profile}</c>. Pool, cells and rows live in tables, so it can die at any moment.</summary>
[Alias("release-grain")]
public interface IReleaseGrain : IGrainWithStringKey
{
    /// <summary>Sets the first publication day; where it is set already, nothing is written.</summary>
    [ForRoles(Roles.System)]
    [Alias("start")]
    Task<Reply<Accepted>> Start(CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>Holds a publication day. Sent by the due loop; repeated after a kill it publishes the same once.</summary>
    [ForRoles(Roles.System)]
    [Alias("publish")]
    [ResponseTimeout("00:05:00")]
    Task<Reply<Accepted>> Publish(CommandOrigin origin, CancellationToken cancellationToken = default);
}
