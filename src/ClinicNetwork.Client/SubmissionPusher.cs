using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Protocol.Exchange.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.Client;

/// <summary>
/// Pushes the records of one submission and completes it. After a cut, or in a later run, it goes on behind the records that the network has; the hash at the end
/// tells whether those are the same, and if not all are sent again, so that what differs is named.
/// </summary>
/// <param name="opening">What the submission is opened with, the same in every run.</param>
public sealed class SubmissionPusher(ClinicNetworkClient client, SubmissionOpening opening)
{
    private const int PageRecords = 500;

    /// <param name="records">All records, given the profile's columns; enumerated more than once, the same each time.</param>
    /// <returns>COMPLETE or REFUSED.</returns>
    /// <exception cref="ClinicNetworkException">Refused, or cut too often without a new record there.</exception>
    public async Task<Submission> PushAsync(
        Func<IReadOnlyList<string>, IEnumerable<OutcomeRecord>> records, IProgress<(long Done, long Total)>? progress = null, CancellationToken cancellationToken = default)
    {
        var submission = await RetryAsync(_ => SendAsync([], cancellationToken), cancellationToken).ConfigureAwait(false);
        var columns = submission.Columns;
        var leaves = LeavesOf(records(columns));
        var total = leaves.Count;
        var begunAt = submission.Records;
        submission = await SendAllAsync(submission.Records, from => records(columns).Skip((int)from), total, progress, cancellationToken).ConfigureAwait(false);
        try
        {
            return await CompleteAsync(submission.Name, leaves, cancellationToken).ConfigureAwait(false);
        }
        catch (ClinicNetworkException error) when (error.Reason == Reasons.HashDiffers && begunAt > 0)
        {
            await RetryAsync(_ => SendAsync(records(columns), cancellationToken), cancellationToken).ConfigureAwait(false);
            return await CompleteAsync(submission.Name, leaves, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>SHA-256 over id and values as they are sent, TAB between.</summary>
    public static byte[] Leaf(OutcomeRecord record) => SHA256.HashData(Encoding.UTF8.GetBytes(record.Record + "\t" + string.Join('\t', record.Values)));

    private async Task<Submission> SendAllAsync(
        long there, Func<long, IEnumerable<OutcomeRecord>> from, long total, IProgress<(long Done, long Total)>? progress, CancellationToken cancellationToken)
    {
        progress?.Report((there, total));
        return await RetryAsync(
            async isRetry =>
            {
                there = isRetry ? (await SendAsync([], cancellationToken).ConfigureAwait(false)).Records : there;
                var done = there;
                return await SendAsync(
                    from(there).Select(record =>
                    {
                        if (++done % PageRecords == 0 || done == total)
                            progress?.Report((done, total));
                        return record;
                    }),
                    cancellationToken).ConfigureAwait(false);
            },
            cancellationToken).ConfigureAwait(false);
    }

    private async Task<Submission> SendAsync(IEnumerable<OutcomeRecord> records, CancellationToken cancellationToken)
    {
        using var call = client.Submissions.SubmitOutcomes(cancellationToken: cancellationToken);
        try
        {
            await call.RequestStream.WriteAsync(new() { RequestId = RequestIds.New(), Opening = opening }, cancellationToken).ConfigureAwait(false);
            foreach (var page in records.Chunk(PageRecords))
                await call.RequestStream.WriteAsync(new() { RequestId = RequestIds.New(), Page = new() { Records = { page } } }, cancellationToken).ConfigureAwait(false);
            await call.RequestStream.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is RpcException or InvalidOperationException or IOException)
        {
            // The call is over; its answer says why.
        }
        return (await call.ResponseAsync.ConfigureAwait(false)).Submission;
    }

    private async Task<Submission> CompleteAsync(string name, SortedDictionary<string, byte[]> leaves, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var leaf in leaves.Values)
            hash.AppendData(leaf);
        var answer = await client.Submissions.CompleteSubmissionAsync(
            new() { RequestId = RequestIds.New(), Name = name, Records = leaves.Count, Sha256 = ByteString.CopyFrom(hash.GetHashAndReset()) },
            cancellationToken: cancellationToken).ConfigureAwait(false);
        return answer.Submission;
    }

    private static SortedDictionary<string, byte[]> LeavesOf(IEnumerable<OutcomeRecord> records)
    {
        var leaves = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var record in records)
        {
            var leaf = Leaf(record);
            if (!leaves.TryAdd(record.Record, leaf))
            {
                throw new ClinicNetworkException(StatusCode.AlreadyExists, Reasons.RecordIdReused,
                    $"record {leaves.Count + 1} has the id of an earlier one; give each record an id of its own", null, null);
            }
        }
        return leaves;
    }

    private async Task<Submission> RetryAsync(Func<bool, Task<Submission>> attempt, CancellationToken cancellationToken)
    {
        for (var cuts = 0; ; cuts++)
        {
            try
            {
                return await attempt(cuts > 0).ConfigureAwait(false);
            }
            catch (RpcException error) when (cancellationToken.IsCancellationRequested)
            {
                throw new OperationCanceledException("the submission was cancelled", error, cancellationToken);
            }
            catch (RpcException error) when (Retryable.Cut(error) && cuts < client.Options.StreamReopensMax)
            {
                var asked = Retryable.AskedDelay(error) is { } delay && delay <= client.Options.ServerDelayMax ? delay : (TimeSpan?)null;
                var wait = RetryDelay.Of(cuts, client.Options.RetryDelayFirst, client.Options.RetryDelayMax, asked, client.Options.Jitter());
                await Task.Delay(wait, client.Options.Time, cancellationToken).ConfigureAwait(false);
            }
            catch (RpcException error)
            {
                throw ClinicNetworkException.From(error);
            }
        }
    }
}
