namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>Rows that are published together.</summary>
/// <param name="After">When so many rows had arrived.</param>
/// <param name="Rows">Of the whole table, in its order.</param>
/// <param name="Table">These rows as they are published.</param>
public sealed record StreamBatch(int After, int[] Rows, Published Table);

/// <summary>A table as it is published batch by batch: no row in two.</summary>
public sealed record PublishedStream
{
    private readonly int[] _place;

    /// <param name="batches">In the order of their publication.</param>
    public PublishedStream(Microdata data, IReadOnlyList<StreamBatch> batches)
    {
        (Data, Batches, BatchOf, _place) = (data, batches, new int[data.Rows], new int[data.Rows]);
        for (var b = 0; b < batches.Count; b++)
        {
            for (var i = 0; i < batches[b].Rows.Length; i++)
            {
                (BatchOf[batches[b].Rows[i]], _place[batches[b].Rows[i]]) = (b + 1, i);
            }
        }
    }

    public Microdata Data { get; }

    public IReadOnlyList<StreamBatch> Batches { get; }

    /// <summary>For each row its batch, from 1; 0: withheld.</summary>
    public int[] BatchOf { get; }

    /// <summary>The published value of a cell; of a withheld row the root.</summary>
    public string ValueAt(int row, int attribute) => BatchOf[row] == 0 ? LeafHierarchy.Root : Batches[BatchOf[row] - 1].Table.ValueAt(_place[row], attribute);

    /// <summary>Over all rows; classes are of one batch each, T is that of the worst batch, and withheld rows count as suppressed.</summary>
    /// <param name="k">Of C_AVG.</param>
    /// <param name="ordered">Of T: sensitive values are ranks.</param>
    public TableMeasures Measure(int k, bool ordered = false)
    {
        TableMeasures[] each = [.. Batches.Select(b => b.Table.Measure(k, ordered))];
        var withheld = BatchOf.Count(b => b == 0);
        var suppressed = withheld + each.Sum(m => m.Suppressed);
        var (rows, released, classes) = ((double)Math.Max(1, Data.Rows), Data.Rows - suppressed, each.Sum(m => m.Classes));
        return new(
            Data.Rows,
            Data.Persons?.Distinct().Count() ?? Data.Rows,
            classes,
            each.Where(m => m.Classes > 0).Select(m => m.MinClass).DefaultIfEmpty(0).Min(),
            suppressed,
            (withheld + each.Sum(m => m.Ncp * m.Rows)) / rows,
            (withheld + each.Sum(m => m.GeneralisationIntensity * m.Rows)) / rows,
            each.Sum(m => m.Discernibility - ((double)m.Rows * m.Suppressed)) + ((double)Data.Rows * suppressed),
            classes == 0 ? 0 : (double)released / classes / k,
            each.Select(m => m.RiskMax).DefaultIfEmpty(0).Max(),
            released == 0 ? 0 : (double)classes / released,
            each.Min(m => m.DistinctL),
            each.Max(m => m.T));
    }
}
