using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// The patient, or a carer, asked for more than the plan gives, and it was decided on: a fact. It changes no plan. Refused: TEXT_INVALID, DOSE_REQUEST_EXISTS, DECISION_NOT_ALLOWED
/// (a grant by somebody who is no clinician), OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY.
/// </summary>
/// <param name="Reason">Why it was decided so, 1 to 500 characters.</param>
/// <param name="Actor">Who decided, from the connection.</param>
/// <param name="ActorRoles">Roles of who decided, from the connection.</param>
[GenerateSerializer, Immutable, Alias("record-request-for-dose")]
public sealed record RecordRequestForDose(
    [property: Id(0)] DoseRequestId Request,
    [property: Id(1)] DoseRequestKind Kind,
    [property: Id(2)] DoseRequester By,
    [property: Id(3)] DoseRequestDecision Decision,
    [property: Id(4)] string Reason,
    [property: Id(5)] DateTimeOffset OccurredAt,
    [property: Id(6)] string Actor = "",
    [property: Id(7)] Roles ActorRoles = Roles.None)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(RecordRequestForDose);

    public static Decision<Accepted> Decide(PatientState state, RecordRequestForDose command, DateTimeOffset now)
    {
        if ((Texts.Check(command.Reason, 1, 500, "reason") ?? ClinicTime.CheckOccurred(command.OccurredAt, now)) is { } refusal)
        {
            return refusal;
        }

        if (RecordedFacts.WasRecorded(state, new(FactKind.DoseRequest, command.Request.Value, 0)))
        {
            return Refusal.Exists("DOSE_REQUEST_EXISTS", "dose_request_id", "Choose a new id.");
        }

        if (command.Decision == DoseRequestDecision.Granted && !command.ActorRoles.HasFlag(Roles.Clinician))
        {
            return Refusal.Denied("DECISION_NOT_ALLOWED", "decision", "Let a clinician record what was granted, or put it off.");
        }

        var request = new DoseRequest(command.Request, command.Kind, command.By, command.Decision, command.Reason, command.Actor, command.OccurredAt);
        return Decision<Accepted>.Accept(Accepted.Instance, new DoseRequested(request, now));
    }
}
