using System.Diagnostics;
using System.Globalization;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Server.Keys;

/// <summary>A list beside the authority: lines under a heading, only ever appended to, one at a time under a lock.</summary>
internal static class RegisterFile
{
    /// <summary>Another process that appends is waited for no longer than this.</summary>
    private static readonly TimeSpan LockMax = TimeSpan.FromSeconds(1);

    public static string Iso(DateTimeOffset instant) => instant.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Whole lines without the heading: one that is being written has no end yet and is read the next time.</summary>
    public static IEnumerable<string> Lines(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        var text = Insist(path, () =>
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        });
        return text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1);
    }

    public static void Append(string path, string heading, string line)
    {
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        Insist(path, () =>
        {
            using var stream = new FileStream(path, options);
            using var writer = new StreamWriter(stream);
            writer.Write(stream.Position == 0 ? $"{heading}\n{line}\n" : line + "\n");
            writer.Flush();
            stream.Flush(flushToDisk: true);
            return true;
        });
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
