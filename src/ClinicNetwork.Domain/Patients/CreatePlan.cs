using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// The plan is made from a protocol. Refused: CONSULTATION_MISSING, PLAN_EXISTS, TREATMENT_ENDED, TREATMENT_NOT_ENDED, SESSION_OPEN, PLAN_CONFLICT, PATIENT_DIED, PROTOCOL_UNKNOWN,
/// SETTING_NOT_PERMITTED, SUPERVISION_MISSING, DOSE_OUT_OF_RANGE, GOALS_MISSING, GOAL_OUT_OF_RANGE, GOAL_MEASURE_INVALID, TEXT_INVALID.
/// </summary>
/// <param name="DoseMgPerKg">Null takes the protocol's default.</param>
/// <param name="DoseMg">Null takes the protocol's first dose.</param>
/// <param name="NextVersion">The version this command will make, so that the plan knows the version that changed it.</param>
/// <param name="ProtocolVersion">1, which asks least, unless the caller names a later one (docs/decisions/0019).</param>
/// <param name="Supervision">Who supervises doses at home, and how, at most 1,000 characters; empty elsewhere.</param>
/// <param name="NewCourse">A second or later course begins with this plan, after one that has ended.</param>
[GenerateSerializer, Immutable, Alias("create-plan")]
public sealed record CreatePlan(
    [property: Id(0)] ProtocolId Protocol,
    [property: Id(1)] Setting Setting,
    [property: Id(2)] double? DoseMgPerKg,
    [property: Id(3)] double? DoseMg,
    [property: Id(4)] ImmutableArray<Goal> Goals,
    [property: Id(5)] long NextVersion = 0,
    [property: Id(20)] int ProtocolVersion = 1,
    [property: Id(21)] string Supervision = "",
    [property: Id(55)] bool NewCourse = false)
{
    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(CreatePlan);

    public static Decision<PlanAnswer> Decide(PatientState state, CreatePlan command, DateTimeOffset now)
    {
        if ((command.NewCourse ? CheckNewCourse(state) : CheckCourse(state)) is { } held)
        {
            return held;
        }

        if (state.Consultation is null)
        {
            return Refusal.Precondition("CONSULTATION_MISSING", "patient", "Record the consultation first.");
        }

        if (ProtocolCatalogue.Find(command.Protocol, command.ProtocolVersion) is not { } protocol)
        {
            return Refusal.Invalid(
                "PROTOCOL_UNKNOWN",
                ProtocolCatalogue.Find(command.Protocol) is null ? "protocol" : "protocol_version",
                "List the protocols and name one of them, in a version that is there.");
        }

        var plan = new Plan(
            protocol.Id,
            protocol.Version,
            command.Setting,
            command.DoseMgPerKg ?? protocol.DoseMgPerKg,
            command.DoseMg ?? (protocol.DosesMg.Length > 0 ? protocol.DosesMg[0] : null),
            protocol.InductionSessions,
            command.Goals,
            Revision: (state.Plan?.Revision ?? 0) + 1,
            command.NextVersion,
            RevisionReason: "")
        {
            Supervision = command.Supervision.Length > 0 ? command.Supervision : null,
        };
        return PlanRules.Check(protocol, plan) is { } refusal
            ? refusal
            : command.NewCourse
            ? Decision<PlanAnswer>.Accept(new PlanAnswer(plan), new CourseBegan(state.CourseNumber() + 1, now), new PlanCreated(plan))
            : Decision<PlanAnswer>.Accept(new PlanAnswer(plan), new PlanCreated(plan));
    }

    private static Refusal? CheckCourse(PatientState state) =>
        state.Death is not null ? Death.Died
        : state.Plan is not null ? Refusal.Precondition("PLAN_EXISTS", "patient", "Revise the plan that is there.")
        : state.EndedAt is not null ? Refusal.Precondition("TREATMENT_ENDED", "patient", "Treatment has ended; no plan can be made.")
        : null;

    private static Refusal? CheckNewCourse(PatientState state) =>
        state.Death is not null ? Death.Died
        : state.EndedAt is null ? Refusal.Precondition("TREATMENT_NOT_ENDED", "patient", "Record first that the present course ended, and why.")
        : state.Sessions.Any(s => s.CompletedAt is null) ? Refusal.Precondition("SESSION_OPEN", "patient", "Complete the open session first.")
        : state.PlanConflicts.Any(c => c.IsOpen) ? PlanConflict.Unresolved
        : null;
}

/// <param name="Plan">The plan as made or changed.</param>
[GenerateSerializer, Immutable, Alias("plan-answer")]
public sealed record PlanAnswer([property: Id(0)] Plan Plan)
{
    /// <summary>What of it the site that acted may read; none in answers before 0.7, which were of the whole plan.</summary>
    [Id(1)] public PlanSections Readable { get; init; }
}
