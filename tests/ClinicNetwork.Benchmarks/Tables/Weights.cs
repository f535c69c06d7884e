namespace ClinicNetwork.Benchmarks.Tables;

/// <summary>Draws by weight, and tables of weights fitted to margins.</summary>
internal static class Weights
{
    /// <param name="weights">0 or more, any sum above 0.</param>
    /// <returns>An index of a weight above 0.</returns>
    public static int Draw(this Random random, ReadOnlySpan<double> weights)
    {
        var (sum, last) = (0.0, 0);
        for (var i = 0; i < weights.Length; i++)
        {
            sum += weights[i];
            last = weights[i] > 0 ? i : last;
        }

        var at = random.NextDouble() * sum;
        for (var i = 0; i < last; i++)
        {
            if ((at -= weights[i]) < 0)
            {
                return i;
            }
        }

        return last;
    }

    /// <summary>Iterative proportional fitting (Deming and Stephan 1940): scales rows and columns in turn until both margins fit; which pairs are frequent stays as it was.</summary>
    /// <param name="rows">Wanted row sums.</param>
    /// <param name="columns">Wanted column sums, of the same total as rows after scaling.</param>
    public static double[][] Fitted(double[][] table, double[] rows, double[] columns)
    {
        const int Rounds = 50;
        var (fitted, scale) = (table.Select(row => row.ToArray()).ToArray(), rows.Sum() / columns.Sum());
        for (var round = 0; round < Rounds; round++)
        {
            for (var c = 0; c < columns.Length; c++)
            {
                var sum = fitted.Sum(row => row[c]);
                foreach (var row in fitted)
                {
                    row[c] *= sum == 0 ? 0 : scale * columns[c] / sum;
                }
            }

            for (var r = 0; r < rows.Length; r++)
            {
                var sum = fitted[r].Sum();
                fitted[r] = [.. fitted[r].Select(w => sum == 0 ? 0 : w * rows[r] / sum)];
            }
        }

        return fitted;
    }
}
