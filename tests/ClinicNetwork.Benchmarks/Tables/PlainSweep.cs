using ClinicNetwork.Anonymisation.Tables;

namespace ClinicNetwork.Benchmarks.Tables;

/// <summary>
/// The plainest bottom-up sweep, to tell what a better one gains: each vector of levels once, in order of its mean loss on the data; every group that it makes of what is left and
/// that may be a class is released under its lowest common labels. Leftovers join the class that this costs least: made for k and l, not for t.
/// </summary>
internal static class PlainSweep
{
    public static Published Run(Microdata data, PrivacyModel model)
    {
        var rule = new PlainRule(data, model, [.. Enumerable.Range(0, data.Rows)]);
        var vectors = Vectors(data);
        var classes = new List<Cover>();
        var open = Enumerable.Range(0, data.Rows).ToArray();
        foreach (var vector in vectors)
        {
            if (open.Length == 0)
            {
                break;
            }

            var keys = open.Select(row => Key(data, vector, row)).ToArray();
            var sizes = new Dictionary<long, int>(open.Length);
            foreach (var key in keys)
            {
                sizes[key] = sizes.GetValueOrDefault(key) + 1;
            }

            if (sizes.Values.All(size => size < model.K))
            {
                continue;
            }

            var groups = open.Zip(keys).Where(pair => sizes[pair.Second] >= model.K).GroupBy(pair => pair.Second, pair => pair.First).ToDictionary(group => group.Key, group => group.ToList());
            foreach (var key in groups.Where(pair => !rule.Holds(pair.Value)).Select(pair => pair.Key).ToList())
            {
                groups.Remove(key);
            }

            classes.AddRange(groups.Values.Select(group => new Cover(data, group)));
            open = [.. open.Where((_, i) => !groups.ContainsKey(keys[i]))];
        }

        foreach (var row in classes.Count == 0 ? [] : open)
        {
            classes.MinBy(c => c.CostOf(row))!.Add(row);
        }

        return Cover.Publish(data, classes);
    }

    /// <summary>All vectors, by mean loss.</summary>
    private static int[][] Vectors(Microdata data)
    {
        var loss = data.Attributes.Select((attribute, a) => Enumerable.Range(0, attribute.Height + 1)
            .Select(level => data.Leaves[a].Average(leaf => attribute.Loss(attribute.LabelsAt(level)[leaf]))).ToArray()).ToArray();
        IEnumerable<int[]> vectors = [[]];
        foreach (var attribute in data.Attributes)
        {
            vectors = vectors.SelectMany(v => Enumerable.Range(0, attribute.Height + 1), (v, level) => (int[])[.. v, level]);
        }

        return [.. vectors.OrderBy(v => v.Select((level, a) => loss[a][level]).Sum())];
    }

    private static long Key(Microdata data, int[] vector, int row)
    {
        var key = 0L;
        for (var a = 0; a < vector.Length; a++)
        {
            key = checked((key * data.Attributes[a].Labels.Length) + data.Attributes[a].LabelsAt(vector[a])[data.Leaves[a][row]]);
        }

        return key;
    }
}
