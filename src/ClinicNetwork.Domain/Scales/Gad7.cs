namespace ClinicNetwork.Domain.Scales;

/// <summary>Generalised Anxiety Disorder, seven items of 0 to 3 about the last two weeks, total 0 to 21 (Spitzer, Kroenke, Williams, Löwe 2006, 10.1001/archinte.166.10.1092).</summary>
public static class Gad7
{
    private const int ItemMax = 3;

    /// <summary>LOINC of items and total: panel 69729-2 (loinc.org); that of the scale itself, 69737-5, was not confirmed and is not used.</summary>
    public static readonly Scale Scale = new(
        ScaleKind.Gad7,
        "gad-7",
        Version: 1,
        "Generalised Anxiety Disorder",
        Items:
        [
            new(1, "nervous", ItemMax) { Loinc = "69725-0" },
            new(2, "control", ItemMax) { Loinc = "68509-9" },
            new(3, "worry", ItemMax) { Loinc = "69733-4" },
            new(4, "relaxing", ItemMax) { Loinc = "69734-2" },
            new(5, "restless", ItemMax) { Loinc = "69735-9" },
            new(6, "irritable", ItemMax) { Loinc = "69689-8" },
            new(7, "afraid", ItemMax) { Loinc = "69736-7" },
        ],
        Bands: [new("MINIMAL", 0, 4), new("MILD", 5, 9), new("MODERATE", 10, 14), new("SEVERE", 15, 21)],
        RecallDays: 14,
        ProratedItemsMax: 1,
        MissingRule: "One missing item counts as the mean of the other six, the total rounded, a half upwards; it is then marked as prorated. [K], our rule: none was found published for this scale; "
            + "Bell 2016 (10.1186/s13104-016-2284-z) finds the mean of the answered best for single persons on the HADS where half is answered, and this asks for more.",
        Licence: "Free: no permission is needed to reproduce, translate, display or distribute it (Pfizer).",
        Source: "Spitzer, Kroenke, Williams, Löwe 2006, Arch Intern Med 166:1092, 10.1001/archinte.166.10.1092: cut points 5, 10 and 15")
    {
        SelfRated = true,
        ResultLoinc = "70274-6",
    };
}
