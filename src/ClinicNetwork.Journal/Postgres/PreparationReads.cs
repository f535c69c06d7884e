using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>Reads what a step of a publication depends on, in its transaction and under the profile's lock.</summary>
internal static class PreparationReads
{
    /// <summary>Also of who is in the cells: what waits of them is changed. $2: cells.</summary>
    private const string LockConsent =
        """
        SELECT person, recipients, until FROM consent
        WHERE person IN (SELECT n.person FROM unnest($1::text[]) AS n(person) UNION SELECT m.person FROM cell_member AS m WHERE m.cell = ANY ($2::text[]))
        ORDER BY person FOR SHARE
        """;

    /// <param name="now">At which consent must hold, as stored.</param>
    public static async Task<PreparationFacts> ReadAsync(NpgsqlConnection connection, PreparedStep step, int published, long now)
    {
        var (persons, cells) = (PreparationFacts.PersonsOf(step), PreparationFacts.CellsOf(step));

        // First and by itself: what is read afterwards is of a moment at which no consent or waiting value of these can change any more.
#if FAULTS
        var sql = Faults.Has("ConsentWithoutLock") ? LockConsent.Replace(" FOR SHARE", "", StringComparison.Ordinal) : LockConsent;
#else
        const string sql = LockConsent;
#endif
        var consent = await connection.ListAsync(
            sql,
            row => (row.GetString(0), row.GetInt64(2) > now ? row.GetInt32(1) : 0),
            CancellationToken.None,
            Query.Texts(persons, person => person),
            Query.Texts(cells, cell => cell)).ConfigureAwait(false);
        var known = await ListAsync(
            "SELECT cell, recipients, retired, publication FROM cell WHERE cell = ANY ($1::text[])",
            row => (row.GetString(0), (row.GetInt32(1), row.GetBoolean(2), row.GetInt32(3))),
            cells).ConfigureAwait(false);
        var members = await ListAsync(
            "SELECT person, cell, lost FROM cell_member WHERE person = ANY ($1::text[])", row => (row.GetString(0), (row.GetString(1), row.GetInt32(2))), persons).ConfigureAwait(false);
        var pool = await ListAsync("SELECT person FROM pool WHERE person = ANY ($1::text[])", row => row.GetString(0), persons).ConfigureAwait(false);
        var settled = await ListAsync(
            "SELECT cell, milestone, status FROM settled WHERE cell = ANY ($1::text[])", row => ((row.GetString(0), row.GetString(1)), row.GetString(2)), cells).ConfigureAwait(false);
        var prepared = await connection.ListAsync(
            "SELECT person, milestone FROM released WHERE person = ANY ($1::text[]) AND publication = $2",
            row => (row.GetString(0), row.GetString(1)),
            CancellationToken.None,
            Query.Texts(persons, person => person),
            Query.Int(step.Publication)).ConfigureAwait(false);
        var waiting = await ListAsync(
            "SELECT person, milestone, version FROM outcome WHERE person = ANY ($1::text[]) AND publication IS NULL",
            row => ((row.GetString(0), row.GetString(1)), row.GetInt64(2)),
            persons).ConfigureAwait(false);
#if FAULTS
        if (Faults.Has("ConsentWithoutLock"))
        {
            await Task.Delay(PlantedDefects.ConsentDelay).ConfigureAwait(false);
        }

        if (Faults.Has("ConsentFromMemory"))
        {
            consent = [.. step.Cells.SelectMany(cell => cell.Members.Select(member => (member, cell.Recipients)))
                .Concat(step.Rows.Select(row => (row.Person, ~0))).DistinctBy(one => one.Item1)];
            members = members.ConvertAll(one => (one.Item1, (one.Item2.Item1, 0)));
        }
#endif
        return new PreparationFacts(
            published,
            consent.ToDictionary(one => one.Item1, one => one.Item2, StringComparer.Ordinal),
            known.ToDictionary(one => one.Item1, one => one.Item2, StringComparer.Ordinal),
            members.ToDictionary(one => one.Item1, one => one.Item2, StringComparer.Ordinal),
            pool.ToHashSet(StringComparer.Ordinal),
            settled.ToDictionary(one => one.Item1, one => one.Item2),
            prepared.ToHashSet(),
            waiting.ToDictionary(one => one.Item1, one => one.Item2));

        Task<List<T>> ListAsync<T>(string text, Func<NpgsqlDataReader, T> read, List<string> keys) =>
            connection.ListAsync(text, read, CancellationToken.None, Query.Texts(keys, key => key));
    }
}
