using ClinicNetwork.Journal.Keys;

namespace ClinicNetwork.Journal.Sqlite;

/// <summary>Finds the data key of a stream, and makes and wraps it within the transaction of the stream's first command.</summary>
internal sealed class StreamKeys(KeyEncryptionKeys keks, KeyCache cache, ErasureList erased)
{
    private volatile bool _listLags;

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
        writer.Execute("INSERT INTO data_key (stream, key_id, wrapped) VALUES ($stream, $key_id, x'')", ("$stream", stream), ("$key_id", key.KeyId));
        return key;
    }

    /// <summary>
    /// Wraps the key for those who may read the stream from now on, after the command's projections. False: none of them has a key, and the stream
    /// would be lost.
    /// </summary>
    public bool Wrap(SqliteSession writer, Append append, StreamKey key)
    {
        var readers = Wrapping.ReadersOf(append);
        var holders = Wrapping.HoldersOf(append).ToDictionary(holder => holder, holder => HolderKeys.FindOrCreate(writer, keks, holder), StringComparer.Ordinal);
        IReadOnlyList<KeyWrapRow> wraps = [.. readers.Select(reader => holders[reader]).OfType<HolderKey>().Select(holder => Wrapping.Wrap(append, holder, key))];
        foreach (var wrap in wraps)
        {
            HolderKeys.Add(writer, wrap);
        }

        foreach (var wrap in Wrapping.IsHeld(wraps) ? wraps : [])
        {
            HolderKeys.Mark(writer, wrap);
        }

        if (append.Version == 1)
        {
            return readers.Any(reader => holders[reader] is not null);
        }

        if (readers.Count > 0)
        {
            writer.Execute(
                """
                DELETE FROM key_wrap WHERE stream = $stream
                  AND NOT EXISTS (SELECT 1 FROM patient_access AS a WHERE a.site = key_wrap.holder AND a.stream = key_wrap.stream)
                  AND EXISTS (
                      SELECT 1 FROM key_wrap AS k WHERE k.stream = key_wrap.stream AND k.holder <> key_wrap.holder AND k.emergency = 0
                        AND (key_wrap.emergency = 1 OR EXISTS (SELECT 1 FROM patient_access AS a WHERE a.site = k.holder AND a.stream = k.stream)))
                """,
                ("$stream", append.Stream));
        }

        return true;
    }

    /// <summary>Why nobody can open the stream any more, as this transaction sees it; null: it can be opened.</summary>
    public static KeyLoss? FindLoss(SqliteSession writer, string stream) =>
        writer.First("SELECT kind FROM key_gone WHERE name = $name", row => row.GetString(0), ("$name", stream)) is { } kind ? Wrapping.LossOf(kind) : null;

    /// <summary>To be called for keys whose command has been committed.</summary>
    public void Committed(StreamKey key) => cache.Add(key);

    /// <summary>The list of what was destroyed lacks something, because the disk refused it.</summary>
    public bool ListLags
    {
        get => _listLags;
        set => _listLags = value;
    }

    /// <summary>To be called when what destroyed it has been committed.</summary>
    public void Lose(string name, KeyLoss loss)
    {
        cache.Lose(name, loss);
        if (loss == KeyLoss.Orphaned)
        {
            return;
        }

        try
        {
            erased.Add([name]);
        }
        catch (StoreRefusedException)
        {
            // It is committed. It is tried again, and the next start adds it or is refused.
            ListLags = true;
        }
    }

    /// <exception cref="StoreRefusedException">The list of what was destroyed cannot be written.</exception>
    public void List(IReadOnlyList<string> destroyed) => erased.Add(destroyed);

    private StreamKey? Read(SqliteSession session, string stream)
    {
        if (cache.LossOf(stream) is { } known)
        {
            throw new KeyLostException(stream, known);
        }

        var rows = session.List(
            """
            SELECT d.key_id, g.kind, w.wrapped, h.holder, h.key_id, h.kek_version, h.wrapped FROM data_key AS d
            LEFT JOIN key_gone AS g ON g.name = d.stream
            LEFT JOIN key_wrap AS w ON w.stream = d.stream
            LEFT JOIN holder_key AS h ON h.holder = w.holder AND h.key_id = w.holder_key
            WHERE d.stream = $stream
            """,
            row => (
                KeyId: row.GetFieldValue<byte[]>(0),
                Gone: row.IsDBNull(1) ? null : row.GetString(1),
                Wrapped: row.IsDBNull(2) ? null : row.GetFieldValue<byte[]>(2),
                Holder: row.IsDBNull(3) ? null : new HolderKeyRow(row.GetString(3), row.GetFieldValue<byte[]>(4), row.GetInt32(5), row.IsDBNull(6) ? null : row.GetFieldValue<byte[]>(6))),
            ("$stream", stream));
        return rows is not [var first, ..] ? null
            : first.Gone is { } gone ? throw new KeyLostException(stream, Wrapping.LossOf(gone))
            : Wrapping.Open(keks.Unwrap, stream, first.KeyId, rows.Where(row => row.Holder is not null).Select(row => (row.Wrapped!, row.Holder!)));
    }
}
