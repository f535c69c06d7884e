namespace ClinicNetwork.Domain.Scales;

/// <summary>Montgomery-Åsberg Depression Rating Scale, ten items of 0 to 6 rated by a clinician, total 0 to 60 (Montgomery, Åsberg 1979, 10.1192/bjp.134.4.382).</summary>
public static class Madrs
{
    private const int ItemMax = 6;

    /// <summary>The last item above 0 asks for a risk screen ([K], our rule after PHQ-9's item 9). No LOINC was confirmed.</summary>
    public static readonly Scale Scale = new(
        ScaleKind.Madrs,
        "madrs",
        Version: 1,
        "Montgomery-Åsberg Depression Rating Scale, clinician-rated",
        Items:
        [
            new(1, "sadness-seen", ItemMax),
            new(2, "sadness-told", ItemMax),
            new(3, "tension", ItemMax),
            new(4, "sleep", ItemMax),
            new(5, "appetite", ItemMax),
            new(6, "concentration", ItemMax),
            new(7, "lassitude", ItemMax),
            new(8, "feeling", ItemMax),
            new(9, "pessimism", ItemMax),
            new(10, "suicidality", ItemMax) { FollowUp = ScaleFollowUp.RiskScreen },
        ],
        Bands: [new("NONE", 0, 6), new("MILD", 7, 19), new("MODERATE", 20, 34), new("SEVERE", 35, 60)],
        RecallDays: 7,
        ProratedItemsMax: 0,
        MissingRule: "All ten are asked for, our rule: a clinician rates each from the interview ([K]: no published rule was found).",
        Licence: "Copyright Royal College of Psychiatrists; the form needs a licence and its wording is not shipped ([K]).",
        Source: "Items: Montgomery, Åsberg 1979, Br J Psychiatry 134:382, 10.1192/bjp.134.4.382. Bands: Snaith, Harrop, Newby, Teale 1986, Br J Psychiatry 148:599, 10.1192/bjp.148.5.599. "
            + "Seven days: [K], the usual instruction; the version for 24 hours (Johnson 2016) is another scale.");
}
