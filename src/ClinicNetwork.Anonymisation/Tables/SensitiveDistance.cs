namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>
/// Earth mover's distance between the sensitive values of a class and of a table, 0 to 1 (Li, Li, Venkatasubramanian, t-Closeness, ICDE 2007, sections 4.1 and 4.2). Equal: half of the sum of
/// the differences of shares (total variation). Ordered: the sum over the sorted distinct values of the table of |share up to and with the value, difference|, over their number less one.
/// </summary>
public static class SensitiveDistance
{
    /// <param name="counts">Rows of the class by value, sorted.</param>
    /// <param name="rows">Of the class, 1 or more.</param>
    /// <param name="whole">Rows of the table by value, in the same order; a value that it has not is no rank.</param>
    /// <param name="all">Rows of the table, 1 or more.</param>
    public static double Of(ReadOnlySpan<int> counts, int rows, ReadOnlySpan<int> whole, int all, bool ordered)
    {
        var (sum, cumulated, values) = (0.0, 0.0, 0);
        for (var value = 0; value < counts.Length; value++)
        {
            var difference = ((double)counts[value] / rows) - ((double)whole[value] / all);
            cumulated += difference;
            if (!ordered)
            {
                sum += Math.Max(0, difference);
            }
            else if (whole[value] > 0)
            {
                sum += Math.Abs(cumulated);
                values++;
            }
        }

        return ordered ? sum / Math.Max(1, values - 1) : sum;
    }
}
