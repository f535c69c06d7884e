using ClinicNetwork.Journal.Keys;
using Microsoft.Data.Sqlite;

namespace ClinicNetwork.Journal.Sqlite;

/// <summary>
/// The SQLite file of Orleans' grain storage (snapshots.db), beside the journal's. It is a cache: deleted before a start, it is made anew.
/// </summary>
/// <remarks>
/// What Microsoft.Orleans.Persistence.AdoNet 10.4.2 needs (seen with a real silo):
/// <c>AddAdoNetGrainStorage("snapshots", o => { o.Invariant = SnapshotDatabase.Invariant; o.DataSource = new SnapshotDataSource(folder); })</c>,
/// or <c>o.ConnectionString = SnapshotDatabase.Prepare(folder)</c> instead of the data source; exactly one of the two.
/// The invariant is <c>System.Data.SQLite</c>, but the provider loads the assembly <c>Microsoft.Data.Sqlite</c> by name and takes
/// <c>SqliteFactory.Instance</c> itself; <c>DbProviderFactories.RegisterFactory</c> is not needed and not looked at. It reads the queries
/// once, when the silo starts.
/// </remarks>
public static class SnapshotDatabase
{
    /// <summary>The provider's name for SQLite.</summary>
    public const string Invariant = "System.Data.SQLite";

    /// <summary>The version of SnapshotSchema.sql, as <c>user_version</c>; a file with another one is made anew.</summary>
    private const int SchemaVersion = 1;

    /// <summary>
    /// Makes the file with schema and queries if it is missing, damaged or of another version. To be called by the owner of the data folder,
    /// before the silo starts. With the connection string alone a running silo does not survive the loss of the file;
    /// with a <see cref="SnapshotDataSource"/> it does.
    /// </summary>
    /// <returns>The connection string for the provider.</returns>
    public static string Prepare(string folder)
    {
        OwnedFiles.CreateFolder(folder);
        var file = FileIn(folder);
        var connectionString = new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadWrite, DefaultTimeout = 5 }.ToString();
        using var pool = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(pool);
        if (!IsCurrent(file))
        {
            Create(file);
        }

        return connectionString;
    }

    internal static string FileIn(string folder) => Path.Combine(Path.GetFullPath(folder), "snapshots.db");

    private static bool IsCurrent(string file)
    {
        if (!File.Exists(file))
        {
            return false;
        }

        try
        {
            using var session = SqliteSession.Open(file, SqliteOpenMode.ReadWrite);
            return session.Number("PRAGMA user_version") == SchemaVersion && session.First("PRAGMA quick_check(1)", row => row.GetString(0)) == "ok";
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    /// <summary>A log left over from a deleted file goes too. (SQLite drops it beside an empty file; this does not rest on that.)</summary>
    private static void Create(string file)
    {
        foreach (var old in (string[])[file, file + "-wal", file + "-shm", file + "-journal"])
        {
            File.Delete(old);
        }

        OwnedFiles.Open(file, FileMode.CreateNew, FileShare.ReadWrite).Dispose();
        using var session = SqliteSession.Open(file, SqliteOpenMode.ReadWrite);
        session.RunScript("PRAGMA journal_mode = WAL");
        using var script = new StreamReader(typeof(SnapshotDatabase).Assembly.GetManifestResourceStream("SnapshotSchema.sql")!);
        session.RunScript($"BEGIN IMMEDIATE; {script.ReadToEnd()} PRAGMA user_version = {SchemaVersion}; COMMIT;");
    }
}
