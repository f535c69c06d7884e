using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Protocols;

/// <summary>The protocols that plans are made from, newest version of each.</summary>
public static class ProtocolCatalogue
{
    /// <summary>Racemic ketamine, off-label: 0.5 mg/kg over 40 min, six infusions in two to three weeks.</summary>
    public static readonly TreatmentProtocol KetamineIvInduction = new(
        new ProtocolId("ketamine-iv-induction"),
        Version: 1,
        Title: "Racemic ketamine IV, induction (off-label)",
        Drug.KetamineRacemic,
        Route.Intravenous,
        Settings: [Setting.Clinic, Setting.CertifiedClinic],
        DoseMgPerKg: 0.5,
        DosesMg: [],
        DurationMinutes: 40,
        InductionSessions: 6,
        InductionDaysMax: 21,
        ObservationMinutesMin: 60,
        Source: "Dose and course: Murrough 2013 (PMC3725185), Phillips 2019, ELEKT-D 2023. Readings back to baseline by 90 min: Szarmach 2020. Observation of 60 min from the beginning of the infusion: [K], our default.");

    /// <summary>Esketamine nasal spray: 56 mg on day 1, then 56 or 84 mg, twice weekly in weeks 1 to 4, in a certified setting only.</summary>
    public static readonly TreatmentProtocol EsketamineNasalInduction = new(
        new ProtocolId("esketamine-nasal-induction"),
        Version: 1,
        Title: "Esketamine nasal, induction",
        Drug.Esketamine,
        Route.Nasal,
        Settings: [Setting.CertifiedClinic],
        DoseMgPerKg: null,
        DosesMg: [56, 84],
        DurationMinutes: 10,
        InductionSessions: 8,
        InductionDaysMax: 28,
        ObservationMinutesMin: 120,
        Source: "Spravato label and REMS: 28 mg devices, twice weekly in weeks 1 to 4, at least 2 h observation, certified setting only. Five minutes between devices.");

    public static readonly IReadOnlyList<TreatmentProtocol> All = [EsketamineNasalInduction, KetamineIvInduction];

    public static TreatmentProtocol? Find(ProtocolId id) => All.FirstOrDefault(p => p.Id == id);

    /// <summary>The protocol a plan was made from; a plan never names one that is not in the catalogue.</summary>
    public static TreatmentProtocol Get(ProtocolId id, int version) =>
        All.FirstOrDefault(p => p.Id == id && p.Version == version)
        ?? throw new InvalidOperationException($"Protocol {id.Value}, version {version}, is not in the catalogue.");
}
