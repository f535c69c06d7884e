using System.Text.Json;
using ClinicNetwork.Journal.Codec;
using ClinicNetwork.Journal.Keys;
using Microsoft.Data.Sqlite;

namespace ClinicNetwork.Journal.Sqlite;

/// <inheritdoc cref="IExchangeStore"/>
internal sealed class SqliteExchangeStore(WriteQueue queue, ReaderPool readers, StreamKeys keys) : IExchangeStore
{
    public Task<int> ReadPublishedAsync(string stream, CancellationToken cancellationToken) =>
        readers.ReadAsync(reader => (int)reader.Number(ExchangeReads.Published, ("$1", stream)), cancellationToken);

    public Task<IReadOnlyList<WaitingPerson>> ReadWaitingAsync(string after, int limit, DateTimeOffset now, CancellationToken cancellationToken) =>
        readers.ReadAsync(reader => ReadPersons(reader, ExchangeReads.Waiting, ("$1", after), ("$2", limit), ("$3", StoredTime.ToStored(now))), cancellationToken);

    public Task<IReadOnlyList<WaitingPerson>> ReadPersonsAsync(IReadOnlyList<string> persons, DateTimeOffset now, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            reader => ReadPersons(
                reader, ExchangeReads.Persons + " IN (SELECT n.value FROM json_each($1) AS n)", ("$1", JsonSerializer.Serialize(persons)), ("$2", StoredTime.ToStored(now))),
            cancellationToken);

    public Task<int> CountWaitingAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        readers.ReadAsync(reader => (int)reader.Number(ExchangeReads.CountWaiting, ("$1", StoredTime.ToStored(now))), cancellationToken);

    public Task<IReadOnlyList<ReleaseCell>> ReadCellsAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        readers.ReadAsync(reader => ReadCells(reader, now), cancellationToken);

    public Task<IReadOnlyDictionary<string, WaitingOutcome>> ReadOutcomesAsync(
        IReadOnlyList<string> persons, string milestone, CancellationToken cancellationToken) =>
        readers.ReadAsync(reader => ReadOutcomes(reader, persons, milestone), cancellationToken);

    public Task<IReadOnlyList<CellMilestone>> ReadRevisedAsync(int limit, DateTimeOffset now, CancellationToken cancellationToken) =>
        ListAsync(ExchangeReads.Revised, row => new CellMilestone(row.GetString(0), row.GetString(1)), cancellationToken, ("$1", limit), ("$2", StoredTime.ToStored(now)));

    public Task<long> CountPreparedAsync(int publication, CancellationToken cancellationToken) =>
        readers.ReadAsync(reader => reader.Number("SELECT count(*) FROM released WHERE publication = $1", ("$1", publication)), cancellationToken);

    public Task<IReadOnlyList<UndeliveredRow>> ReadUndeliveredAsync(
        string recipient, int required, int k, int publication, (string Person, string Milestone)? after, int limit, DateTimeOffset now, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<UndeliveredRow>>(
            reader =>
            [
                .. reader.List(
                    ExchangeReads.Undelivered,
                    row => (
                        Row: new UndeliveredRow(row.GetString(0), row.GetString(2), row.GetString(1), row.GetInt32(3), row.IsDBNull(5) ? null : row.GetInt32(5), [])
                        {
                            Corrects = row.IsDBNull(6) ? null : (row.GetInt32(6), row.GetInt64(7)),
                        },
                        Values: row.GetFieldValue<byte[]>(4)),
                    ("$1", recipient),
                    ("$2", required),
                    ("$3", k),
                    ("$4", publication),
                    ("$5", after?.Person ?? ""),
                    ("$6", after?.Milestone ?? ""),
                    ("$7", limit),
                    ("$8", StoredTime.ToStored(now)))
                    .Select(one => one.Row with
                    {
                        Values = TryOpen(reader, ReleasePlaces.Released(one.Row.Person, one.Row.Publication, one.Row.Milestone), one.Values)!,
                    })
                    .Where(row => row.Values is not null),
            ],
            cancellationToken);

    public Task<IReadOnlyList<DeliveredRow>> ReadUntoldAsync(
        string recipient, int required, int k, int publication, int limit, DateTimeOffset now, CancellationToken cancellationToken) =>
        ListAsync(
            ExchangeReads.Untold,
            row => new DeliveredRow(row.GetInt32(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetFieldValue<byte[]>(5)),
            cancellationToken,
            ("$1", recipient),
            ("$2", required),
            ("$3", k),
            ("$4", publication),
            ("$5", limit),
            ("$6", StoredTime.ToStored(now)));

    public Task<IReadOnlyList<DeliveryBatch>> ReadBatchesAsync(string recipient, int afterNumber, int limit, CancellationToken cancellationToken) =>
        ListAsync(
            ExchangeReads.Batches,
            row => new DeliveryBatch(
                row.GetInt32(0),
                row.GetInt32(1),
                StoredTime.FromStored(row.GetInt64(2)),
                row.GetInt64(3),
                row.GetFieldValue<byte[]>(4),
                row.GetFieldValue<byte[]>(5),
                row.GetFieldValue<byte[]>(6),
                row.IsDBNull(7) ? null : StoredTime.FromStored(row.GetInt64(7))),
            cancellationToken,
            ("$1", recipient),
            ("$2", afterNumber),
            ("$3", limit));

    public Task<IReadOnlyList<DeliveryRow>> ReadBatchRowsAsync(
        string recipient, int batch, long startRow, int limit, int required, int k, DateTimeOffset now, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<DeliveryRow>>(
            reader => reader.List(
                ExchangeReads.BatchRows,
                row => (
                    Row: new DeliveryRow(
                        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt32(4), row.GetInt32(5), null, row.GetFieldValue<byte[]>(6),
                        row.IsDBNull(7) ? null : row.GetInt32(7)),
                    Values: row.IsDBNull(8) ? null : row.GetFieldValue<byte[]>(8)),
                ("$1", recipient),
                ("$2", required),
                ("$3", k),
                ("$4", batch),
                ("$5", startRow),
                ("$6", limit),
                ("$7", StoredTime.ToStored(now)))
                .ConvertAll(one => one.Values is null ? one.Row
                    : one.Row with { Values = TryOpen(reader, ReleasePlaces.Released(one.Row.Person, one.Row.Publication, one.Row.Milestone), one.Values) }),
            cancellationToken);

    public Task<IReadOnlyList<AgreementRecord>> ReadAgreementsAsync(string? partner, CancellationToken cancellationToken) =>
        ListAsync(
            ExchangeReads.Agreements,
            row => new AgreementRecord(
                row.GetString(0),
                row.GetString(1),
                row.GetString(2),
                row.GetInt32(3),
                row.GetString(4).Split(',', StringSplitOptions.RemoveEmptyEntries),
                StoredTime.FromStored(row.GetInt64(5)),
                StoredTime.FromStored(row.GetInt64(6)),
                row.GetInt64(7),
                row.GetInt32(8),
                row.GetString(9)),
            cancellationToken,
            ("$1", partner ?? ""));

    public async Task<long> AddUseAsync(string recipient, int day, long rows, CancellationToken cancellationToken)
    {
        try
        {
            return await queue.RunAsync(new UseJob(recipient, day, rows), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is JournalBusyException or OutcomeUnknownException)
        {
            throw new StoreUnavailableException(e.Message, e);
        }
    }

    public Task<IReadOnlyList<ExchangeDocument>> ReadDocumentsAsync(string kind, string name, int afterNumber, int limit, CancellationToken cancellationToken) =>
        ListAsync(
            ExchangeReads.Documents,
            row => new ExchangeDocument(kind, name, row.GetInt32(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2)),
            cancellationToken,
            ("$1", kind),
            ("$2", name),
            ("$3", afterNumber),
            ("$4", limit));

    private Task<IReadOnlyList<T>> ListAsync<T>(
        string sql, Func<SqliteDataReader, T> read, CancellationToken cancellationToken, params (string Name, object? Value)[] parameters) =>
        readers.ReadAsync<IReadOnlyList<T>>(reader => reader.List(sql, read, parameters), cancellationToken);

    private IReadOnlyList<WaitingPerson> ReadPersons(SqliteSession reader, string sql, params (string, object?)[] parameters)
    {
        var rows = reader.List(
            sql,
            row => (
                Person: new WaitingPerson(
                    row.GetString(0), row.IsDBNull(5) ? "" : row.GetString(5), row.GetInt32(1), [], StoredTime.FromStored(row.GetInt64(2)), row.IsDBNull(6) ? null : row.GetString(6)),
                Version: row.GetInt64(3),
                Facts: row.IsDBNull(4) ? null : row.GetFieldValue<byte[]>(4)),
            parameters);
        var persons = new List<WaitingPerson>(rows.Count);
        foreach (var (person, version, sealedFacts) in rows)
        {
            if (sealedFacts is null)
            {
                persons.Add(person);
            }
            else if (TryOpen(reader, ReleasePlaces.Pool(person.Person, version), sealedFacts) is { } facts)
            {
                persons.Add(person with { Quarter = facts[0], QuasiIdentifiers = [.. facts.Skip(1)] });
            }
        }

        return persons;
    }

    private IReadOnlyList<ReleaseCell> ReadCells(SqliteSession reader, DateTimeOffset now)
    {
        var members = reader.List(
            ExchangeReads.CellMembers, row => (Cell: row.GetString(0), Member: new CellMember(row.GetString(1), row.GetInt32(2))), ("$1", StoredTime.ToStored(now)))
            .ToLookup(one => one.Cell, one => one.Member);
        var settled = reader.List(
            ExchangeReads.Settled, row => (Cell: row.GetString(0), Settled: new SettledMilestone(row.GetString(1), row.GetString(2), row.GetInt32(3))))
            .ToLookup(one => one.Cell, one => one.Settled);
        var cells = reader.List(
            ExchangeReads.Cells,
            row => (Cell: new ReleaseCell(row.GetString(0), row.GetString(2), row.GetInt32(3), row.GetInt32(4), [], [], []), Stream: row.GetString(1), Region: row.GetFieldValue<byte[]>(5)));
        return cells.ConvertAll(one => one.Cell with
        {
            Region = Open(reader, ReleasePlaces.Region(one.Stream, one.Cell.Cell), one.Region),
            Members = [.. members[one.Cell.Cell]],
            Settled = [.. settled[one.Cell.Cell]],
        });
    }

    private IReadOnlyDictionary<string, WaitingOutcome> ReadOutcomes(SqliteSession reader, IReadOnlyList<string> persons, string milestone)
    {
        var rows = reader.List(
            """
            SELECT o.person, o.version, o.values_ FROM json_each($1) AS n CROSS JOIN outcome AS o ON o.person = n.value
            WHERE o.milestone = $2 AND o.publication IS NULL
            """,
            row => (Person: row.GetString(0), Version: row.GetInt64(1), Values: row.GetFieldValue<byte[]>(2)),
            ("$1", JsonSerializer.Serialize(persons)),
            ("$2", milestone));
        var waiting = new Dictionary<string, WaitingOutcome>(StringComparer.Ordinal);
        foreach (var (person, version, values) in rows)
        {
            if (TryOpen(reader, ReleasePlaces.Outcome(person, version, milestone), values) is { } opened)
            {
                waiting[person] = new(version, opened);
            }
        }

        return waiting;
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
        var key = keys.Find(reader, place.Stream) ?? throw new StoreDamagedException($"Stream {place.Stream} has no data key.");
        return PayloadCodec.DecodeValues(Envelope.Open(key, place, envelope));
    }

    private sealed class UseJob(string recipient, int day, long rows) : WriteJob<long>
    {
        private long _sum;

        public override bool IsRefusal => false;

        protected override long Result => _sum;

        public override void Write(SqliteSession writer) =>
            _sum = writer.Number(
                """
                INSERT INTO delivery_use (recipient, day, rows) VALUES ($recipient, $day, $rows)
                ON CONFLICT (recipient, day) DO UPDATE SET rows = delivery_use.rows + excluded.rows RETURNING rows
                """,
                ("$recipient", recipient),
                ("$day", day),
                ("$rows", rows));
    }
}
