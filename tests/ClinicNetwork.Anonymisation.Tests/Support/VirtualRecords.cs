using ClinicNetwork.Journal;

namespace ClinicNetwork.Anonymisation.Tests.Support;

/// <summary>A person as the store knows one: pool facts, present consent, waiting outcomes per milestone.</summary>
internal sealed class VirtualPerson(string id, string quarter, IReadOnlyList<string> leaves)
{
    public string Id { get; } = id;

    /// <summary>Of who waits; a cell keeps its own.</summary>
    public string Quarter { get; set; } = quarter;

    public IReadOnlyList<string> Leaves { get; } = leaves;

    public DateTimeOffset EnteredAt { get; init; }

    /// <summary>What the person permits, as bits; 0: nobody. Change it by <see cref="VirtualStore.Consent"/>.</summary>
    public int Recipients { get; set; }

    public VirtualCell? Cell { get; set; }

    /// <summary>What was ever withdrawn since the cell was formed: consent given again does not bring old rows back.</summary>
    public int Lost { get; set; }

    public int Permits => Recipients & ~Lost;

    /// <summary>Milestones closed so far.</summary>
    public int Closed { get; set; }

    public Dictionary<string, IReadOnlyList<string>> Outcomes { get; } = new(StringComparer.Ordinal);

    /// <summary>The record that goes on for this one; see <see cref="VirtualStore.Merge"/>.</summary>
    public string? MergedInto { get; set; }
}

internal sealed record VirtualCell(NewReleaseCell Formed, int Publication)
{
    public bool Retired { get; set; }

    public List<SettledMilestone> Settled { get; } = [];
}

internal sealed record VirtualRow(string Person, string Cell, string Milestone, int Publication, IReadOnlyList<string> Values)
{
    /// <summary>Publication with a correction of it, or that took it back.</summary>
    public int? Superseded { get; set; }
}

internal sealed record VirtualDelivery(long Row, SealedRow Sealed)
{
    public int? Tombstone { get; set; }
}
