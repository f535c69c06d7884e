using System.Text;
using ClinicNetwork.Faults.History;
using ClinicNetwork.Faults.Load;

namespace ClinicNetwork.Faults.Run;

/// <summary>Looks through every file of the database, the keys, the servers and the logs for what was planted in persons' texts.</summary>
internal static class IdentifierScan
{
    private const int PieceBytes = 1 << 20;

    private static readonly byte[][] Patterns = [.. Encodings(Commands.Planted)];

    public static void Run(string folder, HistoryWriter history)
    {
        foreach (var part in Directory.GetDirectories(folder))
        {
            long bytes = 0;
            foreach (var file in Directory.EnumerateFiles(part, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint }))
            {
                bytes += Scan(file, Path.GetRelativePath(folder, file), history);
            }

            history.Write(new Scanned(Path.GetFileName(part), bytes));
        }
    }

    private static long Scan(string file, string name, HistoryWriter history)
    {
        var longest = Patterns.Max(p => p.Length);
        var buffer = new byte[PieceBytes + longest];
        long bytes = 0;
        var kept = 0;
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        while (stream.Read(buffer, kept, PieceBytes) is var read and > 0)
        {
            var piece = buffer.AsSpan(0, kept + read);
            foreach (var pattern in Patterns)
            {
                if (piece.IndexOf(pattern) is var at and >= 0)
                {
                    history.Write(new Leaked(name, Encoding.ASCII.GetString(piece.Slice(at, Math.Min(24, piece.Length - at)))));
                    return bytes + read;
                }
            }

            bytes += read;
            kept = Math.Min(longest, piece.Length);
            piece[^kept..].CopyTo(buffer);
        }

        return bytes;
    }

    private static IEnumerable<byte[]> Encodings(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return [bytes, Encoding.Unicode.GetBytes(text), Encoding.ASCII.GetBytes(Convert.ToHexString(bytes)), Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes))];
    }
}
