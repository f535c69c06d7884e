using ClinicNetwork.Domain.Clinics;
using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// The patient's key is destroyed, and with it everything that was ever recorded: first a withdrawal towards every recipient, then nobody can read it any
/// more, this command's reason included. Refused: PATIENT_NOT_FOUND, HOME_CLINIC_CHANGED, TEXT_INVALID, RETENTION_NOT_OVER.
/// </summary>
/// <param name="RetentionYears">For which the record is kept after the last contact; null: not asked, as by approvals of 0.3, or a legal ground goes before it.</param>
[GenerateSerializer, Immutable, Alias("erase-patient")]
public sealed record ErasePatient([property: Id(0)] string Reason, [property: Id(80)] int? RetentionYears = null)
{
    /// <summary>The home clinic when it was proposed: its rules were looked at, and another one's patient is not its to erase; null: not asked.</summary>
    [Id(95)] public ClinicId? HomeClinic { get; init; }

    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(ErasePatient);

    public static Decision<Accepted> Decide(PatientState state, ErasePatient command, DateTimeOffset now)
    {
        if (!state.Exists)
        {
            return Refusal.NotFound("PATIENT_NOT_FOUND", "patient", "There is no such patient.");
        }

        if (command.HomeClinic is { } home && home != state.HomeClinic)
        {
            return Refusal.Precondition("HOME_CLINIC_CHANGED", "patient", "The patient went to another home clinic since it was proposed; propose it anew.");
        }

        return (Texts.Check(command.Reason, 1, 500, "reason") ?? (command.RetentionYears is { } years ? Retention.RefuseKept(state, years, now) : null)) is { } refusal
            ? refusal
            : Decision<Accepted>.Accept(Accepted.Instance, new PatientErased(command.Reason));
    }
}
