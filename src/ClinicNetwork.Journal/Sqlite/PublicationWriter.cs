using System.Text.Json;
using ClinicNetwork.Journal.Codec;
using ClinicNetwork.Journal.Keys;
using ClinicNetwork.Journal.Ledger;
using Microsoft.Data.Sqlite;

namespace ClinicNetwork.Journal.Sqlite;

/// <summary>
/// Writes the steps of a publication. Each was made on what was true some moments ago; here, where nothing else can write, everything that could have changed since is
/// judged again. Returns what no longer holds, as <see cref="PreparedStep"/> and <see cref="PublicationCommit"/> say; null when all was written.
/// </summary>
internal sealed class PublicationWriter(StreamKeys keys)
{
    /// <param name="release">Key of the release stream; seals what tells of a whole cell.</param>
    /// <param name="now">At which consent must hold, as stored.</param>
    public string? Prepare(SqliteSession writer, StreamKey release, PreparedStep step, long now)
    {
        var facts = ReadFacts(writer, release.Stream, step, now);
        if (facts.Broken(step) is { } taken)
        {
            return taken;
        }

        writer.Execute("DELETE FROM outcome WHERE publication < $publication", ("$publication", step.Publication));
        foreach (var cell in step.Dissolved)
        {
            Dissolve(writer, cell, step.Publication);
        }

        foreach (var cell in step.Cells)
        {
            WriteCell(writer, release, cell, step.Publication);
        }

        foreach (var settled in step.Settled)
        {
            WriteSettled(writer, settled, step.Publication, isTakenBack: facts.Settled.ContainsKey((settled.Cell, settled.Milestone)));
        }

        foreach (var row in step.Rows)
        {
            WriteRow(writer, row, step.Publication);
        }

        foreach (var cell in step.Retired)
        {
            ClearPrepared(writer, cell, step.Publication);
            writer.Execute("UPDATE settled SET status = 'RETIRED' WHERE cell = $cell AND publication = $publication", ("$cell", cell), ("$publication", step.Publication));
            writer.Execute("UPDATE cell SET retired = 1 WHERE cell = $cell", ("$cell", cell));
        }

        return null;
    }

    /// <param name="now">At which consent must hold, as stored.</param>
    public static string? Seal(SqliteSession writer, SealedRows rows, long now)
    {
        var taken = writer.Number("SELECT count(*) FROM delivery_batch WHERE recipient = $recipient AND number >= $batch", ("$recipient", rows.Recipient), ("$batch", rows.Batch));
        if (taken > 0)
        {
            return "batch";
        }

        var notPermitted = writer.Number(
            """
            SELECT count(*) FROM json_each($persons) AS n JOIN agreement AS a ON a.agreement = $recipient
            LEFT JOIN cell_member AS m ON m.person = n.value LEFT JOIN consent AS s ON s.person = n.value
            WHERE NOT coalesce((s.recipients & ~m.lost & a.required) = a.required AND s.until > $now, 0)
            """,
            ("$persons", JsonSerializer.Serialize(rows.Rows.Select(row => row.Person))),
            ("$recipient", rows.Recipient),
            ("$now", now));
        if (notPermitted > 0)
        {
            return "consent";
        }

        if (rows.FirstRow == 0)
        {
            writer.Execute("DELETE FROM delivery_cell WHERE recipient = $recipient AND batch = $batch", ("$recipient", rows.Recipient), ("$batch", rows.Batch));
        }

        writer.Execute(
            "DELETE FROM delivery_row WHERE recipient = $recipient AND batch = $batch AND row >= $first AND row < $end",
            ("$recipient", rows.Recipient),
            ("$batch", rows.Batch),
            ("$first", rows.FirstRow),
            ("$end", rows.FirstRow == 0 ? long.MaxValue : rows.FirstRow + rows.Rows.Count));
        for (var i = 0; i < rows.Rows.Count; i++)
        {
            var row = rows.Rows[i];
            var made = writer.Execute(
                """
                INSERT INTO delivery_row (recipient, batch, row, person, milestone, publication, epoch, leaf)
                VALUES ($recipient, $batch, $row, $person, $milestone, $publication, $epoch, $leaf) ON CONFLICT DO NOTHING
                """,
                ("$recipient", rows.Recipient),
                ("$batch", rows.Batch),
                ("$row", rows.FirstRow + i),
                ("$person", row.Person),
                ("$milestone", row.Milestone),
                ("$publication", row.Publication),
                ("$epoch", row.Epoch),
                ("$leaf", row.Leaf));
            if (made == 0)
            {
                return "milestone";
            }

            writer.Execute(
                """
                INSERT INTO delivery_cell (recipient, cell, batch, epoch) SELECT $recipient, m.cell, $batch, $epoch FROM cell_member AS m WHERE m.person = $person
                ON CONFLICT (recipient, cell, batch) DO UPDATE SET epoch = max(epoch, excluded.epoch)
                """,
                ("$recipient", rows.Recipient),
                ("$batch", rows.Batch),
                ("$epoch", row.Epoch),
                ("$person", row.Person));
        }

        return null;
    }

    public static string? Commit(SqliteSession writer, string stream, PublicationCommit commit)
    {
        if (commit.Publication != Published(writer, stream) + 1)
        {
            return "publication";
        }

        if (writer.Number("SELECT count(*) FROM released WHERE publication = $publication", ("$publication", commit.Publication)) != commit.Prepared)
        {
            return "prepared";
        }

        foreach (var batch in commit.Batches)
        {
            if (WriteBatch(writer, commit, batch) is { } taken)
            {
                return taken;
            }
        }

        foreach (var document in commit.Documents)
        {
            WriteDocument(writer, document);
        }

        writer.Execute(
            "INSERT INTO release_profile (stream, published) VALUES ($stream, $published) ON CONFLICT (stream) DO UPDATE SET published = excluded.published",
            ("$stream", stream),
            ("$published", commit.Publication));
        return null;
    }

    /// <param name="release">Key of the release stream.</param>
    public static string? Replay(SqliteSession writer, StreamKey release, LedgerStep step)
    {
        if (LedgerStatements.Of(release, Published(writer, release.Stream), step) is not { } statements)
        {
            return "publication";
        }

        foreach (var (sql, values) in statements)
        {
            writer.Execute(sql, [.. values.Select((value, i) => ($"${i + 1}", (object?)value))]);
        }

        return null;
    }

    public static void WriteDocument(SqliteSession writer, ExchangeDocument document) =>
        writer.Execute(
            "INSERT INTO exchange_document (kind, name, number, document, signature) VALUES ($kind, $name, $number, $document, $signature) ON CONFLICT DO NOTHING",
            ("$kind", document.Kind),
            ("$name", document.Name),
            ("$number", document.Number),
            ("$document", document.Document),
            ("$signature", document.Signature));

    private static int Published(SqliteSession writer, string stream) => (int)writer.Number("SELECT published FROM release_profile WHERE stream = $stream", ("$stream", stream));

    private static PreparationFacts ReadFacts(SqliteSession writer, string stream, PreparedStep step, long now)
    {
        var (persons, cells) = (JsonSerializer.Serialize(PreparationFacts.PersonsOf(step)), JsonSerializer.Serialize(PreparationFacts.CellsOf(step)));
        return new PreparationFacts(
            Published(writer, stream),
            List("SELECT c.person, c.recipients, c.until FROM json_each($1) AS n CROSS JOIN consent AS c ON c.person = n.value", persons, row => (row.GetString(0), row.GetInt64(2) > now ? row.GetInt32(1) : 0))
                .ToDictionary(one => one.Item1, one => one.Item2, StringComparer.Ordinal),
            List(
                "SELECT c.cell, c.recipients, c.retired, c.publication FROM json_each($1) AS n CROSS JOIN cell AS c ON c.cell = n.value",
                cells,
                row => (row.GetString(0), (row.GetInt32(1), row.GetBoolean(2), row.GetInt32(3)))).ToDictionary(one => one.Item1, one => one.Item2, StringComparer.Ordinal),
            List(
                "SELECT m.person, m.cell, m.lost FROM json_each($1) AS n CROSS JOIN cell_member AS m ON m.person = n.value",
                persons,
                row => (row.GetString(0), (row.GetString(1), row.GetInt32(2)))).ToDictionary(one => one.Item1, one => one.Item2, StringComparer.Ordinal),
            List("SELECT w.person FROM json_each($1) AS n CROSS JOIN pool AS w ON w.person = n.value", persons, row => row.GetString(0)).ToHashSet(StringComparer.Ordinal),
            List(
                "SELECT s.cell, s.milestone, s.status FROM json_each($1) AS n CROSS JOIN settled AS s ON s.cell = n.value",
                cells,
                row => ((row.GetString(0), row.GetString(1)), row.GetString(2))).ToDictionary(one => one.Item1, one => one.Item2),
            writer.List(
                "SELECT r.person, r.milestone FROM json_each($1) AS n CROSS JOIN released AS r ON r.person = n.value WHERE r.publication = $2",
                row => (row.GetString(0), row.GetString(1)),
                ("$1", persons),
                ("$2", step.Publication)).ToHashSet(),
            List(
                "SELECT o.person, o.milestone, o.version FROM json_each($1) AS n CROSS JOIN outcome AS o ON o.person = n.value WHERE o.publication IS NULL",
                persons,
                row => ((row.GetString(0), row.GetString(1)), row.GetInt64(2))).ToDictionary(one => one.Item1, one => one.Item2));

        List<T> List<T>(string sql, string names, Func<SqliteDataReader, T> read) => writer.List(sql, read, ("$1", names));
    }

    private static void Dissolve(SqliteSession writer, string cell, int publication)
    {
        ClearPrepared(writer, cell, publication);
        writer.Execute(
            "UPDATE outcome SET publication = NULL WHERE publication = $publication AND person IN (SELECT person FROM cell_member WHERE cell = $cell)",
            ("$publication", publication),
            ("$cell", cell));
        writer.Execute("UPDATE pool SET cell = NULL WHERE person IN (SELECT person FROM cell_member WHERE cell = $cell)", ("$cell", cell));
        writer.Execute("DELETE FROM settled WHERE cell = $cell", ("$cell", cell));
        writer.Execute("DELETE FROM cell_member WHERE cell = $cell", ("$cell", cell));
        writer.Execute("DELETE FROM cell WHERE cell = $cell", ("$cell", cell));
    }

    private static void ClearPrepared(SqliteSession writer, string cell, int publication) =>
        writer.Execute(
            "DELETE FROM released WHERE publication = $publication AND person IN (SELECT person FROM cell_member WHERE cell = $cell)",
            ("$publication", publication),
            ("$cell", cell));

    private static void WriteCell(SqliteSession writer, StreamKey release, NewReleaseCell cell, int publication)
    {
        writer.Execute(
            "INSERT INTO cell (cell, stream, publication, quarter, recipients, region) VALUES ($cell, $stream, $publication, $quarter, $recipients, $region)",
            ("$cell", cell.Cell),
            ("$stream", release.Stream),
            ("$publication", publication),
            ("$quarter", cell.Quarter),
            ("$recipients", cell.Recipients),
            ("$region", Envelope.Seal(release, ReleasePlaces.Region(release.Stream, cell.Cell), PayloadCodec.EncodeValues(cell.Region))));
        foreach (var member in cell.Members)
        {
            writer.Execute("UPDATE pool SET cell = $cell WHERE person = $person", ("$cell", cell.Cell), ("$person", member));
            writer.Execute("INSERT INTO cell_member (person, cell) VALUES ($person, $cell)", ("$person", member), ("$cell", cell.Cell));
        }
    }

    /// <summary>A settled milestone is never looked at again; the values are kept for who is in a cell that is dissolved before the commit.</summary>
    private static void WriteSettled(SqliteSession writer, MilestoneSettled settled, int publication, bool isTakenBack)
    {
        writer.Execute(
            """
            INSERT INTO settled (cell, milestone, status, publication) VALUES ($cell, $milestone, $status, $publication)
            ON CONFLICT (cell, milestone) DO UPDATE SET status = excluded.status, publication = excluded.publication
            """,
            ("$cell", settled.Cell),
            ("$milestone", settled.Milestone),
            ("$status", settled.Status),
            ("$publication", publication));
        writer.Execute(
            "UPDATE outcome SET publication = $publication WHERE milestone = $milestone AND person IN (SELECT person FROM cell_member WHERE cell = $cell)",
            ("$publication", publication),
            ("$milestone", settled.Milestone),
            ("$cell", settled.Cell));
        if (isTakenBack)
        {
            writer.Execute(
                """
                UPDATE released SET superseded = $publication
                WHERE person IN (SELECT person FROM cell_member WHERE cell = $cell) AND milestone = $milestone AND publication < $publication AND superseded IS NULL
                """,
                ("$publication", publication),
                ("$cell", settled.Cell),
                ("$milestone", settled.Milestone));
            writer.Execute(
                "DELETE FROM released WHERE person IN (SELECT person FROM cell_member WHERE cell = $cell) AND milestone = $milestone AND publication = $publication",
                ("$cell", settled.Cell),
                ("$milestone", settled.Milestone),
                ("$publication", publication));
        }
    }

    private void WriteRow(SqliteSession writer, NewReleasedRow row, int publication)
    {
        var key = keys.FindUncommitted(writer, row.Person) ?? throw new StoreDamagedException($"Stream {row.Person} has no data key.");
        writer.Execute(
            "UPDATE released SET superseded = $publication WHERE person = $person AND milestone = $milestone AND publication < $publication AND superseded IS NULL",
            ("$publication", publication),
            ("$person", row.Person),
            ("$milestone", row.Milestone));
        writer.Execute(
            "UPDATE outcome SET publication = $publication WHERE person = $person AND milestone = $milestone AND publication IS NOT $publication",
            ("$publication", publication),
            ("$person", row.Person),
            ("$milestone", row.Milestone));
        writer.Execute(
            "INSERT INTO released (person, milestone, publication, cell, values_) VALUES ($person, $milestone, $publication, $cell, $values)",
            ("$person", row.Person),
            ("$milestone", row.Milestone),
            ("$publication", publication),
            ("$cell", row.Cell),
            ("$values", Envelope.Seal(key, ReleasePlaces.Released(row.Person, publication, row.Milestone), PayloadCodec.EncodeValues(row.Values))));
    }

    private static string? WriteBatch(SqliteSession writer, PublicationCommit commit, NewDeliveryBatch batch)
    {
        if (writer.Number("SELECT max(number) FROM delivery_batch WHERE recipient = $recipient", ("$recipient", batch.Recipient)) != batch.Number - 1)
        {
            return "batch";
        }

        var rows = writer.Number(
            "SELECT CASE WHEN max(row) >= $rows THEN -1 ELSE count(*) END FROM delivery_row WHERE recipient = $recipient AND batch = $batch",
            ("$rows", batch.Rows),
            ("$recipient", batch.Recipient),
            ("$batch", batch.Number));
        if (rows != batch.Rows)
        {
            return "prepared";
        }

        writer.Execute(
            """
            INSERT INTO delivery_batch (recipient, number, publication, published_at, rows, root, manifest, signature)
            VALUES ($recipient, $number, $publication, $published_at, $rows, $root, $manifest, $signature)
            """,
            ("$recipient", batch.Recipient),
            ("$number", batch.Number),
            ("$publication", commit.Publication),
            ("$published_at", StoredTime.ToStored(commit.PublishedAt)),
            ("$rows", batch.Rows),
            ("$root", batch.Root),
            ("$manifest", batch.Manifest),
            ("$signature", batch.Signature));
        foreach (var (told, row) in batch.Tombstones)
        {
            writer.Execute(
                "UPDATE delivery_row SET tombstone = $number WHERE recipient = $recipient AND batch = $batch AND row = $row AND tombstone IS NULL",
                ("$number", batch.Number),
                ("$recipient", batch.Recipient),
                ("$batch", told),
                ("$row", row));
        }

        return null;
    }
}
