namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>
/// Publishes a table's rows in the order of their arrival, in disjoint batches that are each anonymous by themselves. What is published when a row has arrived depends on no later row.
/// </summary>
public static class TableStream
{
    /// <summary>
    /// A batch is published when the oldest row that waits is due: <paramref name="delay"/> rows have arrived after it. Its rows lie within delay + 1 arrivals. It leaves the youngest
    /// of its classes for the next, so that the end, when all that waits is a batch, has never too few; that class is a batch by itself when it is due before the next. A row that no
    /// class takes is tried once more in the next batch when it is among the youngest quarter of the delay; else it is suppressed in its batch as far as the model permits (of each
    /// batch by itself), and withheld for good beyond that.
    /// A person counts once in a batch, and anew in each batch: rows of one person in several batches are in several classes.
    /// </summary>
    /// <param name="delay">Rows, k − 1 or more.</param>
    /// <param name="progress">Share of the rows that have arrived, 0 to 1.</param>
    /// <exception cref="NotReachableException">Not one batch could be published.</exception>
    /// <exception cref="ArgumentException">A delay in which k rows never meet, or the model asks for a sensitive attribute and there is none.</exception>
    public static PublishedStream Run(Microdata data, PrivacyModel model, int delay, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, model.K - 1);
        if (model.AsksForSensitive && data.Sensitive is null)
        {
            throw new ArgumentException("The model asks for a sensitive attribute and there is none.", nameof(model));
        }

        var batches = new List<StreamBatch>();
        var waiting = new List<int>();
        StreamBatch? left = null;
        for (var row = 0; row < data.Rows; row++)
        {
            waiting.Add(row);
            var isLast = row == data.Rows - 1;
            if (isLast || row - waiting[0] >= delay)
            {
                if (!isLast && left?.Rows[0] == waiting[0])
                {
                    batches.Add(left with { After = row + 1 });
                    (waiting, left) = ([.. waiting.Except(left.Rows)], null);
                }
                else if (!isLast && LessAClass(data, model, row, delay, waiting, cancellationToken) is var (batch, next))
                {
                    batches.Add(batch);
                    (waiting, left) = ([.. next.Rows], next);
                }
                else
                {
                    left = null;
                    Publish(data, model, row, delay, isLast, waiting, batches, cancellationToken);
                }

                progress?.Report((double)(row + 1) / data.Rows);
            }
        }

        return data.Rows > 0 && batches.Count == 0 ? throw new NotReachableException(1) : new(data, batches);
    }

    /// <summary>
    /// All that waits as it is best published, and of its classes the one whose oldest row is youngest apart. Null when that is due before k rows and a quarter of the
    /// delay have come, or where leaving a class alters what holds of the others.
    /// </summary>
    private static (StreamBatch Batch, StreamBatch Left)? LessAClass(Microdata data, PrivacyModel model, int row, int delay, List<int> waiting, CancellationToken cancellationToken)
    {
        if (model.T < 1 || model.SuppressionLimit > 0 || Anonymise(data.Of(waiting), model, cancellationToken) is not ({ } table, true))
        {
            return null;
        }

        // Rows wait in the order of their arrival: the first one of a class is its oldest.
        var left = Enumerable.Range(0, table.RegionOf.Length).DistinctBy(i => table.RegionOf[i]).Last();
        return waiting[left] <= row - delay + Math.Max(delay / 4, model.K) ? null : (Of(region => region != table.RegionOf[left]), Of(region => region == table.RegionOf[left]));

        StreamBatch Of(Func<int, bool> isIn)
        {
            int[] places = [.. Enumerable.Range(0, waiting.Count).Where(i => isIn(table.RegionOf[i]))];
            int[] rows = [.. places.Select(i => waiting[i])];
            return new(row + 1, rows, new(data.Of(rows), table.Regions, [.. places.Select(i => table.RegionOf[i])]));
        }
    }

    /// <summary>A batch of what waits, less a class of the youngest rows unless it is the last.</summary>
    private static void Publish(
        Microdata data, PrivacyModel model, int row, int delay, bool isLast, List<int> waiting, List<StreamBatch> batches, CancellationToken cancellationToken)
    {
        var left = isLast ? [] : ClassOfYoungest(data, model, waiting, cancellationToken);
        var waitsFrom = isLast ? int.MaxValue : row - (delay / 4) + 1;
        if (Batch(data, model, row + 1, waiting, left, waitsFrom, cancellationToken) is { } batch)
        {
            batches.Add(batch);
            var gone = batch.Rows.ToHashSet();
            waiting.RemoveAll(r => gone.Contains(r) || (r < waitsFrom && !left.Contains(r)));
        }
        else
        {
            // No class at all: asked again a quarter of the delay later.
            waiting.RemoveAll(r => r <= row - delay + (delay / 4));
        }
    }

    /// <summary>Null when there is no class.</summary>
    /// <param name="left">Of those that wait, for the next batch; emptied when this one needs them.</param>
    private static StreamBatch? Batch(Microdata data, PrivacyModel model, int after, List<int> waiting, HashSet<int> left, int waitsFrom, CancellationToken cancellationToken)
    {
        List<int> rows = [.. waiting.Where(r => !left.Contains(r))];
        var (table, isWithin) = Anonymise(data.Of(rows), model, cancellationToken);
        if (!isWithin && left.Count > 0)
        {
            left.Clear();
            rows = waiting;
            (table, _) = Anonymise(data.Of(rows), model, cancellationToken);
        }

        if (table is null || table.Regions.Count == 0)
        {
            return null;
        }

        int[] unplaced = [.. Enumerable.Range(0, rows.Count).Where(i => table.RegionOf[i] < 0 && rows[i] < waitsFrom)];
        var suppressedMax = model.SuppressionLimit * table.RegionOf.Count(region => region >= 0) / (1 - model.SuppressionLimit);
        var suppressed = unplaced.Take((int)Math.Min(unplaced.Length, suppressedMax)).ToHashSet();
        int[] published = [.. Enumerable.Range(0, rows.Count).Where(i => table.RegionOf[i] >= 0 || suppressed.Contains(i))];
        int[] ofData = [.. published.Select(i => rows[i])];
        return new(after, ofData, new(data.Of(ofData), table.Regions, [.. published.Select(i => table.RegionOf[i])]));
    }

    /// <summary>Within the suppression limit, or else with few more suppressed than no class takes; null when that does not help either.</summary>
    private static (Published? Table, bool IsWithin) Anonymise(Microdata rows, PrivacyModel model, CancellationToken cancellationToken)
    {
        var limit = model.SuppressionLimit;
        while (true)
        {
            try
            {
                return (TableAnonymiser.Tight(rows, model with { SuppressionLimit = limit }, null, cancellationToken), limit <= model.SuppressionLimit);
            }
            catch (NotReachableException e)
            {
                if (limit >= 1)
                {
                    return (null, false);
                }

                limit = Math.Min(1, Math.Max(2 * limit, Math.Max(e.Suppressed, 1e-4)));
            }
        }
    }

    /// <summary>The class that loses least among as few of the youngest rows as have one; empty when half of what waits has none.</summary>
    private static HashSet<int> ClassOfYoungest(Microdata data, PrivacyModel model, List<int> waiting, CancellationToken cancellationToken)
    {
        for (var count = model.K; count <= waiting.Count / 2; count *= 2)
        {
            var youngest = waiting[^count..];
            if (Anonymise(data.Of(youngest), model with { SuppressionLimit = 1 }, cancellationToken).Table is { Regions.Count: > 0 } table)
            {
                var best = Enumerable.Range(0, table.Regions.Count).MinBy(region => table.Regions[region].Select((label, a) => data.Attributes[a].Loss(label)).Sum());
                return [.. youngest.Where((_, i) => table.RegionOf[i] == best)];
            }
        }

        return [];
    }
}
