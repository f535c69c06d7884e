using System.Collections.Immutable;
using System.Globalization;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Patients;

/// <summary>What became of a proposal.</summary>
[GenerateSerializer, Alias("proposal-outcome")]
public enum ProposalOutcome
{
    /// <summary>The plan had not changed since; it is as proposed.</summary>
    Accepted = 1,

    /// <summary>The plan had changed elsewhere; it has both changes.</summary>
    Merged = 2,

    /// <summary>The plan says the same already; it stays as it is.</summary>
    Agreed = 3,

    /// <summary>Nothing of it is in the plan until a clinician resolves the conflict.</summary>
    Conflict = 4,
}

[GenerateSerializer, Alias("plan-choice")]
public enum PlanChoice
{
    /// <summary>What was proposed, with all that it changed.</summary>
    Proposed = 1,

    /// <summary>The plan as it is.</summary>
    Present = 2,

    /// <summary>Something else, given with the resolution.</summary>
    Revised = 3,
}

/// <summary>A revision that a proposal met.</summary>
/// <param name="Actor">Empty of revisions before 0.7.</param>
[GenerateSerializer, Immutable, Alias("plan-author")]
public sealed record PlanAuthor([property: Id(0)] int Revision, [property: Id(1)] string Actor, [property: Id(2)] ClinicId? Site, [property: Id(3)] string Reason)
{
    public static PlanAuthor Of(Plan plan) => new(plan.Revision, plan.RevisedBy ?? "", plan.RevisedFrom, plan.RevisionReason);

    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(PlanAuthor);
}

/// <param name="Actor">Who decided, from the connection.</param>
/// <param name="At">By the store's clock.</param>
/// <param name="Revision">Of the plan that it made.</param>
[GenerateSerializer, Immutable, Alias("plan-resolution")]
public sealed record PlanResolution(
    [property: Id(0)] PlanChoice Holds,
    [property: Id(1)] string Reason,
    [property: Id(2)] string Actor,
    [property: Id(3)] ClinicId? Site,
    [property: Id(4)] DateTimeOffset At,
    [property: Id(5)] int Revision)
{
    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(PlanResolution);
}

/// <summary>A proposal that contradicts what the plan became meanwhile, kept whole, side by side with it; open until a clinician resolves it.</summary>
/// <param name="Number">1..n of this patient; as an alert's cause <c>plan-conflicts/{number}</c>.</param>
/// <param name="Fields">In conflict, in order; at least one.</param>
/// <param name="Base">The plan that was changed; null when it is not kept, or was an earlier course's.</param>
/// <param name="Proposed">With the reason, and who proposed it where. It never was in force: no revision, no version.</param>
/// <param name="Present">The plan when the proposal came.</param>
/// <param name="OccurredAt">When the proposal was decided, by its clinician.</param>
/// <param name="FoundAt">By the store's clock.</param>
[GenerateSerializer, Immutable, Alias("plan-conflict")]
public sealed record PlanConflict(
    [property: Id(0)] int Number,
    [property: Id(1)] ImmutableArray<PlanField> Fields,
    [property: Id(2)] Plan? Base,
    [property: Id(3)] Plan Proposed,
    [property: Id(4)] Plan Present,
    [property: Id(5)] DateTimeOffset OccurredAt,
    [property: Id(6)] DateTimeOffset FoundAt)
{
    /// <summary>Open ones of a patient, at most ([K], our bound): nobody looks at more side by side.</summary>
    public const int OpenMax = 20;

    /// <summary>No session starts while the plan says two things about its dose; nobody may override it.</summary>
    public static readonly Gate GateOfEveryPlan = new(GateKind.PlanConflict);

    internal static readonly Refusal Unresolved = Refusal.Precondition("PLAN_CONFLICT", "patient", "The plan was changed at two places at once: a clinician resolves that first, see the plan's conflicts.");

    /// <summary>Revisions since the base that changed what is in conflict, at least the last one.</summary>
    [Id(7)] public ImmutableArray<PlanAuthor> Against { get; init; } = [];

    /// <summary>Null while it is open.</summary>
    [Id(8)] public PlanResolution? Resolution { get; init; }

    public bool IsOpen => Resolution is null;

    /// <summary>Who is asked first: who last changed what is in conflict, when that is known, else who proposed. Any other clinician of a site that may change these sections may resolve it.</summary>
    public string AskedOf => Against.LastOrDefault(a => a.Actor.Length > 0)?.Actor ?? Proposed.RevisedBy ?? "";

    /// <summary>What is in conflict, and what the proposal changes beside it: none of that is in force, and nobody else changes it before the conflict is resolved.</summary>
    internal ImmutableArray<PlanField> Held => [.. Fields.Union(PlanMerge.Changed(Base ?? Present, Proposed).Intersect(PlanMerge.Changed(Present, Proposed))).Order()];

    /// <summary>Also of goals alone, when the proposal has another dose that waits with them: a dose that a clinician decided against is not given meanwhile.</summary>
    public bool IsAboutDosing => Held.Any(PlanMerge.IsDosing);

    /// <summary>As alerts name it.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"plan-conflicts/{Number}");

    /// <summary>Whether the plan says two things about its dose now.</summary>
    public static bool IsUnresolved(PatientState state) => state.PlanConflicts.Any(c => c is { IsOpen: true, IsAboutDosing: true });

    /// <summary>Whether a dose at this time was given while the plan said two things about it.</summary>
    public static bool Stops(PatientState state, DateTimeOffset at) =>
        state.PlanConflicts.Any(c => c.IsAboutDosing && c.FoundAt <= at && (c.Resolution is not { } resolution || at < resolution.At));

    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(PlanConflict);
}

/// <summary>A plan was proposed and is, or agrees with, what the plan is now; <see cref="PlanRevised"/> comes after it in the same command when the plan changes.</summary>
/// <param name="BaseVersion">The version that last changed the plan, as it was known where this was decided.</param>
/// <param name="Changed">What it changes of that plan.</param>
[GenerateSerializer, Immutable, Alias("plan-proposed")]
public sealed record PlanProposed(
    [property: Id(0)] ProposalOutcome Outcome,
    [property: Id(1)] long BaseVersion,
    [property: Id(2)] ImmutableArray<PlanField> Changed,
    [property: Id(3)] string Reason,
    [property: Id(4)] string Actor,
    [property: Id(5)] ClinicId? Site,
    [property: Id(6)] DateTimeOffset OccurredAt) : IEvent;

/// <inheritdoc cref="PlanConflict"/>
[GenerateSerializer, Immutable, Alias("plan-conflict-found")]
public sealed record PlanConflictFound([property: Id(0)] PlanConflict Conflict) : IEvent;

/// <summary><see cref="PlanRevised"/> comes after it in the same command.</summary>
[GenerateSerializer, Immutable, Alias("plan-conflict-resolved")]
public sealed record PlanConflictResolved([property: Id(0)] int Number, [property: Id(1)] PlanResolution Resolution) : IEvent;
