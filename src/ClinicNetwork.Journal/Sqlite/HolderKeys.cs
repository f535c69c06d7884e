using ClinicNetwork.Journal.Keys;
using Microsoft.Data.Sqlite;

namespace ClinicNetwork.Journal.Sqlite;

/// <summary>Holders' keys and wraps within a writer's transaction.</summary>
internal static class HolderKeys
{
    /// <summary>The holder's present key, made when it never had one; null: it was destroyed.</summary>
    public static HolderKey? FindOrCreate(SqliteSession writer, KeyEncryptionKeys keks, string holder)
    {
        if (writer.First("SELECT holder, key_id, kek_version, wrapped FROM holder_key WHERE holder = $holder AND current = 1", Read, ("$holder", holder)) is { } row)
        {
            return row.Wrapped is null ? null : keks.Unwrap(row);
        }

        var key = HolderKey.Create(holder);
        var version = writer.Number("SELECT kek_version FROM holder_key WHERE holder = 'network' AND current = 1");
        Add(writer, keks.Wrap(key, version == 0 ? 1 : (int)version));
        return key;
    }

    public static HolderKeyRow Read(SqliteDataReader row) =>
        new(row.GetString(0), row.GetFieldValue<byte[]>(1), row.GetInt32(2), row.IsDBNull(3) ? null : row.GetFieldValue<byte[]>(3));

    public static void Add(SqliteSession writer, HolderKeyRow row) =>
        writer.Execute(
            "INSERT INTO holder_key (holder, key_id, kek_version, wrapped, current) VALUES ($holder, $key_id, $kek_version, $wrapped, 1)",
            ("$holder", row.Holder),
            ("$key_id", row.KeyId),
            ("$kek_version", row.KekVersion),
            ("$wrapped", row.Wrapped));

    /// <summary>Changes nothing when the holder has a wrap of the stream.</summary>
    public static void Add(SqliteSession writer, KeyWrapRow wrap) =>
        writer.Execute(
            "INSERT INTO key_wrap (stream, holder, holder_key, wrapped, emergency) VALUES ($stream, $holder, $holder_key, $wrapped, $emergency) ON CONFLICT DO NOTHING",
            ("$stream", wrap.Stream),
            ("$holder", wrap.Holder),
            ("$holder_key", wrap.HolderKeyId),
            ("$wrapped", wrap.Wrapped),
            ("$emergency", wrap.Emergency ? 1 : 0));

    /// <summary>For what the holder has it now.</summary>
    public static void Mark(SqliteSession writer, KeyWrapRow wrap) =>
        writer.Execute(
            "UPDATE key_wrap SET emergency = $emergency WHERE stream = $stream AND holder = $holder AND emergency <> $emergency",
            ("$emergency", wrap.Emergency ? 1 : 0),
            ("$stream", wrap.Stream),
            ("$holder", wrap.Holder));

    /// <summary>
    /// Wraps the data keys of older versions, which the master key wraps alone, for those who may read each stream: a page, within the caller's
    /// transaction. False: nothing was left.
    /// </summary>
    public static bool WrapOld(SqliteSession writer, MasterKey master, KeyEncryptionKeys keks, int pageKeys)
    {
        var old = new KeyWrap(master);
        var keys = writer.List(
            "SELECT stream, key_id, wrapped FROM data_key WHERE length(wrapped) > 0 ORDER BY stream LIMIT $limit",
            row => old.Unwrap(row.GetString(0), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(2)),
            ("$limit", pageKeys));
        foreach (var key in keys)
        {
            var sites = writer.List("SELECT site FROM patient_access WHERE stream = $stream", row => row.GetString(0), ("$stream", key.Stream));
            foreach (var holder in Wrapping.ReadersOfOld(sites))
            {
                Add(writer, FindOrCreate(writer, keks, holder)!.Wrap(key));
            }

            writer.Execute("UPDATE data_key SET wrapped = x'' WHERE stream = $stream", ("$stream", key.Stream));
        }

        foreach (var clinic in keys.Count > 0 ? [] : writer.List("SELECT 'clinics/' || substr(stream, 4) FROM clinic WHERE stream LIKE 'cl-%'", row => row.GetString(0)))
        {
            FindOrCreate(writer, keks, clinic);
        }

        return keys.Count > 0;
    }
}
