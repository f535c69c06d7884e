using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Clinics;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Grains.Identity;
using Orleans.Concurrency;

namespace ClinicNetwork.Grains.Clinics;

/// <summary>One clinic: the owner of the stream <c>cl-{clinic}</c>, its roster and its worklist.</summary>
[Alias("clinic-grain")]
public interface IClinicGrain : IGrainWithStringKey
{
    [ForRoles(Roles.NetworkAdmin)]
    [Alias("register")]
    Task<Reply<Accepted>> Register(RegisterClinic command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [ForRoles(Roles.NetworkAdmin)]
    [Alias("configure")]
    Task<Reply<Accepted>> Configure(ConfigureClinic command, CommandOrigin origin, CancellationToken cancellationToken = default);

    /// <summary>Destroys the clinic's key, by the network itself alone, when two persons approved it: it acts no more, and patients that it alone may read are lost.</summary>
    [ForRoles(Roles.System)]
    [Alias("destroy-key")]
    Task<Reply<Accepted>> DestroyKeyAsync(DestroyClinicKey command, CommandOrigin origin, CancellationToken cancellationToken = default);

    [AlwaysInterleave]
    [ForRoles(Roles.Clinician | Roles.Nurse | Roles.Coordinator | Roles.SiteAdmin | Roles.NetworkAdmin | Roles.Auditor)]
    [Alias("read")]
    Task<Reading<ClinicState>> Read(ReadRequest request, CancellationToken cancellationToken = default);

    /// <summary>Patients the clinic may read, after a stream key, in order.</summary>
    [ReadOnly]
    [ForRoles(Roles.Clinician | Roles.Nurse | Roles.Coordinator | Roles.SiteAdmin)]
    [OfOwnSite]
    [Alias("read-roster")]
    Task<Reading<Roster>> ReadRoster(string afterStream, int limit, CancellationToken cancellationToken = default);

    /// <summary>Follow-up visits of the clinic's own patients that are open or overdue by the store's clock, the longest overdue first.</summary>
    [ReadOnly]
    [ForRoles(Roles.Clinician | Roles.Nurse | Roles.Coordinator | Roles.SiteAdmin)]
    [OfOwnSite]
    [Alias("read-worklist")]
    Task<Reading<Worklist>> ReadWorklist(WorklistItem? after, int limit, CancellationToken cancellationToken = default);
}

[GenerateSerializer, Immutable, Alias("roster")]
public sealed record Roster([property: Id(0)] IReadOnlyList<RosterItem> Items);

[GenerateSerializer, Immutable, Alias("roster-item")]
public sealed record RosterItem([property: Id(0)] string Stream, [property: Id(1)] string HomeClinic, [property: Id(2)] long Version);

[GenerateSerializer, Immutable, Alias("worklist")]
public sealed record Worklist([property: Id(0)] IReadOnlyList<WorklistItem> Items, [property: Id(1)] DateTimeOffset ReadAt);

[GenerateSerializer, Immutable, Alias("worklist-item")]
public sealed record WorklistItem(
    [property: Id(0)] string Stream,
    [property: Id(1)] string Milestone,
    [property: Id(2)] DateTimeOffset OpensAt,
    [property: Id(3)] DateTimeOffset ClosesAt)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(WorklistItem);
}
