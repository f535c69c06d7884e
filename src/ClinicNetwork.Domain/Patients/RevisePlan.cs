using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// The plan is changed, against the version it was read at; also moved to a later version of its protocol, or to another of the same drug that asks for no less. Refused:
/// PLAN_MISSING, ETAG_MISMATCH, PLAN_CONFLICT, TREATMENT_ENDED, PATIENT_DIED, NOTHING_TO_CHANGE, DOSE_OUT_OF_RANGE, SESSIONS_OUT_OF_RANGE, PHASE_CONTRADICTS, PHASE_UNKNOWN, INTERVAL_OUT_OF_RANGE,
/// SUPPORT_OUT_OF_RANGE, TOO_MANY, GOALS_MISSING, GOAL_OUT_OF_RANGE, GOAL_MEASURE_INVALID, TEXT_INVALID; a move: PROTOCOL_UNKNOWN, DRUG_DIFFERS, PROTOCOL_OLDER, SESSION_OPEN,
/// SETTING_NOT_PERMITTED, SUPERVISION_MISSING.
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
    /// <summary>Null stays with the protocol.</summary>
    [Id(70)] public ProtocolId? Protocol { get; init; }

    /// <summary>Null: the present one, of another protocol version 1.</summary>
    [Id(71)] public int? ProtocolVersion { get; init; }

    /// <summary>Null leaves it.</summary>
    [Id(72)] public Setting? Setting { get; init; }

    /// <summary>Who supervises doses at home, and how; null leaves it at home, and takes it away elsewhere.</summary>
    [Id(73)] public string? Supervision { get; init; }

    /// <summary>The phase from now on; null leaves it.</summary>
    [Id(74)] public PhaseKind? Phase { get; init; }

    /// <summary>Back to the phase by the weeks of the course.</summary>
    [Id(75)] public bool PhaseByWeeks { get; init; }

    /// <summary>From one dose to the next in the phase that holds now, clinic days within its spacing; null leaves it.</summary>
    [Id(76)] public int? IntervalDays { get; init; }

    /// <summary>All series of support, those that are over included; empty leaves them.</summary>
    [Id(77)] public ImmutableArray<PlannedSupport> Support { get; init; } = [];

    /// <summary>Who decides, from the connection; a silo before 0.7 sends none.</summary>
    [Id(78)] public string? Actor { get; init; }

    /// <summary>Where, from the connection.</summary>
    [Id(79)] public ClinicId? Site { get; init; }

    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(RevisePlan);

    public static Decision<PlanAnswer> Decide(PatientState state, RevisePlan command, DateTimeOffset now)
    {
        if ((CheckState(state) ?? CheckBase(state, command.BaseVersion)) is { } held)
        {
            return held;
        }

        if (state.PlanConflicts.Any(c => c.IsOpen))
        {
            return PlanConflict.Unresolved;
        }

        return (Apply(state, state.Plan!, command, now, out var plan) ?? CheckOpenSession(state, state.Plan!, plan)) is { } refusal
            ? refusal
            : Decision<PlanAnswer>.Accept(new PlanAnswer(plan), new PlanRevised(plan));
    }

    internal static Refusal? CheckState(PatientState state) =>
        state.Plan is null ? Refusal.Precondition("PLAN_MISSING", "patient", "Make a plan first.")
        : state.Death is not null ? Death.Died
        : state.EndedAt is not null ? Refusal.Precondition("TREATMENT_ENDED", "patient", "Treatment has ended; its plan stays as it is.")
        : null;

    internal static Refusal? CheckBase(PatientState state, long baseVersion) => state.Plan!.Version == baseVersion
        ? null
        : Refusal.Stale("ETAG_MISMATCH", "etag", "The plan has changed since it was read; read it again and decide again.");

    /// <summary>A session keeps to the protocol that it was started by, where it was started.</summary>
    internal static Refusal? CheckOpenSession(PatientState state, Plan before, Plan to) =>
        PlanMerge.Changed(before, to).Any(f => f is PlanField.Protocol or PlanField.Setting) && state.Sessions.Any(s => s.CompletedAt is null)
            ? Refusal.Precondition("SESSION_OPEN", "patient", "Complete the open session first; it keeps to the protocol that it was started by.")
            : null;

    /// <summary>A plan with the command's changes; null when it keeps to its protocol and bounds.</summary>
    /// <param name="at">When it was decided: an interval is of the phase of that day.</param>
    internal static Refusal? Apply(PatientState state, Plan before, RevisePlan command, DateTimeOffset at, out Plan plan)
    {
        plan = before;
        if (command is { DoseMgPerKg: null, DoseMg: null, InductionSessions: null, Goals.Length: 0, Protocol: null, ProtocolVersion: null, Setting: null, Supervision: null }
            and { Phase: null, PhaseByWeeks: false, IntervalDays: null } && GivenSupport(command).IsEmpty)
        {
            return Refusal.Invalid("NOTHING_TO_CHANGE", "patient", "Give a dose, a number of sessions, a phase, an interval, support, goals, a setting or a protocol.");
        }

        if (command is { PhaseByWeeks: true, Phase: not null })
        {
            return Refusal.Invalid("PHASE_CONTRADICTS", "phase_by_weeks", "Choose a phase, or let the weeks of the course tell it.");
        }

        if (FindMove(before, command, out var protocol) is { } immovable)
        {
            return immovable;
        }

        var setting = command.Setting ?? before.Setting;
        var moved = before with
        {
            Protocol = protocol.Id,
            ProtocolVersion = protocol.Version,
            Setting = setting,
            Supervision = command.Supervision ?? (setting == Protocols.Setting.Home ? before.Supervision : null),
            ChosenPhase = command.PhaseByWeeks ? null : command.Phase ?? before.ChosenPhase,
            Support = GivenSupport(command).IsEmpty ? before.GivenSupport : command.Support,
        };
        if (command.IntervalDays is { } days)
        {
            if (PhaseOf(state, moved, at) is not { } phase)
            {
                return Refusal.Invalid("PHASE_UNKNOWN", "interval_days", "An interval is planned within a phase, and this protocol has none; move to a later version.");
            }

            moved = moved with { Interval = new(phase, days) };
        }

        plan = moved with
        {
            DoseMgPerKg = command.DoseMgPerKg ?? before.DoseMgPerKg,
            DoseMg = command.DoseMg ?? before.DoseMg,
            InductionSessions = command.InductionSessions ?? before.InductionSessions,
            Goals = command.Goals.Length > 0 ? command.Goals : before.Goals,
            Revision = before.Revision + 1,
            Version = command.NextVersion,
            RevisionReason = command.Reason,
            RevisedBy = command.Actor,
            RevisedFrom = command.Site,
        };
        return Texts.Check(command.Reason, 1, 500, "reason") ?? PlanRules.Check(protocol, plan);
    }

    private static ImmutableArray<PlannedSupport> GivenSupport(RevisePlan command) => command.Support.IsDefault ? [] : command.Support;

    /// <summary>That holds on the clinical day of an instant; the first before the first dose; null when the protocol has none.</summary>
    private static PhaseKind? PhaseOf(PatientState state, Plan plan, DateTimeOffset now) =>
        plan.ProtocolPhaseOn(InductionCourse.Of(state) is { } course ? Math.Max(0, state.DayOf(now).DayNumber - course.FirstDose.DayNumber) : 0)?.Kind;

    /// <summary>Null when a plan may move to a protocol; staying is no move.</summary>
    internal static Refusal? CheckMove(Plan before, TreatmentProtocol next) =>
        next.Id == before.Protocol && next.Version == before.ProtocolVersion ? null
        : next.Drug != before.MadeFrom.Drug ? Refusal.Precondition("DRUG_DIFFERS", "protocol", "A plan stays with its drug; choose a protocol of the same.")
        : (next.Id == before.Protocol && next.Version < before.ProtocolVersion) || (before.MadeFrom.Rules.AsksForDischarge && !next.Rules.AsksForDischarge)
            ? Refusal.Precondition("PROTOCOL_OLDER", "protocol_version", "Move to a version that asks for no less than the present one does.")
            : null;

    private static Refusal? FindMove(Plan before, RevisePlan command, out TreatmentProtocol protocol)
    {
        protocol = before.MadeFrom;
        var id = command.Protocol ?? before.Protocol;
        var version = command.ProtocolVersion ?? (id == before.Protocol ? before.ProtocolVersion : 1);
        if (ProtocolCatalogue.Find(id, version) is not { } next)
        {
            return Refusal.Invalid(
                "PROTOCOL_UNKNOWN",
                ProtocolCatalogue.Find(id) is null ? "protocol" : "protocol_version",
                "List the protocols and name one of them, in a version that is there.");
        }

        protocol = next;
        return CheckMove(before, next);
    }
}
