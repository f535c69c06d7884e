using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>A dose was given: a fact. Outside the plan (off by more than the tolerance, in a session that ended before its observation was over, or past what stopped it since the session was cleared) it is marked, not refused. Refused: SESSION_UNKNOWN, DOSE_RECORDED, DOSE_OUT_OF_RANGE, DURATION_OUT_OF_RANGE, PATIENT_DIED, OCCURRED_BEFORE_START, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY.</summary>
[GenerateSerializer, Immutable, Alias("record-dose")]
public sealed record RecordDose(
    [property: Id(0)] SessionId Session,
    [property: Id(1)] double DoseMg,
    [property: Id(2)] int DurationMinutes,
    [property: Id(3)] DateTimeOffset OccurredAt)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(RecordDose);

    /// <summary>More than 10 % off the planned dose is marked as outside the plan ([K], our rule).</summary>
    public const double ToleranceShare = 0.10;

    private const double DoseMgMax = 1000;
    private const int DurationMinutesMax = 240;

    public static Decision<DoseAnswer> Decide(PatientState state, RecordDose command, DateTimeOffset now)
    {
        if (!(command.DoseMg > 0 && command.DoseMg <= DoseMgMax))
        {
            return Refusal.Invalid("DOSE_OUT_OF_RANGE", "dose_mg", $"Give more than 0 and at most {DoseMgMax} mg.");
        }

        if (command.DurationMinutes is < 0 or > DurationMinutesMax)
        {
            return Refusal.Invalid("DURATION_OUT_OF_RANGE", "duration_minutes", $"Give 0 to {DurationMinutesMax} minutes.");
        }

        if (ClinicTime.CheckOccurred(command.OccurredAt, now) is { } refusal)
        {
            return refusal;
        }

        if (state.FindSession(command.Session) is not { } session)
        {
            return Refusal.Precondition("SESSION_UNKNOWN", "session_id", "Start the session first.");
        }

        if (session.DoseMg is not null)
        {
            return Refusal.Precondition("DOSE_RECORDED", "session_id", "This session's dose is recorded already.");
        }

        if (command.OccurredAt < session.StartedAt)
        {
            return Refusal.Invalid("OCCURRED_BEFORE_START", "occurred_at", "A dose is given after its session started.");
        }

        if (Death.RefuseAfter(state, command.OccurredAt) is { } died)
        {
            return died;
        }

        var course = state.InCourseOf(session.Id);

        // Doses are tenths of a milligram; the small term keeps exactly 10 % inside whatever the binary rounding.
        var off = Math.Abs(command.DoseMg - session.PlannedDoseMg) > (ToleranceShare * session.PlannedDoseMg) + 1e-9;
        var left = session.CompletedAt is { } completed && completed < command.OccurredAt.AddMinutes(course.ProtocolOf(session).ObservationMinutesMin);
        var outside = off || left || SessionGates.StoppedSince(course, session, command.OccurredAt);
        return Decision<DoseAnswer>.Accept(
            new DoseAnswer(outside),
            new DoseGiven(command.Session, command.DoseMg, command.DurationMinutes, outside, command.OccurredAt));
    }
}

/// <param name="OutsidePlan">More than <see cref="RecordDose.ToleranceShare"/> off the planned dose, without the observation it needs, or past a stop.</param>
[GenerateSerializer, Immutable, Alias("dose-answer")]
public sealed record DoseAnswer([property: Id(0)] bool OutsidePlan);
