using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Scales;

/// <summary>Each total that can be answered is in the band that the source's cut points put it in.</summary>
public sealed class BandTests
{
    /// <summary>Lowest total of each band, as published: Kroenke 2001; Spitzer 2006; Snaith 1986; ids-qids.org; Spravato label.</summary>
    private static readonly Dictionary<ScaleKind, (int From, string Name)[]> Published = new()
    {
        [ScaleKind.Phq9] = [(0, "MINIMAL"), (5, "MILD"), (10, "MODERATE"), (15, "MODERATELY_SEVERE"), (20, "SEVERE")],
        [ScaleKind.Gad7] = [(0, "MINIMAL"), (5, "MILD"), (10, "MODERATE"), (15, "SEVERE")],
        [ScaleKind.Madrs] = [(0, "NONE"), (7, "MILD"), (20, "MODERATE"), (35, "SEVERE")],
        [ScaleKind.QidsSr16] = [(0, "NONE"), (6, "MILD"), (11, "MODERATE"), (16, "SEVERE"), (21, "VERY_SEVERE")],
        [ScaleKind.Moaas] = [(0, "LOSS_OF_CONSCIOUSNESS"), (1, "SEDATED"), (5, "ALERT")],
    };

    /// <summary>Highest totals, as published; the scales that are not here have none.</summary>
    private static readonly Dictionary<ScaleKind, int> Highest = new()
    {
        [ScaleKind.Phq9] = 27,
        [ScaleKind.Gad7] = 21,
        [ScaleKind.Madrs] = 60,
        [ScaleKind.QidsSr16] = 27,
        [ScaleKind.Cadss6] = 24,
        [ScaleKind.Moaas] = 5,
    };

    public static TheoryData<ScaleKind> Kinds => [.. Enum.GetValues<ScaleKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_total_is_in_its_published_band(ScaleKind kind)
    {
        var scale = ScaleCatalogue.Get(kind);
        Assert.Equal(Highest.TryGetValue(kind, out var most) ? most : null, scale.TotalMax);
        for (var total = 0; total <= (scale.TotalMax ?? -1); total++)
        {
            var answers = ScaleAnswers.WithTotal(scale, total);
            Assert.Null(ScaleScore.Check(scale, answers));
            var score = ScaleScore.Of(scale, answers);
            Assert.Equal(total, score.Total);
            Assert.Equal(Published.TryGetValue(kind, out var bands) ? bands.Last(b => b.From <= total).Name : "", score.Band);
        }
    }

    [Fact]
    public void The_definition_of_the_PHQ9_says_what_its_own_rules_say()
    {
        for (var total = 0; total <= Phq9.TotalMax; total++)
        {
            var items = Given.Items(total);
            var score = ScaleScore.Of(Phq9.Scale, [.. items.Zip(Phq9.Scale.Items, (v, i) => new ItemAnswer(i.Key, v))]);
            Assert.Equal((Phq9.Total(items), Phq9.Name(Phq9.Severity(total))), (score.Total!.Value, score.Band));
            Assert.Equal(Phq9.AsksForRiskScreen(items), score.FollowUps.Contains(ScaleFollowUp.RiskScreen));
        }
    }
}
