using System.Security.Cryptography;
using ClinicNetwork.Client.Pull;
using ClinicNetwork.Protocol.Exchange.V1;
using Grpc.Core;

namespace ClinicNetwork.Client;

/// <summary>How far a pull is.</summary>
/// <param name="Batch">Number of the batch, from 1.</param>
/// <param name="Batches">Batches that the network has published.</param>
/// <param name="Rows">Rows of this batch that are on the disk.</param>
/// <param name="RowsTotal">Rows that this batch has.</param>
public readonly record struct PullProgress(int Batch, int Batches, long Rows, long RowsTotal);

/// <summary>What a pull did.</summary>
/// <param name="Batches">Batches in the folder, all of the network's.</param>
/// <param name="NewBatches">Those that were not there in full before.</param>
/// <param name="Rows">Rows received.</param>
/// <param name="RowsTakenUp">Rows of an earlier pull that ended inside a batch; they were checked again, not received again.</param>
public sealed record PullResult(int Batches, int NewBatches, long Rows, long RowsTakenUp);

/// <summary>
/// Pulls the anonymised outcomes into a folder (docs/release-format.md). It may be killed at any moment: the next pull goes on behind the
/// last row, and what has its final name is complete. Signature, checksums and root are checked; the rules of the release are the business
/// of <c>registry verify</c>.
/// </summary>
/// <param name="client">The connection.</param>
/// <param name="folder">Made when there is none; the release key is kept in it at the first pull and another one refused later.</param>
/// <param name="pageSize">Rows a page, 1 to 1,000; 0 lets the server choose.</param>
public sealed class ReleasePuller(ClinicNetworkClient client, string folder, int pageSize = 0)
{
    public const string PublicOutcomes = "profiles/public-outcomes";

    /// <param name="profile"><c>profiles/{profile}</c>.</param>
    /// <param name="progress">Told after each page.</param>
    /// <exception cref="ClinicNetworkException">Refused, cut too often, or not to be trusted; complete batches stay.</exception>
    public async Task<PullResult> PullAsync(
        string profile = PublicOutcomes, IProgress<PullProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var target = new ReleaseFolder(folder);
        using var held = target.Lock();
        var key = await client.Releases.GetReleaseKeyAsync(new(), cancellationToken: cancellationToken).ConfigureAwait(false);
        using var trusted = target.TrustKey(key.PublicKeyPem);
        var batches = await ListAsync(profile, cancellationToken).ConfigureAwait(false);
        var complete = CheckEarlier(target, batches);
        var (received, takenUp) = (0L, 0L);
        for (var number = complete + 1; number <= batches.Count; number++)
        {
            var (rows, resumed) = await PullBatchAsync(target, trusted, number, batches, progress, cancellationToken).ConfigureAwait(false);
            received += rows;
            takenUp += resumed;
            target.WriteCursor(profile, number, Convert.ToHexStringLower(batches[number - 1].Root.Span));
        }
        return new(batches.Count, batches.Count - complete, received, takenUp);
    }

    private async Task<(long Received, long TakenUp)> PullBatchAsync(
        ReleaseFolder target,
        ECDsa key,
        int number,
        List<Batch> batches,
        IProgress<PullProgress>? progress,
        CancellationToken cancellationToken)
    {
        var batch = batches[number - 1];
        var manifest = await client.Releases.GetManifestAsync(
            new() { Name = batch.Name }, cancellationToken: cancellationToken).ConfigureAwait(false);
        CheckManifest(batch, manifest, key);
        using var partial = target.Begin(number);
        var takenUp = partial.Resume(manifest.Manifest.Span, manifest.Signature.Span);
        progress?.Report(new(number, batches.Count, takenUp, batch.RowCount));
        try
        {
            var pages = client.StreamBatchAsync(batch.Name, takenUp, partial.Tree, pageSize, cancellationToken);
            await foreach (var page in pages.ConfigureAwait(false))
            {
                partial.Write(page);
                progress?.Report(new(number, batches.Count, partial.Tree.Count, batch.RowCount));
            }
            if (partial.Tree.Count != batch.RowCount || !partial.Tree.Root().AsSpan().SequenceEqual(batch.Root.Span))
                throw new ClinicNetworkException(
                    StatusCode.DataLoss, Reasons.BatchRoot, "the rows do not give the root that was signed; pull again");
        }
        catch (ClinicNetworkException error) when (error.Reason == Reasons.BatchRoot)
        {
            partial.Discard();
            throw;
        }
        partial.Complete();
        return (batch.RowCount - takenUp, takenUp);
    }

    private async Task<List<Batch>> ListAsync(string profile, CancellationToken cancellationToken)
    {
        var batches = new List<Batch>();
        var token = "";
        do
        {
            var page = await client.Releases.ListBatchesAsync(
                new() { Parent = profile, PageSize = 200, PageToken = token }, cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            foreach (var batch in page.Batches)
            {
                batches.Add(batch);
                if (batch.Name != $"{profile}/batches/{batches.Count}")
                    throw new ClinicNetworkException(
                        StatusCode.DataLoss, Reasons.Manifest, "the list of batches has a gap; tell the network's operator");
            }
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return batches;
    }

    /// <summary>Batches pulled before must be the network's still: a batch is immutable.</summary>
    private static int CheckEarlier(ReleaseFolder target, List<Batch> batches)
    {
        var complete = target.Complete();
        for (var number = 1; number <= complete; number++)
        {
            if (number > batches.Count || target.RootOf(number) != Convert.ToHexStringLower(batches[number - 1].Root.Span))
                throw new ClinicNetworkException(StatusCode.FailedPrecondition, Reasons.ReleaseReplaced,
                    $"batch {number} in the folder is not the network's; ask the network why, then pull into an empty folder");
        }
        return complete;
    }

    private static void CheckManifest(Batch batch, GetManifestResponse answer, ECDsa key)
    {
        var genuine = key.VerifyData(
            answer.Manifest.Span, answer.Signature.Span, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        if (!genuine)
            throw new ClinicNetworkException(
                StatusCode.DataLoss, Reasons.Manifest, "the manifest is not signed by the release key; tell the network's operator");
        if (ReleaseFolder.ManifestText(answer.Manifest.Span, "root") != Convert.ToHexStringLower(batch.Root.Span))
            throw new ClinicNetworkException(
                StatusCode.DataLoss, Reasons.Manifest, "the manifest is another batch's; tell the network's operator");
    }
}
