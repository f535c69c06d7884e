using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClinicNetwork.Journal.Sqlite;

/// <summary>
/// One connection with its prepared statements, each kept under its text (texts are constants, so their number is bounded). Used by one
/// thread at a time. Parameters of one text always come in the same order.
/// </summary>
internal sealed class SqliteSession : IDisposable
{
    /// <summary>How long a statement waits for another connection's lock: a backup or an operator's sqlite3, seconds.</summary>
    private const int BusySecondsMax = 5;

    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);

    private SqliteSession(SqliteConnection connection) => _connection = connection;

    /// <summary>True while no transaction is open, also after SQLite has rolled one back by itself.</summary>
    public bool IsAutocommit => raw.sqlite3_get_autocommit(_connection.Handle) != 0;

    public SqliteConnection Connection => _connection;

    public static SqliteSession Open(string file, SqliteOpenMode mode)
    {
        // Without the driver's pool: what is disposed here must be closed, or a lock would outlive the store.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = BusySecondsMax,
        }.ToString());
        try
        {
            connection.Open();
            var session = new SqliteSession(connection);
            session.RunScript($"PRAGMA busy_timeout = {BusySecondsMax * 1000}; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;");
            return session;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs statements once, unprepared: pragmas and migrations.</summary>
    public void RunScript(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Number of rows changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) => Bind(sql, parameters).ExecuteNonQuery();

    public List<T> List<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var reader = Bind(sql, parameters).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>The first row, or default when there is none.</summary>
    public T? First<T>(string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var reader = Bind(sql, parameters).ExecuteReader();
        return reader.Read() ? read(reader) : default;
    }

    /// <summary>The first column of the first row as a number, 0 when there is none or it is null.</summary>
    public long Number(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        First(sql, static row => row.IsDBNull(0) ? 0 : row.GetInt64(0), parameters);

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, _) in parameters)
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = name });
            }

            _prepared.Add(sql, command);
        }

        for (var i = 0; i < parameters.Length; i++)
        {
            command.Parameters[i].Value = parameters[i].Value ?? DBNull.Value;
        }

        return command;
    }
}
