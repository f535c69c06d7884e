namespace ClinicNetwork.Verification.Tables;

/// <summary>
/// Decides whether a published table keeps what is promised of it, and recomputes its measures. It shares no code with the engine that made it. Work and memory grow with the cells alone.
/// </summary>
public static class TableVerifier
{
    public static TableVerdict Verify(TableVerification about, TablePromise promise, CancellationToken cancellationToken = default)
    {
        var findings = new TableFindings();
        CheckColumns(about, findings);
        if (!findings.Any)
        {
            CheckRowCounts(about, findings);
        }

        if (findings.Any)
        {
            return new(findings.Kept, findings.Counts, null, []);
        }

        var rows = new PublishedRows(about, findings);
        CellRules.Check(rows, about, cancellationToken);
        CheckPersons(rows, about);
        var measures = new ClassRules(rows, about, promise).Check(findings, cancellationToken);
        about.Report?.Compare(measures, findings);
        return new(findings.Kept, findings.Counts, measures, [.. NotChecked(about)]);
    }

    private static void CheckColumns(TableVerification about, TableFindings findings)
    {
        void Missing(TableFile file, int index, string column, string message) =>
            findings.Add(TableRules.Columns, () => new(TableRules.Columns, file, index, null, column, message));

        for (var file = 0; file < about.Data.Count; file++)
        {
            if (!about.Data[file].Header.SequenceEqual(about.Data[0].Header))
            {
                findings.Add(TableRules.Columns, () => new(TableRules.Columns, TableFile.Data, file, 0, null, "the header is not that of the first file."));
            }

            if (file < about.Originals.Count && !about.Originals[file].Header.SequenceEqual(about.Originals[0].Header))
            {
                findings.Add(TableRules.Columns, () => new(TableRules.Columns, TableFile.Original, file, 0, null, "the header is not that of the first file."));
            }
        }

        foreach (var name in about.QuasiIdentifiers.Concat(about.Sensitive is { } sensitive ? [sensitive] : []).Where(name => about.Data[0].Find(name) is null))
        {
            Missing(TableFile.Data, 0, name, "there is no such column; see the header, and the delimiter.");
        }

        foreach (var name in about.QuasiIdentifiers)
        {
            if (about.Originals.Count > 0 && about.Originals[0].Find(name) is null)
            {
                Missing(TableFile.Original, 0, name, "there is no such column.");
            }

            if (about.Hierarchies.Count > 0 && !about.Hierarchies.ContainsKey(name))
            {
                Missing(TableFile.Hierarchies, 0, name, "there is no hierarchy of this column.");
            }

            if (about.Regions is not null && about.Regions.Find(name) is null)
            {
                Missing(TableFile.Regions, 0, name, "there is no such column.");
            }
        }

        if (about.Person is { } person && about.Data[0].Find(person) is null && (about.Originals.Count == 0 || about.Originals[0].Find(person) is null))
        {
            Missing(about.Originals.Count == 0 ? TableFile.Data : TableFile.Original, 0, person, "there is no such column; the original has it, in the same order of rows.");
        }
    }

    private static void CheckRowCounts(TableVerification about, TableFindings findings)
    {
        for (var file = 0; file < about.Originals.Count; file++)
        {
            var (rows, was) = (about.Data[file].Rows, about.Originals[file].Rows);
            if (rows != was)
            {
                findings.Add(TableRules.RowCount, () => new(TableRules.RowCount, TableFile.Data, file, null, null, $"the output has {rows} rows, the original {was}."));
            }
        }
    }

    /// <summary>Of several files, which are batches: a person is in one of them.</summary>
    private static void CheckPersons(PublishedRows rows, TableVerification about)
    {
        if (about.Person is null || about.Data.Count == 1)
        {
            return;
        }

        var persons = (rows.Original?.Find(about.Person) ?? rows.Data.Find(about.Person))!;
        var fileOf = new int[persons.Distinct];
        var codes = persons.Codes;
        for (var row = 0; row < codes.Length; row++)
        {
            var file = rows.FileOf(row) + 1;
            if (!rows.Released[row])
            {
                continue;
            }

            if (fileOf[codes[row]] != 0 && fileOf[codes[row]] != file)
            {
                rows.Add(TableRules.PersonTwice, TableFile.Data, row, persons.Name, "the row's person is in a batch before; a person is released once.");
            }

            fileOf[codes[row]] = fileOf[codes[row]] == 0 ? file : fileOf[codes[row]];
        }
    }

    private static IEnumerable<string> NotChecked(TableVerification about)
    {
        if (about.Originals.Count == 0)
        {
            yield return "coverage and unchanged values: no original was given";
        }

        if (about.Hierarchies.Count == 0)
        {
            yield return about.Originals.Count == 0 ? "wrong cells, NCP and GI: no hierarchies were given" : "coverage, wrong cells, NCP and GI: no hierarchies were given";
        }

        if (about.Person is null)
        {
            yield return "persons: no person column was given, so each row counts as another person";
        }

        if (about.Sensitive is null)
        {
            yield return "l and t: no sensitive column was given";
        }
    }
}
