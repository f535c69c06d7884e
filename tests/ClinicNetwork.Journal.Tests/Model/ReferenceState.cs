using System.Collections.Immutable;

namespace ClinicNetwork.Journal.Tests.Model;

/// <summary>The whole store as immutable collections: so simple that it is right by reading.</summary>
internal sealed record ReferenceState
{
    public ImmutableSortedDictionary<string, ImmutableList<Append>> Streams { get; init; } = Sorted<ImmutableList<Append>>();

    public ImmutableDictionary<(string Stream, long Version), byte[]> RowHashes { get; init; } = ImmutableDictionary<(string, long), byte[]>.Empty;

    public ImmutableSortedDictionary<string, Projection.PatientIndexed> Patients { get; init; } = Sorted<Projection.PatientIndexed>();

    public ImmutableSortedDictionary<string, ImmutableHashSet<string>> Sites { get; init; } = Sorted<ImmutableHashSet<string>>();

    public ImmutableList<(string Stream, long Version, Projection.FeedReference Reference)> Feed { get; init; } = [];

    /// <summary>Value: the version that did it, 0 while open.</summary>
    public ImmutableDictionary<DueRow, long> Due { get; init; } = ImmutableDictionary<DueRow, long>.Empty;

    public ImmutableDictionary<(string Stream, string Milestone), (Projection.FollowUpSet Visit, bool Done)> Visits { get; init; } =
        ImmutableDictionary<(string, string), (Projection.FollowUpSet, bool)>.Empty;

    public ImmutableSortedDictionary<string, int> Consent { get; init; } = Sorted<int>();

    public ImmutableSortedDictionary<string, Projection.PoolEntered> Pool { get; init; } = Sorted<Projection.PoolEntered>();

    /// <summary>Used: a publication has settled the milestone.</summary>
    public ImmutableDictionary<(string Person, string Milestone), (string Value, bool Used)> Outcomes { get; init; } = ImmutableDictionary<(string, string), (string, bool)>.Empty;

    public ImmutableSortedDictionary<string, NewReleaseCell> Cells { get; init; } = Sorted<NewReleaseCell>();

    /// <summary>The publication that formed each cell.</summary>
    public ImmutableDictionary<string, int> FormedBy { get; init; } = ImmutableDictionary<string, int>.Empty;

    public ImmutableHashSet<string> Retired { get; init; } = [];

    public ImmutableDictionary<(string Cell, string Milestone), (string Status, int Publication)> Settled { get; init; } = ImmutableDictionary<(string, string), (string, int)>.Empty;

    public ImmutableDictionary<(string Person, string Milestone, int Publication), NewReleasedRow> Released { get; init; } = ImmutableDictionary<(string, string, int), NewReleasedRow>.Empty;

    /// <summary>Rows that a later publication replaces or takes back, with its number.</summary>
    public ImmutableDictionary<(string Person, string Milestone, int Publication), int> Superseded { get; init; } = ImmutableDictionary<(string, string, int), int>.Empty;

    public int Published { get; init; }

    /// <summary>Of the one recipient, who requires registries and research.</summary>
    public ImmutableList<ImmutableList<SealedRow>> Batches { get; init; } = [];

    public IEnumerable<NewReleasedRow> Prepared => Released.Where(row => row.Key.Publication > Published).Select(row => row.Value);

    public long HeadOf(string stream) => Streams.GetValueOrDefault(stream)?.Count ?? 0;

    public byte[] HashAt(string stream, long version) => RowHashes.GetValueOrDefault((stream, version)) ?? [];

    /// <summary>Classes that a member of a cell has withdrawn since it was formed.</summary>
    public ImmutableSortedDictionary<string, int> Lost { get; init; } = Sorted<int>();

    /// <summary>What a member of a cell still permits towards it.</summary>
    public int PermittedBy(string person) => ConsentOf(person) & ~Lost.GetValueOrDefault(person);

    public int ConsentOf(string person) => Consent.GetValueOrDefault(person);

    public bool IsMember(string person) => Cells.Values.Any(cell => cell.Members.Contains(person));

    private static ImmutableSortedDictionary<string, T> Sorted<T>() => ImmutableSortedDictionary.Create<string, T>(StringComparer.Ordinal);
}
