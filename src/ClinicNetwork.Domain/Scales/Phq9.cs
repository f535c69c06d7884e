using System.Collections.Immutable;

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

    /// <summary>Key of the tenth question, which is not summed.</summary>
    public const string Difficulty = "difficulty";

    /// <summary>
    /// As data. Item 9 of 1 or more asks for a risk screen the same day ([K], practice). LOINC: US Core and loinc.org; the panel 44249-1 and the answer list
    /// of the tenth question, LL359-1.
    /// </summary>
    public static readonly Scale Scale = new(
        ScaleKind.Phq9,
        "phq-9",
        Version: 1,
        "Patient Health Questionnaire, depression",
        Items:
        [
            new(1, "interest", ItemMax) { Loinc = "44250-9" },
            new(2, "mood", ItemMax) { Loinc = "44255-8" },
            new(3, "sleep", ItemMax) { Loinc = "44259-0" },
            new(4, "energy", ItemMax) { Loinc = "44254-1" },
            new(5, "appetite", ItemMax) { Loinc = "44251-7" },
            new(6, "self-view", ItemMax) { Loinc = "44258-2" },
            new(7, "concentration", ItemMax) { Loinc = "44252-5" },
            new(8, "movement", ItemMax) { Loinc = "44253-3" },
            new(9, "self-harm", ItemMax) { Loinc = "44260-8", FollowUp = ScaleFollowUp.RiskScreen },
            new(10, Difficulty, ItemMax) { Loinc = "69722-7", Domain = "", Optional = true },
        ],
        Bands: [.. Enum.GetValues<Phq9Severity>().Select(BandOf)],
        RecallDays,
        ProratedItemsMax: 0,
        MissingRule: "All nine are asked for, our rule: outcomes are read from them, and item 9 is never filled in. The tenth (difficulty) may be left out.",
        Licence: "Free: no permission is needed to reproduce, translate, display or distribute it (Pfizer).",
        Source: "Kroenke, Spitzer, Williams 2001, J Gen Intern Med 16:606, 10.1046/j.1525-1497.2001.016009606.x")
    {
        SelfRated = true,
        Loinc = "44249-1",
        ResultLoinc = "44261-6",
    };

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

    private static ScaleBand BandOf(Phq9Severity severity)
    {
        var totals = Enumerable.Range(0, TotalMax + 1).Where(t => Severity(t) == severity).ToImmutableArray();
        return new(Name(severity), totals[0], totals[^1]);
    }

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
