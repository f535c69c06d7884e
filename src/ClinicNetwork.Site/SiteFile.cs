using System.Globalization;
using ClinicNetwork.Journal;
using ClinicNetwork.Journal.Keys;
using ClinicNetwork.Journal.Sqlite;
using Microsoft.Data.Sqlite;

namespace ClinicNetwork.Site;

/// <summary>
/// The rows of a site's copy: one SQLite file, every value sealed, every name a keyed hash; in clear are counts, numbers and standings. One transaction a step, on the disk when it returns. Several
/// processes may have it open.
/// </summary>
internal sealed class SiteFile : IDisposable
{
    private const string Schema = """
        CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
        CREATE TABLE patients (row BLOB PRIMARY KEY, key BLOB NOT NULL, body BLOB) STRICT, WITHOUT ROWID;
        CREATE TABLE outbox (number INTEGER PRIMARY KEY AUTOINCREMENT, request BLOB NOT NULL UNIQUE, row BLOB NOT NULL, standing INTEGER NOT NULL, settled INTEGER NOT NULL DEFAULT 0, body BLOB NOT NULL) STRICT;
        CREATE INDEX outbox_by_patient ON outbox (row, number);
        CREATE INDEX outbox_by_standing ON outbox (standing, row, number);
        CREATE INDEX outbox_unsettled ON outbox (row, number) WHERE settled = 0;
        """;

    private readonly Lock _gate = new();
    private readonly SqliteSession _session;
    private readonly SiteKeys _keys;

    private SiteFile(SqliteSession session, SiteKeys keys) => (_session, _keys) = (session, keys);

    public static string FileIn(string folder) => Path.Combine(folder, "site.db");

    /// <exception cref="SiteException">It is not there, cannot be read, or is of another key.</exception>
    public static SiteFile Open(string folder, string keyFile, bool create)
    {
        try
        {
            var file = FileIn(folder);
            if (!create && !File.Exists(file))
            {
                throw new SiteException($"{folder} holds no site; make one with `clinicnet site init`.");
            }

            if (create)
            {
                OwnedFiles.CreateFolder(folder);
                if (!File.Exists(keyFile))
                {
                    MasterKeyFile.Write(keyFile, System.Security.Cryptography.RandomNumberGenerator.GetBytes(MasterKey.Length));
                }

                // Its -wal and -shm take the same mode.
                OwnedFiles.Open(file, FileMode.OpenOrCreate, FileShare.ReadWrite).Dispose();
            }
            else if (!File.Exists(keyFile))
            {
                throw new SiteException($"The key file {keyFile} is missing; nothing in {folder} can be read without it.");
            }

            return Open(file, new SiteKeys(MasterKeyFile.Read(keyFile)), create);
        }
        catch (Exception e) when (e is StoreRefusedException or IOException or UnauthorizedAccessException or SqliteException)
        {
            throw new SiteException($"{folder} cannot be used: {e.Message}", e);
        }
    }

    private static SiteFile Open(string file, SiteKeys keys, bool create)
    {
        var session = SqliteSession.Open(file, SqliteOpenMode.ReadWrite);
        try
        {
            session.RunScript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;");
            var opened = new SiteFile(session, keys);
            opened.Write(() =>
            {
                if (session.Number("SELECT count(*) FROM sqlite_schema") == 0)
                {
                    if (!create)
                    {
                        throw new SiteException($"{file} holds no site; make one with `clinicnet site init`.");
                    }

                    session.RunScript(Schema);
                    session.Execute("INSERT INTO meta (name, value) VALUES ('check', $value)", ("$value", keys.Check));
                }
            });
            return session.First("SELECT value FROM meta WHERE name = 'check'", row => (byte[])row[0]) is { } check && check.AsSpan().SequenceEqual(keys.Check)
                ? opened
                : throw new SiteException($"{file} was not made under this key file.");
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>One transaction: whole on the disk when this returns, or not at all.</summary>
    public void Write(Action step) => Write(() =>
    {
        step();
        return true;
    });

    /// <inheritdoc cref="Write(Action)"/>
    public T Write<T>(Func<T> step)
    {
        lock (_gate)
        {
            _session.RunScript("BEGIN IMMEDIATE");
            try
            {
                var result = step();
                _session.RunScript("COMMIT");
                return result;
            }
            catch
            {
                if (!_session.IsAutocommit)
                {
                    _session.RunScript("ROLLBACK");
                }

                throw;
            }
        }
    }

    /// <summary>One view of all rows; within <see cref="Write(Action)"/>, that one's.</summary>
    public T Read<T>(Func<T> step)
    {
        lock (_gate)
        {
            if (!_session.IsAutocommit)
            {
                return step();
            }

            _session.RunScript("BEGIN");
            try
            {
                return step();
            }
            finally
            {
                _session.RunScript("COMMIT");
            }
        }
    }

    /// <summary>Nothing that was wiped stays in the file beside.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _session.RunScript("PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }

    /// <summary>Rises with each change that another connection made.</summary>
    public long DataVersion()
    {
        lock (_gate)
        {
            return _session.Number("PRAGMA data_version");
        }
    }

    public string? FindMeta(string name) =>
        _session.First("SELECT value FROM meta WHERE name = $name", row => (byte[])row[0], ("$name", name)) is { } value
            ? System.Text.Encoding.UTF8.GetString(Envelope.Open(_keys.Own, new Place("meta", 0, name), value))
            : null;

    public void SetMeta(string name, string value) => _session.Execute(
        "INSERT INTO meta (name, value) VALUES ($name, $value) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        ("$name", name),
        ("$value", Envelope.Seal(_keys.Own, new Place("meta", 0, name), System.Text.Encoding.UTF8.GetBytes(value))));

    public void RemoveMeta(string name) => _session.Execute("DELETE FROM meta WHERE name = $name", ("$name", name));

    public DateTimeOffset? FindTime(string name) => FindMeta(name) is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture) : null;

    public void SetTime(string name, DateTimeOffset time) => SetMeta(name, time.ToString("O", CultureInfo.InvariantCulture));

    public PatientCopy? FindCopy(string patient)
    {
        var row = _keys.RowOf(patient);
        return _session.First<(byte[] Key, byte[]? Body)?>(
            "SELECT key, body FROM patients WHERE row = $row", r => ((byte[])r[0], r.IsDBNull(1) ? null : (byte[])r[1]), ("$row", row)) is { Body: { } body, Key: var key }
            ? OpenCopy(row, key, body)
            : null;
    }

    public List<PatientCopy> Copies() => _session.List(
        "SELECT row, key, body FROM patients WHERE body IS NOT NULL", r => OpenCopy((byte[])r[0], (byte[])r[1], (byte[])r[2]));

    public long CountCopies() => _session.Number("SELECT count(*) FROM patients WHERE body IS NOT NULL");

    public void SetCopy(PatientCopy copy)
    {
        var row = _keys.RowOf(copy.Patient);
        var key = KeyOf(row) ?? AddKey(row);
        _session.Execute("UPDATE patients SET body = $body WHERE row = $row", ("$body", Envelope.Seal(key, PlaceOfCopy(row), copy.ToBytes())), ("$row", row));
    }

    /// <summary>What the network told of the patient goes; what this site wrote stays readable.</summary>
    public void WipeCopy(string patient) => _session.Execute("UPDATE patients SET body = NULL WHERE row = $row", ("$row", _keys.RowOf(patient)));

    /// <summary>Everything of the patient goes, its key first of all. How many changes went with it.</summary>
    public int Erase(string patient)
    {
        var row = _keys.RowOf(patient);
        _session.Execute("DELETE FROM patients WHERE row = $row", ("$row", row));
        return _session.Execute("DELETE FROM outbox WHERE row = $row", ("$row", row));
    }

    /// <summary>The number that the item got.</summary>
    public long AddItem(OutboxItem item)
    {
        var row = _keys.RowOf(item.Patient);
        var key = KeyOf(row) ?? AddKey(row);
        _session.Execute(
            "INSERT INTO outbox (request, row, standing, body) VALUES ($request, $row, $standing, x'')",
            ("$request", _keys.RowOf(item.Change.RequestId)),
            ("$row", row),
            ("$standing", (int)item.Standing));
        var number = _session.Number("SELECT last_insert_rowid()");
        SetItem(item with { Number = number }, row, key);
        return number;
    }

    public void SetItem(OutboxItem item)
    {
        var row = _keys.RowOf(item.Patient);
        SetItem(item, row, KeyOf(row) ?? throw new InvalidOperationException("An item without a key."));
    }

    private void SetItem(OutboxItem item, byte[] row, StreamKey key) => _session.Execute(
        "UPDATE outbox SET standing = $standing, settled = $settled, body = $body WHERE number = $number",
        ("$standing", (int)item.Standing),
        ("$settled", item.Standing is ItemStanding.Refused or ItemStanding.Closed ? 1 : 0),
        ("$body", Envelope.Seal(key, PlaceOfItem(row, item.Number), item.ToBytes())),
        ("$number", item.Number));

    public OutboxItem? FindItem(long number) => ListItems("WHERE number = $of", number).FirstOrDefault();

    public OutboxItem? FindRequest(string requestId) => ListItems("WHERE request = $of", _keys.RowOf(requestId)).FirstOrDefault();

    /// <summary>Of the patient, all that the copy may not hold yet.</summary>
    public List<OutboxItem> UnsettledOf(string patient) => ListItems("WHERE outbox.row = $of AND settled = 0", _keys.RowOf(patient));

    public List<OutboxItem> ItemsOf(string patient) => ListItems("WHERE outbox.row = $of", _keys.RowOf(patient));

    public List<OutboxItem> ItemsOf(ItemStanding standing) => ListItems("WHERE standing = $of", (int)standing);

    public List<OutboxItem> Items() => ListItems("WHERE number > $of", 0);

    public long CountItems(ItemStanding standing) => _session.Number("SELECT count(*) FROM outbox WHERE standing = $standing", ("$standing", (int)standing));

    /// <summary>The first waiting item of each patient, in the order of recording.</summary>
    public List<OutboxItem> FirstWaiting(int max) => ListItems(
        "WHERE number IN (SELECT min(number) FROM outbox WHERE standing = 0 GROUP BY row ORDER BY 1 LIMIT $of)", max);

    /// <summary>It is in the copy: reads of the patient need not look at it again, however many there are.</summary>
    public void Settle(long number) => _session.Execute("UPDATE outbox SET settled = 1 WHERE number = $number", ("$number", number));

    /// <summary>Of patients of whom there is neither a copy nor a change. How many.</summary>
    public int RemoveUnusedKeys() => _session.Execute("DELETE FROM patients WHERE body IS NULL AND row NOT IN (SELECT row FROM outbox)");

    public void RemoveItem(long number) => _session.Execute("DELETE FROM outbox WHERE number = $number", ("$number", number));

    public void Dispose() => _session.Dispose();

    private List<OutboxItem> ListItems(string where, object of)
    {
        var keys = new Dictionary<string, StreamKey>();
        return _session.List(
            $"SELECT outbox.number, outbox.standing, outbox.body, outbox.row, patients.key FROM outbox JOIN patients ON patients.row = outbox.row {where} ORDER BY outbox.number",
            r =>
            {
                var (row, number) = ((byte[])r[3], r.GetInt64(0));
                var name = Convert.ToHexStringLower(row);
                if (!keys.TryGetValue(name, out var key))
                {
                    keys.Add(name, key = _keys.Unwrap(row, (byte[])r[4]));
                }

                return OutboxItem.Of(number, (ItemStanding)r.GetInt32(1), Envelope.Open(key, PlaceOfItem(row, number), (byte[])r[2]));
            },
            ("$of", of));
    }

    private PatientCopy OpenCopy(byte[] row, byte[] key, byte[] body) => PatientCopy.Of(Envelope.Open(_keys.Unwrap(row, key), PlaceOfCopy(row), body));

    private StreamKey? KeyOf(byte[] row) =>
        _session.First("SELECT key FROM patients WHERE row = $row", r => (byte[])r[0], ("$row", row)) is { } wrapped ? _keys.Unwrap(row, wrapped) : null;

    private StreamKey AddKey(byte[] row)
    {
        var key = SiteKeys.Create(row);
        _session.Execute("INSERT INTO patients (row, key) VALUES ($row, $key)", ("$row", row), ("$key", _keys.Wrap(key)));
        return key;
    }

    private static Place PlaceOfCopy(byte[] row) => new(Convert.ToHexStringLower(row), 0, "copy");

    private static Place PlaceOfItem(byte[] row, long number) => new(Convert.ToHexStringLower(row), number, "item");
}
