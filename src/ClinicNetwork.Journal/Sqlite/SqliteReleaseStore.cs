using System.Globalization;
using System.Numerics;
using ClinicNetwork.Journal.Codec;
using ClinicNetwork.Journal.Keys;

namespace ClinicNetwork.Journal.Sqlite;

/// <inheritdoc cref="IReleaseStore"/>
internal sealed class SqliteReleaseStore(ReaderPool readers, StreamKeys keys) : IReleaseStore
{
    public Task<IReadOnlyList<PoolPerson>> ReadPoolAsync(int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(reader => ReadPool(reader, limit), cancellationToken);

    public Task<int> CountPoolAsync(CancellationToken cancellationToken) =>
        readers.ReadAsync(
            reader => (int)reader.Number("SELECT count(*) FROM pool AS p JOIN consent AS c ON c.person = p.person WHERE c.recipients <> 0"),
            cancellationToken);

    public Task<IReadOnlyList<CellRecord>> ReadCellsAsync(CancellationToken cancellationToken) => readers.ReadAsync(ReadCells, cancellationToken);

    public Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> ReadOutcomesAsync(
        IReadOnlyList<string> persons, string milestone, CancellationToken cancellationToken) =>
        readers.ReadAsync(reader => ReadOutcomes(reader, persons, milestone), cancellationToken);

    public Task<IReadOnlyList<BatchRecord>> ReadBatchesAsync(int afterNumber, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<BatchRecord>>(
            reader => reader.List(
                "SELECT number, published_at, rows, root, manifest, signature FROM batch WHERE number > $after ORDER BY number LIMIT $limit",
                row => new BatchRecord(
                    row.GetInt32(0),
                    StoredTime.FromStored(row.GetInt64(1)),
                    row.GetInt64(2),
                    row.GetFieldValue<byte[]>(3),
                    row.GetFieldValue<byte[]>(4),
                    row.GetFieldValue<byte[]>(5)),
                ("$after", afterNumber),
                ("$limit", limit)),
            cancellationToken);

    public Task<IReadOnlyList<BatchRow>> ReadBatchRowsAsync(
        int batch, long startRow, int limit, int recipientClass, int k, CancellationToken cancellationToken)
    {
        if (recipientClass <= 0 || !BitOperations.IsPow2(recipientClass))
        {
            throw new ArgumentOutOfRangeException(nameof(recipientClass), recipientClass, "One class's bit: 1, 2, 4 or 8.");
        }

        return readers.ReadAsync(reader => ReadBatchRows(reader, batch, startRow, limit, recipientClass, k), cancellationToken);
    }

    private IReadOnlyList<PoolPerson> ReadPool(SqliteSession reader, int limit)
    {
        var waiting = reader.List(
            """
            SELECT p.person, p.version, p.facts, c.recipients FROM pool AS p JOIN consent AS c ON c.person = p.person
            WHERE c.recipients <> 0 ORDER BY p.person LIMIT $limit
            """,
            row => (Person: row.GetString(0), Version: row.GetInt64(1), Facts: row.GetFieldValue<byte[]>(2), Recipients: row.GetInt32(3)),
            ("$limit", limit));
        var persons = new List<PoolPerson>(waiting.Count);
        foreach (var one in waiting)
        {
            if (TryOpen(reader, ReleasePlaces.Pool(one.Person, one.Version), one.Facts) is { } facts)
            {
                persons.Add(new PoolPerson(one.Person, facts[0], one.Recipients, [.. facts.Skip(1)]));
            }
        }

        return persons;
    }

    private IReadOnlyList<CellRecord> ReadCells(SqliteSession reader)
    {
        var members = reader.List(
            """
            SELECT m.cell, m.person, coalesce(c.recipients, 0) & ~m.lost FROM cell_member AS m
            JOIN cell ON cell.cell = m.cell LEFT JOIN consent AS c ON c.person = m.person WHERE cell.retired = 0 ORDER BY m.cell, m.person
            """,
            row => (Cell: row.GetString(0), Member: new CellMember(row.GetString(1), row.GetInt32(2)))).ToLookup(one => one.Cell, one => one.Member);
        var settled = reader.List(
            "SELECT s.cell, s.milestone FROM settled AS s JOIN cell AS c ON c.cell = s.cell WHERE c.retired = 0 ORDER BY s.cell, s.milestone",
            row => (Cell: row.GetString(0), Milestone: row.GetString(1))).ToLookup(one => one.Cell, one => one.Milestone);
        var cells = reader.List(
            "SELECT cell, stream, quarter, recipients, region FROM cell WHERE retired = 0 ORDER BY cell",
            row => (Cell: row.GetString(0), Stream: row.GetString(1), Quarter: row.GetString(2), Recipients: row.GetInt32(3), Region: row.GetFieldValue<byte[]>(4)));
        return cells.ConvertAll(cell => new CellRecord(
            cell.Cell,
            cell.Quarter,
            cell.Recipients,
            Open(reader, ReleasePlaces.Region(cell.Stream, cell.Cell), cell.Region),
            [.. members[cell.Cell]],
            [.. settled[cell.Cell]]));
    }

    private IReadOnlyDictionary<string, IReadOnlyList<string>> ReadOutcomes(SqliteSession reader, IReadOnlyList<string> persons, string milestone)
    {
        var waiting = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var person in persons)
        {
            var found = reader.First(
                "SELECT version, values_ FROM outcome WHERE person = $person AND milestone = $milestone",
                row => new Sealed(row.GetInt64(0), row.GetFieldValue<byte[]>(1)),
                ("$person", person),
                ("$milestone", milestone));
            if (found is not null && TryOpen(reader, ReleasePlaces.Outcome(person, found.Version, milestone), found.Values) is { } values)
            {
                waiting[person] = values;
            }
        }

        return waiting;
    }

    /// <summary>
    /// Consent of the person and the number of living members are decided in the same transaction as the read. A class that was not among
    /// the cell's when it was formed gets nothing, also when its members permit it later: that would show how the cell's members differ.
    /// </summary>
    private IReadOnlyList<BatchRow> ReadBatchRows(SqliteSession reader, int batch, long startRow, int limit, int recipientClass, int k)
    {
        var rows = reader.List(
            """
            WITH living AS (
                SELECT m.cell FROM cell_member AS m JOIN consent AS c ON c.person = m.person JOIN cell ON cell.cell = m.cell
                WHERE (c.recipients & ~m.lost & $class) <> 0 AND (cell.recipients & $class) <> 0
                  AND m.cell IN (SELECT cell FROM batch_row WHERE batch = $batch)
                GROUP BY m.cell HAVING count(*) >= $k)
            SELECT r.row, r.person, r.milestone, r.leaf,
                   CASE WHEN (coalesce(c.recipients, 0) & ~m.lost & $class) <> 0 AND r.cell IN (SELECT cell FROM living) THEN r.values_ END
            FROM batch_row AS r JOIN cell_member AS m ON m.person = r.person LEFT JOIN consent AS c ON c.person = r.person
            WHERE r.batch = $batch AND r.row >= $start ORDER BY r.row LIMIT $limit
            """,
            row => (
                Row: row.GetInt64(0),
                Person: row.GetString(1),
                Milestone: row.GetString(2),
                Leaf: row.GetFieldValue<byte[]>(3),
                Values: row.IsDBNull(4) ? null : row.GetFieldValue<byte[]>(4)),
            ("$class", recipientClass),
            ("$batch", batch),
            ("$k", k),
            ("$start", startRow),
            ("$limit", limit));
        return rows.ConvertAll(row => new BatchRow(
            row.Row,
            row.Person,
            row.Values is null ? null : TryOpen(reader, ReleasePlaces.BatchRow(row.Person, batch, row.Milestone), row.Values),
            row.Leaf));
    }

    /// <summary>Null: the key was destroyed after the row was read.</summary>
    private IReadOnlyList<string>? TryOpen(SqliteSession reader, Place place, byte[] envelope)
    {
        try
        {
            return Open(reader, place, envelope);
        }
        catch (KeyLostException)
        {
            return null;
        }
    }

    private IReadOnlyList<string> Open(SqliteSession reader, Place place, byte[] envelope)
    {
        var key = keys.Find(reader, place.Stream)
            ?? throw new StoreDamagedException(string.Create(CultureInfo.InvariantCulture, $"Stream {place.Stream} has no data key."));
        return PayloadCodec.DecodeValues(Envelope.Open(key, place, envelope));
    }

    private sealed record Sealed(long Version, byte[] Values);
}
