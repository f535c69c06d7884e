namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>
/// A list of regions, learnt from a prior alone, finest first: a row is published as the first region in use that covers it. What a value tells is therefore what the list and the regions
/// in use tell (<see cref="Published.Regions"/>): the same of every row of the region, whatever values they have (docs/decisions/0032).
/// </summary>
public sealed class RegionGrid
{
    /// <summary>Rows that a region should hold in the table, in k: so few are short then (docs/decisions/0032).</summary>
    private const double Margin = 1.5;

    /// <summary>A region of fewer rows of the prior says nothing of the table.</summary>
    private const int PriorRowsMin = 6;

    /// <summary>Bounds the work: of a longer prior rows spread evenly over it are taken. More place better only where the table is some ten times longer than that.</summary>
    private const int PriorRowsMax = 60_000;

    /// <summary>Region sizes that are learnt, in the smallest: the coarser ones take what is short in the finer ones.</summary>
    private static readonly int[] Coarser = [1, 4, 16];

    private RegionGrid(IReadOnlyList<LeafHierarchy> attributes, IReadOnlyList<int[]> learnt)
    {
        Attributes = attributes;
        var known = learnt.Select(r => string.Join(',', r)).ToHashSet(StringComparer.Ordinal);
        Stages = [.. StagesOf(learnt), .. StagesOf(SingleLabels(attributes).Where(r => !known.Contains(string.Join(',', r))))];
        Regions = [.. Stages.SelectMany(stage => stage.Regions)];
    }

    public IReadOnlyList<LeafHierarchy> Attributes { get; }

    /// <summary>All of the list, in its order: for each region a label of every attribute.</summary>
    public IReadOnlyList<int[]> Regions { get; }

    /// <summary>The list in runs of regions that are at the same levels, and so hold no row in common.</summary>
    internal IReadOnlyList<RegionStage> Stages { get; }

    /// <summary>
    /// The regions are the classes that the prior has when its classes are as large as a region should be, and some larger ones; last every label of each attribute by itself, so that
    /// rows are covered that the prior has none like.
    /// </summary>
    /// <param name="prior">What was released already, or a public table; of any length. Its sensitive values are asked when it has some.</param>
    /// <param name="rows">Of the table that will be placed, 0 or more: nothing else of it is known here.</param>
    public static RegionGrid Learn(Microdata prior, PrivacyModel model, int rows, CancellationToken cancellationToken = default)
    {
        var taken = prior.Rows <= PriorRowsMax ? prior : prior.Of([.. Enumerable.Range(0, PriorRowsMax).Select(i => (int)((long)i * prior.Rows / PriorRowsMax))]);
        var size = Math.Max(PriorRowsMin, (int)Math.Ceiling(Margin * model.K * taken.Rows / Math.Max(1, rows)));
        var regions = new Dictionary<string, int[]>(StringComparer.Ordinal);
        foreach (var region in Coarser.SelectMany(times => ClassesOf(taken, model, size * times, cancellationToken)))
        {
            regions.TryAdd(string.Join(',', region), region);
        }

        return new(prior.Attributes, [.. regions.Values]);
    }

    /// <summary>
    /// A region is in use when the rows that no region before takes may be a class; those of one that is short go on to the regions after it. Where more rows than may
    /// be suppressed are in none at the end, a region in use is published as one that it lies within and that covers some of them, together with these.
    /// </summary>
    /// <exception cref="NotReachableException">The model cannot be met within its suppression limit.</exception>
    /// <exception cref="ArgumentException">Other hierarchies than the prior's, or the model asks for a sensitive attribute and there is none.</exception>
    public Published Place(Microdata data, PrivacyModel model, CancellationToken cancellationToken = default) =>
        data.Attributes.SequenceEqual(Attributes)
            ? RegionPlacement.Place(this, data, model, cancellationToken)
            : throw new ArgumentException("The table and the prior have different hierarchies; give both the same.", nameof(data));

    /// <summary>Mean loss of the rows of a region.</summary>
    internal double LossOf(int region) => LossOf(Regions[region]);

    private double LossOf(int[] region) => region.Select((label, a) => Attributes[a].Loss(label)).Average();

    private IEnumerable<RegionStage> StagesOf(IEnumerable<int[]> regions) =>
        regions
            .GroupBy(r => string.Join(',', r.Select((label, a) => Attributes[a].LevelOf(label))), StringComparer.Ordinal)
            .Select(stage => (Loss: stage.Average(LossOf), Levels: stage.Key, Regions: stage.OrderBy(r => string.Join(',', r), StringComparer.Ordinal).ToArray()))
            .OrderBy(stage => stage.Loss).ThenBy(stage => stage.Levels, StringComparer.Ordinal)
            .Select(stage => new RegionStage([.. stage.Regions[0].Select((label, a) => Attributes[a].LevelOf(label))], stage.Regions));

    private static IReadOnlyList<int[]> ClassesOf(Microdata prior, PrivacyModel model, int k, CancellationToken cancellationToken)
    {
        var byRows = new PrivacyModel(k, SuppressionLimit: 1);
        try
        {
            return TableAnonymiser.Tight(prior, prior.Sensitive is null ? byRows : byRows with { DistinctL = model.DistinctL, T = model.T }, null, cancellationToken).Regions;
        }
        catch (NotReachableException)
        {
            return TableAnonymiser.Tight(prior, byRows, null, cancellationToken).Regions;
        }
    }

    private static IEnumerable<int[]> SingleLabels(IReadOnlyList<LeafHierarchy> attributes)
    {
        int[] root = [.. attributes.Select(a => a.LabelsAt(a.Height)[0])];
        for (var a = 0; a < root.Length; a++)
        {
            for (var label = 0; label < attributes[a].Labels.Length; label++)
            {
                if (label != root[a])
                {
                    int[] region = [.. root];
                    region[a] = label;
                    yield return region;
                }
            }
        }
    }
}

/// <param name="Levels">Of each attribute.</param>
/// <param name="Regions">For each a label of every attribute at its level.</param>
internal sealed record RegionStage(int[] Levels, int[][] Regions);
