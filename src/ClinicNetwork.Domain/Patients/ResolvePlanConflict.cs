using ClinicNetwork.Domain.Identity;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// A clinician decides which side of a conflict holds; the plan moves by a new revision, and the conflict stays in the record. After the end of treatment the present plan can hold, and nothing
/// else. Refused: TEXT_INVALID, PLAN_CONFLICT_UNKNOWN, PLAN_CONFLICT_CLOSED, PATIENT_DIED, TREATMENT_ENDED, ETAG_MISMATCH, RESOLUTION_CONTRADICTS, DRUG_DIFFERS, PROTOCOL_OLDER, SESSION_OPEN, and as
/// <see cref="RevisePlan"/> for the plan that would come of it: GOALS_MISSING, TOO_MANY, DOSE_OUT_OF_RANGE, NOTHING_TO_CHANGE.
/// </summary>
/// <param name="Number">Of the conflict, 1..n of this patient.</param>
/// <param name="Reason">1 to 500 characters.</param>
/// <param name="BaseVersion">The version that last changed the plan, as the caller read it.</param>
/// <param name="Revision">What holds, where neither side does; else null. Its base and reason are not looked at.</param>
/// <param name="Actor">Who decides, from the connection.</param>
/// <param name="Site">Where, from the connection.</param>
/// <param name="NextVersion">The version this command will make.</param>
[GenerateSerializer, Immutable, Alias("resolve-plan-conflict")]
public sealed record ResolvePlanConflict(
    [property: Id(0)] int Number,
    [property: Id(1)] PlanChoice Holds,
    [property: Id(2)] string Reason,
    [property: Id(3)] long BaseVersion,
    [property: Id(4)] RevisePlan? Revision = null,
    [property: Id(5)] string Actor = "",
    [property: Id(6)] ClinicId? Site = null,
    [property: Id(7)] long NextVersion = 0)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(ResolvePlanConflict);

    public static Decision<PlanAnswer> Decide(PatientState state, ResolvePlanConflict command, DateTimeOffset now)
    {
        if (Texts.Check(command.Reason, 1, 500, "reason") is { } text)
        {
            return text;
        }

        if (state.FindPlanConflict(command.Number) is not { } conflict)
        {
            return Refusal.Precondition("PLAN_CONFLICT_UNKNOWN", "conflict", "This patient's plan has no conflict of this number; read the plan.");
        }

        if (!conflict.IsOpen)
        {
            return Refusal.Precondition("PLAN_CONFLICT_CLOSED", "conflict", "This conflict was resolved already; read the patient for who did and why.");
        }

        if (command.Holds == PlanChoice.Revised != command.Revision is not null)
        {
            return Refusal.Invalid("RESOLUTION_CONTRADICTS", "holds", "Give a new dose or whatever else shall hold with REVISED, and with nothing else.");
        }

        if (CheckStanding(state, command) is { } held)
        {
            return held;
        }

        var present = state.Plan!;
        if (Resolve(state, conflict, command, now, out var chosen) is { } wrong)
        {
            return wrong;
        }

        var plan = chosen with
        {
            Revision = present.Revision + 1,
            Version = command.NextVersion,
            RevisionReason = command.Reason,
            RevisedBy = command.Actor,
            RevisedFrom = command.Site,
        };
        return RevisePlan.CheckOpenSession(state, present, plan) is { } open
            ? open
            : Decision<PlanAnswer>.Accept(
                new(plan),
                new PlanConflictResolved(command.Number, new(command.Holds, command.Reason, command.Actor, command.Site, now, plan.Revision)),
                new PlanRevised(plan));
    }

    private static Refusal? CheckStanding(PatientState state, ResolvePlanConflict command) =>
        command.Holds == PlanChoice.Present && state.Death is null && state.Plan is not null
            ? RevisePlan.CheckBase(state, command.BaseVersion)
            : RevisePlan.CheckState(state) ?? RevisePlan.CheckBase(state, command.BaseVersion);

    /// <summary>Whoever decides has read the present plan: what is proposed goes on top of that, not of what it was when the conflict was found.</summary>
    private static Refusal? Resolve(PatientState state, PlanConflict conflict, ResolvePlanConflict command, DateTimeOffset now, out Plan chosen)
    {
        var present = state.Plan!;
        if (command.Revision is { } revision)
        {
            return RevisePlan.Apply(state, present, revision with { Reason = command.Reason }, now, out chosen);
        }

        chosen = command.Holds == PlanChoice.Present ? present : PlanMerge.Of(conflict.Base ?? conflict.Present, present, conflict.Proposed).Plan;
        return command.Holds == PlanChoice.Present ? null : RevisePlan.CheckMove(present, chosen.MadeFrom) ?? PlanRules.Check(chosen.MadeFrom, chosen);
    }
}
