using ClinicNetwork.Journal.Codec;

namespace ClinicNetwork.Journal.Sqlite;

/// <inheritdoc cref="IJournal"/>
internal sealed class SqliteJournal(WriteQueue queue, ReaderPool readers, StreamKeys keys, ProjectionWriter projections, PayloadCodec codec, IStoreClock clock)
    : IJournal
{
    public async Task<AppendOutcome> AppendAsync(Append append, CancellationToken cancellationToken)
    {
        AppendRules.Check(append);
        var job = new AppendJob(append, codec.EncodeEvents(append.Events), codec.EncodeAnswer(append.Answer), keys, projections, clock);
        return (await queue.RunAsync(job, cancellationToken).ConfigureAwait(false)).ToOutcome(append, codec, clock.Now);
    }

    public Task<IReadOnlyList<JournalRow>> ReadAsync(string stream, long afterVersion, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(reader => Read(reader, stream, afterVersion, limit), cancellationToken);

    public Task<IReadOnlyList<JournalRow>?> ReadTailAsync(string stream, long afterVersion, byte[] afterHash, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(reader => ReadTail(reader, stream, afterVersion, afterHash, limit), cancellationToken);

    public Task<long> ReadHeadAsync(string stream, CancellationToken cancellationToken) =>
        readers.ReadAsync(reader => reader.Number("SELECT max(version) FROM journal WHERE stream = $stream", ("$stream", stream)), cancellationToken);

    public Task<StoredRequest?> FindRequestAsync(string stream, string requestId, byte[] payloadHash, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            reader =>
            {
                var row = reader.First(
                    $"SELECT {StoredRow.Columns} FROM journal WHERE stream = $stream AND request_id = $request_id",
                    StoredRow.Read,
                    ("$stream", stream),
                    ("$request_id", requestId));
                var key = row is null ? null : keys.Find(reader, stream);
                return key is null ? null : new StoredRequest(row!.Open(key, codec, clock.Now), row.HasPayload(key, payloadHash));
            },
            cancellationToken);

    private IReadOnlyList<JournalRow>? ReadTail(SqliteSession reader, string stream, long afterVersion, byte[] afterHash, int limit)
    {
        var rows = reader.List(
            $"SELECT {StoredRow.Columns} FROM journal WHERE stream = $stream AND version >= $from ORDER BY version LIMIT $limit",
            StoredRow.Read,
            ("$stream", stream),
            ("$from", afterVersion),
            ("$limit", limit + 1));
        var tail = StoredRow.TailOf(rows, afterVersion, afterHash);
        if (tail is not { Count: > 0 })
        {
            return tail is null ? null : [];
        }

        var key = keys.Find(reader, stream) ?? throw new StoreDamagedException($"Stream {stream} has no data key.");
        return [.. tail.Take(limit).Select(row => row.OpenEvents(key, codec))];
    }

    private IReadOnlyList<JournalRow> Read(SqliteSession reader, string stream, long afterVersion, int limit)
    {
        var rows = reader.List(
            $"SELECT {StoredRow.Columns} FROM journal WHERE stream = $stream AND version > $after ORDER BY version LIMIT $limit",
            StoredRow.Read,
            ("$stream", stream),
            ("$after", afterVersion),
            ("$limit", limit));
        if (rows.Count == 0)
        {
            return [];
        }

        var key = keys.Find(reader, stream) ?? throw new StoreDamagedException($"Stream {stream} has no data key.");
        var before = reader.First(
            "SELECT row_hash FROM journal WHERE stream = $stream AND version = $version",
            row => row.GetFieldValue<byte[]>(0),
            ("$stream", stream),
            ("$version", afterVersion)) ?? [];
        StoredRow.CheckChain(rows, afterVersion, before);
        return rows.ConvertAll(row => row.Open(key, codec, clock.Now));
    }
}
