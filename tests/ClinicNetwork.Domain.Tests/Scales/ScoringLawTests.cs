using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Support;
using CsCheck;
using Xunit.Abstractions;

namespace ClinicNetwork.Domain.Tests.Scales;

/// <summary>What holds of any answers to any scale. CsCheck prints the seed of a failure.</summary>
public sealed class ScoringLawTests(ITestOutputHelper output)
{
    private static readonly Gen<(Scale Scale, ItemAnswer[] Answers, int Seed)> GenAnswers = Gen.Select(
        Gen.Int[0, ScaleCatalogue.All.Count - 1], Gen.Int, (i, seed) => (ScaleCatalogue.All[i], ScaleAnswers.Random(ScaleCatalogue.All[i], new Random(seed)).ToArray(), seed));

    [Fact]
    public void A_total_is_in_range_whatever_the_order_of_the_answers_and_never_falls_when_one_rises() => GenAnswers.Sample(
        drawn =>
        {
            var (scale, answers, seed) = drawn;
            Assert.Null(ScaleScore.Check(scale, answers));
            var score = ScaleScore.Of(scale, answers);
            Assert.True(scale.TotalMax is null ? score.Total is null : score.Total >= 0 && score.Total <= scale.TotalMax);
            Assert.Equal(scale.Bands.Length > 0, score.Band.Length > 0);

            var shuffled = answers.ToArray();
            new Random(seed).Shuffle(shuffled);
            AssertSame(score, ScaleScore.Of(scale, shuffled));

            var place = new Random(seed).Next(answers.Length);
            var raised = answers.Select((a, i) => i == place ? a with { Value = a.Value + 1 } : a).ToArray();
            if (ScaleScore.Check(scale, raised) is not null)
                return;
            var higher = ScaleScore.Of(scale, raised);
            Assert.True((higher.Total ?? 0) >= (score.Total ?? 0) && (higher.Total ?? 0) <= (score.Total ?? 0) + 1);
            Assert.True((higher.Triage ?? 0) >= (score.Triage ?? 0));
            Assert.Subset(higher.FollowUps.ToHashSet(), score.FollowUps.Where(f => f is ScaleFollowUp.RiskScreen or ScaleFollowUp.SafetyReview).ToHashSet());
        },
        iter: 5_000,
        writeLine: output.WriteLine);

    [Fact]
    public void The_QIDS_counts_nine_domains_by_their_highest_item() => Gen.Int[0, 3].Array[16].Sample(
        q =>
        {
            // Rush 2003, by the numbers of the form: 1-4, 5, 6-9, 10, 11, 12, 13, 14, 15-16.
            var expected = q[0..4].Max() + q[4] + q[5..9].Max() + q[9] + q[10] + q[11] + q[12] + q[13] + q[14..16].Max();
            var answers = ScaleAnswers.Of(QidsSr16.Scale, [.. q.Select(v => (int?)v)]);
            Assert.Equal(expected, ScaleScore.Of(QidsSr16.Scale, answers).Total);
        },
        iter: 5_000,
        writeLine: output.WriteLine);

    [Fact]
    public void A_prorated_total_lies_between_the_missing_item_as_its_lowest_and_its_highest() => Gen.Select(Gen.Int[0, 3].Array[7], Gen.Int[0, 6]).Sample(
        (g, gone) =>
        {
            var answers = ScaleAnswers.Of(Gad7.Scale, [.. g.Select((v, i) => i == gone ? null : (int?)v)]);
            var score = ScaleScore.Of(Gad7.Scale, answers);
            var others = g.Sum() - g[gone];
            Assert.True(score.Prorated);
            Assert.InRange(score.Total!.Value, others, others + 3);
            Assert.Equal((int)Math.Floor((others * 7m / 6m) + 0.5m), score.Total);
        },
        iter: 2_000,
        writeLine: output.WriteLine);

    private static void AssertSame(ScaleScore one, ScaleScore other)
    {
        Assert.Equal(one with { FollowUps = [] }, other with { FollowUps = [] });
        Assert.Equal(one.FollowUps.AsEnumerable(), other.FollowUps);
    }
}
