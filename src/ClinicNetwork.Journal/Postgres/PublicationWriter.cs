using ClinicNetwork.Journal.Codec;
using ClinicNetwork.Journal.Keys;
using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>
/// Writes a publication in a transaction of its own: the command, then what it depends on (locked and judged by
/// <see cref="PublicationFacts"/>), then cells, settled milestones, batch and rows. What another transaction takes in between is found by
/// the unique keys.
/// </summary>
internal sealed class PublicationWriter(GroupWriter groups, PostgresKeys keys)
{
    /// <summary>As <see cref="GroupWriter.WriteAsync"/>; a publication whose conditions do not hold is decided here, and nothing is written.</summary>
    public async Task<HashSet<string>> WriteAsync(NpgsqlConnection connection, PendingAppend append)
    {
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None).ConfigureAwait(false);
        var inserted = await groups.WriteAsync(connection, [append]).ConfigureAwait(false);
        if (inserted.Count == 0)
        {
            return inserted;
        }

        foreach (var published in append.Append.Projections.OfType<Projection.Published>())
        {
            var facts = await PublicationFacts.ReadAsync(connection, published.Publication).ConfigureAwait(false);
            if (facts.Broken(published.Publication) is { } taken)
            {
                await transaction.RollbackAsync(CancellationToken.None).ConfigureAwait(false);
                append.Decide(new AppendOutcome.KeyTaken(taken));
                return [];
            }

            await WriteAsync(connection, append.Key, published.Publication).ConfigureAwait(false);
        }

        await transaction.CommitAsync(CancellationToken.None).ConfigureAwait(false);
        return inserted;
    }

    /// <param name="release">Key of the release stream; seals what tells of a whole cell.</param>
    private async Task WriteAsync(NpgsqlConnection connection, StreamKey release, Publication publication)
    {
        await WriteCellsAsync(connection, release, publication.Cells).ConfigureAwait(false);
        await WriteSettledAsync(connection, publication.Settled).ConfigureAwait(false);
        if (publication.Batch is { } batch)
        {
            await WriteBatchAsync(connection, batch, publication.Rows).ConfigureAwait(false);
        }

        await connection.ExecuteAsync(
            "UPDATE cell SET retired = true WHERE cell = ANY ($1::text[])", CancellationToken.None, Query.Texts(publication.RetiredCells, cell => cell)).ConfigureAwait(false);
    }

    private static async Task WriteCellsAsync(NpgsqlConnection connection, StreamKey release, IReadOnlyList<NewCell> cells)
    {
        await connection.ExecuteAsync(
            """
            INSERT INTO cell (cell, stream, quarter, recipients, region)
            SELECT n.cell, $1, n.quarter, n.recipients, n.region FROM unnest($2::text[], $3::text[], $4::integer[], $5::bytea[]) AS n(cell, quarter, recipients, region)
            """,
            CancellationToken.None,
            Query.Text(release.Stream),
            Query.Texts(cells, cell => cell.Cell),
            Query.Texts(cells, cell => cell.Quarter),
            Query.Ints(cells, cell => cell.Recipients),
            Query.Blobs(cells, cell => Envelope.Seal(release, ReleasePlaces.Region(release.Stream, cell.Cell), PayloadCodec.EncodeValues(cell.Region)))).ConfigureAwait(false);
        var members = cells.SelectMany(cell => cell.Members.Select(member => (Person: member, cell.Cell))).ToList();
        await connection.ExecuteAsync(
            "DELETE FROM pool WHERE person = ANY ($1::text[])", CancellationToken.None, Query.Texts(members, member => member.Person)).ConfigureAwait(false);
        await connection.ExecuteAsync(
            "INSERT INTO cell_member (person, cell) SELECT * FROM unnest($1::text[], $2::text[])",
            CancellationToken.None,
            Query.Texts(members, member => member.Person),
            Query.Texts(members, member => member.Cell)).ConfigureAwait(false);
    }

    /// <summary>A settled milestone is never looked at again, so its members' waiting values go.</summary>
    private static async Task WriteSettledAsync(NpgsqlConnection connection, IReadOnlyList<MilestoneSettled> settled)
    {
        await connection.ExecuteAsync(
            "INSERT INTO settled (cell, milestone, status) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])",
            CancellationToken.None,
            Query.Texts(settled, one => one.Cell),
            Query.Texts(settled, one => one.Milestone),
            Query.Texts(settled, one => one.Status)).ConfigureAwait(false);
        await connection.ExecuteAsync(
            """
            DELETE FROM outcome AS o USING unnest($1::text[], $2::text[]) AS n(cell, milestone), cell_member AS m
            WHERE m.cell = n.cell AND o.person = m.person AND o.milestone = n.milestone
            """,
            CancellationToken.None,
            Query.Texts(settled, one => one.Cell),
            Query.Texts(settled, one => one.Milestone)).ConfigureAwait(false);
    }

    private async Task WriteBatchAsync(NpgsqlConnection connection, NewBatch batch, IReadOnlyList<NewBatchRow> rows)
    {
        await connection.ExecuteAsync(
            "INSERT INTO batch (number, published_at, rows, root, manifest, signature) VALUES ($1, $2, $3, $4, $5, $6)",
            CancellationToken.None,
            Query.Int(batch.Number),
            Query.Long(StoredTime.ToStored(batch.PublishedAt)),
            Query.Long(batch.Rows),
            Query.Bytes(batch.Root),
            Query.Bytes(batch.Manifest),
            Query.Bytes(batch.Signature)).ConfigureAwait(false);
        var persons = await keys.FindAsync(connection, rows.Select(row => row.Person), CancellationToken.None).ConfigureAwait(false);
        await connection.ExecuteAsync(
            """
            INSERT INTO batch_row (batch, row, person, cell, milestone, values_, leaf)
            SELECT $1, n.row - 1, n.person, n.cell, n.milestone, n.values_, n.leaf
            FROM unnest($2::text[], $3::text[], $4::text[], $5::bytea[], $6::bytea[]) WITH ORDINALITY AS n(person, cell, milestone, values_, leaf, row)
            """,
            CancellationToken.None,
            Query.Int(batch.Number),
            Query.Texts(rows, row => row.Person),
            Query.Texts(rows, row => row.Cell),
            Query.Texts(rows, row => row.Milestone),
            Query.Blobs(rows, row => Envelope.Seal(
                persons[row.Person], ReleasePlaces.BatchRow(row.Person, batch.Number, row.Milestone), PayloadCodec.EncodeValues(row.Values))),
            Query.Blobs(rows, row => row.Leaf)).ConfigureAwait(false);
    }
}
