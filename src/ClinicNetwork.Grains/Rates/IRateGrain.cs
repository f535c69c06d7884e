using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Grains.Identity;

namespace ClinicNetwork.Grains.Rates;

/// <summary>One client's permits, of which every gateway leases some at a time. Nothing of it is stored: an activation that moves begins with a full burst.</summary>
[Alias("rate-grain")]
public interface IRateGrain : IGrainWithStringKey
{
    /// <param name="limit">As the gateway that asks was set up; all of a network are the same.</param>
    [ForRoles(Roles.System)]
    [Alias("lease")]
    Task<RateLease> Lease(int wanted, RateLimit limit);
}
