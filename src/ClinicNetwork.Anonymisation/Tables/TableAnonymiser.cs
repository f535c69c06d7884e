namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>Makes a table k-anonymous with the least loss (<see cref="Tight"/>), or in regions of a grid that was learnt elsewhere (<see cref="Fixed"/>).</summary>
public static class TableAnonymiser
{
    /// <summary>Tries to keep t while suppression moves the table that it is measured against.</summary>
    private const int RoundsMax = 8;

    /// <param name="progress">Share of the tuples that are placed, 0 to 1.</param>
    /// <exception cref="NotReachableException">The model cannot be met within its suppression limit.</exception>
    /// <exception cref="ArgumentException">The model asks for a sensitive attribute and there is none.</exception>
    public static Published Tight(Microdata data, PrivacyModel model, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var tuples = new TupleTable(data);
        RefuseTooFew(tuples, model);
        try
        {
            var published = CloseClasses.Suits(data, model)
                ? CloseClasses.Make(data, tuples, model, progress, cancellationToken)
                : OfSweep(tuples, model, progress, cancellationToken);
            progress?.Report(1);
            return published;
        }
        catch (NotReachableException)
        {
            if (GlobalRecoding.Find(tuples, model, cancellationToken) is { } found)
            {
                progress?.Report(1);
                return found;
            }

            throw;
        }
    }

    private static Published OfSweep(TupleTable tuples, PrivacyModel model, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var data = tuples.Data;
        var suppressedMax = (long)Math.Floor(model.SuppressionLimit * data.Rows);
        var without = new HashSet<int>();
        for (var round = 0; ; round++)
        {
            var classes = Placement.Of(tuples, RuleOver, model.K, suppressedMax, round == 0 ? progress : null, cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            var suppressed = Enumerable.Range(0, classes.Tuples.Count).Where(t => classes.OfTuple[t] < 0).SelectMany(t => classes.Tuples.RowsOf(t).ToArray()).ToArray();
            if (suppressed.Length > suppressedMax)
            {
                throw new NotReachableException((double)suppressed.Length / data.Rows);
            }

            var published = Of(classes);
            // What is suppressed moves the table that the classes are compared with.
            if ((suppressed.Length == 0 && without.Count == 0) || model.T >= 1 || !(published.Measure(model.K, model.Ordered).T > model.T))
            {
                return published;
            }

            without.UnionWith(suppressed);
            if (round == RoundsMax)
            {
                throw new NotReachableException((double)without.Count / data.Rows);
            }
        }

        ClassRule RuleOver(TupleTable table)
        {
            var rule = new ClassRule(table, model);
            if (without.Count > 0)
            {
                rule.CompareWithout(without);
            }

            return rule;
        }
    }

    /// <summary>The value of a row is a region of a <see cref="RegionGrid"/>: a function of the prior and of how many share which region, never of the neighbours' own values.</summary>
    /// <param name="prior">Another table over the same hierarchies: what was released already, or a public one.</param>
    /// <exception cref="NotReachableException">The model cannot be met within its suppression limit.</exception>
    public static Published Fixed(Microdata data, Microdata prior, PrivacyModel model, CancellationToken cancellationToken = default) =>
        RegionGrid.Learn(prior, model, data.Rows, cancellationToken).Place(data, model, cancellationToken);

    private static void RefuseTooFew(TupleTable tuples, PrivacyModel model)
    {
        int[] all = [.. Enumerable.Range(0, tuples.Count)];
        if (tuples.Data.Rows > 0 && model.SuppressionLimit < 1 && !new ClassRule(tuples, model).Holds(all, tuples.Data.Rows))
        {
            throw new NotReachableException(1);
        }
    }

    internal static Published Of(Classes classes)
    {
        var published = new PublishedRegions(classes.Tuples.Data);
        foreach (var one in classes.All.Where(c => c.Rows > 0))
        {
            var region = published.NumberOf(classes.LabelsOf(one));
            foreach (var tuple in one.Tuples)
            {
                published.Put(classes.Tuples.RowsOf(tuple), region);
            }
        }

        return published.Publish();
    }
}

/// <summary>A privacy model that a table cannot meet within its suppression limit.</summary>
/// <param name="suppressed">Share of the rows that would have to be suppressed, as far as was tried.</param>
public sealed class NotReachableException(double suppressed)
    : Exception(FormattableString.Invariant($"The model cannot be met: {suppressed:P2} of the rows would have to be suppressed; permit that, or ask for less."))
{
    public double Suppressed { get; } = suppressed;
}
