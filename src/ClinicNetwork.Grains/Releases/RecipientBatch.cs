using System.Collections.Immutable;
using ClinicNetwork.Anonymisation;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Releases;

/// <summary>What a recipient's batch is made of, as read at one time.</summary>
/// <param name="Number">1..n of the recipient.</param>
/// <param name="RekeyedTo">Epoch of the last re-key list that the recipient was given; 0: none.</param>
/// <param name="Undelivered">See <see cref="IExchangeStore.ReadUndeliveredAsync"/>.</param>
/// <param name="Untold">See <see cref="IExchangeStore.ReadUntoldAsync"/>.</param>
public sealed record RecipientInput(
    AgreementRecord Agreement, int Number, int RekeyedTo, IReadOnlyList<UndeliveredRow> Undelivered, IReadOnlyList<DeliveredRow> Untold, ImmutableArray<CategoryCounts> Reference);

/// <param name="Sealed">As the recipient gets them.</param>
public sealed record RecipientRow(UndeliveredRow Source, int Epoch, SealedValues Sealed)
{
    /// <summary>Canonical.</summary>
    public IReadOnlyList<string> Values => Source.Values;
}

/// <summary>
/// One recipient's batch: rows in keyed order, salted and hashed, with corrections and tombstones. A cell and milestone that is not diverse, or too far from the others,
/// among those who permit this recipient is not given to it. Pure but for the keyed functions of <see cref="ReleaseSecrets"/>.
/// </summary>
public sealed record RecipientBatch(
    AgreementRecord Agreement,
    int Number,
    IReadOnlyList<RecipientRow> Rows,
    byte[] Root,
    IReadOnlyList<(int Batch, long Row)> Tombstones,
    ImmutableArray<CategoryCounts> Reference)
{
    public bool IsEmpty => Rows.Count == 0 && Tombstones.Count == 0;

    public IEnumerable<SealedRow> Sealed => Rows.Select(r => new SealedRow(r.Source.Person, r.Source.Milestone, r.Source.Publication, r.Epoch, r.Sealed.Leaf));

    public static RecipientBatch Build(ReleasePolicy policy, ReleaseSecrets secrets, RecipientInput input)
    {
        var (form, recipient) = (RecipientForm.Of(secrets, input.Agreement), input.Agreement.Agreement);
        var tombstones = input.Untold.Select(r => (r.Batch, r.Row)).Distinct().Order().ToArray();
        var told = tombstones.ToHashSet();
        var shares = policy.Milestones.ToDictionary(m => m, m => OutcomeCategories.Shares(input.Reference, m), StringComparer.Ordinal);
        UndeliveredRow[] given =
        [
            .. input.Undelivered
                .Where(r => r.Corrects is null)
                .GroupBy(r => (r.Cell, r.Milestone))
                .Where(g => MayBeGiven(policy, [.. g.Select(r => CanonicalRow.Outcome(r.Values))], shares[g.Key.Milestone]))
                .SelectMany(g => g),
            .. input.Undelivered.Where(r => r.Corrects is { } earlier && told.Contains(earlier)),
        ];
        var keys = new UInt128[given.Length];
        var rows = new RecipientRow[given.Length];
        Parallel.For(0, given.Length, i =>
        {
            var row = given[i];
            var epoch = row.Epoch is { } known ? Math.Max(known, input.RekeyedTo) : input.Agreement.Epoch;
            keys[i] = secrets.ShuffleKey(recipient, input.Number, row.Person, row.Milestone);
            rows[i] = new(row, epoch, form.Seal(input.Number, epoch, row.Person, row.Milestone, row.Values));
        });
        Array.Sort(keys, rows);
        return new(input.Agreement, input.Number, rows, MerkleTree.Root([.. rows.Select(r => r.Sealed.Leaf)]), tombstones, input.Reference);
    }

    /// <summary>By the outcomes of those members who permit this recipient.</summary>
    private static bool MayBeGiven(ReleasePolicy policy, IReadOnlyList<ReleasedOutcome> outcomes, IReadOnlyDictionary<string, double> shares)
    {
        string?[] categories = [.. outcomes.Select(o => o.Category)];
        return outcomes.Count >= policy.K
            && MilestoneRelease.IsDiverse(policy, categories)
            && (outcomes.Any(o => o.IsCoarse) || MilestoneRelease.Distance(categories, shares) <= policy.T);
    }
}
