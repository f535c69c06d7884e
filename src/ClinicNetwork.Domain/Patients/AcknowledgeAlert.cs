using ClinicNetwork.Domain.Alerts;
using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>Somebody acted on an alert and says what was done; it is closed. Refused: TEXT_INVALID, ALERT_UNKNOWN, ALERT_CLOSED, ALERT_NOT_YOURS, PLAN_CONFLICT (resolving it closes its alert).</summary>
/// <param name="Number">Of the alert, 1..n of this patient.</param>
/// <param name="Done">What was done, 1 to 1,000 characters.</param>
/// <param name="Actor">Who acts, from the connection.</param>
/// <param name="ActorRoles">Roles of who acts, from the connection: the owner's, or those it would escalate to.</param>
[GenerateSerializer, Immutable, Alias("acknowledge-alert")]
public sealed record AcknowledgeAlert(
    [property: Id(0)] int Number, [property: Id(1)] string Done, [property: Id(2)] string Actor = "", [property: Id(3)] Roles ActorRoles = Roles.None)
{
    internal static readonly Refusal Unknown = Refusal.Precondition("ALERT_UNKNOWN", "alert", "This patient has no alert of this number; read the worklist.");

    internal static readonly Refusal Closed = Refusal.Precondition("ALERT_CLOSED", "alert", "This alert was answered or acknowledged already.");

    private const int DoneLengthMax = 1_000;

    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(AcknowledgeAlert);

    public static Decision<Accepted> Decide(PatientState state, AcknowledgeAlert command, DateTimeOffset now)
    {
        if (Texts.Check(command.Done, 1, DoneLengthMax, "done") is { } refusal)
        {
            return refusal;
        }

        if (state.FindAlert(command.Number) is not { } alert)
        {
            return Unknown;
        }

        if (!alert.IsOpen)
        {
            return Closed;
        }

        if (alert.Kind == AlertKind.PlanConflict)
        {
            return PlanConflict.Unresolved with { Field = "alert" };
        }

        return (alert.Rule.MayAcknowledge(alert.Level) & command.ActorRoles) == 0
            ? Refusal.Denied("ALERT_NOT_YOURS", "alert", "Let its owner acknowledge it, or those it would escalate to.")
            : Decision<Accepted>.Accept(Accepted.Instance, new AlertAcknowledged(alert.Number, command.Actor, command.Done, now));
    }
}
