using System.Text.Json.Nodes;
using ClinicNetwork.Anonymisation.Tests.Support;
using ClinicNetwork.Grains.Releases;

namespace ClinicNetwork.Anonymisation.Tests.Publications;

/// <summary>The manifest's measures against the verifier's own recomputation from the rows.</summary>
public sealed class RecomputedMeasureTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_measure_of_a_batch_is_what_the_verifier_computes_from_its_rows(int seed)
    {
        var store = new Course(seed, [400], 0, 60, 20).Run(publish: (s, day) => s.Publish(Course.Day(day), PublicOutcomes.Policy with { WithholdShare = 0 }));
        var manifest = JsonNode.Parse(store.Of("ag-registry").Single().Manifest)!;

        var report = ReleaseFolder.Verify(store, store.Agreements[0]);

        Assert.Empty(report.Findings);
        var figures = report.Figures;
        Assert.Equal(figures.Ncp, (double)manifest["ncp"]!, 6);
        Assert.Equal(figures.RiskMax, (double)manifest["risk_max"]!, 6);
        Assert.Equal(figures.RiskAvg, (double)manifest["risk_avg"]!, 6);
        Assert.Equal((figures.ClassMin, figures.Persons, figures.LDistinct), ((int)manifest["class_min"]!, (int)manifest["persons"]!, (int)manifest["l_distinct"]!));
        Assert.Equal((figures.Rows, figures.Suppressed), ((long)manifest["rows"]!, (int)manifest["suppressed"]!));
        Assert.Equal((string)manifest["waiting"]!, figures.ManifestWaiting);
    }
}
