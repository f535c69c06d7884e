using System.Numerics;
using ClinicNetwork.Journal.Codec;
using ClinicNetwork.Journal.Keys;
using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <inheritdoc cref="IReleaseStore"/>
internal sealed class PostgresReleaseStore(ReadConnections readers, PostgresKeys keys) : IReleaseStore
{
    public Task<IReadOnlyList<PoolPerson>> ReadPoolAsync(int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<PoolPerson>>(
            async (connection, cancel) =>
            {
                var waiting = await connection.ListAsync(
                    """
                    SELECT p.person, p.version, p.facts, c.recipients FROM pool AS p JOIN consent AS c ON c.person = p.person
                    WHERE c.recipients <> 0 ORDER BY p.person LIMIT $1
                    """,
                    row => (Recipients: row.GetInt32(3), Facts: new Sealed(ReleasePlaces.Pool(row.GetString(0), row.GetInt64(1)), row.GetFieldValue<byte[]>(2))),
                    cancel,
                    Query.Int(limit)).ConfigureAwait(false);
                var facts = await OpenAsync(connection, waiting.ConvertAll(one => one.Facts), cancel).ConfigureAwait(false);
                return [.. waiting.Zip(facts)
                    .Where(one => one.Second is not null)
                    .Select(one => new PoolPerson(one.First.Facts.Place.Stream, one.Second![0], one.First.Recipients, [.. one.Second.Skip(1)]))];
            },
            cancellationToken);

    public async Task<int> CountPoolAsync(CancellationToken cancellationToken) =>
        (await readers.ListAsync(
            "SELECT count(*)::integer FROM pool AS p JOIN consent AS c ON c.person = p.person WHERE c.recipients <> 0",
            row => row.GetInt32(0),
            cancellationToken).ConfigureAwait(false))[0];

    public Task<IReadOnlyList<CellRecord>> ReadCellsAsync(CancellationToken cancellationToken) => readers.ReadAtOneMomentAsync(ReadCellsAsync, cancellationToken);

    public Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> ReadOutcomesAsync(
        IReadOnlyList<string> persons, string milestone, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyDictionary<string, IReadOnlyList<string>>>(
            async (connection, cancel) =>
            {
                var waiting = await connection.ListAsync(
                    "SELECT person, version, values_ FROM outcome WHERE person = ANY ($1::text[]) AND milestone = $2",
                    row => new Sealed(ReleasePlaces.Outcome(row.GetString(0), row.GetInt64(1), milestone), row.GetFieldValue<byte[]>(2)),
                    cancel,
                    Query.Texts(persons, person => person),
                    Query.Text(milestone)).ConfigureAwait(false);
                var values = await OpenAsync(connection, waiting, cancel).ConfigureAwait(false);
                return waiting.Zip(values).Where(one => one.Second is not null).ToDictionary(one => one.First.Place.Stream, one => one.Second!, StringComparer.Ordinal);
            },
            cancellationToken);

    public async Task<IReadOnlyList<BatchRecord>> ReadBatchesAsync(int afterNumber, int limit, CancellationToken cancellationToken) =>
        await readers.ListAsync(
            "SELECT number, published_at, rows, root, manifest, signature FROM batch WHERE number > $1 ORDER BY number LIMIT $2",
            row => new BatchRecord(
                row.GetInt32(0),
                StoredTime.FromStored(row.GetInt64(1)),
                row.GetInt64(2),
                row.GetFieldValue<byte[]>(3),
                row.GetFieldValue<byte[]>(4),
                row.GetFieldValue<byte[]>(5)),
            cancellationToken,
            Query.Int(afterNumber),
            Query.Int(limit)).ConfigureAwait(false);

    /// <summary>
    /// Consent of the person and the number of living members are decided in the same statement as the read. A class that was not among
    /// the cell's when it was formed gets nothing, also when its members permit it later: that would show how the cell's members differ.
    /// </summary>
    public Task<IReadOnlyList<BatchRow>> ReadBatchRowsAsync(
        int batch, long startRow, int limit, int recipientClass, int k, CancellationToken cancellationToken)
    {
        if (recipientClass <= 0 || !BitOperations.IsPow2(recipientClass))
        {
            throw new ArgumentOutOfRangeException(nameof(recipientClass), recipientClass, "One class's bit: 1, 2, 4 or 8.");
        }

        return readers.ReadAsync<IReadOnlyList<BatchRow>>(
            async (connection, cancel) =>
            {
                var rows = await connection.ListAsync(
                    """
                    WITH page AS (SELECT * FROM batch_row WHERE batch = $1 AND row >= $2 ORDER BY row LIMIT $3),
                    living AS (
                        SELECT m.cell FROM cell_member AS m JOIN consent AS c ON c.person = m.person JOIN cell ON cell.cell = m.cell
                        WHERE (c.recipients & ~m.lost & $4) <> 0 AND (cell.recipients & $4) <> 0 AND m.cell IN (SELECT p.cell FROM page AS p)
                        GROUP BY m.cell HAVING count(*) >= $5)
                    SELECT r.row, r.person, r.milestone, r.leaf,
                           CASE WHEN (coalesce(c.recipients, 0) & ~m.lost & $4) <> 0 AND r.cell IN (SELECT l.cell FROM living AS l) THEN r.values_ END
                    FROM page AS r JOIN cell_member AS m ON m.person = r.person LEFT JOIN consent AS c ON c.person = r.person ORDER BY r.row
                    """,
                    row => (
                        Row: row.GetInt64(0),
                        Leaf: row.GetFieldValue<byte[]>(3),
                        Place: ReleasePlaces.BatchRow(row.GetString(1), batch, row.GetString(2)),
                        Values: row.IsDBNull(4) ? null : row.GetFieldValue<byte[]>(4)),
                    cancel,
                    Query.Int(batch),
                    Query.Long(startRow),
                    Query.Int(limit),
                    Query.Int(recipientClass),
                    Query.Int(k)).ConfigureAwait(false);
                var delivered = rows.FindAll(row => row.Values is not null);
                var values = await OpenAsync(connection, delivered.ConvertAll(row => new Sealed(row.Place, row.Values!)), cancel).ConfigureAwait(false);
                var opened = delivered.Select((row, i) => (row.Row, values[i])).ToDictionary(row => row.Row, row => row.Item2);
                return rows.ConvertAll(row => new BatchRow(row.Row, row.Place.Stream, opened.GetValueOrDefault(row.Row), row.Leaf));
            },
            cancellationToken);
    }

    private async Task<IReadOnlyList<CellRecord>> ReadCellsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var members = (await connection.ListAsync(
            """
            SELECT m.cell, m.person, coalesce(c.recipients, 0) & ~m.lost FROM cell_member AS m
            JOIN cell ON cell.cell = m.cell LEFT JOIN consent AS c ON c.person = m.person WHERE NOT cell.retired ORDER BY m.cell, m.person
            """,
            row => (Cell: row.GetString(0), Member: new CellMember(row.GetString(1), row.GetInt32(2))),
            cancellationToken).ConfigureAwait(false)).ToLookup(one => one.Cell, one => one.Member);
        var settled = (await connection.ListAsync(
            "SELECT s.cell, s.milestone FROM settled AS s JOIN cell AS c ON c.cell = s.cell WHERE NOT c.retired ORDER BY s.cell, s.milestone",
            row => (Cell: row.GetString(0), Milestone: row.GetString(1)),
            cancellationToken).ConfigureAwait(false)).ToLookup(one => one.Cell, one => one.Milestone);
        var cells = await connection.ListAsync(
            "SELECT cell, stream, quarter, recipients, region FROM cell WHERE NOT retired ORDER BY cell",
            row => (
                Cell: row.GetString(0),
                Quarter: row.GetString(2),
                Recipients: row.GetInt32(3),
                Region: new Sealed(ReleasePlaces.Region(row.GetString(1), row.GetString(0)), row.GetFieldValue<byte[]>(4))),
            cancellationToken).ConfigureAwait(false);
        var regions = await OpenAsync(connection, cells.ConvertAll(cell => cell.Region), cancellationToken).ConfigureAwait(false);
        return [.. cells.Select((cell, i) => new CellRecord(cell.Cell, cell.Quarter, cell.Recipients, regions[i]!, [.. members[cell.Cell]], [.. settled[cell.Cell]]))];
    }

    /// <summary>Null for one whose key was destroyed after its row was read.</summary>
    private async Task<List<IReadOnlyList<string>?>> OpenAsync(NpgsqlConnection connection, List<Sealed> envelopes, CancellationToken cancellationToken)
    {
        var found = await keys.FindAsync(connection, envelopes.Select(envelope => envelope.Place.Stream), cancellationToken).ConfigureAwait(false);
        return envelopes.ConvertAll(envelope =>
            found.TryGetValue(envelope.Place.Stream, out var key) ? PayloadCodec.DecodeValues(Envelope.Open(key, envelope.Place, envelope.Values))
            : keys.IsLost(envelope.Place.Stream) ? null
            : throw new StoreDamagedException($"Stream {envelope.Place.Stream} has no data key."));
    }

    private sealed record Sealed(Place Place, byte[] Values);
}
