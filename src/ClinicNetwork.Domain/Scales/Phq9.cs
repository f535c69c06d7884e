namespace ClinicNetwork.Domain.Scales;

/// <summary>
/// Patient Health Questionnaire, nine items of 0 to 3 about the last two weeks, total 0 to 27 (Kroenke, Spitzer, Williams 2001,
/// J Gen Intern Med 16:606, 10.1046/j.1525-1497.2001.016009606.x).
/// </summary>
public static class Phq9
{
    /// <summary>Items that are summed; the tenth (difficulty) is not.</summary>
    public const int ItemCount = 9;

    /// <summary>Highest answer of an item.</summary>
    public const int ItemMax = 3;

    /// <summary>Highest total.</summary>
    public const int TotalMax = ItemCount * ItemMax;

    /// <summary>The scale asks about the last two weeks, days; two answers closer than that re-read the same days.</summary>
    public const int RecallDays = 14;

    /// <summary>Null when nine items of 0 to 3 are given, else a refusal that names the item. There is no rule for missing items: all nine are asked for.</summary>
    public static Refusal? Check(IReadOnlyList<int> items)
    {
        if (items.Count != ItemCount)
        {
            return Refusal.Invalid("ITEMS_INCOMPLETE", "items", $"Give all {ItemCount} items of the PHQ-9 in order.");
        }

        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is < 0 or > ItemMax)
            {
                return Refusal.Invalid("ITEM_OUT_OF_RANGE", $"items[{i}]", $"Give 0 to {ItemMax}.");
            }
        }

        return null;
    }

    /// <summary>Sum of nine checked items, 0 to 27.</summary>
    public static int Total(IReadOnlyList<int> items) => items.Sum();

    /// <summary>True when item 9 (thoughts of death or self-harm) is 1 or more: a suicide-risk screen is due the same day ([K], practice).</summary>
    public static bool AsksForRiskScreen(IReadOnlyList<int> items) => items[ItemCount - 1] >= 1;

    /// <summary>Severity band of a total: 0-4, 5-9, 10-14, 15-19, 20-27 (Kroenke 2001).</summary>
    public static Phq9Severity Severity(int total) => total switch
    {
        < 0 or > TotalMax => throw new ArgumentOutOfRangeException(nameof(total)),
        <= 4 => Phq9Severity.Minimal,
        <= 9 => Phq9Severity.Mild,
        <= 14 => Phq9Severity.Moderate,
        <= 19 => Phq9Severity.ModeratelySevere,
        _ => Phq9Severity.Severe,
    };

    /// <summary>The band as the contract and releases spell it.</summary>
    public static string Name(Phq9Severity severity) => severity switch
    {
        Phq9Severity.Minimal => "MINIMAL",
        Phq9Severity.Mild => "MILD",
        Phq9Severity.Moderate => "MODERATE",
        Phq9Severity.ModeratelySevere => "MODERATELY_SEVERE",
        Phq9Severity.Severe => "SEVERE",
        _ => throw new ArgumentOutOfRangeException(nameof(severity)),
    };
}

/// <summary>Severity bands of the PHQ-9 (Kroenke 2001).</summary>
[GenerateSerializer, Alias("phq9-severity")]
public enum Phq9Severity
{
    Minimal,
    Mild,
    Moderate,
    ModeratelySevere,
    Severe,
}
