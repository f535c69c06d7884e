namespace ClinicNetwork.Anonymisation.Tables;

/// <summary>The regions of a table in the making: what is published alike is one.</summary>
internal sealed class PublishedRegions(Microdata data)
{
    private readonly List<int[]> _regions = [];
    private readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);
    private readonly int[] _regionOf = [.. Enumerable.Repeat(-1, data.Rows)];

    /// <summary>The number of the region of these labels, one per attribute; −1: they are all the root, so that its rows are as suppressed ones.</summary>
    public int NumberOf(int[] labels)
    {
        if (labels.Select((label, a) => data.Attributes[a].Labels[label]).All(label => label == LeafHierarchy.Root))
        {
            return -1;
        }

        var key = string.Join(',', labels);
        if (!_known.TryGetValue(key, out var region))
        {
            _known[key] = region = _regions.Count;
            _regions.Add(labels);
        }

        return region;
    }

    public void Put(ReadOnlySpan<int> rows, int region)
    {
        foreach (var row in rows)
        {
            _regionOf[row] = region;
        }
    }

    public Published Publish() => new(data, _regions, _regionOf);
}
