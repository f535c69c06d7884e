namespace ClinicNetwork.Simulation;

/// <summary>Something that happened to one patient, on a clinic's open day between 09:00 and 17:00 local time.</summary>
public abstract record VirtualEvent(DateOnly Day, TimeOnly Time);

/// <summary>Entered in the clinic's books; the first event of everybody.</summary>
public sealed record Enrolled(DateOnly Day, TimeOnly Time) : VirtualEvent(Day, Time);

/// <param name="Diagnosis">ICD-10-CM: F32.1, F32.2, F33.1 or F33.2.</param>
/// <param name="Treatments">2 to 4; at least two adequate ones without full response (treatment-resistant depression).</param>
public sealed record Consulted(
    DateOnly Day, TimeOnly Time, string Diagnosis, IReadOnlyList<EarlierTreatment> Treatments, bool RisksDiscussed, bool TreatmentConsent)
    : VirtualEvent(Day, Time);

public enum EarlierResponse
{
    None = 1,
    Partial = 2,
    Full = 3,
}

/// <param name="Adequate">Dose and duration were enough to judge it.</param>
public sealed record EarlierTreatment(string Drug, bool Adequate, EarlierResponse Response);

/// <param name="Goals">1 to 3 short texts, in the patient's words.</param>
public sealed record GoalsAgreed(DateOnly Day, TimeOnly Time, IReadOnlyList<string> Goals) : VirtualEvent(Day, Time);

/// <summary>The patient's <see cref="VirtualPatient.Treatment"/> is ordered.</summary>
public sealed record PlanChosen(DateOnly Day, TimeOnly Time, VirtualTreatment Treatment) : VirtualEvent(Day, Time);

public sealed record ResearchConsentGiven(DateOnly Day, TimeOnly Time) : VirtualEvent(Day, Time);

/// <summary>After <see cref="ResearchConsentGiven"/> and the first dose; care goes on.</summary>
public sealed record ResearchConsentWithdrawn(DateOnly Day, TimeOnly Time) : VirtualEvent(Day, Time);

/// <summary>The second clinic may see and follow the plan; the home clinic stays.</summary>
/// <param name="ClinicIndex">Not the home clinic.</param>
public sealed record PlanShared(DateOnly Day, TimeOnly Time, int ClinicIndex) : VirtualEvent(Day, Time);

/// <summary>The second clinic becomes the home clinic. After the last session.</summary>
/// <param name="ClinicIndex">Not the home clinic until then.</param>
public sealed record Transferred(DateOnly Day, TimeOnly Time, int ClinicIndex) : VirtualEvent(Day, Time);

public enum LeavingReason
{
    LackOfEffect = 1,
    SideEffects = 2,
    Cost = 3,
    MovedAway = 4,
    OwnWish = 5,
}

/// <summary>Gave up before the fourth session; the last event except a withdrawal of consent.</summary>
public sealed record TreatmentLeft(DateOnly Day, TimeOnly Time, LeavingReason Reason) : VirtualEvent(Day, Time);
