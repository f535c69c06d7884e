using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;

namespace ClinicNetwork.Domain.Protocols;

/// <summary>The protocols that plans are made from, every version of each: what a plan was made from is there for ever.</summary>
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

    /// <summary>
    /// Bounds common to our protocols, [K], each for a clinician to sign off: SpO2 of 94 % before the dose and when leaving; an emergency below 90 %, at MOAA/S of 0 or 1,
    /// or below 8 breaths a minute; leaving within 20/10 mmHg of the pressure before, with CADSS-6 of 3 or less; 60 min from the checks to the dose.
    /// </summary>
    private static readonly SessionLimits Limits = new(
        FoodMinutesMin: 120,
        DrinkMinutesMin: 30,
        SpO2PercentMin: 94,
        EmergencySpO2Percent: 90,
        EmergencyMoaas: 1,
        EmergencyRespiratoryRate: 8,
        NearSystolicMmHg: 20,
        NearDiastolicMmHg: 10,
        Cadss6Max: 3,
        ClearanceMinutesMax: 60);

    /// <summary>Who may go on after a reason: a clinician, never a nurse ([K]; label of Spravato for the pressure: "balance of benefit and risk"). The rest are hard stops.</summary>
    private static readonly ImmutableArray<Gate> Gates =
    [
        new(GateKind.TreatmentConsent),
        new(GateKind.Contraindications),
        Pregnancy.GateOfEveryPlan,
        new(GateKind.SiteCertificate),
        new(GateKind.Weight),
        new(GateKind.Escort),
        new(GateKind.OxygenSaturation),
        new(GateKind.Fasting, Roles.Clinician),
        new(GateKind.Spacing, Roles.Clinician),
        new(GateKind.BloodPressure, Roles.Clinician),
    ];

    /// <summary>Composite after RCEM and ASA principles; the items are [K].</summary>
    private static readonly ImmutableArray<ChecklistItem> Checklist =
    [
        ChecklistItem.Oriented, ChecklistItem.Walks, ChecklistItem.NauseaSettled, ChecklistItem.EscortPresent, ChecklistItem.NoDrivingAdviceGiven, ChecklistItem.RiskScreenDone,
        ChecklistItem.Awake, ChecklistItem.NotDissociated, ChecklistItem.OxygenSaturation,
    ];

    private static readonly ImmutableArray<SideEffectKind> MustResolve =
    [
        SideEffectKind.Dissociation, SideEffectKind.Sedation, SideEffectKind.Nausea, SideEffectKind.BloodPressureIncreased, SideEffectKind.Hallucination,
        SideEffectKind.RespiratoryDepression,
    ];

    private const VitalSigns AfterInjection = VitalSigns.BloodPressure | VitalSigns.OxygenSaturation | VitalSigns.Sedation;

    private const VitalSigns DuringInfusion = AfterInjection | VitalSigns.HeartRate;

    public static readonly TreatmentProtocol KetamineIv2 = KetamineIvInduction with
    {
        Version = 2,
        Title = "Racemic ketamine IV, induction to taper (off-label)",
        ObservationMinutesMin = 90,
        Phases =
        [
            new(PhaseKind.Induction, FirstWeek: 1, SpacingDaysMin: 2, SpacingDaysMax: 4),
            new(PhaseKind.Optimisation, FirstWeek: 4, SpacingDaysMin: 5, SpacingDaysMax: 10),
            new(PhaseKind.Maintenance, FirstWeek: 8, SpacingDaysMin: 5, SpacingDaysMax: 28),
            new(PhaseKind.Taper, FirstWeek: 0, SpacingDaysMin: 14, SpacingDaysMax: 56),
        ],
        Rules = new(
            Gates,
            Monitoring: [new(15, 8, 22, DuringInfusion), new(30, 23, 37, DuringInfusion), new(45, 38, 52, DuringInfusion), new(60, 53, 67, DuringInfusion)],
            Checklist,
            MustResolve,
            Limits with { FoodMinutesMin = 360, DrinkMinutesMin = 120 }),
        Source = "As version 1. Readings at 0, 15, 30, 45, 60 min, back to baseline by 90 min: Szarmach 2020; counted within 7 min, sedation among them and observed for 90 min: [K]. Two or three times a week: Murrough 2013, ELEKT-D 2023; "
            + "weekly for four weeks: Phillips 2019; then every 5 days to 4 weeks: Pfeiffer 2024. Taper: no schedule was found; the interval is widened, [K]. Food 6 h, drink 2 h: ASA fasting for sedation, [K].",
    };

    public static readonly TreatmentProtocol EsketamineNasal2 = EsketamineNasalInduction with
    {
        Version = 2,
        Title = "Esketamine nasal, induction to taper",
        Phases =
        [
            new(PhaseKind.Induction, FirstWeek: 1, SpacingDaysMin: 2, SpacingDaysMax: 5),
            new(PhaseKind.Optimisation, FirstWeek: 5, SpacingDaysMin: 5, SpacingDaysMax: 9),
            new(PhaseKind.Maintenance, FirstWeek: 9, SpacingDaysMin: 5, SpacingDaysMax: 16),
            new(PhaseKind.Taper, FirstWeek: 0, SpacingDaysMin: 14, SpacingDaysMax: 56),
        ],
        Rules = new(
            Gates.Insert(3, new(GateKind.Enrolment)),
            Monitoring: [new(40, 30, 60, AfterInjection)],
            Checklist,
            MustResolve,
            Limits),
        Source = "As version 1. Weekly in weeks 5 to 8, weekly or every two weeks from week 9; no food 2 h, no drink 30 min before; pressure before, about 40 min after and until it falls; pulse oximetry each session; enrolment: Spravato label and REMS. "
            + "A reading from 30 to 60 min counts as that at 40; at least 2 days between doses, 5 when weekly: [K]. Taper: the interval is widened, [K].",
    };

    public static readonly TreatmentProtocol KetamineIm = KetamineIv2 with
    {
        Id = new ProtocolId("ketamine-im"),
        Version = 1,
        Title = "Racemic ketamine IM (off-label)",
        Route = Route.Intramuscular,
        DurationMinutes = 0,
        DoseMgPerKgMin = 0.25,
        Rules = KetamineIv2.Rules with { Monitoring = [new(15, 8, 22, AfterInjection), new(30, 23, 45, AfterInjection), new(60, 46, 75, AfterInjection)] },
        Source = "Course and phases as ketamine IV. The route is in the New Zealand guideline as a test dose (Beaglehole 2023, PMC10594164); 0.5 mg/kg, 0.25 to 1.0, readings and 90 min of observation: [K], our default.",
    };

    public static readonly TreatmentProtocol KetamineSc = KetamineIm with
    {
        Id = new ProtocolId("ketamine-sc"),
        Title = "Racemic ketamine SC (off-label)",
        Route = Route.Subcutaneous,
        InductionSessions = 8,
        InductionDaysMax = 28,
        DoseMgPerKgMin = 0.5,
        DoseMgPerKgMax = 0.9,
        Phases =
        [
            new(PhaseKind.Induction, FirstWeek: 1, SpacingDaysMin: 2, SpacingDaysMax: 5),
            new(PhaseKind.Optimisation, FirstWeek: 5, SpacingDaysMin: 5, SpacingDaysMax: 10),
            new(PhaseKind.Maintenance, FirstWeek: 9, SpacingDaysMin: 5, SpacingDaysMax: 28),
            new(PhaseKind.Taper, FirstWeek: 0, SpacingDaysMin: 14, SpacingDaysMax: 56),
        ],
        Source = "0.5 to 0.9 mg/kg twice a week for four weeks, raised to 0.6, 0.75 and 0.9 while less than 50 % better: KADS 2023 (PMC10727911). Later phases, readings and 90 min of observation: [K], our default.",
    };

    /// <summary>Off-label and outside the label's monitoring (FDA warned in October 2023): only with a recorded plan of who supervises, and how.</summary>
    public static readonly TreatmentProtocol KetamineHome = KetamineIm with
    {
        Id = new ProtocolId("ketamine-home"),
        Title = "Racemic ketamine under the tongue at home, supervised (off-label)",
        Route = Route.Sublingual,
        Settings = [Setting.Home],
        DurationMinutes = 10,
        InductionSessions = 8,
        InductionDaysMax = 28,
        ObservationMinutesMin = 120,
        DoseMgPerKgMin = 0.1,
        Phases = KetamineSc.Phases,
        Rules = KetamineIm.Rules with { Monitoring = [new(30, 20, 45, AfterInjection), new(60, 46, 90, AfterInjection)] },
        Source = "Four weeks of sublingual ketamine at home: Hull 2022 (10.1016/j.jad.2022.07.004). 0.5 mg/kg, 0.1 to 1.0, twice a week, gates as in a clinic, readings by who supervises, 120 min of observation: [K], our default. "
            + "FDA warned in October 2023 of ketamine at home; esketamine at home is refused.",
    };

    /// <summary>In order of id and version.</summary>
    public static readonly IReadOnlyList<TreatmentProtocol> All =
        [EsketamineNasalInduction, EsketamineNasal2, KetamineHome, KetamineIm, KetamineIvInduction, KetamineIv2, KetamineSc];

    /// <summary>Null when there is none.</summary>
    /// <param name="version">Until 1.0 who asks for none gets version 1: callers of 0.1 to 0.3 cannot send what later versions ask for.</param>
    public static TreatmentProtocol? Find(ProtocolId id, int version = 1) => All.FirstOrDefault(p => p.Id == id && p.Version == version);

    /// <summary>The protocol a plan was made from; a plan never names one that is not in the catalogue.</summary>
    public static TreatmentProtocol Get(ProtocolId id, int version) =>
        Find(id, version) ?? throw new InvalidOperationException($"Protocol {id.Value}, version {version}, is not in the catalogue.");
}
