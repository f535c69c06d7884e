using System.Data.Common;
using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Journal;

/// <summary>What both stores ask of found doubles, and how they read it.</summary>
internal static class DoubleStatements
{
    public const string Columns =
        """
        SELECT d.double, d.one, a.home_clinic, d.other, b.home_clinic, d.reason, d.found_at, d.dismissed_in, j.actor, j.site, j.recorded_at
        FROM probable_double AS d JOIN patient AS a ON a.stream = d.one JOIN patient AS b ON b.stream = d.other
        LEFT JOIN journal AS j ON j.stream = d.dismissed_in AND j.version = d.dismissed_version
        """;

    /// <summary>A row of <see cref="Columns"/>.</summary>
    public static DoubleRow RowOf(DbDataReader row) => new(
        row.GetString(0),
        new(row.GetString(1), row.GetString(2)),
        new(row.GetString(3), row.GetString(4)),
        (DoubleReason)row.GetInt32(5),
        StoredTime.FromStored(row.GetInt64(6)),
        row.IsDBNull(7) ? null : new(row.GetString(7), row.GetString(8), row.GetString(9), StoredTime.FromStored(row.GetInt64(10))));
}
