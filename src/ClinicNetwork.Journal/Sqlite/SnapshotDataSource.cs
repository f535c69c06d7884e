using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace ClinicNetwork.Journal.Sqlite;

/// <summary>
/// Connections to snapshots.db for the provider's <c>DataSource</c> option. Other than a connection string it survives that the file is
/// deleted while the silo runs: the next connection makes it anew. Grains that had written to it then meet a conflict, once, and fold.
/// </summary>
public sealed class SnapshotDataSource : DbDataSource
{
    private readonly Lock _gate = new();
    private readonly string _folder;
    private readonly string _file;

    /// <summary>Prepares the file as <see cref="SnapshotDatabase.Prepare"/> does.</summary>
    public SnapshotDataSource(string folder)
    {
        (_folder, ConnectionString) = (folder, SnapshotDatabase.Prepare(folder));
        _file = SnapshotDatabase.FileIn(folder);
    }

    public override string ConnectionString { get; }

    protected override DbConnection CreateDbConnection()
    {
        if (!File.Exists(_file))
        {
            lock (_gate)
            {
                if (!File.Exists(_file))
                {
                    SnapshotDatabase.Prepare(_folder);
                }
            }
        }

        return new SqliteConnection(ConnectionString);
    }
}
