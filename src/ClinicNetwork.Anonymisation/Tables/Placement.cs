namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>
/// Places the tuples of a table in classes by several sweeps. A first one tells what each tuple would lose; a second one prefers groups whose rows would lose more elsewhere; then what
/// lost more than the mean is placed anew, where it is cheap with rows that classes can spare. The best counts (docs/decisions/0029).
/// </summary>
internal static class Placement
{
    /// <summary>Sweeps over chosen vectors until one of them places nothing.</summary>
    private const int ChosenSweepsMax = 12;

    /// <summary>In means: what loses more than so many is placed anew, time after time.</summary>
    private static readonly double[] Again = [1, 0.5, 1, 0.25, 1, 0, 1, 0.5, 1];

    /// <summary>So many times in succession that gain less than <see cref="WorthWhile"/> are the last ones.</summary>
    private const int IdleMax = 2;

    /// <summary>Share of the loss.</summary>
    private const double WorthWhile = 0.002;

    /// <summary>Tuples and classes, times vectors, up to which groups may borrow rows of classes: of more vectors a group finds company by itself, and looking costs more than it gains.</summary>
    private const double BorrowLooksMax = 3e7;

    /// <summary>Times that a table is placed with chosen vectors: plainly, with losses to expect, and again what lost more than the mean.</summary>
    private const int ChosenTimes = 3;

    /// <summary>Of more tuples no losses are expected with chosen vectors: over 200,000 more vectors gain the same in half the time (decision 0036).</summary>
    private const int ExpectedTuplesMax = 100_000;

    /// <summary>Tuples that vectors are chosen around at once, and their number times that of the tuples to be placed: what bounds the work of a wide table (decision 0036).</summary>
    private const int AnchorsMin = 200;
    private const int AnchorsMax = 2_000;
    private const int AnchorsTimesTuples = 60_000_000;

    /// <summary>Tuples times vectors up to which every sweep is made; up to the second a first one and the last, without borrowing; of more, a first one alone (decision 0036).</summary>
    private const long AllSweepsMax = 1_000_000_000;
    private const long TwoSweepsMax = 6_000_000_000;

    /// <param name="ruleOver">What a class has to hold.</param>
    /// <param name="rowsMax">So many rows may be suppressed; more are in no class where the model cannot be met.</param>
    /// <param name="progress">Share of the work that is done, 0 to 1.</param>
    public static Classes Of(TupleTable tuples, Func<TupleTable, ClassRule> ruleOver, int k, long rowsMax, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        if (!VectorOrder.AreAllVisited(tuples))
        {
            var chosen = OfChosen(tuples, ruleOver, k, progress, cancellationToken);
            Leftovers.Place(chosen, ruleOver(chosen.Tuples), rowsMax, cancellationToken);
            return chosen;
        }

        var vectors = VectorOrder.All(tuples);
        var sweeps = 0;
        double[]? expected = null;
        var best = Placed(new Classes(tuples), false);
        expected = best.Losses();
        var work = (long)tuples.Count * vectors.Count;
        if (work <= AllSweepsMax)
        {
            Try(new Classes(tuples), false);
        }

        for (var (again, idle) = (0, 0); work <= TwoSweepsMax && again < Again.Length && idle < IdleMax && best.Ncp() is > 0 and var mean; again++)
        {
            var kept = best.UpTo(Again[again] * mean);
            var borrows = (double)vectors.Count * (kept.Open + kept.All.Count) <= BorrowLooksMax;
            if (again == 0 || borrows)
            {
                Try(kept, borrows);
            }

            idle = best.Ncp() < (1 - WorthWhile) * mean ? 0 : idle + 1;
        }

        progress?.Report(1);
        return best;

        Classes Placed(Classes classes, bool borrows)
        {
            var rule = ruleOver(classes.Tuples);
            Sweep.Run(classes, rule, k, vectors, expected, borrows, PartOf(progress, sweeps++), cancellationToken);
            Leftovers.Place(classes, rule, rowsMax, cancellationToken);
            return classes;
        }

        void Try(Classes start, bool borrows)
        {
            var next = Placed(start, borrows);
            for (var tuple = 0; tuple < expected.Length; tuple++)
            {
                expected[tuple] = Math.Max(expected[tuple], next.LossOf(tuple));
            }

            if ((next.OpenRows > rowsMax, next.Ncp()).CompareTo((best.OpenRows > rowsMax, best.Ncp())) < 0)
            {
                best = next;
                expected = [.. expected, .. Enumerable.Range(expected.Length, next.Tuples.Count - expected.Length).Select(next.LossOf)];
            }
        }
    }

    /// <summary>
    /// As with all vectors, but each sweep is several: vectors around what is in no class are added, until one places nothing. Of many tuples no losses are expected, as visits are too dear:
    /// what lost more than the mean is placed anew instead, with more vectors around it.
    /// </summary>
    private static Classes OfChosen(TupleTable tuples, Func<TupleTable, ClassRule> ruleOver, int k, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var (vectors, expects) = (new ChosenVectors(tuples), tuples.Count <= ExpectedTuplesMax);
        var (best, expected) = (new Classes(tuples), Array.Empty<double>());
        for (var time = 0; time < ChosenTimes && best.Ncp() is > 0 and var mean; time++)
        {
            // What borrows splits tuples: over a table of its own, as what is kept has (UpTo).
            var next = time == 0 ? best : time == 1 && expects ? new Classes(tuples.Copy()) : best.UpTo(mean);
            Fill(next, time, expects && time > 0, expects && time > 0 && (double)vectors.Vectors.Count * (next.Open + next.All.Count) <= BorrowLooksMax);
            next.Tighten();
            expected = time == 0 ? next.Losses() : [.. expected.Zip(next.Losses(), Math.Max)];
            best = time == 0 || next.Ncp() < mean ? next : best;
        }

        progress?.Report(1);
        return best;

        void Fill(Classes classes, int time, bool isExpected, bool borrows)
        {
            var (rule, part) = (ruleOver(classes.Tuples), PartOf(progress, time));
            for (var (sweep, open) = (0, int.MaxValue); sweep < ChosenSweepsMax && classes.Open is > 0 and var now && now < open; sweep++)
            {
                open = now;
                if (vectors.Vectors.Count == 0 || open < tuples.Count)
                {
                    vectors.Add(classes, k, Math.Clamp(AnchorsTimesTuples / open, AnchorsMin, AnchorsMax), cancellationToken);
                }

                // The root comes last, when nothing else places anything.
                var visited = sweep == ChosenSweepsMax - 1 ? vectors.Vectors : [.. vectors.Vectors.Where(v => v.Loss < 1)];
                Sweep.Run(classes, rule, k, visited, isExpected ? Expected(classes) : null, borrows, PartOf(part, sweep), cancellationToken);
            }
        }

        double[] Expected(Classes classes) => [.. classes.Losses().Select((loss, tuple) => tuple < expected.Length ? Math.Min(expected[tuple], loss) : loss)];
    }

    private static Part? PartOf(IProgress<double>? progress, int sweep) => progress is null ? null : new(progress, sweep);

    /// <summary>Of the whole each sweep is half of what is left: how many there will be is not known.</summary>
    private sealed class Part(IProgress<double> whole, int sweep) : IProgress<double>
    {
        public void Report(double value) => whole.Report(1 - ((2 - value) / Math.Pow(2, sweep + 1)));
    }
}
