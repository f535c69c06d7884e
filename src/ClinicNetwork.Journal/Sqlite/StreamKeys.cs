using ClinicNetwork.Journal.Keys;

namespace ClinicNetwork.Journal.Sqlite;

/// <summary>Finds the data key of a stream, and makes it within the transaction of the stream's first command.</summary>
internal sealed class StreamKeys(KeyWrap wrap, KeyCache cache)
{
    /// <summary>The key of a stream that has committed rows, or null. Only for sessions that see committed data and nothing else.</summary>
    public StreamKey? Find(SqliteSession reader, string stream)
    {
        if (cache.TryGet(stream, out var key))
        {
            return key;
        }

        key = Read(reader, stream);
        if (key is not null)
        {
            cache.Add(key);
        }

        return key;
    }

    /// <summary>As <see cref="Find"/>, on a reader of its own when the key is not in memory.</summary>
    public async ValueTask<StreamKey?> FindAsync(ReaderPool readers, string stream, CancellationToken cancellationToken) =>
        cache.TryGet(stream, out var key) ? key : await readers.ReadAsync(reader => Find(reader, stream), cancellationToken).ConfigureAwait(false);

    /// <summary>
    /// The key of a stream within the writer's transaction, or null. What is read here may still be rolled back, so it does not enter the
    /// cache: two activations that create one stream must not leave the loser's key behind.
    /// </summary>
    public StreamKey? FindUncommitted(SqliteSession writer, string stream) => cache.TryGet(stream, out var key) ? key : Read(writer, stream);

    /// <summary>As <see cref="FindUncommitted"/>, and makes the key when there is none.</summary>
    public StreamKey FindOrCreate(SqliteSession writer, string stream)
    {
        if (FindUncommitted(writer, stream) is { } found)
        {
            return found;
        }

        var key = StreamKey.Create(stream);
        writer.Execute(
            "INSERT INTO data_key (stream, key_id, wrapped) VALUES ($stream, $key_id, $wrapped)",
            ("$stream", stream),
            ("$key_id", key.KeyId),
            ("$wrapped", wrap.Wrap(key)));
        return key;
    }

    /// <summary>To be called for keys whose command has been committed.</summary>
    public void Committed(StreamKey key) => cache.Add(key);

    private StreamKey? Read(SqliteSession session, string stream) =>
        session.First(
            "SELECT key_id, wrapped FROM data_key WHERE stream = $stream",
            row => wrap.Unwrap(stream, row.GetFieldValue<byte[]>(0), row.GetFieldValue<byte[]>(1)),
            ("$stream", stream));
}
