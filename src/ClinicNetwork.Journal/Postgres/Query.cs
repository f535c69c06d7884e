using Npgsql;
using NpgsqlTypes;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>Statements with positional, typed parameters, and their rows.</summary>
internal static class Query
{
    public static NpgsqlParameter Text(string value) => new NpgsqlParameter<string> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Text };

    public static NpgsqlParameter Long(long value) => new NpgsqlParameter<long> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bigint };

    public static NpgsqlParameter Int(int value) => new NpgsqlParameter<int> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Integer };

    public static NpgsqlParameter Bytes(byte[] value) => new NpgsqlParameter<byte[]> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bytea };

    public static NpgsqlParameter Flag(bool value) => new NpgsqlParameter<bool> { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Boolean };

    public static NpgsqlParameter Of(object value) => value switch
    {
        string text => Text(text),
        int number => Int(number),
        long number => Long(number),
        byte[] bytes => Bytes(bytes),
        _ => throw new NotSupportedException(value.GetType().Name),
    };

    public static NpgsqlParameter Texts<T>(IReadOnlyList<T> rows, Func<T, string> of) => Many(rows, of, NpgsqlDbType.Text);

    public static NpgsqlParameter Longs<T>(IReadOnlyList<T> rows, Func<T, long> of) => Many(rows, of, NpgsqlDbType.Bigint);

    public static NpgsqlParameter Ints<T>(IReadOnlyList<T> rows, Func<T, int> of) => Many(rows, of, NpgsqlDbType.Integer);

    public static NpgsqlParameter Blobs<T>(IReadOnlyList<T> rows, Func<T, byte[]> of) => Many(rows, of, NpgsqlDbType.Bytea);

    public static NpgsqlParameter Ids<T>(IReadOnlyList<T> rows, Func<T, Guid> of) => Many(rows, of, NpgsqlDbType.Uuid);

    public static NpgsqlParameter Flags<T>(IReadOnlyList<T> rows, Func<T, bool> of) => Many(rows, of, NpgsqlDbType.Boolean);

    public static NpgsqlBatchCommand Step(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var step = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            step.Parameters.Add(parameter);
        }

        return step;
    }

    public static async Task<List<T>> ListAsync<T>(
        this NpgsqlConnection connection, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>Number of rows changed.</summary>
    public static async Task<int> ExecuteAsync(
        this NpgsqlConnection connection, string sql, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        await using var command = Command(connection, sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        return command;
    }

    private static NpgsqlParameter<TValue[]> Many<T, TValue>(IReadOnlyList<T> rows, Func<T, TValue> of, NpgsqlDbType type)
    {
        var values = new TValue[rows.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = of(rows[i]);
        }

        return new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
    }
}
