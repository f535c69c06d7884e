using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Scales;

/// <summary>
/// The C-SSRS screener over every combination of yes, no and not answered, against the rules as the guides tell them: high is question 4 or 5, or 6 within 3 months;
/// moderate is 3, or 6 earlier; low is 1 or 2 alone (Columbia triage guidelines; Blueprint and Rula, guides to the screener). 3 to 5 are asked when 2 is yes.
/// </summary>
public sealed class TriageTests
{
    private static readonly Scale Screener = CssrsScreener.Scale;

    [Fact]
    public void Every_combination_is_triaged_by_the_guides_or_refused()
    {
        var (triaged, refused) = (0, 0);
        foreach (var a in Combinations(7, [null, 0, 1]))
        {
            var answers = ScaleAnswers.Of(Screener, a);
            var check = ScaleScore.Check(Screener, answers);
            if (ExpectedRefusal(a, answers) is { } expected)
            {
                Assert.Equal(expected, (check?.Reason, check?.Field));
                refused++;
                continue;
            }

            Assert.Null(check);
            var score = ScaleScore.Of(Screener, answers);
            Assert.Equal((Triage(a), null, "", false), (score.Triage, score.Total, score.Band, score.Prorated));
            triaged++;
        }

        // By hand: 1 is free (2); with 2 yes, 3 to 5 are free (8); with 2 no each is no or left out (8); 6: no with no or nothing (2), yes with either (2).
        Assert.Equal((2 * (8 + 8) * 4, 2187 - 128), (triaged, refused));
    }

    /// <summary>The truth table, when all seven boxes are ticked.</summary>
    [Fact]
    public void Of_128_full_forms_those_that_contradict_themselves_are_refused_and_the_rest_triaged()
    {
        var seen = Combinations(7, [0, 1]).Select(a => ScaleScore.Check(Screener, ScaleAnswers.Of(Screener, a)) is { } refusal
            ? refusal.Reason
            : ScaleScore.Of(Screener, ScaleAnswers.Of(Screener, a)).Triage.ToString()!).CountBy(r => r).ToDictionary();

        // By hand, 1 x 2 x (3 to 5) x (6): 2 no leaves 3 to 5 no, 2 yes leaves them free; 6 is no-no, yes-no or yes-yes.
        // None: 1. Low: (1 or 2 alone, 6 no): 1 no 2 yes, 1 yes 2 no, both: 3. High of 2 x 9 x 3 = 54 forms: 6 within 3 months 18; else 4 or 5: 2 x 6 x 2 = 24.
        // Moderate: the rest.
        Assert.Equal(new Dictionary<string, int> { ["None"] = 1, ["Low"] = 3, ["High"] = 42, ["Moderate"] = 54 - 46, ["ITEM_CONTRADICTS"] = 128 - 54 }, seen);
    }

    private static RiskTriage Triage(int?[] a) =>
        a[3] == 1 || a[4] == 1 || a[6] == 1 ? RiskTriage.High
        : a[2] == 1 || a[5] == 1 ? RiskTriage.Moderate
        : a[0] == 1 || a[1] == 1 ? RiskTriage.Low
        : RiskTriage.None;

    private static (string?, string?)? ExpectedRefusal(int?[] a, IReadOnlyList<ItemAnswer> answers)
    {
        var contradicts = a[1] == 1 ? -1 : Array.FindIndex(a, 2, 3, v => v == 1);
        if (contradicts < 0 && a[5] != 1 && a[6] == 1)
            contradicts = 6;
        if (contradicts >= 0)
            return ("ITEM_CONTRADICTS", $"items[{answers.Index().Single(i => i.Item.Key == Screener.Items[contradicts].Key).Index}].key");
        var missing = a[0] is null || a[1] is null || a[5] is null || (a[1] == 1 && a[2..5].Contains(null)) || (a[5] == 1 && a[6] is null);
        return missing ? ("ITEMS_INCOMPLETE", "items") : null;
    }

    private static IEnumerable<int?[]> Combinations(int length, int?[] values) => length == 0
        ? [[]]
        : Combinations(length - 1, values).SelectMany(c => values, (c, v) => (int?[])[.. c, v]);
}
