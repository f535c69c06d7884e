using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>
/// Everything a publication depends on, read in its transaction after the consent rows of all persons in it were locked in share mode: a
/// withdrawal that has not committed by then waits until the publication has, and is obeyed by every later page.
/// </summary>
internal sealed record PublicationFacts(
    IReadOnlyDictionary<string, int> Consent,
    IReadOnlyDictionary<string, (int Recipients, bool Retired)> Cells,
    IReadOnlyDictionary<string, (string Cell, int Lost)> Members,
    IReadOnlySet<string> Pool,
    IReadOnlySet<(string Cell, string Milestone)> Settled,
    IReadOnlySet<(string Person, string Milestone)> Released,
    int LastBatch)
{
    public static async Task<PublicationFacts> ReadAsync(NpgsqlConnection connection, Publication publication)
    {
        var persons = publication.Cells.SelectMany(cell => cell.Members).Concat(publication.Rows.Select(row => row.Person)).Distinct(StringComparer.Ordinal).ToList();
        var cells = publication.Cells.Select(cell => cell.Cell)
            .Concat(publication.Settled.Select(settled => settled.Cell))
            .Concat(publication.Rows.Select(row => row.Cell))
            .Concat(publication.RetiredCells)
            .Distinct(StringComparer.Ordinal).ToList();

        // First and by itself: what is read afterwards is of a moment at which no consent of these can change any more.
        var consent = await ListAsync(
            "SELECT person, recipients FROM consent WHERE person = ANY ($1::text[]) ORDER BY person FOR SHARE",
            row => (row.GetString(0), row.GetInt32(1)),
            persons).ConfigureAwait(false);
        var known = await ListAsync(
            "SELECT cell, recipients, retired FROM cell WHERE cell = ANY ($1::text[])", row => (row.GetString(0), row.GetInt32(1), row.GetBoolean(2)), cells).ConfigureAwait(false);
        var members = await ListAsync(
            "SELECT person, cell, lost FROM cell_member WHERE person = ANY ($1::text[])", row => (row.GetString(0), row.GetString(1), row.GetInt32(2)), persons).ConfigureAwait(false);
        var pool = await ListAsync("SELECT person FROM pool WHERE person = ANY ($1::text[])", row => row.GetString(0), persons).ConfigureAwait(false);
        var settled = await ListAsync(
            "SELECT cell, milestone FROM settled WHERE cell = ANY ($1::text[])", row => (row.GetString(0), row.GetString(1)), cells).ConfigureAwait(false);
        var released = await ListAsync(
            "SELECT person, milestone FROM batch_row WHERE person = ANY ($1::text[])", row => (row.GetString(0), row.GetString(1)), persons).ConfigureAwait(false);
        var last = await connection.ListAsync("SELECT coalesce(max(number), 0) FROM batch", row => row.GetInt32(0), CancellationToken.None).ConfigureAwait(false);
        return new PublicationFacts(
            consent.ToDictionary(one => one.Item1, one => one.Item2, StringComparer.Ordinal),
            known.ToDictionary(one => one.Item1, one => (one.Item2, one.Item3), StringComparer.Ordinal),
            members.ToDictionary(one => one.Item1, one => (one.Item2, one.Item3), StringComparer.Ordinal),
            pool.ToHashSet(StringComparer.Ordinal),
            settled.ToHashSet(),
            released.ToHashSet(),
            last[0]);

        Task<List<T>> ListAsync<T>(string sql, Func<NpgsqlDataReader, T> read, List<string> keys) =>
            connection.ListAsync(sql, read, CancellationToken.None, Query.Texts(keys, key => key));
    }

    /// <summary>
    /// What no longer holds, null when all does. It was prepared on what was true some moments ago; everything that could have changed since is
    /// judged again, consent before all and for everybody: a withdrawal must be named as such, whatever else does not fit.
    /// </summary>
    public string? Broken(Publication publication) =>
        BrokenConsent(publication) ?? BrokenCells(publication) ?? BrokenSettled(publication) ?? BrokenBatch(publication);

    private string? BrokenConsent(Publication publication)
    {
        if (publication.Cells.Any(cell => cell.Recipients == 0 || cell.Members.Any(member => ConsentOf(member) != cell.Recipients)))
        {
            return "consent";
        }

        var formedNow = publication.Cells.ToDictionary(cell => cell.Cell, cell => cell.Recipients, StringComparer.Ordinal);
        return publication.Rows.Any(row => (PermittedBy(row.Person) & PermittedTo(row.Cell)) == 0) ? "consent" : null;

        int PermittedTo(string cell) => formedNow.TryGetValue(cell, out var recipients) ? recipients : Cells.TryGetValue(cell, out var known) ? known.Recipients : 0;
    }

    /// <summary>0 when there is no row: deny wins.</summary>
    private int ConsentOf(string person) => Consent.GetValueOrDefault(person);

    /// <summary>What the person permits now and has never withdrawn since joining a cell.</summary>
    private int PermittedBy(string person) => ConsentOf(person) & ~Members.GetValueOrDefault(person).Lost;

    private string? BrokenCells(Publication publication)
    {
        var made = new HashSet<string>(StringComparer.Ordinal);
        var joined = new HashSet<string>(StringComparer.Ordinal);
        foreach (var cell in publication.Cells)
        {
            if (Cells.ContainsKey(cell.Cell) || !made.Add(cell.Cell))
            {
                return "cell";
            }

            if (cell.Members.Any(member => !Pool.Contains(member) || Members.ContainsKey(member) || !joined.Add(member)))
            {
                return "cell_member";
            }
        }

        return null;
    }

    private string? BrokenSettled(Publication publication)
    {
        var made = publication.Cells.Select(cell => cell.Cell).ToHashSet(StringComparer.Ordinal);
        var settled = new HashSet<(string, string)>();
        foreach (var one in publication.Settled)
        {
            if (!Cells.ContainsKey(one.Cell) && !made.Contains(one.Cell))
            {
                return "cell";
            }

            if (Settled.Contains((one.Cell, one.Milestone)) || !settled.Add((one.Cell, one.Milestone)))
            {
                return "milestone";
            }
        }

        return null;
    }

    private string? BrokenBatch(Publication publication)
    {
        if (publication.Batch is not { } batch)
        {
            return null;
        }

        if (batch.Number != LastBatch + 1)
        {
            return "batch";
        }

        var joined = publication.Cells.SelectMany(cell => cell.Members.Select(member => (member, cell.Cell))).ToHashSet();
        var rows = new HashSet<(string, string)>();
        foreach (var row in publication.Rows)
        {
            var isMember = joined.Contains((row.Person, row.Cell))
                || (Members.TryGetValue(row.Person, out var member) && member.Cell == row.Cell && !Cells[row.Cell].Retired);
            if (!isMember)
            {
                return "cell_member";
            }

            if (Released.Contains((row.Person, row.Milestone)) || !rows.Add((row.Person, row.Milestone)))
            {
                return "milestone";
            }
        }

        return null;
    }
}
