using ClinicNetwork.Journal.Codec;
using ClinicNetwork.Journal.Keys;

namespace ClinicNetwork.Journal.Ledger;

/// <summary>The statements of <see cref="Projection.LedgerReplayed"/>, the same for every kind of store, one for each row: a restore is rare.</summary>
internal static class LedgerStatements
{
    private const string OfNoBatch = "NOT EXISTS (SELECT 1 FROM delivery_batch AS b WHERE b.recipient = {0}.recipient AND b.number = {0}.batch)";

    private const string Prepared = "(SELECT c.cell FROM cell AS c WHERE c.publication > $1)";

    private static readonly string ClearSealed = "DELETE FROM delivery_row WHERE " + string.Format(System.Globalization.CultureInfo.InvariantCulture, OfNoBatch, "delivery_row");

    private const string ClearOfNobody =
        """
        DELETE FROM released WHERE person = $1 AND publication > $2 AND NOT EXISTS (
            SELECT 1 FROM cell_member AS m JOIN cell AS c ON c.cell = m.cell JOIN consent AS s ON s.person = m.person
            WHERE m.person = $1 AND (s.recipients & ~m.lost & c.recipients & 15) <> 0 AND (s.recipients & ~m.lost & c.recipients & 240) <> 0)
        """;

    /// <summary>$1: the last committed publication. What was taken back by the one that was prepared is as it was before.</summary>
    private static readonly string[] ClearPrepared =
    [
        "DELETE FROM released WHERE publication > $1",
        "UPDATE released SET superseded = NULL WHERE superseded > $1",
        "UPDATE outcome SET publication = NULL WHERE publication > $1",
        $"UPDATE pool SET cell = NULL WHERE cell IN {Prepared}",
        "UPDATE settled SET status = 'RELEASED', publication = $1 WHERE publication > $1 AND EXISTS (SELECT 1 FROM released AS r WHERE r.cell = settled.cell AND r.milestone = settled.milestone)",
        "DELETE FROM settled WHERE publication > $1",
        $"DELETE FROM cell_member WHERE cell IN {Prepared}",
        "DELETE FROM cell WHERE publication > $1",
    ];

    /// <summary>Null: the store has the publication.</summary>
    /// <param name="release">Key of the release stream; seals what tells of a whole cell.</param>
    /// <param name="published">Number of the last committed publication.</param>
    public static IEnumerable<(string Sql, object[] Values)>? Of(StreamKey release, int published, LedgerStep step) =>
        step.Publication?.Number <= published ? null : OfPublication(release, published, step.Publication).Concat(OfWithdrawn(step.Publication?.Number ?? published, step.Withdrawn));

    private static IEnumerable<(string Sql, object[] Values)> OfPublication(StreamKey release, int published, LedgerEntry.Publication? publication)
    {
        if (publication is null)
        {
            yield break;
        }

        yield return (ClearSealed, []);
        yield return ("DELETE FROM delivery_cell WHERE " + string.Format(System.Globalization.CultureInfo.InvariantCulture, OfNoBatch, "delivery_cell"), []);
        foreach (var sql in ClearPrepared)
        {
            yield return (sql, [published]);
        }

        foreach (var statement in publication.Cells.SelectMany(cell => OfCell(release, publication.Number, cell))
            .Concat(OfRows([.. publication.Rows.Where(row => row.Publication > published)]))
            .Concat(publication.Batches.SelectMany(batch => OfBatch(publication, batch))))
        {
            yield return statement;
        }

        yield return (
            "INSERT INTO release_profile (stream, published) VALUES ($1, $2) ON CONFLICT (stream) DO UPDATE SET published = excluded.published", [release.Stream, publication.Number]);
    }

    private static IEnumerable<(string Sql, object[] Values)> OfCell(StreamKey release, int publication, LedgerCell cell)
    {
        var region = Envelope.Seal(release, ReleasePlaces.Region(release.Stream, cell.Cell), PayloadCodec.EncodeValues(cell.Region));
        yield return (
            "INSERT INTO cell (cell, stream, publication, quarter, recipients, region) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (cell) DO NOTHING",
            [cell.Cell, release.Stream, publication, cell.Quarter, cell.Recipients, region]);
        foreach (var member in cell.Members)
        {
            yield return ("INSERT INTO cell_member (person, cell) VALUES ($1, $2) ON CONFLICT (person) DO NOTHING", [member, cell.Cell]);
            yield return ("UPDATE pool SET cell = $2 WHERE person = $1", [member, cell.Cell]);
        }
    }

    /// <summary>Rows that the store does not have. An earlier version of one, which it has, is out of date.</summary>
    private static IEnumerable<(string Sql, object[] Values)> OfRows(IReadOnlyList<LedgerRow> rows)
    {
        foreach (var (cell, milestone, publication) in rows.Select(row => (row.Cell, row.Milestone, row.Publication)).Distinct())
        {
            yield return (
                "INSERT INTO settled (cell, milestone, status, publication) SELECT c.cell, $2, 'RELEASED', $3 FROM cell AS c WHERE c.cell = $1 ON CONFLICT (cell, milestone) DO NOTHING",
                [cell, milestone, publication]);
        }

        foreach (var row in rows)
        {
            yield return ("UPDATE outcome SET publication = $3 WHERE person = $1 AND milestone = $2", [row.Person, row.Milestone, row.Publication]);
            yield return (
                "UPDATE released SET superseded = $3 WHERE person = $1 AND milestone = $2 AND publication < $3 AND superseded IS NULL", [row.Person, row.Milestone, row.Publication]);
        }
    }

    private static IEnumerable<(string Sql, object[] Values)> OfBatch(LedgerEntry.Publication publication, LedgerBatch batch)
    {
        yield return (
            """
            INSERT INTO delivery_batch (recipient, number, publication, published_at, rows, root, manifest, signature) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (recipient, number) DO NOTHING
            """,
            [batch.Recipient, batch.Number, publication.Number, StoredTime.ToStored(publication.At), (long)batch.Rows.Count, batch.Root, batch.Manifest, batch.Signature]);
        for (var i = 0; i < batch.Rows.Count; i++)
        {
            var (row, of) = (batch.Rows[i], publication.Rows[batch.Rows[i].Of]);
            yield return (
                """
                INSERT INTO delivery_row (recipient, batch, row, person, milestone, publication, epoch, leaf) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
                ON CONFLICT DO NOTHING
                """,
                [batch.Recipient, batch.Number, (long)i, of.Person, of.Milestone, of.Publication, row.Epoch, row.Leaf]);
        }

        foreach (var cell in batch.Rows.GroupBy(row => publication.Rows[row.Of].Cell, StringComparer.Ordinal))
        {
            yield return (
                "INSERT INTO delivery_cell (recipient, cell, batch, epoch) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                [batch.Recipient, cell.Key, batch.Number, cell.Max(row => row.Epoch)]);
        }

        foreach (var (told, row) in batch.Tombstones)
        {
            yield return (
                "UPDATE delivery_row SET tombstone = $2 WHERE recipient = $1 AND batch = $3 AND row = $4 AND tombstone IS NULL", [batch.Recipient, batch.Number, told, row]);
        }
    }

    /// <summary>As a withdrawal does: what is prepared goes when nobody of its cell may have it any more, what is sealed goes and is sealed again.</summary>
    private static IEnumerable<(string Sql, object[] Values)> OfWithdrawn(int published, IReadOnlyList<WithdrawnAgain> withdrawn)
    {
        foreach (var one in withdrawn)
        {
            yield return (
                "UPDATE cell_member SET lost = lost | ((SELECT c.recipients FROM cell AS c WHERE c.cell = cell_member.cell) & ~$2) WHERE person = $1", [one.Person, one.Permitted]);
            yield return (
                "UPDATE consent SET recipients = recipients & $2, until = CASE WHEN until < $3 THEN until ELSE $3 END WHERE person = $1",
                [one.Person, one.Permitted, LedgerEntry.StoredUntil(one.Until)]);
            yield return (ClearOfNobody, [one.Person, published]);
            yield return (ClearSealed + " AND person = $1", [one.Person]);
            yield return ("INSERT INTO due (stream, kind, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", [one.Person, one.Due, StoredTime.ToStored(one.At)]);
        }
    }
}
