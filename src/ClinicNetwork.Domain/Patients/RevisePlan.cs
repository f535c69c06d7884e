using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// The plan is changed, against the version it was read at; also moved to a later version of its protocol, or to another of the same drug that asks for no less. Refused:
/// PLAN_MISSING, ETAG_MISMATCH, TREATMENT_ENDED, PATIENT_DIED, NOTHING_TO_CHANGE, DOSE_OUT_OF_RANGE, SESSIONS_OUT_OF_RANGE, PHASE_CONTRADICTS, PHASE_UNKNOWN, INTERVAL_OUT_OF_RANGE,
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

    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(RevisePlan);

    public static Decision<PlanAnswer> Decide(PatientState state, RevisePlan command, DateTimeOffset now)
    {
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

        if (command is { DoseMgPerKg: null, DoseMg: null, InductionSessions: null, Goals.Length: 0, Protocol: null, ProtocolVersion: null, Setting: null, Supervision: null }
            and { Phase: null, PhaseByWeeks: false, IntervalDays: null } && GivenSupport(command).IsEmpty)
        {
            return Refusal.Invalid("NOTHING_TO_CHANGE", "patient", "Give a dose, a number of sessions, a phase, an interval, support, goals, a setting or a protocol.");
        }

        if (command is { PhaseByWeeks: true, Phase: not null })
        {
            return Refusal.Invalid("PHASE_CONTRADICTS", "phase_by_weeks", "Choose a phase, or let the weeks of the course tell it.");
        }

        if (CheckMove(state, present, command, out var protocol) is { } immovable)
        {
            return immovable;
        }

        var setting = command.Setting ?? present.Setting;
        var moved = present with
        {
            Protocol = protocol.Id,
            ProtocolVersion = protocol.Version,
            Setting = setting,
            Supervision = command.Supervision ?? (setting == Protocols.Setting.Home ? present.Supervision : null),
            ChosenPhase = command.PhaseByWeeks ? null : command.Phase ?? present.ChosenPhase,
            Support = GivenSupport(command).IsEmpty ? present.GivenSupport : command.Support,
        };
        if (command.IntervalDays is { } days)
        {
            if (PhaseOf(state, moved, now) is not { } phase)
            {
                return Refusal.Invalid("PHASE_UNKNOWN", "interval_days", "An interval is planned within a phase, and this protocol has none; move to a later version.");
            }

            moved = moved with { Interval = new(phase, days) };
        }

        var plan = moved with
        {
            DoseMgPerKg = command.DoseMgPerKg ?? present.DoseMgPerKg,
            DoseMg = command.DoseMg ?? present.DoseMg,
            InductionSessions = command.InductionSessions ?? present.InductionSessions,
            Goals = command.Goals.Length > 0 ? command.Goals : present.Goals,
            Revision = present.Revision + 1,
            Version = command.NextVersion,
            RevisionReason = command.Reason,
        };
        return (Texts.Check(command.Reason, 1, 500, "reason") ?? PlanRules.Check(protocol, plan)) is { } refusal
            ? refusal
            : Decision<PlanAnswer>.Accept(new PlanAnswer(plan), new PlanRevised(plan));
    }

    private static ImmutableArray<PlannedSupport> GivenSupport(RevisePlan command) => command.Support.IsDefault ? [] : command.Support;

    /// <summary>That holds on the clinical day of an instant; the first before the first dose; null when the protocol has none.</summary>
    private static PhaseKind? PhaseOf(PatientState state, Plan plan, DateTimeOffset now) =>
        plan.ProtocolPhaseOn(InductionCourse.Of(state) is { } course ? Math.Max(0, state.DayOf(now).DayNumber - course.FirstDose.DayNumber) : 0)?.Kind;

    private static Refusal? CheckMove(PatientState state, Plan present, RevisePlan command, out TreatmentProtocol protocol)
    {
        protocol = present.MadeFrom;
        var id = command.Protocol ?? present.Protocol;
        var version = command.ProtocolVersion ?? (id == present.Protocol ? present.ProtocolVersion : 1);
        if (ProtocolCatalogue.Find(id, version) is not { } next)
        {
            return Refusal.Invalid(
                "PROTOCOL_UNKNOWN",
                ProtocolCatalogue.Find(id) is null ? "protocol" : "protocol_version",
                "List the protocols and name one of them, in a version that is there.");
        }

        var moves = next.Id != present.Protocol || next.Version != present.ProtocolVersion;
        if (moves && next.Drug != protocol.Drug)
        {
            return Refusal.Precondition("DRUG_DIFFERS", "protocol", "A plan stays with its drug; choose a protocol of the same.");
        }

        if (moves && ((next.Id == present.Protocol && next.Version < present.ProtocolVersion) || (protocol.Rules.AsksForDischarge && !next.Rules.AsksForDischarge)))
        {
            return Refusal.Precondition("PROTOCOL_OLDER", "protocol_version", "Move to a version that asks for no less than the present one does.");
        }

        if ((moves || (command.Setting is { } setting && setting != present.Setting)) && state.Sessions.Any(s => s.CompletedAt is null))
        {
            return Refusal.Precondition("SESSION_OPEN", "patient", "Complete the open session first; it keeps to the protocol that it was started by.");
        }

        protocol = next;
        return null;
    }
}
