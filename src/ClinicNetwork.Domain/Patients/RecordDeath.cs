namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// The patient died: a fact. No session, dose or change of plan after it; open alerts are closed by it, and what was to be asked later is missing with this reason.
/// Refused: PATIENT_DIED, DEATH_BEFORE_SESSION, TEXT_INVALID, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY.
/// </summary>
/// <param name="Note">At most 500 characters.</param>
[GenerateSerializer, Immutable, Alias("record-death")]
public sealed record RecordDeath(
    [property: Id(0)] DeathCause Cause, [property: Id(1)] DeathSource Source, [property: Id(2)] string Note, [property: Id(3)] DateTimeOffset OccurredAt)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(RecordDeath);

    public static Decision<Accepted> Decide(PatientState state, RecordDeath command, DateTimeOffset now)
    {
        if ((Texts.Check(command.Note, 0, 500, "note") ?? ClinicTime.CheckOccurred(command.OccurredAt, now)) is { } refusal)
        {
            return refusal;
        }

        if (state.Death is not null)
        {
            return Death.Died;
        }

        return state.SessionsOfAllCourses().Any(s => s.StartedAt > command.OccurredAt || s.DosedAt > command.OccurredAt)
            ? Refusal.Precondition("DEATH_BEFORE_SESSION", "occurred_at", "A session or dose is recorded after this time; find out which of the two is wrong.")
            : Decision<Accepted>.Accept(
                Accepted.Instance,
                [
                    new DeathRecorded(new(command.Cause, command.Source, command.Note, command.OccurredAt)),
                    .. state.Alerts.Where(a => a.IsOpen).Select(a => new AlertClosed(a.Number, Death.Name, now)),
                ]);
    }
}
