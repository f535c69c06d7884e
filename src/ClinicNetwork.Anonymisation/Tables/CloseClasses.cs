namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>
/// Classes within t of the table. Sweeping whole groups releases those that happen to be close and leaves a rest that never is; here each class is composed of chosen rows
/// (<see cref="ComposingSweep"/>), and rows of one tuple may be in several. Decision 0033.
/// </summary>
internal static class CloseClasses
{
    /// <summary>Tuples times vectors that one sweep looks at; of more vectors some are chosen.</summary>
    private const double LooksMax = 1e9;

    /// <summary>All vectors are thinned evenly up to so many times what may be looked at; of more, those are chosen that make groups of the size wanted.</summary>
    private const double ThinnedMax = 4;

    /// <summary>Rows up to which the first two parts of t are both tried.</summary>
    private const int TwoRowsMax = 100_000;

    /// <summary>Sensitive values up to which classes are composed; of more, few rows are alike.</summary>
    private const int ValuesMax = 128;

    /// <summary>Times that rows move after all are placed, and the gain in NCP below which they do not again.</summary>
    private const int MovesAfter = 6;
    private const double LeastGain = 0.0005;

    /// <summary>
    /// Parts of t that a sweep uses; the rest is for the moves after it; and when the cheaper groups of a vector are taken, of its mean loss (1: all at once). The first two are alternatives,
    /// the others leave less over. Measured, as is what follows (decision 0033).
    /// </summary>
    private static readonly (double PartOfT, double Early)[] Ways = [(0.8, 0.8), (0.95, 1), (0.65, 1), (0.5, 1)];

    /// <summary>How much rather the sweep takes what is left over than what the table has.</summary>
    private const double Weight = 1.5;

    /// <summary>Parts of t that rows move within, one after the other: little by little, so that many classes come to have room.</summary>
    private static readonly double[] MoveParts = [0.85, 0.9, 0.95, 1];

    public static bool Suits(Microdata data, PrivacyModel model) => model.T < 1 && data.Sensitive!.Distinct().Count() <= ValuesMax;

    /// <exception cref="NotReachableException">The model cannot be met within its suppression limit.</exception>
    public static Published Make(Microdata data, TupleTable tuples, PrivacyModel model, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var rowsMax = (long)Math.Floor(model.SuppressionLimit * data.Rows);
        var (vectors, images) = (VectorsOf(data, tuples, model), new TupleImages(tuples));
        var least = data.Rows;
        foreach (var table in Alternatives(images, model, vectors, progress, cancellationToken))
        {
            CloseLeftovers.Place(table, cancellationToken);
            MoveOn(table, cancellationToken);
            CloseLeftovers.Trim(table, cancellationToken);
            var published = table.Publish();
            var suppressed = published.RegionOf.Count(r => r < 0);
            if (suppressed <= rowsMax && !(published.Measure(model.K, model.Ordered).T > model.T))
            {
                return published;
            }

            least = Math.Min(least, suppressed);
        }

        throw new NotReachableException((double)least / Math.Max(1, data.Rows));
    }

    /// <summary>Swept and moved, the one that loses less first.</summary>
    private static IEnumerable<CloseTable> Alternatives(
        TupleImages images, PrivacyModel model, (int[] Levels, double Loss)[] vectors, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var first = images.Tuples.Data.Rows <= TwoRowsMax ? 2 : 1;
        foreach (var table in Ways[..first].Select(Moved).OrderBy(t => t.Ncp()))
        {
            yield return table;
        }

        foreach (var way in Ways[2..])
        {
            yield return Moved(way);
        }

        CloseTable Moved((double PartOfT, double Early) way)
        {
            var table = new CloseTable(images, model);
            Sweep(table, vectors, way, progress, cancellationToken);
            foreach (var moved in MoveParts.Where(p => p >= way.PartOfT))
            {
                CloseLeftovers.Move(table, moved * model.T, cancellationToken);
            }

            return table;
        }
    }

    /// <summary>What was placed lifted classes, and gave them room.</summary>
    private static void MoveOn(CloseTable table, CancellationToken cancellationToken)
    {
        for (var (move, before) = (0, double.PositiveInfinity); move < MovesAfter && before - table.Ncp() >= LeastGain; move++)
        {
            before = table.Ncp();
            CloseLeftovers.Move(table, table.Model.T, cancellationToken);
        }
    }

    private static void Sweep(
        CloseTable table, (int[] Levels, double Loss)[] vectors, (double PartOfT, double Early) way, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        // Every vector in order of its loss; early, for the groups that lose no more than this part of it, and again where another could be a class.
        var (sweep, visited, waits) = (new ComposingSweep(table, table.Model.T * way.PartOfT, Weight), 0, new bool[vectors.Length]);
        Array.Fill(waits, true);
        var late = vectors.Select((v, i) => (At: v.Loss, Vector: i, LossMax: 1.0));
        var visits = way.Early < 1 ? vectors.Select((v, i) => (At: way.Early * v.Loss, Vector: i, LossMax: way.Early * v.Loss)).Concat(late).OrderBy(v => v.At) : late;
        foreach (var (_, vector, lossMax) in visits.TakeWhile(_ => sweep.Open > 0))
        {
            cancellationToken.ThrowIfCancellationRequested();
            waits[vector] = waits[vector] && sweep.Visit(vectors[vector].Levels, lossMax);
            if ((visited++ & 0xff) == 0)
            {
                progress?.Report(1 - ((double)sweep.Open / table.Data.Rows));
            }
        }
    }

    /// <summary>In order of their mean loss, without the root.</summary>
    private static (int[] Levels, double Loss)[] VectorsOf(Microdata data, TupleTable tuples, PrivacyModel model)
    {
        var vectorsMax = LooksMax / Math.Max(1, tuples.Count);
        var all = VectorOrder.AreAllVisited(tuples) ? VectorOrder.All(tuples) : [];
        var vectors = all.Count > 0 && all.Count <= ThinnedMax * vectorsMax ? all : VectorOrder.Sampled(new Classes(tuples), model.K);
        var below = vectors.Where(v => v.Levels.Select((level, a) => data.Attributes[a].IsRoot(level)).Contains(false)).OrderBy(v => v.Loss).ToArray();
        var step = Math.Max(1, below.Length / vectorsMax);
        return [.. Enumerable.Range(0, (int)Math.Ceiling(below.Length / step)).Select(i => below[(int)(i * step)])];
    }
}
