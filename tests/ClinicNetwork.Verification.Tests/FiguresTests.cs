using ClinicNetwork.Verification.Tests.Releases;
using CsCheck;

namespace ClinicNetwork.Verification.Tests;

public sealed class FiguresTests
{
    [Fact]
    public void Figures_are_those_of_a_plain_count_of_the_delivered_rows() => ReleasePlan.WellFormed.Sample(
        plan =>
        {
            var release = plan.Build();
            var figures = release.Verify().Figures;
            var delivered = release.Rows.Where(row => !row.Withdrawn).ToList();
            var classes = release.Batches.SelectMany(batch => batch.Rows.Where(row => !row.Withdrawn)
                .GroupBy(row => (row["milestone"], row.QuasiIdentifierKey)).Select(rows => rows.Count())).ToList();
            var losses = delivered
                .SelectMany(row => TestProfile.QuasiIdentifiers.Select(name => TestProfile.Loss(name, row[name]))).ToList();
            Assert.Equal(release.Batches.Count, figures.Batches);
            Assert.Equal(release.Rows.Count(), figures.Rows);
            Assert.Equal(release.Rows.Count(row => row.Withdrawn), figures.WithdrawnRows);
            Assert.Equal(delivered.DistinctBy(row => row["pseudonym"]).Count(), figures.Persons);
            Assert.Equal(delivered.DistinctBy(row => row["cell"]).Count(), figures.Cells);
            Assert.Equal(classes.DefaultIfEmpty(0).Min(), figures.ClassMin);
            Assert.Equal(classes.Count == 0 ? 0 : 1.0 / classes.Min(), figures.RiskMax, 12);
            Assert.Equal(classes.Count == 0 ? 0 : (double)classes.Count / delivered.Count, figures.RiskAvg, 12);
            Assert.Equal(losses.DefaultIfEmpty(0).Average(), figures.Ncp, 9);
            Assert.Equal(LDistinct(delivered), figures.LDistinct);
            Assert.Equal(0, figures.Suppressed);
            Assert.Equal(plan.Batches * (plan.Batches + 1) / 2, figures.WithheldCells);
            Assert.Equal(plan.Batches % 2 == 0 ? "34" : "fewer than 11", figures.ManifestWaiting);
            Assert.Equal(
                TestProfile.Milestones.Where(name => delivered.Any(row => row["milestone"] == name)),
                figures.Milestones.Select(m => m.Milestone));
            foreach (var milestone in figures.Milestones)
                AssertCounts([.. delivered.Where(row => row["milestone"] == milestone.Milestone)], milestone);
        },
        iter: 100);

    private static void AssertCounts(IReadOnlyList<TestRow> rows, MilestoneFigures milestone)
    {
        Assert.Equal(rows.Count, milestone.Rows);
        Assert.Equal(rows.Count(row => row.Measured), milestone.Measured);
        Assert.Equal(rows.Count(row => row["response"] == "yes"), milestone.Response);
        Assert.Equal(rows.Count(row => row["remission"] == "yes"), milestone.Remission);
        Assert.Equal(rows.Count(row => row["worsening"] == "yes"), milestone.Worsening);
        Assert.Equal(
            rows.Where(row => !row.Measured).CountBy(row => row["missing_reason"]).OrderBy(count => count.Key),
            milestone.Missing.OrderBy(count => count.Key));
    }

    private static int LDistinct(IEnumerable<TestRow> delivered) => delivered.Where(row => row.Measured)
        .GroupBy(row => (row["cell"], row["milestone"]))
        .Select(rows => rows.DistinctBy(row => row.Outcome).Count()).DefaultIfEmpty(0).Min();
}
