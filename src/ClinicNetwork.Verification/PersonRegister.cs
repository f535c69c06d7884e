using System.Runtime.InteropServices;

namespace ClinicNetwork.Verification;

/// <summary>Every person of the release: one cell and one set of quasi-identifiers for ever, at most one row a milestone.</summary>
internal sealed class PersonRegister
{
    private readonly Dictionary<UInt128, Person> _persons = [];

    /// <summary>By a pseudonym that replaced others: the first of them, which stands for the person.</summary>
    private readonly Dictionary<UInt128, UInt128> _first = [];
    private readonly HashSet<UInt128> _replaced = [];

    private struct Person
    {
        public ulong QuasiIdentifiers;
        public int Cell;
        public int LastBatch;
        public ushort Milestones;
    }

    /// <summary>What a row told about its person.</summary>
    /// <param name="NewInBatch">The person's first row of this batch.</param>
    /// <param name="NewInMilestone">The person's first row of this milestone: the one that counts towards k.</param>
    /// <param name="Fault">How the person contradicts an earlier row, or null.</param>
    internal readonly record struct Sighting(bool NewInBatch, bool NewInMilestone, string? Fault);

    public int Count => _persons.Count;

    /// <summary>Makes room for more persons, so that a large batch does not grow the table step by step.</summary>
    public void Expect(int more) => _persons.EnsureCapacity(_persons.Count + more);

    /// <summary>From now on both are one person.</summary>
    /// <returns>False when the new one stands for another person or the same already, or the old one was replaced before.</returns>
    public bool Replace(UInt128 old, UInt128 replacement) =>
        old != replacement && !_replaced.Contains(replacement) && _replaced.Add(old) && _first.TryAdd(replacement, FirstOf(old));

    /// <summary>Cell and set of milestones (one bit each) of a person with a row; null: nobody.</summary>
    public (int Cell, int Milestones)? Find(UInt128 pseudonym) =>
        _persons.TryGetValue(FirstOf(pseudonym), out var person) ? (person.Cell, person.Milestones) : null;

    private UInt128 FirstOf(UInt128 pseudonym) => _first.Count == 0 ? pseudonym : _first.GetValueOrDefault(pseudonym, pseudonym);

    /// <param name="batch">Number of the row's batch; 0 for a correction, which makes nobody one of its batch's persons.</param>
    public Sighting See(in OutcomeRow row, int cell, int batch)
    {
        ref var person = ref CollectionsMarshal.GetValueRefOrAddDefault(_persons, FirstOf(row.Pseudonym), out var known);
        if (!known)
        {
            person.Cell = cell;
            person.QuasiIdentifiers = row.QuasiIdentifiers;
        }

        var milestone = (ushort)(1 << row.Milestone);
        var newInMilestone = (person.Milestones & milestone) == 0;
        var newInBatch = person.LastBatch != batch;
        person.Milestones |= milestone;
        if (batch > 0) person.LastBatch = batch;
        var fault = !newInMilestone ? "a person has two rows of one milestone"
            : person.Cell != cell ? "a person is in two cells"
            : person.QuasiIdentifiers != row.QuasiIdentifiers ? "a person has other quasi-identifiers elsewhere"
            : null;
        return new Sighting(newInBatch, newInMilestone, fault);
    }

    /// <summary>Each person's cell and set of milestones (one bit each).</summary>
    public IEnumerable<(int Cell, int Milestones)> Presences()
    {
        foreach (var person in _persons.Values) yield return (person.Cell, person.Milestones);
    }
}
