using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Rems;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// The patient is enrolled in the drug's programme for a site, or the programme was told that an enrolled patient goes to another. Refused: TEXT_INVALID, INDICATION_MISSING,
/// REMS_CONSENT_MISSING, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY, SETTING_NOT_CERTIFIED; of a notice REMS_ENROLMENT_MISSING, REMS_SITE_UNCHANGED; TOO_MANY.
/// </summary>
/// <param name="Clinic">The site that treats from now on.</param>
/// <param name="Prescriber">Of a form: who signed it, 1 to 120 characters.</param>
/// <param name="Indication">Of a form.</param>
/// <param name="ConsentSigned">Of a form: the patient signed it.</param>
/// <param name="Reference">The programme's own, at most 60 characters.</param>
/// <param name="ClinicCertified">Whether the clinic was certified on that day; looked up by the grain, not by the caller.</param>
[GenerateSerializer, Immutable, Alias("record-rems-enrolment")]
public sealed record RecordRemsEnrolment(
    [property: Id(0)] RemsEnrolmentKind Kind,
    [property: Id(1)] ClinicId Clinic,
    [property: Id(2)] string Prescriber,
    [property: Id(3)] RemsIndication? Indication,
    [property: Id(4)] bool ConsentSigned,
    [property: Id(5)] string Reference,
    [property: Id(6)] DateTimeOffset OccurredAt,
    [property: Id(7)] bool ClinicCertified = false)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(RecordRemsEnrolment);

    internal const int ReferenceLengthMax = 60;

    private const int EnrolmentsMax = 100;

    public static Decision<Accepted> Decide(PatientState state, RecordRemsEnrolment command, DateTimeOffset now)
    {
        var isForm = command.Kind == RemsEnrolmentKind.Form;
        if ((Texts.Check(command.Prescriber, isForm ? 1 : 0, isForm ? 120 : 0, "prescriber")
            ?? Texts.Check(command.Reference, 0, ReferenceLengthMax, "reference")
            ?? ClinicTime.CheckOccurred(command.OccurredAt, now)
            ?? (isForm ? CheckForm(command) : CheckNotice(state, command))) is { } refusal)
        {
            return refusal;
        }

        if (!command.ClinicCertified)
        {
            return Refusal.Precondition("SETTING_NOT_CERTIFIED", "clinic", "The programme enrols patients for certified clinics alone.");
        }

        return state.RemsEnrolments.Length >= EnrolmentsMax
            ? Refusal.Precondition("TOO_MANY", "patient", $"A patient has at most {EnrolmentsMax} enrolments and notices.")
            : Decision<Accepted>.Accept(Accepted.Instance, new RemsEnrolled(new(
                RecordedFacts.NextNumber(state, FactKind.RemsEnrolment), command.Kind, command.Clinic, command.Prescriber, isForm ? command.Indication : null, command.Reference, command.OccurredAt)));
    }

    private static Refusal? CheckForm(RecordRemsEnrolment command) =>
        command.Indication is null ? Refusal.Invalid("INDICATION_MISSING", "indication", "Say what esketamine is given for, as the form does.")
        : !command.ConsentSigned ? Refusal.Invalid("REMS_CONSENT_MISSING", "consent_signed", "Let the patient sign the form first: without it nobody is enrolled.")
        : null;

    private static Refusal? CheckNotice(PatientState state, RecordRemsEnrolment command) => RemsRules.SiteAt(state, command.OccurredAt) is not { } site
        ? Refusal.Precondition("REMS_ENROLMENT_MISSING", "patient", "Record the enrolment form first; a notice is about a patient who is enrolled.")
        : site.Clinic == command.Clinic ? Refusal.Precondition("REMS_SITE_UNCHANGED", "clinic", "The patient is with this site already.")
        : null;
}
