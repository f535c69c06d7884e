using Microsoft.Data.Sqlite;

namespace ClinicNetwork.Journal.Tests.Snapshots;

/// <summary>Runs the stored query texts as the provider does, without a silo.</summary>
internal static class SnapshotTable
{
    /// <summary>The new version, or the unchanged one at a conflict.</summary>
    public static async Task<object?> WriteAsync(string connectionString, string key, byte[] payload, int? version)
    {
        await using var connection = new SqliteConnection(connectionString);
        await connection.OpenAsync();
        await using var query = connection.CreateCommand();
        query.CommandText = "SELECT QueryText FROM OrleansQuery WHERE QueryKey = 'WriteToStorageKey'";
        await using var command = connection.CreateCommand();
        command.CommandText = (string)(await query.ExecuteScalarAsync())!;
        foreach (var (name, value) in ((string, object?)[])[("GrainIdHash", 1), ("GrainIdN0", 0L), ("GrainIdN1", 0L), ("GrainTypeHash", 2), ("GrainTypeString", "patient"),
            ("GrainIdExtensionString", key), ("ServiceId", "test"), ("GrainStateVersion", version), ("PayloadBinary", payload)])
        {
            command.Parameters.AddWithValue("@" + name, value ?? DBNull.Value);
        }

        var rows = new List<object?>();
        await using var reader = await command.ExecuteReaderAsync();
        do
        {
            while (await reader.ReadAsync())
            {
                rows.Add(reader.IsDBNull(0) ? null : reader.GetValue(0));
            }
        }
        while (await reader.NextResultAsync());
        return Assert.Single(rows);
    }
}
