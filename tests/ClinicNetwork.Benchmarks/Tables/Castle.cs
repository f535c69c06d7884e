using ClinicNetwork.Anonymisation.Tables;

namespace ClinicNetwork.Benchmarks.Tables;

/// <summary>
/// CASTLE (Cao, Carminati, Ferrari and Tan 2011, 10.1109/TDSC.2009.47) on positional hierarchies: arriving rows join clusters; a row that has waited for <c>delay</c> others is published with
/// its cluster, with a published cluster that covers it, or after merging clusters. Every row is another person's. A published label tuple holds k rows over the whole stream, not in each batch.
/// </summary>
internal sealed class Castle
{
    /// <summary>Clusters that are open at once, and published clusters that the wanted loss is averaged over: the paper's β and μ.</summary>
    private const int OpenMax = 50;
    private const int RecentMax = 100;

    private readonly Microdata _data;
    private readonly int _k;
    private readonly Random _random;
    private readonly List<Cover> _open = [];
    private readonly Cover?[] _clusterOf;
    private readonly List<Cover> _published = [];

    /// <summary>Ω: labels that others may be published with.</summary>
    private readonly List<Cover> _reusable = [];
    private readonly Queue<double> _recent = new();

    private Castle(Microdata data, int k, int seed) => (_data, _k, _random, _clusterOf) = (data, k, new(seed), new Cover?[data.Rows]);

    /// <summary>τ.</summary>
    private double Wanted => _recent.Count == 0 ? 0 : _recent.Average();

    /// <param name="delay">Rows that arrive after one before it is published: the paper's δ.</param>
    /// <param name="seed">Of the choices that the paper leaves to chance.</param>
    public static Published Run(Microdata data, int k, int delay, int seed, CancellationToken cancellationToken = default)
    {
        var castle = new Castle(data, k, seed);
        for (var row = 0; row < data.Rows; row++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            castle.Insert(row);
            castle.Release(row - delay);
        }

        for (var row = Math.Max(0, data.Rows - delay); row < data.Rows; row++)
        {
            castle.Release(row);
        }

        return Cover.Publish(data, castle._published);
    }

    private void Insert(int row)
    {
        var enlarged = _open.Select(c => (Cluster: c, By: c.LossWith(row) - c.Loss)).ToList();
        var least = enlarged.Count == 0 ? 0 : enlarged.Min(e => e.By);
        var nearest = enlarged.Where(e => e.By <= least).Select(e => e.Cluster).ToList();
        var good = nearest.Where(c => c.LossWith(row) <= Wanted).ToList();
        var chosen = good.Count > 0 ? good.MinBy(c => c.Rows.Count) : _open.Count >= OpenMax ? nearest.MinBy(c => c.Rows.Count) : null;
        if (chosen is null)
        {
            _open.Add(chosen = new(_data, [row]));
        }
        else
        {
            chosen.Add(row);
        }

        _clusterOf[row] = chosen;
    }

    /// <summary>The paper's delay constraint, for a row that is due.</summary>
    private void Release(int row)
    {
        if (row < 0 || _clusterOf[row] is not { } cluster)
        {
            return;
        }

        if (cluster.Rows.Count >= _k)
        {
            Publish(cluster);
            return;
        }

        var covering = _reusable.Where(c => c.Covers(row)).ToList();
        if (covering.Count > 0)
        {
            Take(row, cluster);
            covering[_random.Next(covering.Count)].Rows.Add(row);
        }
        else if (_open.Count(c => c.Rows.Count > cluster.Rows.Count) > _open.Count / 2 || _open.Sum(c => c.Rows.Count) < _k)
        {
            // An outlier, or fewer than k are left: suppressed.
            Take(row, cluster);
        }
        else
        {
            Publish(Grown(cluster));
        }
    }

    private void Take(int row, Cover cluster)
    {
        _clusterOf[row] = null;
        cluster.Rows.Remove(row);
        if (cluster.Rows.Count == 0)
        {
            _open.Remove(cluster);
        }
    }

    /// <summary>Merged with the clusters that enlarge it least until it holds k.</summary>
    private Cover Grown(Cover cluster)
    {
        while (cluster.Rows.Count < _k)
        {
            var other = _open.Where(c => c != cluster).MinBy(cluster.LossWith)!;
            _open.Remove(other);
            cluster.Join(other);
        }

        return cluster;
    }

    private void Publish(Cover cluster)
    {
        _open.Remove(cluster);
        foreach (var part in cluster.Rows.Count >= 2 * _k ? Split(cluster.Rows) : [cluster])
        {
            part.Rows.ForEach(row => _clusterOf[row] = null);
            _published.Add(part);
            _recent.Enqueue(part.Loss);
            if (_recent.Count > RecentMax)
            {
                _recent.Dequeue();
            }

            if (part.Loss < Wanted)
            {
                _reusable.Add(part);
            }
        }
    }

    /// <summary>A row drawn at random and its k − 1 nearest, again and again; fewer than k that remain join the nearest.</summary>
    private List<Cover> Split(List<int> rows)
    {
        var (left, parts) = (rows.ToList(), new List<Cover>());
        while (left.Count >= _k)
        {
            var seed = new Cover(_data, [left[_random.Next(left.Count)]]);
            var distance = left.Select(row => row == seed.Rows[0] ? -1 : seed.LossWith(row)).ToArray();
            var order = left.ToArray();
            Array.Sort(distance, order);
            foreach (var row in order.AsSpan(1, _k - 1))
            {
                seed.Add(row);
            }

            parts.Add(seed);
            left = [.. order.AsSpan(_k)];
        }

        foreach (var row in left)
        {
            parts.MinBy(p => p.LossWith(row) - p.Loss)!.Add(row);
        }

        return parts;
    }
}
