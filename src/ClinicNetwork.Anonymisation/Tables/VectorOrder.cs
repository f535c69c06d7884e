namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>The generalisation vectors that a sweep visits, with their mean loss on the data.</summary>
internal static class VectorOrder
{
    /// <summary>All vectors are visited when they are no more; else <see cref="ChosenVectors"/>.</summary>
    public const int VectorsMax = 60_000;

    /// <summary>Tuples that <see cref="Sampled"/> starts from.</summary>
    private const int AnchorsMax = 400;

    public static bool AreAllVisited(TupleTable tuples) => LevelsOf(tuples).Aggregate(1.0, (product, of) => product * of.Length) <= VectorsMax;

    /// <summary>Every vector whose levels differ on the data.</summary>
    public static IReadOnlyList<(int[] Levels, double Loss)> All(TupleTable tuples)
    {
        var levels = LevelsOf(tuples);
        var vectors = new (int[], double)[levels.Aggregate(1, (product, of) => product * of.Length)];
        for (var i = 0; i < vectors.Length; i++)
        {
            var (vector, rest, loss) = (new int[levels.Length], i, 0.0);
            for (var a = 0; a < levels.Length; a++)
            {
                var (level, ofLevel) = levels[a][rest % levels[a].Length];
                (vector[a], loss, rest) = (level, loss + ofLevel, rest / levels[a].Length);
            }

            vectors[i] = (vector, loss / levels.Length);
        }

        return vectors;
    }

    /// <summary>Vectors that make small groups around some of the tuples that are in no class.</summary>
    public static IReadOnlyList<(int[] Levels, double Loss)> Sampled(Classes classes, int k)
    {
        var chosen = new ChosenVectors(classes.Tuples);
        chosen.Add(classes, k, AnchorsMax, CancellationToken.None);
        return chosen.Vectors;
    }

    /// <summary>For each attribute the levels that differ on the data, with the mean loss of each.</summary>
    public static (int Level, double Loss)[][] LevelsOf(TupleTable tuples) => [.. tuples.Data.Attributes.Select((_, a) => LevelsOf(tuples, a))];

    private static (int Level, double Loss)[] LevelsOf(TupleTable tuples, int attribute)
    {
        var (hierarchy, leaves) = (tuples.Data.Attributes[attribute], tuples.Leaves[attribute]);
        var weights = new long[hierarchy.LeafCount];
        for (var tuple = 0; tuple < tuples.Count; tuple++)
        {
            weights[leaves[tuple]] += tuples.Sizes[tuple];
        }

        var found = new List<(int, double)>();
        for (var level = 0; level <= hierarchy.Height; level++)
        {
            var labels = hierarchy.LabelsAt(level);
            var below = hierarchy.LabelsAt(Math.Max(0, level - 1));
            var (loss, same) = (0.0, level > 0);
            for (var leaf = 0; leaf < weights.Length; leaf++)
            {
                if (weights[leaf] > 0)
                {
                    loss += weights[leaf] * hierarchy.Loss(labels[leaf]);
                    same &= labels[leaf] == below[leaf];
                }
            }

            if (!same)
            {
                found.Add((level, loss / Math.Max(1, tuples.Data.Rows)));
            }
        }

        return [.. found];
    }

    /// <param name="levels">See <see cref="LevelsOf(TupleTable)"/>.</param>
    public static double MeanLoss((int Level, double Loss)[][] levels, int[] vector)
    {
        var sum = 0.0;
        for (var a = 0; a < vector.Length; a++)
        {
            // A level that is as the one below on the data loses what that one does.
            sum += levels[a].Last(l => l.Level <= vector[a]).Loss;
        }

        return sum / vector.Length;
    }
}
