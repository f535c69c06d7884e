namespace ClinicNetwork.Domain.Scales;

/// <summary>
/// What may be harm of long treatment: bladder, liver, cognition, misuse. Our own items in our own words, [K], not checked against any scale; the areas are those of the
/// Ketamine Side Effect Tool's follow-up form (Short 2020, 10.1016/j.jad.2020.01.120), of which nothing is copied. There is no total: harm in one organ is not offset by another.
/// </summary>
public static class LongTermSafety
{
    /// <summary>0 none, 1 mild, 2 moderate, 3 severe ([K], our grades).</summary>
    private const int GradeMax = 3;

    /// <summary>From moderate on a clinician looks at it ([K], our rule).</summary>
    private const int ReviewFrom = 2;

    public static readonly Scale Scale = new(
        ScaleKind.LongTermSafety,
        "long-term-safety",
        Version: 1,
        "Long-term safety of ketamine: bladder, liver, cognition, misuse",
        Items:
        [
            Grade(1, "urine-often", "passing urine more often than before treatment"),
            Grade(2, "urine-urgent", "having to hurry to pass urine"),
            Grade(3, "urine-pain", "pain on passing urine or above the bladder"),
            YesNo(4, "urine-blood", "blood seen in the urine"),
            Grade(5, "belly-pain", "pain in the upper belly"),
            YesNo(6, "jaundice", "yellow skin or eyes"),
            Grade(7, "memory", "trouble remembering"),
            Grade(8, "attention", "trouble keeping to one thing"),
            Grade(9, "craving", "longing for the drug between sessions"),
            YesNo(10, "other-use", "ketamine or esketamine taken outside the plan"),
        ],
        Bands: [],
        RecallDays: 28,
        ProratedItemsMax: 0,
        MissingRule: "All ten are asked for: what was not asked is not known to be absent.",
        Licence: "Ours, under this project's licence.",
        Source: "[K], our proposal, not a published scale. Areas: Short 2020, J Affect Disord 266:615, 10.1016/j.jad.2020.01.120; Bayes 2022 finds no agreed standard for long-term monitoring. The last 28 days: [K].")
    {
        SelfRated = true,
    };

    private static ScaleItem Grade(int number, string key, string text) =>
        new(number, key, GradeMax) { Text = text, Domain = "", FollowUp = ScaleFollowUp.SafetyReview, FollowUpFrom = ReviewFrom };

    private static ScaleItem YesNo(int number, string key, string text) => new(number, key, Max: 1) { Text = text, Domain = "", FollowUp = ScaleFollowUp.SafetyReview };
}
