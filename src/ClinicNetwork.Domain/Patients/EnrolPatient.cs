using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>A patient is enrolled at a home clinic. Refused: PATIENT_EXISTS, TEXT_INVALID, BIRTH_DATE_OUT_OF_RANGE, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY.</summary>
/// <param name="TimeZone">IANA time zone of the home clinic, looked up by the grain, not by the caller.</param>
[GenerateSerializer, Immutable, Alias("enrol-patient")]
public sealed record EnrolPatient(
    [property: Id(0)] PatientId Patient,
    [property: Id(1)] ClinicId HomeClinic,
    [property: Id(2)] string TimeZone,
    [property: Id(3)] string GivenName,
    [property: Id(4)] string FamilyName,
    [property: Id(5)] DateOnly BirthDate,
    [property: Id(6)] Sex Sex,
    [property: Id(7)] string RecordNumber,
    [property: Id(8)] DateTimeOffset OccurredAt)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(EnrolPatient);

    /// <summary>Youngest age at enrolment, years: the protocols are for adults.</summary>
    public const int AgeYearsMin = 18;

    /// <summary>Oldest age accepted, years: above it the birth date is taken for a typing error.</summary>
    public const int AgeYearsMax = 120;

    public static Refusal Exists { get; } = Refusal.Exists("PATIENT_EXISTS", "patient", "Choose another id, or read the patient that is there.");

    public static Decision<Accepted> Decide(PatientState state, EnrolPatient command, DateTimeOffset now)
    {
        if (state.Exists || state.IsErased)
        {
            return Exists;
        }

        var refusal = Texts.Check(command.GivenName, 1, 120, "given_name")
            ?? Texts.Check(command.FamilyName, 1, 120, "family_name")
            ?? Texts.Check(command.RecordNumber, 1, 60, "record_number")
            ?? ClinicTime.CheckOccurred(command.OccurredAt, now);
        if (refusal is not null)
        {
            return refusal;
        }

        var age = Age.InYears(command.BirthDate, ClinicTime.DayOf(command.OccurredAt, command.TimeZone));
        if (age is < AgeYearsMin or > AgeYearsMax)
        {
            return Refusal.Invalid("BIRTH_DATE_OUT_OF_RANGE", "birth_date", $"Give a day of birth {AgeYearsMin} to {AgeYearsMax} years before enrolment.");
        }

        return Decision<Accepted>.Accept(
            Accepted.Instance,
            new PatientEnrolled(
                command.Patient,
                command.HomeClinic,
                command.TimeZone,
                command.GivenName,
                command.FamilyName,
                command.BirthDate,
                command.Sex,
                command.RecordNumber,
                command.OccurredAt));
    }
}
