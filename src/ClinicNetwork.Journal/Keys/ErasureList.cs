using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace ClinicNetwork.Journal.Keys;

/// <summary>
/// Who was erased and which clinics' keys were destroyed, in a file beside the master key and outside of the database: a backup of before brings them back, and restoring
/// it destroys them again by this list. A line is a keyed hash of a stream or a holder, in hex, which tells nothing to whoever has not the master key. It is only appended
/// to, by one process at a time.
/// </summary>
internal sealed class ErasureList(string folder, MasterKey master)
{
    /// <summary>Another process that appends is waited for no longer than this.</summary>
    private static readonly TimeSpan LockMax = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(10);

    private readonly byte[] _key = master.DeriveSecret("erasure-list");

    public static string FileIn(string folder) => Path.Combine(folder, "erased.list");

    /// <summary>False: this process may not write to the folder (a Secret of Kubernetes, say), and somebody else keeps the list.</summary>
    public bool IsWritable()
    {
        try
        {
            using var file = Open();
            return true;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            return false;
        }
    }

    /// <summary>Appends those that are not in it, flushed to the disk, and tells how many.</summary>
    /// <param name="names">Streams that were erased, and holders whose key was destroyed.</param>
    /// <exception cref="StoreRefusedException">It cannot be read or written.</exception>
    public int Add(IReadOnlyCollection<string> names) => names.Count == 0 ? 0 : Using(() =>
    {
        // Nobody else appends between what is read and what is written.
        using var file = Open();
        var list = new byte[file.Length];
        file.ReadExactly(list);
        var known = LinesOf(list);
        var lines = names.Select(LineOf).Where(known.Add).ToList();
        if (lines.Count > 0)
        {
            // On a line of its own, also after one that was torn.
            file.Seek(0, SeekOrigin.End);
            file.Write(Encoding.ASCII.GetBytes("\n" + string.Join('\n', lines) + "\n"));
            file.Flush(flushToDisk: true);
        }

        return lines.Count;
    });

    /// <summary>Those of the streams and holders that are in it.</summary>
    /// <exception cref="StoreRefusedException">It cannot be read.</exception>
    public IReadOnlyList<string> Among(IEnumerable<string> names) => Using<IReadOnlyList<string>>(() =>
    {
        var known = File.Exists(FileIn(folder)) ? LinesOf(File.ReadAllBytes(FileIn(folder))) : [];
        return known.Count == 0 ? [] : [.. names.Where(name => known.Contains(LineOf(name)))];
    });

    private string LineOf(string name) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(name)));

    /// <summary>As bytes: a mark at its beginning, which an editor may leave, is no reason to read all lines as UTF-16.</summary>
    private static HashSet<string> LinesOf(byte[] list) => new(Encoding.Latin1.GetString(list).Split(['\r', '\n', (char)0xEF, (char)0xBB, (char)0xBF]), StringComparer.Ordinal);

    private FileStream Open()
    {
        for (var began = Stopwatch.GetTimestamp(); ; Thread.Sleep(LockPause))
        {
            try
            {
                return OwnedFiles.Open(FileIn(folder), FileMode.OpenOrCreate, FileShare.None);
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(began) < LockMax)
            {
                // Another process of this folder has it for a moment.
            }
        }
    }

    private T Using<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new StoreRefusedException($"The list of erasures {FileIn(folder)} cannot be used ({e.GetType().Name}); it and its folder must be owned by the user that runs this.", e);
        }
    }
}
