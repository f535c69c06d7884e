using ClinicNetwork.Journal.Codec;
using ClinicNetwork.Journal.Keys;
using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <inheritdoc cref="IExchangeStore"/>
internal sealed class PostgresExchangeStore(ReadConnections readers, PostgresKeys keys) : IExchangeStore
{
    public async Task<int> ReadPublishedAsync(string stream, CancellationToken cancellationToken) =>
        (await readers.ListAsync(ExchangeReads.Published, row => row.GetInt32(0), cancellationToken, Query.Text(stream)).ConfigureAwait(false)).FirstOrDefault();

    public Task<IReadOnlyList<WaitingPerson>> ReadWaitingAsync(string after, int limit, DateTimeOffset now, CancellationToken cancellationToken) =>
        ReadPersonsAsync(ExchangeReads.Waiting, cancellationToken, Query.Text(after), Query.Int(limit), Time(now));

    public Task<IReadOnlyList<WaitingPerson>> ReadPersonsAsync(IReadOnlyList<string> persons, DateTimeOffset now, CancellationToken cancellationToken) =>
        ReadPersonsAsync(ExchangeReads.Persons + " = ANY ($1::text[])", cancellationToken, Query.Texts(persons, person => person), Time(now));

    public async Task<int> CountWaitingAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        (int)(await readers.ListAsync(ExchangeReads.CountWaiting, row => row.GetInt64(0), cancellationToken, Time(now)).ConfigureAwait(false))[0];

    public Task<IReadOnlyList<ReleaseCell>> ReadCellsAsync(DateTimeOffset now, CancellationToken cancellationToken) =>
        readers.ReadAtOneMomentAsync((connection, cancel) => ReadCellsAsync(connection, now, cancel), cancellationToken);

    public Task<IReadOnlyDictionary<string, WaitingOutcome>> ReadOutcomesAsync(
        IReadOnlyList<string> persons, string milestone, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyDictionary<string, WaitingOutcome>>(
            async (connection, cancel) =>
            {
                var waiting = await connection.ListAsync(
                    "SELECT person, version, values_ FROM outcome WHERE person = ANY ($1::text[]) AND milestone = $2 AND publication IS NULL",
                    row => (Version: row.GetInt64(1), Values: new Sealed(ReleasePlaces.Outcome(row.GetString(0), row.GetInt64(1), milestone), row.GetFieldValue<byte[]>(2))),
                    cancel,
                    Query.Texts(persons, person => person),
                    Query.Text(milestone)).ConfigureAwait(false);
                var values = await OpenAsync(connection, waiting.ConvertAll(one => one.Values), cancel).ConfigureAwait(false);
                return waiting.Zip(values).Where(one => one.Second is not null)
                    .ToDictionary(one => one.First.Values.Place.Stream, one => new WaitingOutcome(one.First.Version, one.Second!), StringComparer.Ordinal);
            },
            cancellationToken);

    public async Task<IReadOnlyList<CellMilestone>> ReadRevisedAsync(int limit, DateTimeOffset now, CancellationToken cancellationToken) =>
        await readers.ListAsync(
            ExchangeReads.Revised, row => new CellMilestone(row.GetString(0), row.GetString(1)), cancellationToken, Query.Int(limit), Time(now)).ConfigureAwait(false);

    public async Task<long> CountPreparedAsync(int publication, CancellationToken cancellationToken) =>
        (await readers.ListAsync("SELECT count(*) FROM released WHERE publication = $1", row => row.GetInt64(0), cancellationToken, Query.Int(publication)).ConfigureAwait(false))[0];

    public Task<IReadOnlyList<UndeliveredRow>> ReadUndeliveredAsync(
        string recipient, int required, int k, int publication, (string Person, string Milestone)? after, int limit, DateTimeOffset now, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<UndeliveredRow>>(
            async (connection, cancel) =>
            {
                var rows = await connection.ListAsync(
                    ExchangeReads.Undelivered,
                    row => (
                        Row: new UndeliveredRow(row.GetString(0), row.GetString(2), row.GetString(1), row.GetInt32(3), row.IsDBNull(5) ? null : row.GetInt32(5), [])
                        {
                            Corrects = row.IsDBNull(6) ? null : (row.GetInt32(6), row.GetInt64(7)),
                        },
                        Values: new Sealed(ReleasePlaces.Released(row.GetString(0), row.GetInt32(3), row.GetString(1)), row.GetFieldValue<byte[]>(4))),
                    cancel,
                    Query.Text(recipient),
                    Query.Int(required),
                    Query.Int(k),
                    Query.Int(publication),
                    Query.Text(after?.Person ?? ""),
                    Query.Text(after?.Milestone ?? ""),
                    Query.Int(limit),
                    Time(now)).ConfigureAwait(false);
                var values = await OpenAsync(connection, rows.ConvertAll(row => row.Values), cancel).ConfigureAwait(false);
                return [.. rows.Zip(values).Where(one => one.Second is not null).Select(one => one.First.Row with { Values = one.Second! })];
            },
            cancellationToken);

    public async Task<IReadOnlyList<DeliveredRow>> ReadUntoldAsync(
        string recipient, int required, int k, int publication, int limit, DateTimeOffset now, CancellationToken cancellationToken) =>
        await readers.ListAsync(
            ExchangeReads.Untold,
            row => new DeliveredRow(row.GetInt32(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetFieldValue<byte[]>(5)),
            cancellationToken,
            Query.Text(recipient),
            Query.Int(required),
            Query.Int(k),
            Query.Int(publication),
            Query.Int(limit),
            Time(now)).ConfigureAwait(false);

    public async Task<IReadOnlyList<DeliveryBatch>> ReadBatchesAsync(string recipient, int afterNumber, int limit, CancellationToken cancellationToken) =>
        await readers.ListAsync(
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
            Query.Text(recipient),
            Query.Int(afterNumber),
            Query.Int(limit)).ConfigureAwait(false);

    public Task<IReadOnlyList<DeliveryRow>> ReadBatchRowsAsync(
        string recipient, int batch, long startRow, int limit, int required, int k, DateTimeOffset now, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<DeliveryRow>>(
            async (connection, cancel) =>
            {
                var rows = await connection.ListAsync(
                    ExchangeReads.BatchRows,
                    row => (
                        Row: new DeliveryRow(
                            row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt32(4), row.GetInt32(5), null, row.GetFieldValue<byte[]>(6),
                            row.IsDBNull(7) ? null : row.GetInt32(7)),
                        Values: row.IsDBNull(8) ? null : row.GetFieldValue<byte[]>(8)),
                    cancel,
                    Query.Text(recipient),
                    Query.Int(required),
                    Query.Int(k),
                    Query.Int(batch),
                    Query.Long(startRow),
                    Query.Int(limit),
                    Time(now)).ConfigureAwait(false);
                var delivered = rows.FindAll(row => row.Values is not null);
                var values = await OpenAsync(
                    connection,
                    delivered.ConvertAll(row => new Sealed(ReleasePlaces.Released(row.Row.Person, row.Row.Publication, row.Row.Milestone), row.Values!)),
                    cancel).ConfigureAwait(false);
                var opened = delivered.Select((row, i) => (row.Row.Row, values[i])).ToDictionary(row => row.Row, row => row.Item2);
                return rows.ConvertAll(row => row.Row with { Values = opened.GetValueOrDefault(row.Row.Row) });
            },
            cancellationToken);

    public async Task<IReadOnlyList<AgreementRecord>> ReadAgreementsAsync(string? partner, CancellationToken cancellationToken) =>
        await readers.ListAsync(
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
            Query.Text(partner ?? "")).ConfigureAwait(false);

    public async Task<long> AddUseAsync(string recipient, int day, long rows, CancellationToken cancellationToken) =>
        (await readers.ListAsync(
            """
            INSERT INTO delivery_use AS u (recipient, day, rows) VALUES ($1, $2, $3)
            ON CONFLICT (recipient, day) DO UPDATE SET rows = u.rows + excluded.rows RETURNING rows
            """,
            row => row.GetInt64(0),
            cancellationToken,
            Query.Text(recipient),
            Query.Int(day),
            Query.Long(rows)).ConfigureAwait(false))[0];

    public async Task<IReadOnlyList<ExchangeDocument>> ReadDocumentsAsync(string kind, string name, int afterNumber, int limit, CancellationToken cancellationToken) =>
        await readers.ListAsync(
            ExchangeReads.Documents,
            row => new ExchangeDocument(kind, name, row.GetInt32(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2)),
            cancellationToken,
            Query.Text(kind),
            Query.Text(name),
            Query.Int(afterNumber),
            Query.Int(limit)).ConfigureAwait(false);

    private static NpgsqlParameter Time(DateTimeOffset now) => Query.Long(StoredTime.ToStored(now));

    private Task<IReadOnlyList<WaitingPerson>> ReadPersonsAsync(string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters) =>
        readers.ReadAsync<IReadOnlyList<WaitingPerson>>(
            async (connection, cancel) =>
            {
                var rows = await connection.ListAsync(
                    sql,
                    row => (
                        Person: new WaitingPerson(
                            row.GetString(0), row.IsDBNull(5) ? "" : row.GetString(5), row.GetInt32(1), [], StoredTime.FromStored(row.GetInt64(2)), row.IsDBNull(6) ? null : row.GetString(6)),
                        Facts: row.IsDBNull(4) ? null : new Sealed(ReleasePlaces.Pool(row.GetString(0), row.GetInt64(3)), row.GetFieldValue<byte[]>(4))),
                    cancel,
                    parameters).ConfigureAwait(false);
                var opened = rows.FindAll(row => row.Facts is not null);
                var values = await OpenAsync(connection, opened.ConvertAll(row => row.Facts!), cancel).ConfigureAwait(false);
                var facts = opened.Select((row, i) => (row.Person.Person, values[i])).ToDictionary(one => one.Person, one => one.Item2, StringComparer.Ordinal);
                return
                [
                    .. rows.Where(row => row.Facts is null || facts[row.Person.Person] is not null).Select(row => row.Facts is null ? row.Person
                        : row.Person with { Quarter = facts[row.Person.Person]![0], QuasiIdentifiers = [.. facts[row.Person.Person]!.Skip(1)] }),
                ];
            },
            cancellationToken);

    private async Task<IReadOnlyList<ReleaseCell>> ReadCellsAsync(NpgsqlConnection connection, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var members = (await connection.ListAsync(
            ExchangeReads.CellMembers, row => (Cell: row.GetString(0), Member: new CellMember(row.GetString(1), row.GetInt32(2))), cancellationToken, Time(now)).ConfigureAwait(false))
            .ToLookup(one => one.Cell, one => one.Member);
        var settled = (await connection.ListAsync(
            ExchangeReads.Settled,
            row => (Cell: row.GetString(0), Settled: new SettledMilestone(row.GetString(1), row.GetString(2), row.GetInt32(3))),
            cancellationToken).ConfigureAwait(false)).ToLookup(one => one.Cell, one => one.Settled);
        var cells = await connection.ListAsync(
            ExchangeReads.Cells,
            row => (
                Cell: new ReleaseCell(row.GetString(0), row.GetString(2), row.GetInt32(3), row.GetInt32(4), [], [], []),
                Region: new Sealed(ReleasePlaces.Region(row.GetString(1), row.GetString(0)), row.GetFieldValue<byte[]>(5))),
            cancellationToken).ConfigureAwait(false);
        var regions = await OpenAsync(connection, cells.ConvertAll(cell => cell.Region), cancellationToken).ConfigureAwait(false);
        return [.. cells.Select((one, i) => one.Cell with { Region = regions[i]!, Members = [.. members[one.Cell.Cell]], Settled = [.. settled[one.Cell.Cell]] })];
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
