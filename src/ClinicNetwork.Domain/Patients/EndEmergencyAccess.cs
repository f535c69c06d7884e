namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// The time of an emergency access is over: its rows are taken away. Sent by the due loop; access ended by itself. Refused: EMERGENCY_ACCESS_UNKNOWN,
/// EMERGENCY_ACCESS_ENDED, EMERGENCY_ACCESS_OPEN.
/// </summary>
[GenerateSerializer, Immutable, Alias("end-emergency-access")]
public sealed record EndEmergencyAccess([property: Id(0)] int Number)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(EndEmergencyAccess);

    public static Decision<Accepted> Decide(PatientState state, EndEmergencyAccess command, DateTimeOffset now)
    {
        if (state.FindEmergency(command.Number) is not { } access)
        {
            return Refusal.Precondition("EMERGENCY_ACCESS_UNKNOWN", "emergency_access", "This patient has no emergency access of this number.");
        }

        if (access.Ended)
        {
            return Refusal.Precondition("EMERGENCY_ACCESS_ENDED", "emergency_access", "This emergency access has ended already.");
        }

        return access.IsOpen(now)
            ? Refusal.Precondition("EMERGENCY_ACCESS_OPEN", "emergency_access", "The time of this emergency access is not over.")
            : Decision<Accepted>.Accept(Accepted.Instance, new EmergencyAccessEnded(access.Number));
    }
}
