using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Protocols;

[GenerateSerializer, Alias("drug")]
public enum Drug
{
    KetamineRacemic = 1,
    Esketamine = 2,
}

[GenerateSerializer, Alias("route")]
public enum Route
{
    Intravenous = 1,
    Nasal = 2,
    Intramuscular = 3,
    Subcutaneous = 4,

    /// <summary>Under the tongue.</summary>
    Sublingual = 5,
}

[GenerateSerializer, Alias("setting")]
public enum Setting
{
    Clinic = 1,
    CertifiedClinic = 2,
    Home = 3,
}

/// <summary>A treatment protocol: versioned data that a plan is made from. A clinician signs it off; it is decision support.</summary>
/// <param name="Version">1 or more; a plan keeps the version it was made from.</param>
/// <param name="Settings">Where it may be given; anything else is refused. Esketamine at home is in no protocol.</param>
/// <param name="DoseMgPerKg">Default dose by body weight, mg/kg; null when the dose is fixed.</param>
/// <param name="DosesMg">Permitted fixed doses, mg; the first is the default; empty when the dose goes by weight.</param>
/// <param name="DurationMinutes">Duration of a dose, minutes; 0 when it does not apply.</param>
/// <param name="InductionSessions">Sessions of the induction.</param>
/// <param name="InductionDaysMax">First to last induction dose, days at most.</param>
/// <param name="ObservationMinutesMin">From the beginning of the dose until leaving, minutes at least.</param>
/// <param name="Source">Where the figures come from; [K] marks what was not checked against the source.</param>
[GenerateSerializer, Immutable, Alias("treatment-protocol")]
public sealed record TreatmentProtocol(
    [property: Id(0)] ProtocolId Id,
    [property: Id(1)] int Version,
    [property: Id(2)] string Title,
    [property: Id(3)] Drug Drug,
    [property: Id(4)] Route Route,
    [property: Id(5)] ImmutableArray<Setting> Settings,
    [property: Id(6)] double? DoseMgPerKg,
    [property: Id(7)] ImmutableArray<double> DosesMg,
    [property: Id(8)] int DurationMinutes,
    [property: Id(9)] int InductionSessions,
    [property: Id(10)] int InductionDaysMax,
    [property: Id(11)] int ObservationMinutesMin,
    [property: Id(12)] string Source)
{
    /// <summary>In order of time; empty when the protocol says nothing beyond its induction.</summary>
    [Id(20)] public ImmutableArray<Phase> Phases { get; init; } = [];

    [Id(21)] public SessionRules Rules { get; init; } = SessionRules.First;

    /// <summary>Dose by weight at least, mg/kg (Fava 2018 tried 0.1 to 1.0; Andrade 2017 reports 0.1 to 0.75 in use).</summary>
    [Id(22)] public double DoseMgPerKgMin { get; init; } = 0.1;

    /// <summary>Dose by weight at most, mg/kg.</summary>
    [Id(23)] public double DoseMgPerKgMax { get; init; } = 1.0;

    /// <summary>The phase of a day of the course; null when the protocol has none. Taper is begun by a clinician and is never the answer.</summary>
    /// <param name="daysSinceFirstDose">Clinic days, 0 is the first dose's.</param>
    public Phase? PhaseOn(int daysSinceFirstDose) => Phases.LastOrDefault(p => p.FirstWeek > 0 && daysSinceFirstDose >= 7 * (p.FirstWeek - 1));
}
