namespace ClinicNetwork.Domain.Scales;

/// <summary>
/// Six items (1, 2, 6, 7, 15, 22) of the Clinician-Administered Dissociative States Scale, 0 to 4 each, about the moment; total 0 to 24 (Rodrigues 2021,
/// 10.1016/j.jad.2020.12.119). Its authors say that it remains unvalidated.
/// </summary>
public static class Cadss6
{
    private const int ItemMax = 4;

    /// <summary>No bands and no LOINC were found. The keys are the items' numbers in the CADSS.</summary>
    public static readonly Scale Scale = new(
        ScaleKind.Cadss6,
        "cadss-6",
        Version: 1,
        "Dissociation during ketamine, six items of the CADSS; remains unvalidated",
        Items: [Item(1), Item(2), Item(6), Item(7), Item(15), Item(22)],
        Bands: [],
        RecallDays: 0,
        ProratedItemsMax: 0,
        MissingRule: "All six are asked for, our rule ([K]: no published rule was found).",
        Licence: "Copyright of the CADSS: J. D. Bremner; its wording is not shipped ([K]).",
        Source: "Rodrigues 2021, J Affect Disord 282:160, 10.1016/j.jad.2020.12.119: developed on stored ratings, correlates with the CADSS at 0.91 to 0.95, remains unvalidated. CADSS: Bremner 1998.");

    private static ScaleItem Item(int number) => new(number, $"cadss-{number}", ItemMax);
}
