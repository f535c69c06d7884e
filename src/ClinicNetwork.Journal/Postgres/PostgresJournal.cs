using ClinicNetwork.Journal.Codec;
using ClinicNetwork.Journal.Keys;

namespace ClinicNetwork.Journal.Postgres;

/// <inheritdoc cref="IJournal"/>
internal sealed class PostgresJournal(
    AppendQueue groups, AppendQueue alone, ReadConnections readers, PostgresKeys keys, PostgresHolders holders, PayloadCodec codec, IDatabaseTime time) : IJournal
{
    private const string Heads =
        """
        SELECT coalesce((SELECT j.version FROM journal AS j WHERE j.stream = n.stream ORDER BY j.version DESC LIMIT 1), 0)
        FROM unnest($1::text[]) WITH ORDINALITY AS n(stream, place) ORDER BY n.place
        """;

    /// <summary>Heads that share one query at most.</summary>
    private const int HeadsMax = 512;

    private readonly GroupedReads<string, long> _heads = HeadReads(readers);

    private readonly TailReads _tails = new(readers, keys);

    /// <summary>Times that a holder's key may change while one command is being written.</summary>
    private const int RoundsMax = 8;

    public async Task<AppendOutcome> AppendAsync(Append append, CancellationToken cancellationToken)
    {
        AppendRules.Check(append);
        cancellationToken.ThrowIfCancellationRequested();
        var (events, answer) = (codec.EncodeEvents(append.Events), codec.EncodeAnswer(append.Answer));
        for (var round = 0; round < RoundsMax; round++)
        {
            StreamKey? key;
            KeyRows? keyRows;
            try
            {
                await time.RefreshAsync(cancellationToken).ConfigureAwait(false);
                key = append.Version == 1 ? StreamKey.Create(append.Stream) : await keys.FindAsync(append.Stream, cancellationToken).ConfigureAwait(false);
                if (key is null)
                {
                    // A stream without a key has no command: no request id to find, and no version but the first to take.
                    return new AppendOutcome.VersionConflict(0);
                }

                keyRows = await holders.RowsAsync(append, key, cancellationToken).ConfigureAwait(false);
            }
            catch (StoreUnavailableException e)
            {
                throw Failures.Busy(e);
            }

            if (keyRows is null)
            {
                return new AppendOutcome.KeyTaken("holder");
            }

            var pending = new PendingAppend(append, key, keyRows, events, answer);
            pending.Stamp(StoredTime.ToStored(time.Now));
            var verdict = await (pending.IsAlone ? alone : groups).RunAsync(pending, cancellationToken).ConfigureAwait(false);
            if (verdict is AppendVerdict.StaleHolder)
            {
                holders.Forget();
                continue;
            }
#if FAULTS
            if (await PlantedDefects.AfterAsync(readers, pending, verdict, cancellationToken).ConfigureAwait(false) is { } instead)
            {
                return await AppendAsync(instead, cancellationToken).ConfigureAwait(false);
            }
#endif
            return verdict.ToOutcome(append, codec, time.Now);
        }

        throw Failures.Busy(null);
    }

    public async Task<IReadOnlyList<JournalRow>> ReadAsync(string stream, long afterVersion, int limit, CancellationToken cancellationToken)
    {
        // With the row before, whose hash the first one stands on. Rows never change, so one statement after the other sees one history.
        var rows = await readers.ListAsync(
            $"SELECT {StoredRow.Columns} FROM journal WHERE stream = $1 AND version >= $2 ORDER BY version LIMIT $3",
            StoredRow.Read,
            cancellationToken,
            Query.Text(stream),
            Query.Long(afterVersion),
            Query.Long((long)limit + 1)).ConfigureAwait(false);
        var before = rows is [var first, ..] && first.Version == afterVersion ? first : null;
        IReadOnlyList<StoredRow> wanted = [.. rows.Skip(before is null ? 0 : 1).Take(limit)];
        if (wanted.Count == 0)
        {
            return [];
        }

        var key = await keys.FindAsync(stream, cancellationToken).ConfigureAwait(false) ?? throw new StoreDamagedException($"Stream {stream} has no data key.");
        StoredRow.CheckChain(wanted, afterVersion, before?.RowHash ?? []);
        return [.. wanted.Select(row => row.Open(key, codec, time.Now))];
    }

    public async Task<IReadOnlyList<JournalRow>?> ReadTailAsync(string stream, long afterVersion, byte[] afterHash, int limit, CancellationToken cancellationToken)
    {
        var (rows, key) = await _tails.ReadAsync(stream, afterVersion, limit + 1, cancellationToken).ConfigureAwait(false);
        return StoredRow.TailOf(rows, afterVersion, afterHash) is not { } tail ? null
            : tail.Count == 0 ? []
            : [.. tail.Take(limit).Select(row => row.OpenEvents(key ?? throw new StoreDamagedException($"Stream {stream} has no data key."), codec))];
    }

    public Task<long> ReadHeadAsync(string stream, CancellationToken cancellationToken) => _heads.ReadAsync(stream, cancellationToken);

    public async Task<StoredRequest?> FindRequestAsync(string stream, string requestId, byte[] payloadHash, CancellationToken cancellationToken)
    {
#if FAULTS
        if (Faults.Has("MissesRequestIndex"))
        {
            return null;
        }
#endif
        // Asked before a refusal leaves, which may be one of time: on a manual clock another process may have moved it.
        await time.RefreshAsync(cancellationToken).ConfigureAwait(false);
        var rows = await readers.ListAsync(
            $"SELECT {StoredRow.Columns} FROM journal WHERE stream = $1 AND request_id = $2",
            StoredRow.Read,
            cancellationToken,
            Query.Text(stream),
            Query.Text(requestId)).ConfigureAwait(false);
        var key = rows.Count == 0 ? null : await keys.FindAsync(stream, cancellationToken).ConfigureAwait(false);
        return key is null ? null : new StoredRequest(rows[0].Open(key, codec, time.Now), rows[0].HasPayload(key, payloadHash));
    }

    private static GroupedReads<string, long> HeadReads(ReadConnections readers) => new(
        HeadsMax, async streams => await readers.ListAsync(Heads, row => row.GetInt64(0), CancellationToken.None, Query.Texts(streams, stream => stream)).ConfigureAwait(false));
}
