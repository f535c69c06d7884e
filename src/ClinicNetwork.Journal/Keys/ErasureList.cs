using System.Security.Cryptography;
using System.Text;

namespace ClinicNetwork.Journal.Keys;

/// <summary>
/// Who was erased, in a file beside the master key and outside of the database: a backup of before brings them back, and restoring it erases them again by this
/// list. A line is a keyed hash of a stream, in hex, which tells nothing to whoever has not the master key. It is only appended to.
/// </summary>
internal sealed class ErasureList(string folder, MasterKey master)
{
    private readonly byte[] _key = master.DeriveSecret("erasure-list");

    public static string FileIn(string folder) => Path.Combine(folder, "erased.list");

    /// <summary>Appends those that are not in it, flushed to the disk, and tells how many.</summary>
    /// <exception cref="StoreRefusedException">It cannot be read or written.</exception>
    public int Add(IEnumerable<string> streams) => Using(() =>
    {
        var known = Read();
        var lines = streams.Select(LineOf).Where(known.Add).ToList();
        if (lines.Count > 0)
        {
            using var file = OwnedFiles.Open(FileIn(folder), FileMode.OpenOrCreate, FileShare.Read);
            file.Seek(0, SeekOrigin.End);

            // On a line of its own, also after one that was torn.
            file.Write(Encoding.ASCII.GetBytes("\n" + string.Join('\n', lines) + "\n"));
            file.Flush(flushToDisk: true);
        }

        return lines.Count;
    });

    /// <summary>Those of the streams that are in it.</summary>
    /// <exception cref="StoreRefusedException">It cannot be read.</exception>
    public IReadOnlyList<string> Among(IEnumerable<string> streams) => Using<IReadOnlyList<string>>(() =>
    {
        var known = Read();
        return known.Count == 0 ? [] : [.. streams.Where(stream => known.Contains(LineOf(stream)))];
    });

    /// <summary>As bytes: a mark at its beginning, which an editor may leave, is no reason to read all lines as UTF-16.</summary>
    private HashSet<string> Read() => new(
        File.Exists(FileIn(folder)) ? Encoding.Latin1.GetString(File.ReadAllBytes(FileIn(folder))).Split(['\r', '\n', (char)0xEF, (char)0xBB, (char)0xBF]) : [], StringComparer.Ordinal);

    private string LineOf(string stream) => Convert.ToHexStringLower(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes(stream)));

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
