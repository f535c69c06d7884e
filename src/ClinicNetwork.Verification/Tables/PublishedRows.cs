using System.Globalization;

namespace ClinicNetwork.Verification.Tables;

/// <summary>The published rows of all files one after the other: which are released, and in which batch.</summary>
internal sealed class PublishedRows
{
    private readonly int[] _firstOf;
    private readonly TableFindings _findings;

    /// <param name="about">Its columns were found.</param>
    public PublishedRows(TableVerification about, TableFindings findings)
    {
        (Data, _findings) = (VerifiedTable.Concat(about.Data), findings);
        Original = about.Originals.Count == 0 ? null : VerifiedTable.Concat(about.Originals);
        Columns = [.. about.QuasiIdentifiers.Select(name => Data.Find(name)!)];
        _firstOf = new int[about.Data.Count];
        for (var file = 1; file < _firstOf.Length; file++)
        {
            _firstOf[file] = _firstOf[file - 1] + about.Data[file - 1].Rows;
        }

        BatchColumn = HasBatches(about) ? Data.Columns[0] : null;
        Released = new bool[Data.Rows];
        Array.Fill(Released, true);
        SetBatches();
        SetSuppressed();
    }

    public VerifiedTable Data { get; }

    public VerifiedTable? Original { get; }

    /// <summary>The quasi-identifiers.</summary>
    public IReadOnlyList<VerifiedColumn> Columns { get; }

    /// <summary>Says in which batch a row is; null: nothing does.</summary>
    private VerifiedColumn? BatchColumn { get; }

    /// <summary>For each row whether it is neither suppressed nor withheld.</summary>
    public bool[] Released { get; }

    /// <summary>For each row its batch, from 0; −1: withheld. Null: there is one.</summary>
    public int[]? BatchOf { get; private set; }

    /// <summary>1 or more.</summary>
    public int Batches { get; private set; } = 1;

    public int Suppressed { get; private set; }

    public int Withheld { get; private set; }

    public bool IsWithheld(int row) => BatchOf is not null && BatchOf[row] < 0;

    public void Add(string rule, TableFile file, int row, string? column, string message) => _findings.Add(rule, () =>
    {
        var index = FileOf(row);
        return new(rule, file, index, row - _firstOf[index] + 1, column, message);
    });

    public int FileOf(int row)
    {
        var file = Array.BinarySearch(_firstOf, row);
        return file >= 0 ? file : ~file - 1;
    }

    private static bool HasBatches(TableVerification about) =>
        about.Data[0].Header[0] == TableVerification.BatchColumn && !about.QuasiIdentifiers.Contains(TableVerification.BatchColumn)
        && !(about.Originals.Count > 0 && about.Originals[0].Header.Contains(TableVerification.BatchColumn));

    private void SetBatches()
    {
        if (BatchColumn is null && _firstOf.Length == 1)
        {
            return;
        }

        BatchOf = new int[Data.Rows];
        // The same label in two files is two batches.
        var batches = new Dictionary<(int File, int Code), int>();
        var (file, count) = (0, 0);
        for (var row = 0; row < BatchOf.Length; row++)
        {
            file += file + 1 < _firstOf.Length && _firstOf[file + 1] == row ? 1 : 0;
            var code = BatchColumn?.Codes[row] ?? 0;
            if (!batches.TryGetValue((file, code), out BatchOf[row]))
            {
                batches[(file, code)] = BatchOf[row] = IsBatch(code, row) ? count++ : -1;
            }

            if (BatchOf[row] < 0)
            {
                Released[row] = false;
                Withheld++;
                RefuseShown(row);
            }
        }

        Batches = Math.Max(1, count);
    }

    private bool IsBatch(int code, int row)
    {
        if (BatchColumn is null)
        {
            return true;
        }

        var label = BatchColumn.ValueOf(code);
        if (label.Length > 0 && !(int.TryParse(label, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0))
        {
            Add(TableRules.Batch, TableFile.Data, row, BatchColumn.Name, "a batch is a whole number from 1 on, or empty for a row that is withheld.");
        }

        return label.Length > 0;
    }

    private void RefuseShown(int row)
    {
        foreach (var column in Data.Columns.Skip(1))
        {
            if (column.ValueAt(row) != (Columns.Contains(column) ? TableHierarchy.Root : ""))
            {
                Add(TableRules.Withheld, TableFile.Data, row, column.Name, "the row is in no batch and shows something; write '*' in quasi-identifiers and nothing elsewhere.");
            }
        }
    }

    private void SetSuppressed()
    {
        var hidden = new bool[Data.Rows];
        Array.Fill(hidden, true);
        foreach (var column in Columns)
        {
            var root = column.FindCode(TableHierarchy.Root);
            var codes = column.Codes;
            for (var row = 0; row < hidden.Length; row++)
            {
                hidden[row] &= codes[row] == root;
            }
        }

        for (var row = 0; row < hidden.Length; row++)
        {
            Suppressed += hidden[row] || !Released[row] ? 1 : 0;
            Released[row] &= !hidden[row];
        }
    }
}
