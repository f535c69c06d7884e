namespace ClinicNetwork.Domain.Scales;

/// <summary>Modified Observer's Assessment of Alertness/Sedation, one level of 0 (no response to pain) to 5 (responds readily to the name) about the moment (Chernik 1990).</summary>
public static class Moaas
{
    /// <summary>No LOINC was confirmed.</summary>
    public static readonly Scale Scale = new(
        ScaleKind.Moaas,
        "moaa-s",
        Version: 1,
        "Modified Observer's Assessment of Alertness/Sedation",
        Items: [new(1, "level", Max: 5)],
        Bands: [new("LOSS_OF_CONSCIOUSNESS", 0, 0), new("SEDATED", 1, 4), new("ALERT", 5, 5)],
        RecallDays: 0,
        ProratedItemsMax: 0,
        MissingRule: "The level is asked for.",
        Licence: "Published and in general use; its wording is not shipped ([K]).",
        Source: "Levels: Chernik 1990, J Clin Psychopharmacol 10:244. Bands: Spravato label, below 5 sedation, 0 loss of consciousness.");
}
