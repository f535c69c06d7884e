using ClinicNetwork.Verification.Tables;

namespace ClinicNetwork.Verification.RedTeam;

/// <summary>A table, and what messages call it.</summary>
/// <param name="Name">Its file.</param>
public sealed record AttackedFile(string Name, VerifiedTable Table);

/// <summary>Files that do not fit together. The message names file, row, column and rule, never a value.</summary>
public sealed class AttackInputException(string file, string rule) : Exception($"{file}: {rule}")
{
    public string File { get; } = file;

    /// <summary>Row, column, what is wrong, and what to do.</summary>
    public string Rule { get; } = rule;
}

/// <summary>All that the red team looks at, coded.</summary>
/// <param name="Attributes">The quasi-identifiers' hierarchies.</param>
/// <param name="Releases">In the order of the files, batches in the order of their first row.</param>
/// <param name="Original">The rows of all originals; null: not given.</param>
/// <param name="Control">Persons who are in no release; null: not given.</param>
/// <param name="LinkedByPerson">Every release names persons.</param>
/// <param name="HasSensitive">Every release has the sensitive column.</param>
internal sealed record AttackedTables(
    IReadOnlyList<TableHierarchy> Attributes,
    IReadOnlyList<AttackedRelease> Releases,
    KnownRows? Original,
    KnownRows? Control,
    bool LinkedByPerson,
    bool HasSensitive);

/// <summary>Codes the files alike: equal texts of persons and sensitive values are equal numbers in all of them.</summary>
internal sealed class AttackedTablesReader(AttackFiles files, AttackSettings settings)
{
    /// <summary>Of the leading column that a stream's output has.</summary>
    private const string Batch = "batch";

    private readonly Dictionary<string, int> _persons = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<(int, int), int> _contents = [];

    /// <exception cref="AttackInputException">A column is missing, a value is in no hierarchy, or the files do not fit together.</exception>
    public AttackedTables Read()
    {
        var linked = settings.Person is { } person && files.Releases.All(file => file.Table.Find(person) is not null);
        KnownRows[] originals = [.. files.Originals.Select(file => Known(file, needsPerson: files.Originals.Count > 1))];
        if (originals.Length > 1 && originals.Length != files.Releases.Count)
        {
            throw new AttackInputException(files.Originals[0].Name, "give one original for all releases, or one for each in the same order");
        }

        var releases = new List<AttackedRelease>();
        for (var i = 0; i < files.Releases.Count; i++)
        {
            var known = originals.Length == 0 ? null : originals[originals.Length == 1 ? 0 : i];
            releases.AddRange(Releases(i, known, linked));
        }

        var control = files.Control is null ? null : Known(files.Control, needsPerson: false);
        if (control is not null && settings.Person is { } name && files.Control!.Table.Find(name) is not null && files.Originals.Any(file => file.Table.Find(name) is not null))
        {
            RefuseOverlap(control, originals);
        }

        var sensitive = settings.Sensitive is not null && releases.All(release => release.Sensitive is not null);
        return new(files.Hierarchies, releases, originals.Length == 0 ? null : KnownRows.Of(originals), control, linked, sensitive);
    }

    private void RefuseOverlap(KnownRows control, KnownRows[] originals)
    {
        var persons = originals.SelectMany(original => original.Persons).ToHashSet();
        if (Array.FindIndex(control.Persons, persons.Contains) is >= 0 and var row)
        {
            throw new AttackInputException(files.Control!.Name, $"row {row + 1}, column {settings.Person}: the person is in an original too; a control has other persons");
        }
    }

    private KnownRows Known(AttackedFile file, bool needsPerson)
    {
        int[][] leaves = [.. files.Hierarchies.Select(h => Codes(file, h.Name, h.FindLeaf, "no leaf of its hierarchy"))];
        var person = settings.Person is null ? null : file.Table.Find(settings.Person);
        if (person is null && needsPerson)
        {
            throw new AttackInputException(file.Name, "several originals are matched by --person; name a column that each has");
        }

        var persons = person is null ? [.. Enumerable.Range(0, file.Table.Rows)] : Shared(_persons, person);
        return new(leaves, persons, settings.Sensitive is { } s && file.Table.Find(s) is { } sensitive ? Shared(_values, sensitive) : null);
    }

    private IEnumerable<AttackedRelease> Releases(int index, KnownRows? known, bool linked)
    {
        var file = files.Releases[index];
        var table = file.Table;
        if (known is not null && known.Rows != table.Rows)
        {
            throw new AttackInputException(file.Name, $"has {table.Rows} rows, its original {known.Rows}; give the original with the same rows in the same order");
        }

        int[][] labels = [.. files.Hierarchies.Select(h => Codes(file, h.Name, h.FindLabel, "no label of its hierarchy"))];
        for (var row = 0; known is not null && row < table.Rows; row++)
        {
            for (var a = 0; a < labels.Length; a++)
            {
                if (!files.Hierarchies[a].Covers(labels[a][row], known.Leaves[a][row]))
                {
                    throw new AttackInputException(
                        file.Name, $"row {row + 1}, column {files.Hierarchies[a].Name}: does not cover the original's value; give the original with the same rows in the same order");
                }
            }
        }

        var links = linked ? Shared(_persons, table.Find(settings.Person!)!) : Content(table);
        var sensitive = settings.Sensitive is { } s && table.Find(s) is { } column ? Shared(_values, column) : null;
        return Batches(table).Select(rows => Release(index, rows, known, labels, links, sensitive));
    }

    private static AttackedRelease Release(int file, int[] rows, KnownRows? known, int[][] labels, int[] links, int[]? sensitive)
    {
        var regionOf = new int[rows.Length];
        foreach (var column in labels)
        {
            var ids = new Dictionary<(int, int), int>();
            for (var place = 0; place < rows.Length; place++)
            {
                regionOf[place] = IdOf(ids, (regionOf[place], column[rows[place]]));
            }
        }

        var regions = rows.Length == 0 ? 0 : regionOf.Max() + 1;
        int[][] ofRegion = [.. labels.Select(_ => new int[regions])];
        for (var place = 0; place < rows.Length; place++)
        {
            for (var a = 0; a < labels.Length; a++)
            {
                ofRegion[a][regionOf[place]] = labels[a][rows[place]];
            }
        }

        return new(file, known, rows, ofRegion, regionOf, [.. rows.Select(row => links[row])], sensitive is null ? null : [.. rows.Select(row => sensitive[row])]);
    }

    /// <summary>Rows by batch; a row that is still withheld is in none.</summary>
    private IEnumerable<int[]> Batches(VerifiedTable table)
    {
        var all = Enumerable.Range(0, table.Rows);
        if (table.Header[0] != Batch || table.Find(Batch) is not { } batch || files.Hierarchies.Any(h => h.Name == Batch) || settings.Sensitive == Batch || settings.Person == Batch)
        {
            return [[.. all]];
        }

        var withheld = batch.FindCode("");
        var codes = batch.Codes.ToArray();
        return [.. all.Where(row => codes[row] != withheld).GroupBy(row => codes[row]).Select(group => group.ToArray())];
    }

    /// <summary>All values that every release has beside quasi-identifiers, person and batch, as one number.</summary>
    private int[] Content(VerifiedTable table)
    {
        var content = new int[table.Rows];
        var names = table.Header.Where(name => name != Batch && name != settings.Person && files.Hierarchies.All(h => h.Name != name)
            && files.Releases.All(file => file.Table.Find(name) is not null));
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            var codes = Shared(_values, table.Find(name)!);
            for (var row = 0; row < content.Length; row++)
            {
                content[row] = IdOf(_contents, (content[row], codes[row]));
            }
        }

        return content;
    }

    private static int IdOf<T>(Dictionary<T, int> ids, T key)
        where T : notnull
    {
        if (!ids.TryGetValue(key, out var id))
        {
            ids[key] = id = ids.Count;
        }

        return id;
    }

    private static int[] Shared(Dictionary<string, int> ids, VerifiedColumn column)
    {
        int[] shared = [.. Enumerable.Range(0, column.Distinct).Select(code => IdOf(ids, column.ValueOf(code)))];
        return Recoded(column, shared);
    }

    private static int[] Codes(AttackedFile file, string name, Func<string, int> find, string fault)
    {
        var column = file.Table.Find(name) ?? throw new AttackInputException(file.Name, $"no column {name}; give names of its header");
        int[] found = [.. Enumerable.Range(0, column.Distinct).Select(code => find(column.ValueOf(code)))];
        var codes = Recoded(column, found);
        return Array.IndexOf(codes, -1) is >= 0 and var row
            ? throw new AttackInputException(file.Name, $"row {row + 1}, column {name}: {fault}; add it there, or correct the table")
            : codes;
    }

    private static int[] Recoded(VerifiedColumn column, int[] codes)
    {
        var recoded = new int[column.Rows];
        for (var row = 0; row < recoded.Length; row++)
        {
            recoded[row] = codes[column.Codes[row]];
        }

        return recoded;
    }
}
