using ClinicNetwork.Journal.Codec;
using ClinicNetwork.Journal.Keys;

namespace ClinicNetwork.Journal.Sqlite;

/// <summary>Writes submitted records in their command's transaction.</summary>
internal static class SubmissionRows
{
    public static void Write(SqliteSession writer, Append append, StreamKey key, IReadOnlyList<SubmissionRow> rows)
    {
        foreach (var row in rows)
        {
            writer.Execute(
                "INSERT INTO submission_record (stream, record, version, values_) VALUES ($stream, $record, $version, $values)",
                ("$stream", append.Stream),
                ("$record", row.Record),
                ("$version", append.Version),
                ("$values", Envelope.Seal(key, ReleasePlaces.Submitted(append.Stream, append.Version, row.Record), PayloadCodec.EncodeValues(row.Values))));
        }
    }

    public static void Drop(SqliteSession writer, string stream) => writer.Execute("DELETE FROM submission_record WHERE stream = $stream", ("$stream", stream));
}
