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
    [property: Id(12)] string Source);
