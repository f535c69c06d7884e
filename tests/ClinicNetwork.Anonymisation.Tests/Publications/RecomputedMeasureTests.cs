using System.Text.Json.Nodes;
using ClinicNetwork.Anonymisation.Tests.Support;
using ClinicNetwork.Grains.Releases;

namespace ClinicNetwork.Anonymisation.Tests.Publications;

/// <summary>The manifest's measures against the verifier's own recomputation from the rows.</summary>
public sealed class RecomputedMeasureTests
{
    /// <summary>Of many persons, and of a few who waited until one cell could be anything.</summary>
    [Theory]
    [InlineData(1, false, 400)]
    [InlineData(2, false, 400)]
    [InlineData(3, false, 400)]
    [InlineData(4, true, 100, 0, 0, 0, 0)]
    public void Every_measure_of_a_batch_is_what_the_verifier_computes_from_its_rows(int seed, bool isRemainder, params int[] arrivals)
    {
        var store = new Course(seed, arrivals, 0, isRemainder ? 100 : 60, 20).Run(publish: (s, day) => s.Publish(Course.Day(day), PublicOutcomes.Policy with { WithholdShare = 0 }));
        var manifest = JsonNode.Parse(store.Of("ag-registry").Single().Manifest)!;

        var report = ReleaseFolder.Verify(store, store.Agreements[0]);

        Assert.Empty(report.Findings);
        Assert.Equal(isRemainder, report.Figures.Suppressed > 0);
        var figures = report.Figures;
        Assert.Equal(figures.Ncp, (double)manifest["ncp"]!, 6);
        Assert.Equal(figures.RiskMax, (double)manifest["risk_max"]!, 6);
        Assert.Equal(figures.RiskAvg, (double)manifest["risk_avg"]!, 6);
        Assert.Equal((figures.ClassMin, figures.Persons, figures.LDistinct), ((int)manifest["class_min"]!, (int)manifest["persons"]!, (int)manifest["l_distinct"]!));
        Assert.Equal((figures.Rows, figures.Suppressed), ((long)manifest["rows"]!, (int)manifest["suppressed"]!));
        Assert.Equal((string)manifest["waiting"]!, figures.ManifestWaiting);
    }
}
