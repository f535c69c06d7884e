namespace ClinicNetwork.Domain.Scales;

/// <summary>
/// Quick Inventory of Depressive Symptomatology, self-report: 16 items of 0 to 3 about the last seven days in nine domains, total 0 to 27. It is not a sum of
/// 16 items: sleep, appetite or weight, and psychomotor change count once, by their highest item (Rush 2003, 10.1016/S0006-3223(02)01866-8).
/// </summary>
public static class QidsSr16
{
    private const int ItemMax = 3;

    /// <summary>Item 12 above 0 asks for a risk screen ([K], our rule after PHQ-9's item 9). No LOINC was confirmed.</summary>
    public static readonly Scale Scale = new(
        ScaleKind.QidsSr16,
        "qids-sr16",
        Version: 1,
        "Quick Inventory of Depressive Symptomatology, self-report",
        Items:
        [
            new(1, "sleep-onset", ItemMax) { Domain = "sleep" },
            new(2, "sleep-night", ItemMax) { Domain = "sleep" },
            new(3, "sleep-early", ItemMax) { Domain = "sleep" },
            new(4, "sleep-long", ItemMax) { Domain = "sleep" },
            new(5, "mood", ItemMax),
            new(6, "appetite-less", ItemMax) { Domain = "appetite-weight", OneOf = "appetite" },
            new(7, "appetite-more", ItemMax) { Domain = "appetite-weight", OneOf = "appetite" },
            new(8, "weight-less", ItemMax) { Domain = "appetite-weight", OneOf = "weight" },
            new(9, "weight-more", ItemMax) { Domain = "appetite-weight", OneOf = "weight" },
            new(10, "concentration", ItemMax),
            new(11, "self-view", ItemMax),
            new(12, "suicidality", ItemMax) { FollowUp = ScaleFollowUp.RiskScreen },
            new(13, "interest", ItemMax),
            new(14, "energy", ItemMax),
            new(15, "slowed", ItemMax) { Domain = "psychomotor" },
            new(16, "restless", ItemMax) { Domain = "psychomotor" },
        ],
        Bands: [new("NONE", 0, 5), new("MILD", 6, 10), new("MODERATE", 11, 15), new("SEVERE", 16, 20), new("VERY_SEVERE", 21, 27)],
        RecallDays: 7,
        ProratedItemsMax: 0,
        MissingRule: "Of appetite (6, 7) and of weight (8, 9) one direction each is answered; where both are, the higher counts (ids-qids.org, for the same pairs of the IDS). "
            + "All others are asked for, our rule ([K]: no published rule was found).",
        Licence: "Copyright UT Southwestern Medical Center; commercial use needs a licence and its wording is not shipped ([K]).",
        Source: "Rush 2003, Biol Psychiatry 54:573, 10.1016/S0006-3223(02)01866-8. Bands: ids-qids.org, interpretation. Seven days: ids-qids.org, administration.")
    {
        SelfRated = true,
    };
}
