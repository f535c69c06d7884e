using System.Collections.Immutable;

namespace ClinicNetwork.Domain.Rems;

/// <summary>What a patient monitoring form asks for.</summary>
public enum RemsField
{
    PatientName = 1,
    BirthDate = 2,
    Sex = 3,
    FirstTreatment = 4,

    /// <summary>Enrolled in the programme, for the site of the session.</summary>
    Enrolled = 5,
    Benzodiazepines = 6,
    SedativeHypnotics = 7,
    Opioids = 8,
    Psychostimulants = 9,
    Maois = 10,

    /// <summary>Who watched the patient.</summary>
    Provider = 11,
    Setting = 12,
    TreatmentDate = 13,
    DoseMg = 14,
    LotNumber = 15,

    /// <summary>From the beginning of the dose to the end of monitoring; two hours at least.</summary>
    TotalMinutes = 16,

    /// <summary>When the patient could have left, were there no two hours.</summary>
    ReadyMinutes = 17,
    VitalsAcceptableBefore = 18,
    VitalsAcceptableAtEnd = 19,
    PressureBefore = 20,
    PressureAt40Minutes = 21,
    PressureAtEnd = 22,
    PulseOximetry = 23,
    Sedation = 24,
    Dissociation = 25,
    RespiratoryDepression = 26,
    SeriousEvents = 27,
}

/// <summary>A version of the programme's patient monitoring form, as data.</summary>
/// <param name="FirstDay">Sessions from this clinic day on, until the next version's, are told on it.</param>
/// <param name="Fields">In the order of the form.</param>
public sealed record RemsForm(int Version, DateOnly FirstDay, ImmutableArray<RemsField> Fields, string Source)
{
    public string Key => $"rems-monitoring/{Version}";
}

/// <summary>Every version of the monitoring form. A session's own is that of its day, for ever.</summary>
public static class RemsForms
{
    /// <summary>Due within so many calendar days of the session (the form: "within 7 days"; that they are calendar days: a guide to the filing, lucido-go.com, June 2026).</summary>
    public const int DueDays = 7;

    /// <summary>Watched at least so long, minutes (Spravato label and REMS).</summary>
    public const int MonitoredMinutesMin = 120;

    private static readonly ImmutableArray<RemsField> First =
    [
        RemsField.PatientName, RemsField.BirthDate, RemsField.Sex,
        RemsField.Benzodiazepines, RemsField.SedativeHypnotics, RemsField.Psychostimulants, RemsField.Maois,
        RemsField.Provider, RemsField.Setting,
        RemsField.TreatmentDate, RemsField.DoseMg, RemsField.LotNumber, RemsField.TotalMinutes, RemsField.ReadyMinutes,
        RemsField.VitalsAcceptableBefore, RemsField.VitalsAcceptableAtEnd, RemsField.PressureBefore, RemsField.PressureAt40Minutes, RemsField.PressureAtEnd,
        RemsField.Sedation, RemsField.Dissociation, RemsField.SeriousEvents,
    ];

    public static readonly ImmutableArray<RemsForm> All =
    [
        new(1, DateOnly.MinValue, First, "Copies of November 2021 (manuzoid.com) and June 2024 (manualspro.net). Sessions before those copies: [K], told on the same form."),
        new(
            2,
            new DateOnly(2025, 1, 1),
            [
                RemsField.PatientName, RemsField.BirthDate, RemsField.Sex, RemsField.FirstTreatment, RemsField.Enrolled,
                RemsField.Benzodiazepines, RemsField.SedativeHypnotics, RemsField.Opioids, RemsField.Psychostimulants, RemsField.Maois,
                RemsField.Provider, RemsField.Setting,
                RemsField.TreatmentDate, RemsField.DoseMg, RemsField.LotNumber, RemsField.TotalMinutes, RemsField.ReadyMinutes,
                RemsField.VitalsAcceptableBefore, RemsField.VitalsAcceptableAtEnd, RemsField.PressureBefore, RemsField.PressureAt40Minutes, RemsField.PressureAtEnd,
                RemsField.PulseOximetry, RemsField.Sedation, RemsField.Dissociation, RemsField.RespiratoryDepression, RemsField.SeriousEvents,
            ],
            "The maker's overview of the current form (jnjmedicalconnect.com): opioids, respiratory depression, first treatment and enrolment; pulse oximetry: FDA's page of the REMS. Its first day lies between June 2024 and June 2026: 1 January 2025 is [K]."),
    ];

    public static RemsForm On(DateOnly day) => All.Last(f => f.FirstDay <= day);
}
