namespace ClinicNetwork.Verification.Tables;

/// <summary>Each cell by itself: a label of its hierarchy, one that covers the original's leaf, and what is passed through unchanged.</summary>
internal static class CellRules
{
    public static void Check(PublishedRows rows, TableVerification about, CancellationToken cancellationToken)
    {
        foreach (var column in rows.Columns)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (about.Hierarchies.TryGetValue(column.Name, out var hierarchy))
            {
                CheckValues(rows, column, hierarchy, rows.Original?.Find(column.Name));
            }
        }

        foreach (var column in rows.Data.Columns.Where(column => !rows.Columns.Contains(column)))
        {
            if (rows.Original?.Find(column.Name) is { } original)
            {
                CheckUnchanged(rows, column, original);
            }
        }
    }

    private static void CheckValues(PublishedRows rows, VerifiedColumn column, TableHierarchy hierarchy, VerifiedColumn? original)
    {
        var labels = new int[column.Distinct];
        for (var code = 0; code < labels.Length; code++)
        {
            labels[code] = hierarchy.FindLabel(column.ValueOf(code));
        }

        var leaves = new int[original?.Distinct ?? 0];
        for (var code = 0; code < leaves.Length; code++)
        {
            leaves[code] = hierarchy.FindLeaf(original!.ValueOf(code));
        }

        var published = column.Codes;
        var was = original is null ? default : original.Codes;
        for (var row = 0; row < published.Length; row++)
        {
            var label = labels[published[row]];
            if (label < 0)
            {
                rows.Add(TableRules.WrongCell, TableFile.Data, row, column.Name, "the value is no label of the hierarchy.");
            }

            if (original is null)
            {
                continue;
            }

            var leaf = leaves[was[row]];
            if (leaf < 0)
            {
                rows.Add(TableRules.OriginalValue, TableFile.Original, row, column.Name, "the value is no leaf of the hierarchy; add it there.");
            }
            else if (label >= 0 && !hierarchy.Covers(label, leaf))
            {
                rows.Add(TableRules.Coverage, TableFile.Data, row, column.Name, "the value does not cover the original's.");
            }
        }
    }

    private static void CheckUnchanged(PublishedRows rows, VerifiedColumn column, VerifiedColumn original)
    {
        var same = original.CodesOf(column);
        var published = column.Codes;
        var was = original.Codes;
        for (var row = 0; row < published.Length; row++)
        {
            if (same[published[row]] != was[row] && !rows.IsWithheld(row))
            {
                rows.Add(TableRules.Changed, TableFile.Data, row, column.Name, "the value is not the original's.");
            }
        }
    }
}
