using ClinicNetwork.Journal.Keys;
using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <inheritdoc cref="IDoubles"/>
internal sealed class PostgresDoubles(ReadConnections connections, BlindIndex index) : IDoubles
{
    /// <summary>One comparison at a time: each sees what those before it have written, and so no pair lies between two. Nobody waits: one silo is enough. A number that nobody else locks by chance.</summary>
    private const string Alone = "SELECT pg_try_advisory_xact_lock(100117987097)";

    /// <summary>In the order of every writer; who is there now stays so until the end.</summary>
    private const string Living = "SELECT p.stream FROM patient AS p WHERE p.stream = ANY ($1::text[]) ORDER BY p.stream FOR NO KEY UPDATE";

    private const string Keep =
        """
        INSERT INTO patient_match (stream, whole, first_given) SELECT * FROM unnest($1::text[], $2::bytea[], $3::bytea[]) ON CONFLICT DO NOTHING
        """;

    private static readonly string Match =
        $"""
        INSERT INTO probable_double (double, one, other, reason, found_at)
        SELECT replace(gen_random_uuid()::text, '-', ''), f.one, f.other, f.reason, $5
        FROM (
            SELECT DISTINCT least(n.stream, m.stream) AS one, greatest(n.stream, m.stream) AS other,
                   CASE m.whole WHEN n.whole THEN 1 WHEN n.swapped THEN 2 ELSE 3 END AS reason
            FROM unnest($1::text[], $2::bytea[], $3::bytea[], $4::bytea[]) AS n(stream, whole, swapped, first_given)
            CROSS JOIN LATERAL ({Those("whole", "whole")} UNION {Those("whole", "swapped")} UNION {Those("first_given", "first_given")}) AS m
        ) AS f
        ON CONFLICT (one, other) DO NOTHING
        """;

    private const string Mark = "UPDATE patient SET compared = true WHERE stream = ANY ($1::text[])";

    public async Task<IReadOnlyList<string>> ReadUncomparedAsync(int limit, CancellationToken cancellationToken) =>
        await connections.ListAsync(
            "SELECT stream FROM patient WHERE NOT compared ORDER BY stream LIMIT $1", row => row.GetString(0), cancellationToken, Query.Int(limit)).ConfigureAwait(false);

    public Task<bool> CompareAsync(IReadOnlyList<ComparedPatient> patients, IReadOnlyList<string> unreadable, DateTimeOffset at, CancellationToken cancellationToken) =>
        connections.ReadAsync(
            async (connection, cancel) =>
            {
                await using var step = await connection.BeginTransactionAsync(cancel).ConfigureAwait(false);
                try
                {
                    if (!(await connection.ListAsync(Alone, row => row.GetBoolean(0), cancel).ConfigureAwait(false))[0])
                    {
                        return false;
                    }

                    await CompareAsync(connection, patients, unreadable, at, cancel).ConfigureAwait(false);
                    await step.CommitAsync(cancel).ConfigureAwait(false);
                    return true;
                }
                catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.ForeignKeyViolation or PostgresErrorCodes.DeadlockDetected)
                {
                    // Who was found was erased meanwhile.
                    return false;
                }
            },
            cancellationToken);

    public async Task<IReadOnlyList<DoubleRow>> ReadAsync(string? clinic, bool dismissed, DoublePosition? after, int limit, CancellationToken cancellationToken) =>
        await connections.ListAsync(
            $"""
            {DoubleStatements.Columns}
            WHERE ($1 = '' OR a.home_clinic = $1 OR b.home_clinic = $1) AND (d.dismissed_in IS NOT NULL) = $2 AND (d.found_at, d.double) > ($3, $4)
            ORDER BY d.found_at, d.double LIMIT $5
            """,
            DoubleStatements.RowOf,
            cancellationToken,
            Query.Text(clinic ?? ""),
            Query.Flag(dismissed),
            Query.Long(after is null ? long.MinValue : StoredTime.ToStored(after.FoundAt)),
            Query.Text(after?.Name ?? ""),
            Query.Int(limit)).ConfigureAwait(false);

    public async Task<DoubleRow?> FindAsync(string name, CancellationToken cancellationToken) =>
        (await connections.ListAsync($"{DoubleStatements.Columns} WHERE d.double = $1", DoubleStatements.RowOf, cancellationToken, Query.Text(name)).ConfigureAwait(false)).FirstOrDefault();

    private async Task CompareAsync(
        NpgsqlConnection connection, IReadOnlyList<ComparedPatient> patients, IReadOnlyList<string> unreadable, DateTimeOffset at, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> asked = [.. patients.Select(patient => patient.Stream), .. unreadable];
        var living = (await connection.ListAsync(Living, row => row.GetString(0), cancellationToken, Query.Texts(asked, stream => stream)).ConfigureAwait(false)).ToHashSet(StringComparer.Ordinal);
        var keys = patients.Where(patient => living.Contains(patient.Stream)).Select(patient => MatchKeys.Of(patient, index)).ToList();
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Query.Step(Keep, Query.Texts(keys, key => key.Stream), Query.Blobs(keys, key => key.Whole), Query.Blobs(keys, key => key.FirstGiven)));
        batch.BatchCommands.Add(Query.Step(
            Match,
            Query.Texts(keys, key => key.Stream),
            Query.Blobs(keys, key => key.Whole),
            Query.Blobs(keys, key => key.Swapped),
            Query.Blobs(keys, key => key.FirstGiven),
            Query.Long(StoredTime.ToStored(at))));
        batch.BatchCommands.Add(Query.Step(Mark, Query.Texts(asked, stream => stream)));
        await batch.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static string Those(string column, string key) =>
        $"(SELECT o.stream, o.whole FROM patient_match AS o WHERE o.{column} = n.{key} AND o.stream <> n.stream ORDER BY o.stream LIMIT {IDoubles.PairsMax})";
}
