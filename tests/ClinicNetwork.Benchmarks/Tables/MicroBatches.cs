using ClinicNetwork.Anonymisation.Tables;

namespace ClinicNetwork.Benchmarks.Tables;

/// <summary>The plainest stream: each <c>delay</c> rows are a table of their own for <see cref="PlainSweep"/>. A last batch of fewer than k rows joins the one before.</summary>
internal static class MicroBatches
{
    public static Published Run(Microdata data, PrivacyModel model, int delay)
    {
        var (regions, regionOf) = (new List<int[]>(), new int[data.Rows]);
        for (var from = 0; from < data.Rows;)
        {
            var to = data.Rows - from < delay + model.K ? data.Rows : from + delay;
            var batch = PlainSweep.Run(data.Of([.. Enumerable.Range(from, to - from)]), model);
            for (var row = from; row < to; row++)
            {
                regionOf[row] = batch.RegionOf[row - from] < 0 ? -1 : regions.Count + batch.RegionOf[row - from];
            }

            regions.AddRange(batch.Regions);
            from = to;
        }

        return new(data, regions, regionOf);
    }
}
