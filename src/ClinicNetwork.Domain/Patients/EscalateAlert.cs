namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// The clock of an open alert's level has run out: the next one's begins. Sent by the due loop. Refused: ALERT_UNKNOWN, ALERT_CLOSED, ALERT_ESCALATED (already, or it is at its last
/// level), ALERT_NOT_DUE.
/// </summary>
/// <param name="Number">Of the alert, 1..n of this patient.</param>
/// <param name="Level">That it leaves.</param>
[GenerateSerializer, Immutable, Alias("escalate-alert")]
public sealed record EscalateAlert([property: Id(0)] int Number, [property: Id(1)] int Level)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(EscalateAlert);

    public static Decision<Accepted> Decide(PatientState state, EscalateAlert command, DateTimeOffset now)
    {
        if (state.FindAlert(command.Number) is not { } alert)
        {
            return AcknowledgeAlert.Unknown;
        }

        if (!alert.IsOpen)
        {
            return AcknowledgeAlert.Closed;
        }

        if (alert.Level != command.Level || alert.IsAtLastLevel)
        {
            return Refusal.Precondition("ALERT_ESCALATED", "alert", "The alert is at another level, or at its last; read the patient.");
        }

        return now < alert.DueAt
            ? Refusal.Precondition("ALERT_NOT_DUE", "alert", "The time of the alert's level is not over.")
            : Decision<Accepted>.Accept(
                Accepted.Instance, new AlertEscalated(alert.Number, alert.Level + 1, now, alert.Rule.Levels[alert.Level].DueAt(now, state.TimeZone)));
    }
}
