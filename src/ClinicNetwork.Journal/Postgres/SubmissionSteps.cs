using ClinicNetwork.Journal.Codec;
using ClinicNetwork.Journal.Keys;
using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>Statements of submitted records; $1 and $2 are stream and version, as in <see cref="ProjectionStatements"/>.</summary>
internal static class SubmissionSteps
{
    public const string Drop =
        $"DELETE FROM submission_record AS r USING unnest($1::text[], $2::bigint[]) AS n(stream, version) WHERE r.stream = n.stream AND {ProjectionStatements.Inserted}";

    private const string Insert =
        $"""
        INSERT INTO submission_record (stream, record, version, values_)
        SELECT n.stream, n.record, n.version, n.values_ FROM unnest($1::text[], $2::bigint[], $3::text[], $4::bytea[]) AS n(stream, version, record, values_)
        WHERE {ProjectionStatements.Inserted}
        """;

    public static NpgsqlBatchCommand Write(IReadOnlyList<(PendingAppend Append, SubmissionRow Row)> rows) => Query.Step(
        Insert,
        Query.Texts(rows, row => row.Append.Stream),
        Query.Longs(rows, row => row.Append.Version),
        Query.Texts(rows, row => row.Row.Record),
        Query.Blobs(rows, row => Envelope.Seal(
            row.Append.Key, ReleasePlaces.Submitted(row.Append.Stream, row.Append.Version, row.Row.Record), PayloadCodec.EncodeValues(row.Row.Values))));
}
