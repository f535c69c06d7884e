namespace ClinicNetwork.Faults.Checker;

/// <summary>The highest value before each time, looked up by halving.</summary>
internal sealed class HighestByTime
{
    private readonly List<(double AtMs, double Value)> _rising = [];

    /// <param name="values">In any order.</param>
    public HighestByTime(IEnumerable<(double AtMs, double Value)> values)
    {
        foreach (var (atMs, value) in values.OrderBy(v => v.AtMs))
        {
            if (_rising.Count == 0 || value > _rising[^1].Value)
            {
                _rising.Add((atMs, value));
            }
        }
    }

    /// <summary>Negative infinity when there was none, so that none is never taken for one that ended at the start.</summary>
    public double Before(double atMs)
    {
        var (low, high) = (0, _rising.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _rising[middle].AtMs < atMs ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? double.NegativeInfinity : _rising[low - 1].Value;
    }
}
