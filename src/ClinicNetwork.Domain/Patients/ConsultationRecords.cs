using System.Collections.Immutable;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Patients;

[GenerateSerializer, Alias("treatment-class")]
public enum TreatmentClass
{
    Ssri = 1,
    Snri = 2,
    Tricyclic = 3,
    Maoi = 4,
    OtherAntidepressant = 5,

    /// <summary>Added to an antidepressant: lithium, an antipsychotic, thyroid hormone.</summary>
    Augmentation = 6,
    Psychotherapy = 7,

    /// <summary>ECT, TMS, VNS.</summary>
    Stimulation = 8,
    Ketamine = 9,
    Other = 10,
}

[GenerateSerializer, Alias("dose-unit")]
public enum DoseUnit
{
    MgPerDay = 1,
    Sessions = 2,
}

[GenerateSerializer, Alias("adherence")]
public enum Adherence
{
    Good = 1,
    Partial = 2,
    Poor = 3,
}

/// <summary>How an earlier treatment was given; what is not known is null.</summary>
/// <param name="Dose">The highest that was kept, in <paramref name="Unit"/>, above 0.</param>
/// <param name="Weeks">At that dose, 1 to 520.</param>
/// <param name="PresentEpisode">Given in the present episode of depression.</param>
[GenerateSerializer, Immutable, Alias("treatment-trial")]
public sealed record TreatmentTrial(
    [property: Id(0)] TreatmentClass Class,
    [property: Id(1)] double? Dose,
    [property: Id(2)] DoseUnit? Unit,
    [property: Id(3)] int? Weeks,
    [property: Id(4)] Adherence? Adherence,
    [property: Id(5)] bool? PresentEpisode);

/// <summary>A condition that was asked about, by its code in <see cref="Eligibility.ContraindicationCatalogue"/>.</summary>
/// <param name="Present">False: it was asked about, and is not there.</param>
[GenerateSerializer, Immutable, Alias("coded-finding")]
public sealed record CodedFinding([property: Id(0)] string Code, [property: Id(1)] bool Present, [property: Id(2)] string Note);

/// <summary>What a drug does beside ketamine or esketamine.</summary>
[GenerateSerializer, Alias("medication-class")]
public enum MedicationClass
{
    Benzodiazepine = 1,
    SedativeHypnotic = 2,
    Opioid = 3,
    Psychostimulant = 4,
    Maoi = 5,

    /// <summary>Any other that depresses the central nervous system, alcohol too.</summary>
    OtherCnsDepressant = 6,
    NasalSteroidOrDecongestant = 7,
    Other = 8,
}

/// <summary>A drug that the patient takes.</summary>
/// <param name="Dose">In words, with its unit; empty when not known.</param>
[GenerateSerializer, Immutable, Alias("medication")]
public sealed record Medication([property: Id(0)] string Name, [property: Id(1)] MedicationClass Class, [property: Id(2)] string Dose);

[GenerateSerializer, Alias("pregnancy-possibility")]
public enum PregnancyPossibility
{
    NotPossible = 1,
    Possible = 2,
    Pregnant = 3,
}

/// <summary>A risk, a benefit or an alternative that was talked about.</summary>
[GenerateSerializer, Alias("discussed-topic")]
public enum DiscussedTopic
{
    Dissociation = 1,
    Sedation = 2,
    BloodPressure = 3,
    RespiratoryDepression = 4,
    Misuse = 5,
    Bladder = 6,
    Liver = 7,
    Cognition = 8,
    Driving = 9,
    Pregnancy = 10,
    OffLabelUse = 11,
    WorseningAndSuicidality = 12,
    ChanceOfResponse = 13,
    HowLongItLasts = 14,
    Alternatives = 15,
}

/// <summary>What a consultation says beyond the first versions' record; nothing of it is assumed where it is not given.</summary>
/// <param name="Findings">Each code at most once.</param>
/// <param name="MedicationReviewed">Without it an empty list says nothing.</param>
/// <param name="Pregnancy">Null: not asked.</param>
/// <param name="BaselineScales">That the course is to be measured by.</param>
/// <param name="AcuteIdeation">Acute suicidal ideation or behaviour; null: not asked.</param>
[GenerateSerializer, Immutable, Alias("consultation-detail")]
public sealed record ConsultationDetail(
    [property: Id(0)] ImmutableArray<CodedFinding> Findings,
    [property: Id(1)] bool MedicationReviewed,
    [property: Id(2)] ImmutableArray<Medication> Medications,
    [property: Id(3)] ImmutableArray<string> Allergies,
    [property: Id(4)] PregnancyPossibility? Pregnancy,
    [property: Id(5)] ImmutableArray<ScaleKind> BaselineScales,
    [property: Id(6)] ImmutableArray<DiscussedTopic> Discussed,
    [property: Id(7)] bool? AcuteIdeation);

/// <summary>A consultation with when and by whom.</summary>
/// <param name="Number">1..n of this patient, in order of recording.</param>
/// <param name="Actor">Who recorded it; empty for those of versions before 0.4, whose history tells it.</param>
[GenerateSerializer, Immutable, Alias("recorded-consultation")]
public sealed record RecordedConsultation(
    [property: Id(0)] int Number, [property: Id(1)] Consultation Consultation, [property: Id(2)] DateTimeOffset OccurredAt, [property: Id(3)] string Actor);
