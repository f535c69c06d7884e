namespace ClinicNetwork.Domain.Protocols;

/// <summary>What a drug by a route in a setting is.</summary>
public enum Placement
{
    /// <summary>In no protocol and no plan.</summary>
    Refused,

    Permitted,

    /// <summary>With a recorded plan of who supervises, and how.</summary>
    NeedsSupervision,
}

/// <summary>
/// Drug × route × setting. Esketamine is a nasal spray in a certified setting and nothing else ("must never be dispensed directly to a patient for home use":
/// Spravato REMS). Home ketamine is off-label racemic (FDA warned of it in October 2023): under the tongue only, and supervised ([K], our choice among the
/// routes in use). A compounded nasal spray of racemic ketamine is refused (FDA alert, February 2022).
/// </summary>
public static class TreatmentMatrix
{
    public static Placement Of(Drug drug, Route route, Setting setting) => (drug, route, setting) switch
    {
        (Drug.Esketamine, Route.Nasal, Setting.CertifiedClinic) => Placement.Permitted,
        (Drug.Esketamine, _, _) => Placement.Refused,
        (Drug.KetamineRacemic, Route.Sublingual, Setting.Home) => Placement.NeedsSupervision,
        (Drug.KetamineRacemic, Route.Intravenous or Route.Intramuscular or Route.Subcutaneous or Route.Sublingual, Setting.Clinic or Setting.CertifiedClinic) => Placement.Permitted,
        _ => Placement.Refused,
    };
}
