namespace ClinicNetwork.Anonymisation.Tests.Tables;

/// <summary>
/// A table and what was published of it, as text: whether it holds what was asked, and its measures, recomputed the plain way from the formulas of docs/anonymisation.md. Shares nothing
/// with the engine or the verifier.
/// </summary>
/// <param name="Hierarchies">For each attribute its rows, most specific label first.</param>
/// <param name="Original">For each row its leaves.</param>
/// <param name="Cells">For each row what was published.</param>
/// <param name="Batch">For each row its batch; 0: withheld.</param>
internal sealed record PlainTable(IReadOnlyList<string[][]> Hierarchies, string[][] Original, string[][] Cells, int[] Batch, int[]? Persons, int[]? Sensitive)
{
    public const double Tolerance = 1e-9;

    private int[] Released => [.. Enumerable.Range(0, Cells.Length).Where(row => !IsSuppressed(row))];

    /// <summary>A class: the rows of one batch with the same published tuple.</summary>
    private IEnumerable<int[]> Classes => Released.GroupBy(row => (Batch[row], string.Join('\u001f', Cells[row]))).Select(g => g.ToArray());

    private Dictionary<int, int[]> ReleasedByBatch => Released.GroupBy(row => Batch[row]).ToDictionary(g => g.Key, g => g.ToArray());

    public int Suppressed => Cells.Length - Released.Length;

    private bool IsSuppressed(int row) => Array.TrueForAll(Cells[row], cell => cell == "*");

    /// <summary>What is wrong; nothing: it is as asked.</summary>
    public IEnumerable<string> Findings(int k, int l, double t, bool ordered, double limit)
    {
        for (var row = 0; row < Original.Length; row++)
        {
            for (var a = 0; a < Hierarchies.Count; a++)
            {
                if (!Hierarchies[a].Any(path => path[0] == Original[row][a] && path.Contains(Cells[row][a])))
                {
                    yield return $"row {row}, attribute {a} is not covered";
                }
            }

            if (Batch[row] == 0 && !IsSuppressed(row))
            {
                yield return $"row {row} is withheld and shown";
            }
        }

        // Withheld rows are in no batch and count against no limit.
        foreach (var batch in Enumerable.Range(0, Original.Length).Where(row => Batch[row] > 0).GroupBy(row => Batch[row]))
        {
            if (batch.Count(IsSuppressed) > limit * batch.Count())
            {
                yield return $"{batch.Count(IsSuppressed)} of {batch.Count()} rows of batch {batch.Key} are suppressed, {limit} permitted";
            }
        }

        var whole = ReleasedByBatch;
        foreach (var one in Classes)
        {
            if (PersonsOf(one) < k)
            {
                yield return $"the class of row {one[0]} has {PersonsOf(one)} persons";
            }

            if (l > 1 && one.Select(row => Sensitive![row]).Distinct().Count() < l)
            {
                yield return $"the class of row {one[0]} has too few sensitive values";
            }

            if (t < 1 && Distance(one, whole[Batch[one[0]]], ordered) > t + Tolerance)
            {
                yield return $"the class of row {one[0]} is {Distance(one, whole[Batch[one[0]]], ordered)} from the table";
            }
        }
    }

    /// <summary>In the order of the engine's measures; NaN: none.</summary>
    public double[] Measures(int k, bool ordered)
    {
        var (classes, n, whole) = (Classes.ToArray(), (double)Cells.Length, ReleasedByBatch);
        var (loss, level) = (0.0, 0.0);
        for (var row = 0; row < Cells.Length; row++)
        {
            for (var a = 0; a < Hierarchies.Count; a++)
            {
                var (paths, cell) = (Hierarchies[a], Cells[row][a]);
                var height = paths[0].Length - 1.0;
                loss += cell == "*" ? 1 : paths.Length == 1 ? 0 : (paths.Count(path => path.Contains(cell)) - 1) / (paths.Length - 1.0);
                level += IsSuppressed(row) ? 1 : height == 0 ? 0 : paths.Where(path => path.Contains(cell)).Min(path => Array.IndexOf(path, cell)) / height;
            }
        }

        var released = n - Suppressed;
        var hasSensitive = Sensitive is not null && classes.Length > 0;
        return
        [
            n,
            PersonsOf([.. Enumerable.Range(0, Cells.Length)]),
            classes.Length,
            classes.Length == 0 ? 0 : classes.Min(PersonsOf),
            Suppressed,
            n == 0 ? 0 : loss / (n * Hierarchies.Count),
            n == 0 ? 0 : level / (n * Hierarchies.Count),
            classes.Sum(c => Math.Pow(c.Length, 2)) + (n * Suppressed),
            classes.Length == 0 ? 0 : released / classes.Length / k,
            classes.Length == 0 ? 0 : 1.0 / classes.Min(c => c.Length),
            classes.Length == 0 ? 0 : classes.Length / released,
            hasSensitive ? classes.Min(c => c.Select(row => Sensitive![row]).Distinct().Count()) : double.NaN,
            hasSensitive ? classes.Max(c => Distance(c, whole[Batch[c[0]]], ordered)) : double.NaN,
        ];
    }

    private int PersonsOf(int[] rows) => Persons is null ? rows.Length : rows.Select(row => Persons[row]).Distinct().Count();

    private double Distance(int[] one, int[] whole, bool ordered)
    {
        var values = whole.Select(row => Sensitive![row]).Distinct().Order().ToArray();
        var (ofOne, ofAll) = (one.CountBy(row => Sensitive![row]).ToDictionary(), whole.CountBy(row => Sensitive![row]).ToDictionary());
        var differences = values.Select(v => (ofOne.GetValueOrDefault(v) / (double)one.Length) - (ofAll[v] / (double)whole.Length)).ToArray();
        return ordered
            ? Enumerable.Range(1, values.Length).Sum(upTo => Math.Abs(differences[..upTo].Sum())) / Math.Max(1, values.Length - 1)
            : differences.Sum(Math.Abs) / 2;
    }
}
