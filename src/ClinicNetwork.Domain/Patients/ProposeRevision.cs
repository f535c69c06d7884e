using System.Collections.Immutable;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// A change of the plan that was decided on an earlier version of it, where the present one was not at hand. It is accepted, merged with what came between, or kept as a conflict of which
/// nothing is applied; also when what it changes is in an open conflict, or when its base is not known. Refused: PLAN_MISSING, TREATMENT_ENDED, PATIENT_DIED, OCCURRED_IN_FUTURE,
/// OCCURRED_TOO_EARLY, SESSION_OPEN, PLAN_CONFLICTS_TOO_MANY, and as <see cref="RevisePlan"/> for what is wrong in itself, NOTHING_TO_CHANGE among it.
/// </summary>
/// <param name="Revision">Its base is the version that last changed the plan as it was known there; one that is not of this patient's plan is not known.</param>
/// <param name="OccurredAt">When it was decided.</param>
[GenerateSerializer, Immutable, Alias("propose-revision")]
public sealed record ProposeRevision([property: Id(0)] RevisePlan Revision, [property: Id(1)] DateTimeOffset OccurredAt)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(ProposeRevision);

    public static Decision<ProposalAnswer> Decide(PatientState state, ProposeRevision command, DateTimeOffset now)
    {
        if ((RevisePlan.CheckState(state) ?? ClinicTime.CheckOccurred(command.OccurredAt, now)) is { } held)
        {
            return held;
        }

        var (revision, present, known) = (command.Revision, state.Plan!, BaseOf(state, command.Revision.BaseVersion));
        var before = known ?? present;
        if (RevisePlan.Apply(state, before, revision, command.OccurredAt, out var applied) is { } wrong)
        {
            return wrong;
        }

        var (merge, changed) = (PlanMerge.Of(before, present, applied), PlanMerge.Changed(before, applied));
        if (merge.InConflict.IsEmpty && PlanMerge.Changed(present, merge.Plan).IsEmpty)
        {
            return Decision<ProposalAnswer>.Accept(new(ProposalOutcome.Agreed, present, null), ProposedAs(ProposalOutcome.Agreed, command, changed));
        }

        var next = merge.Plan with
        {
            Revision = present.Revision + 1,
            Version = revision.NextVersion,
            RevisionReason = revision.Reason,
            RevisedBy = revision.Actor,
            RevisedFrom = revision.Site,
        };
        var fields = known is null || IsHeld(state, changed) || (merge.InConflict.IsEmpty && PlanRules.Check(next.MadeFrom, next) is not null)
            ? [.. changed.Union(merge.InConflict).Order()]
            : merge.InConflict;
        if (!fields.IsEmpty)
        {
            if (state.PlanConflicts.Count(c => c.IsOpen) >= PlanConflict.OpenMax)
            {
                return Refusal.Precondition("PLAN_CONFLICTS_TOO_MANY", "patient", "Resolve the plan's open conflicts first, then send this again.");
            }

            var conflict = new PlanConflict(state.PlanConflicts.Length + 1, fields, known, applied with { Revision = 0, Version = 0 }, present, command.OccurredAt, now)
            {
                Against = AuthorsOf(state, before, fields),
            };
            return Decision<ProposalAnswer>.Accept(new(ProposalOutcome.Conflict, present, conflict), new PlanConflictFound(conflict));
        }

        var outcome = before.Version == present.Version ? ProposalOutcome.Accepted : ProposalOutcome.Merged;
        return RevisePlan.CheckOpenSession(state, present, next) is { } open
            ? open
            : Decision<ProposalAnswer>.Accept(new(outcome, next, null), ProposedAs(outcome, command, changed), new PlanRevised(next));
    }

    /// <summary>The plan of the present course that a version made; null when it is not kept.</summary>
    private static Plan? BaseOf(PatientState state, long version) =>
        version <= (state.EarlierCourses.Max(c => c.Plan?.Version) ?? 0) ? null
        : state.Plan!.Version == version ? state.Plan
        : state.EarlierPlans.LastOrDefault(p => p.Version == version);

    /// <summary>Nobody changes what waits for a decision, however it was decided.</summary>
    private static bool IsHeld(PatientState state, ImmutableArray<PlanField> changed) => state.PlanConflicts.Any(c => c.IsOpen && PlanMerge.Meet(c.Held, changed));

    private static ImmutableArray<PlanAuthor> AuthorsOf(PatientState state, Plan before, ImmutableArray<PlanField> fields)
    {
        Plan[] since = [.. state.EarlierPlans.Where(p => p.Version >= before.Version && p.Version < state.Plan!.Version), state.Plan!];
        PlanAuthor[] authors = [.. since.Zip(since.Skip(1)).Where(p => PlanMerge.Meet(PlanMerge.Changed(p.First, p.Second), fields)).Select(p => PlanAuthor.Of(p.Second))];
        return authors.Length > 0 ? [.. authors] : [PlanAuthor.Of(state.Plan!)];
    }

    private static PlanProposed ProposedAs(ProposalOutcome outcome, ProposeRevision command, ImmutableArray<PlanField> changed) =>
        new(outcome, command.Revision.BaseVersion, changed, command.Revision.Reason, command.Revision.Actor ?? "", command.Revision.Site, command.OccurredAt);
}

/// <param name="Plan">As it is now.</param>
/// <param name="Conflict">Null unless there is one.</param>
[GenerateSerializer, Immutable, Alias("proposal-answer")]
public sealed record ProposalAnswer([property: Id(0)] ProposalOutcome Outcome, [property: Id(1)] Plan Plan, [property: Id(2)] PlanConflict? Conflict)
{
    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(ProposalAnswer);
}
