using ClinicNetwork.Journal.Codec;
using ClinicNetwork.Journal.Keys;
using Microsoft.Data.Sqlite;

namespace ClinicNetwork.Journal.Sqlite;

/// <inheritdoc cref="ISubmissionStore"/>
internal sealed class SqliteSubmissionStore(ReaderPool readers, StreamKeys keys) : ISubmissionStore
{
    public Task<IReadOnlyDictionary<string, SubmissionRow>> FindAsync(string stream, IReadOnlyList<string> records, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyDictionary<string, SubmissionRow>>(
            reader => records.Select(record => reader.First(
                    "SELECT record, version, values_ FROM submission_record WHERE stream = $stream AND record = $record",
                    row => RowOf(reader, stream, row),
                    ("$stream", stream),
                    ("$record", record)))
                .OfType<SubmissionRow>()
                .DistinctBy(row => row.Record, StringComparer.Ordinal)
                .ToDictionary(row => row.Record, StringComparer.Ordinal),
            cancellationToken);

    public Task<IReadOnlyList<SubmissionRow>> ReadAsync(string stream, string after, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<SubmissionRow>>(
            reader => reader.List(
                "SELECT record, version, values_ FROM submission_record WHERE stream = $stream AND record > $after ORDER BY record LIMIT $limit",
                row => RowOf(reader, stream, row),
                ("$stream", stream),
                ("$after", after),
                ("$limit", limit)),
            cancellationToken);

    private SubmissionRow RowOf(SqliteSession reader, string stream, SqliteDataReader row)
    {
        var place = ReleasePlaces.Submitted(stream, row.GetInt64(1), row.GetString(0));
        var key = keys.Find(reader, stream) ?? throw new StoreDamagedException($"Stream {stream} has no data key.");
        return new(row.GetString(0), PayloadCodec.DecodeValues(Envelope.Open(key, place, row.GetFieldValue<byte[]>(2))));
    }
}
