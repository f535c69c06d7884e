namespace ClinicNetwork.Simulation;

/// <summary>A made-up person: names and record number come from lists, sex, age and baseline from <see cref="BaselineTable"/>.</summary>
/// <param name="Index">0-based place in the cohort.</param>
/// <param name="ClinicIndex">The home clinic at enrolment, 0 to clinics - 1.</param>
/// <param name="RecordNumber">Unique in the cohort, <c>C000-000042</c>: clinic and index.</param>
/// <param name="AgeYears">On the day of enrolment, 18-80.</param>
/// <param name="WeightKg">At enrolment, 45.0-160.0 kg, one decimal.</param>
/// <param name="Truth">What the model drew, measured or not: for tests of missing data, never for the system under test.</param>
/// <param name="Events">In order of time; day and time are unique within the patient.</param>
public sealed record VirtualPatient(
    int Index,
    int ClinicIndex,
    string GivenName,
    string FamilyName,
    string RecordNumber,
    VirtualSex Sex,
    int AgeYears,
    DateOnly BirthDate,
    VirtualTreatment Treatment,
    decimal WeightKg,
    CourseTruth Truth,
    IReadOnlyList<VirtualEvent> Events);

/// <summary>Where a patient stands at the end of induction, by the definitions of <see cref="PublishedFigures"/>; first that applies.</summary>
public enum OutcomeClass
{
    /// <summary>PHQ-9 above baseline.</summary>
    Worsening = 1,

    /// <summary>PHQ-9 below 5 (and so at least 50 % below baseline).</summary>
    Remission = 2,

    /// <summary>PHQ-9 of 5 or more, at least 50 % below baseline.</summary>
    Response = 3,

    /// <summary>Neither.</summary>
    NoResponse = 4,
}

/// <summary>The drawn course, whether or not anybody measured it.</summary>
/// <param name="BaselinePhq9">10-27.</param>
/// <param name="EndpointPhq9">0-27, at the end of induction.</param>
/// <param name="ResponseLostBy">The first milestone at which a responder is one no longer; null for non-responders and
/// for those who hold to week 12.</param>
public sealed record CourseTruth(int BaselinePhq9, int EndpointPhq9, OutcomeClass Class, VirtualMilestone? ResponseLostBy)
{
    public bool Responder => Class is OutcomeClass.Remission or OutcomeClass.Response;
}
