using System.Diagnostics;
using System.Globalization;
using System.Text;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Server.Keys;

/// <summary>A list beside the authority: lines under a heading, only ever appended to, one at a time under a lock.</summary>
internal static class RegisterFile
{
    private const string InstantForm = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>Another process that appends is waited for no longer than this.</summary>
    private static readonly TimeSpan LockMax = TimeSpan.FromSeconds(1);

    public static string Iso(DateTimeOffset instant) => instant.ToString(InstantForm, CultureInfo.InvariantCulture);

    /// <summary>Null: it is no instant of these lists, or not a whole one.</summary>
    public static DateTimeOffset? InstantOf(string text) =>
        DateTimeOffset.TryParseExact(text, InstantForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;

    /// <summary>
    /// Lines that have their end, without the heading: one that is being written has none yet and is read the next time. Of a torn line that was ended later a part is
    /// among them. Null: there is no such file.
    /// </summary>
    /// <exception cref="StoreRefusedException">It cannot be read.</exception>
    public static IReadOnlyList<string>? Lines(string path, string heading) => Insist(path, () =>
    {
        string text;
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            // Never as UTF-16, whatever it begins with: every line would be lost.
            using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: false);
            text = reader.ReadToEnd().TrimStart('\uFEFF');
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !heading.StartsWith(line, StringComparison.Ordinal)).ToArray();
    });

    /// <summary>Makes the file with its heading, where there is none.</summary>
    /// <exception cref="StoreRefusedException">It cannot be written.</exception>
    public static void Begin(string path, string heading) => Append(path, heading, "");

    /// <summary>Returns when the line is on the disk.</summary>
    /// <exception cref="StoreRefusedException">It cannot be written.</exception>
    public static void Append(string path, string heading, string line)
    {
        // Written at once, so that a failure is told here and not when the file is closed.
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        Insist<object?>(path, () =>
        {
            using var stream = new FileStream(path, options);
            Append(stream, heading, line);
            return null;
        });
    }

    /// <summary>What a kill or a full disk tore off before is ended first: joined to it, the new line would not be read. What fails here is taken back.</summary>
    /// <param name="line">Empty: none, only the heading.</param>
    internal static void Append(FileStream stream, string heading, string line)
    {
        var before = stream.Length;
        var text = (before == 0 ? heading + "\n" : EndsWhole(stream) ? "" : "\n") + (line.Length == 0 ? "" : line + "\n");
        try
        {
            stream.Position = before;
            stream.Write(Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            TakeBack(stream, before);
            throw;
        }
    }

    private static bool EndsWhole(FileStream stream)
    {
        stream.Position = stream.Length - 1;
        return stream.ReadByte() == '\n';
    }

    private static void TakeBack(FileStream stream, long length)
    {
        try
        {
            stream.SetLength(length);
            stream.Flush(flushToDisk: true);
        }
        catch (IOException)
        {
            // Then half a line is left, which whoever appends next ends. The failure before is what is told.
        }
    }

    /// <summary>Another process holds the file for a moment while it appends.</summary>
    private static T Insist<T>(string path, Func<T> use)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return use();
            }
            catch (IOException) when (Stopwatch.GetElapsedTime(began) < LockMax)
            {
                Thread.Yield();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new StoreRefusedException($"{path} cannot be used: {exception.Message}");
            }
        }
    }
}
