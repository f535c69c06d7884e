using System.Collections.Concurrent;
using ClinicNetwork.Journal.Keys;
using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>
/// The present keys of holders, with which data keys are wrapped; from memory or read. One that was rotated away or destroyed since is refused by
/// the database, and read anew.
/// </summary>
internal sealed class PostgresHolders(KeyEncryptionKeys keks, ReadConnections readers)
{
    internal const string ReadCurrent = "SELECT holder, key_id, kek_version, wrapped FROM holder_key WHERE current AND holder = ANY ($1::text[])";

    /// <summary>As many as there are clinics.</summary>
    private readonly ConcurrentDictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>What a command writes about keys. Null: it needs a holder's key, and each of its holders' was destroyed.</summary>
    public async Task<KeyRows?> RowsAsync(Append append, StreamKey key, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> holders = [.. Wrapping.HoldersOf(append)];
        if (holders.Count == 0)
        {
            return KeyRows.None;
        }

        await ReadAsync(holders, cancellationToken).ConfigureAwait(false);
        var made = new List<HolderKeyRow>();
        var keys = new Dictionary<string, HolderKey?>(StringComparer.Ordinal);
        foreach (var holder in holders)
        {
            if (_known.TryGetValue(holder, out var known))
            {
                keys.Add(holder, known.Key);
                continue;
            }

            var fresh = HolderKey.Create(holder);
            made.Add(keks.Wrap(fresh, _known.TryGetValue(HolderKey.Network, out var network) ? network.KekVersion : 1));
            keys.Add(holder, fresh);
        }

        var readers = Wrapping.ReadersOf(append);
        IReadOnlyList<KeyWrapRow> wraps = [.. readers.Select(holder => keys[holder]).OfType<HolderKey>().Select(holder => Wrapping.Wrap(append, holder, key))];
        return append.Version == 1 && wraps.Count == 0 ? null : new KeyRows(made, wraps);
    }

    /// <summary>All are read anew when they are next needed.</summary>
    public void Forget() => _known.Clear();

    private async Task ReadAsync(IReadOnlyList<string> holders, CancellationToken cancellationToken)
    {
        List<string> missing = [.. holders.Append(HolderKey.Network).Where(holder => !_known.ContainsKey(holder)).Distinct(StringComparer.Ordinal)];
        if (missing.Count == 0)
        {
            return;
        }

        foreach (var row in await readers.ListAsync(ReadCurrent, Read, cancellationToken, Query.Texts(missing, holder => holder)).ConfigureAwait(false))
        {
            _known[row.Holder] = new(row.Wrapped is null ? null : keks.Unwrap(row), row.KekVersion);
        }
    }

    internal static HolderKeyRow Read(NpgsqlDataReader row) =>
        new(row.GetString(0), row.GetFieldValue<byte[]>(1), row.GetInt32(2), row.IsDBNull(3) ? null : row.GetFieldValue<byte[]>(3));

    /// <param name="Key">Null: destroyed.</param>
    private sealed record Known(HolderKey? Key, int KekVersion);
}

/// <summary>What a command writes about keys beside its own row.</summary>
internal sealed record KeyRows(IReadOnlyList<HolderKeyRow> NewHolders, IReadOnlyList<KeyWrapRow> Wraps)
{
    public static readonly KeyRows None = new([], []);
}
