using System.Globalization;
using System.Security.Cryptography;
using ClinicNetwork.Anonymisation.Tables;
using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Tables;

/// <summary>A file's table, as numbers; the file stays open for what is not coded, and is known again by its digest.</summary>
internal sealed class LoadedTable : IDisposable
{
    /// <summary>Rows between two looks at cancellation and progress.</summary>
    private const int Stride = 4096;

    private readonly string path;
    private readonly char delimiter;
    private readonly FileStream file;
    private byte[] digest = [];

    private LoadedTable(string path, char delimiter, FileStream file, TableColumns columns)
    {
        (this.path, this.delimiter, this.file) = (path, delimiter, file);
        Columns = columns;
    }

    internal TableColumns Columns { get; private set; }

    internal Microdata Data { get; private set; } = null!;

    /// <param name="ordered">Sensitive values are numbers, and coded in their order.</param>
    /// <exception cref="InputException">The file is no table, or a value is in no hierarchy.</exception>
    internal static LoadedTable Read(
        string path, char delimiter, ColumnNames wanted, IReadOnlyList<LeafHierarchy> hierarchies, bool ordered, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var file = InputFile.Open(path);
        var table = new LoadedTable(path, delimiter, file, new([], [], -1, -1, []));
        try
        {
            if (!file.CanSeek)
                throw new InputException(path, "is no file; save it to one, it is read twice");
            table.Load(wanted, hierarchies, ordered, progress, cancellationToken);
            return table;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads all rows again, in order.</summary>
    /// <param name="visit">The row's index, 0 to the number of rows − 1, and its values.</param>
    /// <exception cref="InputException">The file is not what it was.</exception>
    internal void Again(Action<int, DelimitedRows> visit, CancellationToken cancellationToken)
    {
        byte[] again;
        try
        {
            again = Pass(rows =>
            {
                rows.Read();
                while (rows.Read())
                {
                    if (rows.Row > Data.Rows)
                        throw rows.Refusal(rows.Row, null, "was not there before");
                    if (rows.Row % Stride == 0)
                        cancellationToken.ThrowIfCancellationRequested();
                    visit(rows.Row - 1, rows);
                }
            });
        }
        catch (InputException)
        {
            // It was a table before.
            again = [];
        }
        if (!again.AsSpan().SequenceEqual(digest))
            throw new InputException(path, "changed while it was read; run the command again when nobody writes to it");
    }

    public void Dispose() => file.Dispose();

    /// <summary>The digest of what was read.</summary>
    private byte[] Pass(Action<DelimitedRows> read)
    {
        file.Position = 0;
        RefuseUtf16();
        using var sha = SHA256.Create();
        using var hashing = new CryptoStream(file, sha, CryptoStreamMode.Read, leaveOpen: true);
        using var rows = new DelimitedRows(path, hashing, delimiter, first: 0);
        read(rows);
        return sha.Hash!;
    }

    private void RefuseUtf16()
    {
        Span<byte> mark = stackalloc byte[2];
        var length = file.ReadAtLeast(mark, 2, throwOnEndOfStream: false);
        file.Position = 0;
        if (length == 2 && mark is [0xFF, 0xFE] or [0xFE, 0xFF])
            throw new InputException(path, "is UTF-16; save it as UTF-8");
    }

    private void Load(ColumnNames wanted, IReadOnlyList<LeafHierarchy> hierarchies, bool ordered, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var books = hierarchies.Select(LeavesOf).ToArray();
        var leaves = hierarchies.Select(_ => new List<int>()).ToArray();
        var (persons, sensitive, known, values) = (new List<int>(), new List<int>(), new CodeBook(), new CodeBook());
        digest = Pass(rows =>
        {
            Columns = TableColumns.Of(path, rows, wanted);
            while (rows.Read())
            {
                for (var a = 0; a < leaves.Length; a++)
                {
                    var leaf = books[a].Find(rows[Columns.Quasi[a]]);
                    leaves[a].Add(leaf >= 0 ? leaf : throw rows.Refusal(rows.Row, Columns.Quasi[a], "the value is not in the column's hierarchy; add it there, or correct it"));
                }
                if (Columns.Person >= 0)
                    persons.Add(known.FindOrAdd(rows[Columns.Person]));
                if (Columns.Sensitive >= 0)
                    sensitive.Add(ordered && !IsNumber(rows[Columns.Sensitive])
                        ? throw rows.Refusal(rows.Row, Columns.Sensitive, "is no number; --t-distance ordered takes numbers such as 12 or 0.5")
                        : values.FindOrAdd(rows[Columns.Sensitive]));
                if (rows.Row % Stride == 0)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    progress?.Report((double)file.Position / Math.Max(1, file.Length));
                }
            }
            if (rows.Row < 1)
                throw new InputException(path, "no row under the header; give at least one");
        });
        var codes = Taken(sensitive);
        if (ordered)
            RankByNumber(codes, values);
        Data = new(hierarchies, [.. leaves.Select(Taken)], Columns.Person < 0 ? null : Taken(persons), Columns.Sensitive < 0 ? null : codes);
    }

    private static CodeBook LeavesOf(LeafHierarchy hierarchy)
    {
        var book = new CodeBook();
        foreach (var label in hierarchy.LabelsAt(0))
            book.Add(hierarchy.Labels[label]);
        return book;
    }

    private static bool IsNumber(ReadOnlySpan<byte> value) =>
        double.TryParse(value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number);

    /// <summary>Equal numbers are one value, however they are written.</summary>
    private static void RankByNumber(int[] codes, CodeBook values)
    {
        var numbers = values.Values.Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var sorted = numbers.Distinct().Order().ToArray();
        var rank = numbers.Select(number => Array.BinarySearch(sorted, number)).ToArray();
        for (var row = 0; row < codes.Length; row++)
            codes[row] = rank[codes[row]];
    }

    /// <summary>The list's memory is given back.</summary>
    private static int[] Taken(List<int> list)
    {
        var array = list.ToArray();
        list.Clear();
        list.TrimExcess();
        return array;
    }
}
