using System.Buffers;
using System.Text;
using ClinicNetwork.Anonymisation.Tables;
using ClinicNetwork.Anonymisation.Tables.Hierarchies;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Cli.Tables;

namespace ClinicNetwork.Cli.Commands.Tables.Hierarchies;

/// <summary>Writes a hierarchy that was made, whole or not at all, and says what it has.</summary>
internal static class HierarchyWriter
{
    /// <param name="read">Files that it was made from, which stay.</param>
    /// <param name="make">What refuses by a field; it is the option of that name unless <paramref name="refusal"/> says otherwise.</param>
    /// <param name="refusal">What is said of one that is about a file; else null.</param>
    internal static MadeHierarchy Write(Invocation run, string path, char delimiter, IEnumerable<string> read, Func<MadeHierarchy> make, Func<HierarchyRefusedException, InputException?>? refusal = null)
    {
        AsideFile.RefuseToReplace("--out", path, read);
        var made = Made(make, refusal);
        using var aside = new AsideFile("--out", path);
        WriteRows(aside.Content, made.Rows, delimiter, run.Cancelled);
        aside.Finish();
        aside.Place();
        Describe(run.Terminal, path, made.Rows);
        if (made.LeftOut.Count > 0)
            run.Terminal.Line($"left out, as they are like the level below or the root: {string.Join(", ", made.LeftOut)}");
        return made;
    }

    /// <summary>Leaves, levels, and labels on each.</summary>
    internal static void Describe(Terminal terminal, string path, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var counts = HierarchyCheck.LabelCounts(rows);
        terminal.Line($"{path}: {Show.Count(rows.Count, "leaf", "leaves")}, {Show.Count(counts.Count, "level")}; labels on each: {string.Join(", ", counts)}");
    }

    private static MadeHierarchy Made(Func<MadeHierarchy> make, Func<HierarchyRefusedException, InputException?>? refusal)
    {
        try
        {
            return make();
        }
        catch (HierarchyRefusedException error)
        {
            throw refusal?.Invoke(error) ?? new InputException("--" + error.Field, $"{error.Fault}");
        }
    }

    private static void WriteRows(Stream stream, IReadOnlyList<IReadOnlyList<string>> rows, char delimiter, CancellationToken cancellationToken)
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16, leaveOpen: true) { NewLine = "\n" };
        var toQuote = SearchValues.Create([delimiter, '"', '\r', '\n']);
        foreach (var row in rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            for (var level = 0; level < row.Count; level++)
            {
                if (level > 0)
                    writer.Write(delimiter);
                writer.Write(row[level].AsSpan().ContainsAny(toQuote) ? $"\"{row[level].Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : row[level]);
            }
            writer.WriteLine();
        }
    }
}
