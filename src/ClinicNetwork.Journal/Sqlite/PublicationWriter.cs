using ClinicNetwork.Journal.Codec;
using ClinicNetwork.Journal.Keys;

namespace ClinicNetwork.Journal.Sqlite;

/// <summary>
/// Writes a publication. It was prepared on what was true some moments ago; here, where nothing else can write, everything that could have
/// changed since is checked again, consent before all. Returns what no longer holds: <c>consent</c>, <c>cell_member</c>, <c>cell</c>,
/// <c>milestone</c> or <c>batch</c>; null when all was written.
/// </summary>
internal sealed class PublicationWriter(StreamKeys keys)
{
    /// <param name="release">Key of the release stream; seals what tells of a whole cell.</param>
    public string? Write(SqliteSession writer, StreamKey release, Publication publication)
    {
        // Consent first and for everybody: a withdrawal must be named as such, whatever else does not fit.
        var broken = CheckConsent(writer, publication)
            ?? First(publication.Cells, cell => WriteCell(writer, release, cell))
            ?? First(publication.Settled, settled => WriteSettled(writer, settled))
            ?? WriteBatch(writer, publication);
        foreach (var cell in broken is null ? publication.RetiredCells : [])
        {
            writer.Execute("UPDATE cell SET retired = 1 WHERE cell = $cell", ("$cell", cell));
        }

        return broken;
    }

    private static string? First<T>(IReadOnlyList<T> items, Func<T, string?> write) => items.Select(write).FirstOrDefault(taken => taken is not null);

    private static string? CheckConsent(SqliteSession writer, Publication publication)
    {
        foreach (var cell in publication.Cells)
        {
            if (cell.Recipients == 0 || cell.Members.Any(member => ConsentOf(writer, member) != cell.Recipients))
            {
                return "consent";
            }
        }

        var formedNow = publication.Cells.ToDictionary(cell => cell.Cell, cell => cell.Recipients, StringComparer.Ordinal);
        foreach (var row in publication.Rows)
        {
            var permitted = formedNow.TryGetValue(row.Cell, out var recipients)
                ? recipients
                : writer.Number("SELECT recipients FROM cell WHERE cell = $cell", ("$cell", row.Cell));
            if ((PermittedBy(writer, row.Person) & permitted) == 0)
            {
                return "consent";
            }
        }

        return null;
    }

    /// <summary>What the person permits now, 0 when there is no row: deny wins.</summary>
    private static long ConsentOf(SqliteSession writer, string person) =>
        writer.Number("SELECT recipients FROM consent WHERE person = $person", ("$person", person));

    /// <summary>What the person permits now and has never withdrawn since joining a cell.</summary>
    private static long PermittedBy(SqliteSession writer, string person) =>
        ConsentOf(writer, person) & ~writer.Number("SELECT lost FROM cell_member WHERE person = $person", ("$person", person));

    private static string? WriteCell(SqliteSession writer, StreamKey release, NewCell cell)
    {
        var made = writer.Execute(
            "INSERT INTO cell (cell, stream, quarter, recipients, region) VALUES ($cell, $stream, $quarter, $recipients, $region) ON CONFLICT DO NOTHING",
            ("$cell", cell.Cell),
            ("$stream", release.Stream),
            ("$quarter", cell.Quarter),
            ("$recipients", cell.Recipients),
            ("$region", Envelope.Seal(release, ReleasePlaces.Region(release.Stream, cell.Cell), PayloadCodec.EncodeValues(cell.Region))));
        if (made == 0)
        {
            return "cell";
        }

        foreach (var member in cell.Members)
        {
            var joined = writer.Execute("DELETE FROM pool WHERE person = $person", ("$person", member)) == 1
                && writer.Execute(
                    "INSERT INTO cell_member (person, cell) VALUES ($person, $cell) ON CONFLICT DO NOTHING",
                    ("$person", member),
                    ("$cell", cell.Cell)) == 1;
            if (!joined)
            {
                return "cell_member";
            }
        }

        return null;
    }

    /// <summary>A settled milestone is never looked at again, so its members' waiting values go.</summary>
    private static string? WriteSettled(SqliteSession writer, MilestoneSettled settled)
    {
        if (writer.Number("SELECT count(*) FROM cell WHERE cell = $cell", ("$cell", settled.Cell)) == 0)
        {
            return "cell";
        }

        var made = writer.Execute(
            "INSERT INTO settled (cell, milestone, status) VALUES ($cell, $milestone, $status) ON CONFLICT DO NOTHING",
            ("$cell", settled.Cell),
            ("$milestone", settled.Milestone),
            ("$status", settled.Status));
        writer.Execute(
            "DELETE FROM outcome WHERE milestone = $milestone AND person IN (SELECT person FROM cell_member WHERE cell = $cell)",
            ("$milestone", settled.Milestone),
            ("$cell", settled.Cell));
        return made == 1 ? null : "milestone";
    }

    private string? WriteBatch(SqliteSession writer, Publication publication)
    {
        if (publication.Batch is not { } batch)
        {
            return null;
        }

        if (batch.Number != writer.Number("SELECT max(number) FROM batch") + 1)
        {
            return "batch";
        }

        writer.Execute(
            "INSERT INTO batch (number, published_at, rows, root, manifest, signature) VALUES ($number, $published_at, $rows, $root, $manifest, $signature)",
            ("$number", batch.Number),
            ("$published_at", StoredTime.ToStored(batch.PublishedAt)),
            ("$rows", batch.Rows),
            ("$root", batch.Root),
            ("$manifest", batch.Manifest),
            ("$signature", batch.Signature));
        for (var i = 0; i < publication.Rows.Count; i++)
        {
            if (WriteRow(writer, batch.Number, i, publication.Rows[i]) is { } taken)
            {
                return taken;
            }
        }

        return null;
    }

    private string? WriteRow(SqliteSession writer, int batch, int number, NewBatchRow row)
    {
        var isMember = writer.Number(
            "SELECT count(*) FROM cell_member AS m JOIN cell AS c ON c.cell = m.cell WHERE m.person = $person AND m.cell = $cell AND c.retired = 0",
            ("$person", row.Person),
            ("$cell", row.Cell)) == 1;
        if (!isMember || keys.FindUncommitted(writer, row.Person) is not { } key)
        {
            return "cell_member";
        }

        var made = writer.Execute(
            """
            INSERT INTO batch_row (batch, row, person, cell, milestone, values_, leaf)
            VALUES ($batch, $row, $person, $cell, $milestone, $values, $leaf) ON CONFLICT (person, milestone) DO NOTHING
            """,
            ("$batch", batch),
            ("$row", number),
            ("$person", row.Person),
            ("$cell", row.Cell),
            ("$milestone", row.Milestone),
            ("$values", Envelope.Seal(key, ReleasePlaces.BatchRow(row.Person, batch, row.Milestone), PayloadCodec.EncodeValues(row.Values))),
            ("$leaf", row.Leaf));
        return made == 1 ? null : "milestone";
    }
}
