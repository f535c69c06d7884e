using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Releases;

/// <summary>A batch that was checked, with its signed manifest.</summary>
internal sealed record SealedBatch(RecipientBatch Batch, ManifestFacts Facts, byte[] Manifest, byte[] Signature, IReadOnlyList<ExchangeDocument> Statistics)
{
    public NewDeliveryBatch Delivery => new(Batch.Agreement.Agreement, Batch.Number, Batch.Rows.Count, Batch.Root, Manifest, Signature, Batch.Tombstones);

    public RecipientProgress Progress(ReleaseState state)
    {
        var (withheld, retired) = state.KeptBackFrom(Batch.Agreement.Required);
        return new(Batch.Agreement.Agreement, Batch.Number, Convert.ToHexStringLower(Batch.Root), Batch.Rows.Count, withheld, retired);
    }
}
