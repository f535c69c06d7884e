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
public sealed record PullResult(int Batches, int NewBatches, long Rows, long RowsTakenUp)
{
    /// <summary>Rows that the new batches' manifests tell to be withdrawn or corrected; they are hashes now.</summary>
    public long Tombstones { get; init; }

    /// <summary>Rows that may be used now; null when no file of them is kept.</summary>
    public long? Current { get; init; }

    /// <summary>Number of the last batch that the network knows to be stored; 0: none.</summary>
    public int Acknowledged { get; init; }
}

/// <summary>
/// Pulls the anonymised outcomes into a folder (docs/release-format.md). It may be killed at any moment: the next pull goes on behind the
/// last row, and what has its final name is complete. Signature, checksums and root are checked here, the rules of the release by
/// <see cref="Check"/>. New batches are received aside, rows that they tell to be withdrawn become hashes, the whole is checked, and then they
/// get their names; what is acknowledged is on the disk.
/// </summary>
/// <param name="client">The connection.</param>
/// <param name="folder">Made when there is none; the release key is kept in it at the first pull and another one refused later.</param>
/// <param name="pageSize">Rows a page, 1 to 1,000; 0 lets the server choose.</param>
public sealed class ReleasePuller(ClinicNetworkClient client, string folder, int pageSize = 0)
{
    public const string PublicOutcomes = "profiles/public-outcomes";

    /// <summary>Batches and re-key lists that a release may have (docs/release-format.md); a list that is longer does not end.</summary>
    private const int BatchesMax = 99_999;

    /// <summary>Looks at a folder that holds the release with its new batches, before they are kept; throws when they shall not be. Null: nothing is looked at.</summary>
    public Action<string, CancellationToken>? Check { get; init; }

    /// <summary>Written after the pull, and kept true by later ones that do not name it; null: only what is there already.</summary>
    public CurrentFormat? Current { get; init; }

    /// <summary>The network's release key (PEM), had by another way than the network; null: the first pull trusts the one that the network tells.</summary>
    public string? Key { get; init; }

    /// <param name="profile"><c>profiles/{profile}</c>.</param>
    /// <param name="progress">Told after each page.</param>
    /// <exception cref="ClinicNetworkException">Refused, cut too often, or not to be trusted; complete batches stay.</exception>
    public async Task<PullResult> PullAsync(
        string profile = PublicOutcomes, IProgress<PullProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        var target = new ReleaseFolder(folder);
        using var held = target.Lock();
        var cursor = target.ReadCursor();
        if (cursor is not null && cursor.Profile != profile)
            throw new ClinicNetworkException(StatusCode.FailedPrecondition, Reasons.OtherRelease, $"the folder holds {cursor.Profile}; pull {profile} into another folder");
        var key = await client.Releases.GetReleaseKeyAsync(new(), cancellationToken: cancellationToken).ConfigureAwait(false);
        using var trusted = target.TrustKey(key.PublicKeyPem, Key);
        var batches = await ListAsync(profile, cancellationToken).ConfigureAwait(false);
        var complete = CheckEarlier(target, batches);
        // A batch that is listed may need a re-key list, which was there before it.
        await PullRekeysAsync(target, profile, trusted, cancellationToken).ConfigureAwait(false);
        var (received, takenUp, tombstones) = (0L, 0L, new List<(int Batch, long Row)>());
        for (var number = complete + 1; number <= batches.Count; number++)
        {
            var batch = await PullBatchAsync(target, trusted, profile, number, batches, progress, cancellationToken).ConfigureAwait(false);
            (received, takenUp) = (received + batch.Received, takenUp + batch.TakenUp);
            tombstones.AddRange(batch.Manifest.Tombstones);
        }
        Keep(target, complete, batches, tombstones, cancellationToken);
        cursor ??= new(profile, 0);
        WriteCursor(target, cursor, batches);
        var current = WriteCurrent(target, batches.Count, cancellationToken);
        cursor = await AcknowledgeAsync(target, cursor, batches, cancellationToken).ConfigureAwait(false);
        return new(batches.Count, batches.Count - complete, received, takenUp) { Tombstones = tombstones.Count, Current = current, Acknowledged = cursor.Acknowledged };
    }

    private async Task<(ManifestFacts Manifest, long Received, long TakenUp)> PullBatchAsync(
        ReleaseFolder target,
        ECDsa key,
        string profile,
        int number,
        List<Batch> batches,
        IProgress<PullProgress>? progress,
        CancellationToken cancellationToken)
    {
        var batch = batches[number - 1];
        var answer = await client.Releases.GetManifestAsync(
            new() { Name = batch.Name }, cancellationToken: cancellationToken).ConfigureAwait(false);
        var manifest = Checked(profile, batch, number, answer, key);
        using var partial = target.Begin(number);
        var takenUp = partial.Resume(answer.Manifest.Span, answer.Signature.Span);
        progress?.Report(new(number, batches.Count, takenUp, batch.RowCount));
        try
        {
            var pages = client.StreamBatchAsync(batch.Name, takenUp, partial.Tree, pageSize, cancellationToken);
            await foreach (var page in pages.ConfigureAwait(false))
            {
                if (partial.Tree.Count > batch.RowCount)
                    throw new ClinicNetworkException(
                        StatusCode.DataLoss, Reasons.BatchRoot, "more rows came than the batch has; tell the network's operator");
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
        return (manifest, batch.RowCount - takenUp, takenUp);
    }

    /// <summary>Withdrawals that a signed manifest tells are honoured also when the batch that tells them is refused.</summary>
    private void Keep(ReleaseFolder target, int complete, List<Batch> batches, List<(int Batch, long Row)> tombstones, CancellationToken cancellationToken)
    {
        if (batches.Count == complete)
            return;
        target.Withdraw(tombstones, cancellationToken);
        if (Check is not null)
            target.Check(complete, batches.Count, Check, cancellationToken);
        for (var number = complete + 1; number <= batches.Count; number++)
            target.Keep(number);
    }

    private long? WriteCurrent(ReleaseFolder target, int batches, CancellationToken cancellationToken)
    {
        var rows = default(long?);
        foreach (var format in Enum.GetValues<CurrentFormat>().Where(format => format == Current || target.Has(format)))
            target.KeepCurrent(format, stream => rows = new CurrentRows(target, batches).Write(format, stream, cancellationToken));
        return rows;
    }

    /// <summary>Once for each last batch, by an agreement's recipient; told again after a kill it is the same request.</summary>
    private async Task<PullCursor> AcknowledgeAsync(ReleaseFolder target, PullCursor cursor, List<Batch> batches, CancellationToken cancellationToken)
    {
        if (batches.Count <= cursor.Acknowledged || target.ManifestOf(batches.Count) is not { IsAgreed: true } last)
            return cursor;
        var name = batches[^1].Name;
        var answer = await client.Releases.AcknowledgeBatchAsync(
            new() { RequestId = RequestIds.From("acknowledge", last.Recipient, name, last.Root), Name = name },
            cancellationToken: cancellationToken).ConfigureAwait(false);
        cursor = cursor with { Acknowledged = answer.Acknowledged };
        WriteCursor(target, cursor, batches);
        return cursor;
    }

    private static void WriteCursor(ReleaseFolder target, PullCursor cursor, List<Batch> batches)
    {
        if (batches.Count > 0)
            target.WriteCursor(cursor, batches.Count, Convert.ToHexStringLower(batches[^1].Root.Span));
    }

    private async Task PullRekeysAsync(ReleaseFolder target, string profile, ECDsa key, CancellationToken cancellationToken)
    {
        var (kept, listed, token) = (target.Rekeys(), 0, "");
        do
        {
            var page = await client.Releases.ListRekeysAsync(
                new() { Parent = profile, PageToken = token }, cancellationToken: cancellationToken).ConfigureAwait(false);
            foreach (var rekey in page.Rekeys)
            {
                if (rekey.Number != ++listed || listed > BatchesMax || !IsSigned(key, rekey.Document.Span, rekey.Signature.Span))
                    throw new ClinicNetworkException(
                        StatusCode.DataLoss, Reasons.Rekey, "a re-key list is not the next, or not signed by the release key; tell the network's operator");
                if (rekey.Number > kept)
                    target.KeepRekey(rekey.Number, rekey.Document.Span, rekey.Signature.Span);
            }
            token = page.Rekeys.Count == 0 ? "" : page.NextPageToken;
        }
        while (token.Length > 0);
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
                if (batch.Name != $"{profile}/batches/{batches.Count}" || batches.Count > BatchesMax || batch.RowCount < 0)
                    throw new ClinicNetworkException(
                        StatusCode.DataLoss, Reasons.Manifest, "the list of batches has a gap; tell the network's operator");
            }
            token = page.Batches.Count == 0 ? "" : page.NextPageToken;
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
            if (number > batches.Count || target.ManifestOf(number)?.Root != Convert.ToHexStringLower(batches[number - 1].Root.Span))
                throw new ClinicNetworkException(StatusCode.FailedPrecondition, Reasons.ReleaseReplaced,
                    $"batch {number} in the folder is not what the network gives to you now (another agreement, or another network?); ask the network why, then pull into an empty folder");
        }
        return complete;
    }

    private static ManifestFacts Checked(string profile, Batch batch, int number, GetManifestResponse answer, ECDsa key)
    {
        if (!IsSigned(key, answer.Manifest.Span, answer.Signature.Span))
            throw new ClinicNetworkException(
                StatusCode.DataLoss, Reasons.Manifest, "the manifest is not signed by the release key; tell the network's operator");
        var manifest = ManifestFacts.Read(answer.Manifest.Memory);
        // A withdrawn row's hash is taken as it comes, so that a node of the tree could stand for many rows: the count is signed too.
        if (manifest.Root != Convert.ToHexStringLower(batch.Root.Span) || (manifest.Rows ?? batch.RowCount) != batch.RowCount
            || (manifest.Profile.Length > 0 && $"profiles/{manifest.Profile}" != profile) || manifest.Tombstones.Any(told => told.Batch < 1 || told.Batch >= number))
            throw new ClinicNetworkException(
                StatusCode.DataLoss, Reasons.Manifest, "the manifest is another batch's; tell the network's operator");
        return manifest;
    }

    private static bool IsSigned(ECDsa key, ReadOnlySpan<byte> document, ReadOnlySpan<byte> signature) =>
        key.VerifyData(document, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
}
