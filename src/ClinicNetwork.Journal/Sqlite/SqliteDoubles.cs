using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Journal.Keys;

namespace ClinicNetwork.Journal.Sqlite;

/// <inheritdoc cref="IDoubles"/>
internal sealed class SqliteDoubles(WriteQueue queue, ReaderPool readers, BlindIndex index) : IDoubles
{
    public Task<IReadOnlyList<string>> ReadUncomparedAsync(int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<string>>(
            reader => reader.List("SELECT stream FROM patient WHERE compared = 0 ORDER BY stream LIMIT $limit", row => row.GetString(0), ("$limit", limit)), cancellationToken);

    public Task<bool> CompareAsync(IReadOnlyList<ComparedPatient> patients, IReadOnlyList<string> unreadable, DateTimeOffset at, CancellationToken cancellationToken) =>
        queue.RunAsync(new CompareJob([.. patients.Select(patient => MatchKeys.Of(patient, index))], unreadable, StoredTime.ToStored(at)), cancellationToken);

    public Task<IReadOnlyList<DoubleRow>> ReadAsync(string? clinic, bool dismissed, DoublePosition? after, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<DoubleRow>>(
            reader => reader.List(
                $"""
                {DoubleStatements.Columns}
                WHERE ($clinic = '' OR a.home_clinic = $clinic OR b.home_clinic = $clinic) AND (d.dismissed_in IS NOT NULL) = $dismissed AND (d.found_at, d.double) > ($found_at, $double)
                ORDER BY d.found_at, d.double LIMIT $limit
                """,
                DoubleStatements.RowOf,
                ("$clinic", clinic ?? ""),
                ("$dismissed", dismissed ? 1 : 0),
                ("$found_at", after is null ? long.MinValue : StoredTime.ToStored(after.FoundAt)),
                ("$double", after?.Name ?? ""),
                ("$limit", limit)),
            cancellationToken);

    public Task<DoubleRow?> FindAsync(string name, CancellationToken cancellationToken) =>
        readers.ReadAsync(reader => reader.First($"{DoubleStatements.Columns} WHERE d.double = $double", DoubleStatements.RowOf, ("$double", name)), cancellationToken);

    /// <summary>On the one writer's thread, so that each sees all before it.</summary>
    private sealed class CompareJob(IReadOnlyList<MatchKeys> patients, IReadOnlyList<string> unreadable, long at) : WriteJob<bool>
    {
        public override bool IsRefusal => false;

        protected override bool Result => true;

        public override void Write(SqliteSession writer)
        {
            foreach (var stream in patients.Select(patient => patient.Stream).Concat(unreadable))
            {
                writer.Execute("UPDATE patient SET compared = 1 WHERE stream = $stream", ("$stream", stream));
            }

            foreach (var patient in patients)
            {
                writer.Execute(
                    """
                    INSERT INTO patient_match (stream, whole, first_given)
                    SELECT $stream, $whole, $first_given WHERE EXISTS (SELECT 1 FROM patient WHERE stream = $stream) ON CONFLICT DO NOTHING
                    """,
                    ("$stream", patient.Stream),
                    ("$whole", patient.Whole),
                    ("$first_given", patient.FirstGiven));
            }

            foreach (var patient in patients)
            {
                Match(writer, patient);
            }
        }

        /// <summary>None of who is no patient any more.</summary>
        private void Match(SqliteSession writer, MatchKeys patient)
        {
            var others = Those(writer, "whole", patient.Stream, patient.Whole).Concat(Those(writer, "whole", patient.Stream, patient.Swapped)).Concat(Those(writer, "first_given", patient.Stream, patient.FirstGiven));
            foreach (var (other, whole) in others.ToList())
            {
                var reason = whole.SequenceEqual(patient.Whole) ? DoubleReason.SameNameAndBirthDate
                    : whole.SequenceEqual(patient.Swapped) ? DoubleReason.NamesSwappedSameBirthDate
                    : DoubleReason.SameFamilyNameAndBirthDateSimilarGiven;
                writer.Execute(
                    """
                    INSERT INTO probable_double (double, one, other, reason, found_at)
                    SELECT lower(hex(randomblob(16))), min($one, $other), max($one, $other), $reason, $at WHERE EXISTS (SELECT 1 FROM patient_match WHERE stream = $one)
                    ON CONFLICT DO NOTHING
                    """,
                    ("$one", patient.Stream),
                    ("$other", other),
                    ("$reason", (int)reason),
                    ("$at", at));
            }
        }

        private static List<(string Stream, byte[] Whole)> Those(SqliteSession writer, string column, string stream, byte[] key) =>
            writer.List(
                $"SELECT stream, whole FROM patient_match WHERE {column} = $key AND stream <> $stream ORDER BY stream LIMIT {IDoubles.PairsMax}",
                row => (row.GetString(0), row.GetFieldValue<byte[]>(1)),
                ("$key", key),
                ("$stream", stream));
    }
}
