using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Eligibility;

/// <summary>What a class of medication asks for beside ketamine or esketamine: versioned data.</summary>
/// <param name="NasalOnly">It is about the spray.</param>
/// <param name="Source">[K] marks what was not checked against the source.</param>
public sealed record Interaction(MedicationClass Class, string Id, int Version, string Text, string AsksFor, bool NasalOnly, string Source);

/// <summary>Newest version of each. The monitoring form of the REMS asks for all but the last.</summary>
public static class InteractionCatalogue
{
    private const string Depressants = "Spravato label: CNS depressants; REMS monitoring form. For racemic ketamine [K].";

    private const string Pressors = "Spravato label: psychostimulants and MAO inhibitors; REMS monitoring form. For racemic ketamine [K].";

    public static readonly IReadOnlyList<Interaction> All =
    [
        new(MedicationClass.Benzodiazepine, "benzodiazepine", 1, "No benzodiazepine", "Watch sedation closely; it may also weaken the effect [K].", false, Depressants),
        new(MedicationClass.SedativeHypnotic, "sedative-hypnotic", 1, "No sedative or hypnotic", "Watch sedation closely.", false, Depressants),
        new(MedicationClass.Opioid, "opioid", 1, "No opioid", "Watch breathing and oxygen saturation closely.", false, Depressants),
        new(MedicationClass.OtherCnsDepressant, "cns-depressant", 1, "No other CNS depressant", "Watch sedation closely.", false, Depressants),
        new(MedicationClass.Psychostimulant, "psychostimulant", 1, "No psychostimulant", "Watch the blood pressure closely.", false, Pressors),
        new(MedicationClass.Maoi, "maoi", 1, "No MAO inhibitor", "Watch the blood pressure closely.", false, Pressors),
        new(MedicationClass.NasalSteroidOrDecongestant, "nasal-spray", 1, "No nasal steroid or decongestant", "At least an hour before the dose, on its days.", true, "Spravato label, administration."),
    ];

    public static IEnumerable<Interaction> For(TreatmentProtocol protocol) => All.Where(i => !i.NasalOnly || protocol.Route == Route.Nasal);
}
