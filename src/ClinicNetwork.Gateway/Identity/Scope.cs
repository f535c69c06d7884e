using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Gateway.Identity;

/// <summary>What somebody may be, and for whom: roles, and sites or the whole network.</summary>
/// <param name="Sites">Of no meaning when it is the network. None and not the network: it may act for nobody.</param>
internal sealed record Scope(Roles Roles, IReadOnlySet<ClinicId> Sites, bool IsNetwork)
{
    /// <summary>No site and not the network.</summary>
    public bool IsNowhere => !IsNetwork && Sites.Count == 0;

    /// <param name="site">Null: the network.</param>
    public bool MayActFor(ClinicId? site) => IsNetwork || (site is { } one && Sites.Contains(one));

    /// <summary>What both allow; the network only when both say so.</summary>
    public Scope Within(Scope other) => new(
        Roles & other.Roles,
        IsNetwork ? other.Sites : other.IsNetwork ? Sites : Sites.Where(other.Sites.Contains).ToHashSet(),
        IsNetwork && other.IsNetwork);
}
