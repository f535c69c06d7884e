using System.Collections.Immutable;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// The plan is changed, against the version it was read at. Refused: PLAN_MISSING, ETAG_MISMATCH, TREATMENT_ENDED, PATIENT_DIED, NOTHING_TO_CHANGE,
/// DOSE_OUT_OF_RANGE, SESSIONS_OUT_OF_RANGE, GOALS_MISSING, GOAL_OUT_OF_RANGE, GOAL_MEASURE_INVALID, TEXT_INVALID.
/// </summary>
/// <param name="BaseVersion">The version that last changed the plan, as the caller read it.</param>
/// <param name="Goals">Empty leaves them.</param>
/// <param name="NextVersion">The version this command will make.</param>
[GenerateSerializer, Immutable, Alias("revise-plan")]
public sealed record RevisePlan(
    [property: Id(0)] long BaseVersion,
    [property: Id(1)] double? DoseMgPerKg,
    [property: Id(2)] double? DoseMg,
    [property: Id(3)] int? InductionSessions,
    [property: Id(4)] ImmutableArray<Goal> Goals,
    [property: Id(5)] string Reason,
    [property: Id(6)] long NextVersion = 0)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(RevisePlan);

    public static Decision<PlanAnswer> Decide(PatientState state, RevisePlan command, DateTimeOffset now)
    {
        _ = now;
        if (state.Plan is not { } present)
        {
            return Refusal.Precondition("PLAN_MISSING", "patient", "Make a plan first.");
        }

        if (state.Death is not null)
        {
            return Death.Died;
        }

        if (state.EndedAt is not null)
        {
            return Refusal.Precondition("TREATMENT_ENDED", "patient", "Treatment has ended; its plan stays as it is.");
        }

        if (present.Version != command.BaseVersion)
        {
            return Refusal.Stale("ETAG_MISMATCH", "etag", "The plan has changed since it was read; read it again and decide again.");
        }

        if (command is { DoseMgPerKg: null, DoseMg: null, InductionSessions: null, Goals.Length: 0 })
        {
            return Refusal.Invalid("NOTHING_TO_CHANGE", "patient", "Give a dose, a number of sessions or goals.");
        }

        var plan = present with
        {
            DoseMgPerKg = command.DoseMgPerKg ?? present.DoseMgPerKg,
            DoseMg = command.DoseMg ?? present.DoseMg,
            InductionSessions = command.InductionSessions ?? present.InductionSessions,
            Goals = command.Goals.Length > 0 ? command.Goals : present.Goals,
            Revision = present.Revision + 1,
            Version = command.NextVersion,
            RevisionReason = command.Reason,
        };
        return (Texts.Check(command.Reason, 1, 500, "reason") ?? PlanRules.Check(present.MadeFrom, plan)) is { } refusal
            ? refusal
            : Decision<PlanAnswer>.Accept(new PlanAnswer(plan), new PlanRevised(plan));
    }
}
