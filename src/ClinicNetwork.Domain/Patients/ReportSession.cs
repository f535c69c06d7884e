using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// A session was started where the network was not at hand: a fact, kept whatever would have stopped it. That is told, kept with the session, and raises an alert; so does a start without the
/// right to dose at the time. What cannot be, and what is wrong in itself, is Refused: SESSION_EXISTS, PATIENT_DIED (it started after a death that stands), PLAN_MISSING (there was no plan for a
/// course of that time), WEIGHT_OUT_OF_RANGE, BLOOD_PRESSURE_OUT_OF_RANGE, VITALS_OUT_OF_RANGE, FASTING_OUT_OF_RANGE, OVERRIDE_REPEATED, TEXT_INVALID,
/// OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY.
/// </summary>
/// <param name="Session">As it was started there.</param>
/// <param name="PlanVersion">The version that last changed the plan, as it was known there; 0 or one that is not kept: by the plan of now.</param>
/// <param name="EmergencyReason">Why it was started without the right to dose, at most 500 characters: an override of that gate, as one in <paramref name="Session"/> is. Empty: none, or it is there.</param>
[GenerateSerializer, Immutable, Alias("report-session")]
public sealed record ReportSession([property: Id(0)] StartSession Session, [property: Id(1)] long PlanVersion = 0, [property: Id(2)] string EmergencyReason = "")
{
    /// <summary>Minutes between two starts below which both are probably the same session, told twice: nobody begins two in that time ([K], our bound).</summary>
    public const int ProbablySameMinutes = 15;

    /// <summary>Another session may be the same one.</summary>
    public const string ProbablyDouble = "SESSION_PROBABLY_DOUBLE";

    /// <summary>Another session of the same clinical day.</summary>
    public const string SameDay = "SESSION_SAME_DAY";

    private const int ReasonLengthMax = 500;

    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(ReportSession);

    /// <summary>The start without the network that it was, the emergency's reason as an override of the right to dose.</summary>
    public StartSession AsStart()
    {
        var session = Session with { Unconfirmed = true };
        return EmergencyReason.Length == 0
            ? session
            : session with { Overrides = [.. session.GivenOverrides.Where(o => o.Gate != GateKind.DosingSite), new(GateKind.DosingSite, EmergencyReason)] };
    }

    public static Decision<ReportAnswer> Decide(PatientState state, ReportSession command, DateTimeOffset now)
    {
        if ((StartSession.CheckRequest(command.Session, now) ?? Texts.Check(command.EmergencyReason, 0, ReasonLengthMax, "emergency_reason") ?? CheckState(state, command.Session)) is { } refusal)
        {
            return refusal;
        }

        var plan = PlanOf(state, command)!;
        var session = command.AsStart();
        var gates = SessionGates.Outside(state with { Plan = plan }, session, now, out var overridden);
        var near = NearTo(state, session);
        var (started, cleared) = StartSession.EventsOf(session, plan, overridden);
        var report = new SessionReport(
            [.. StoppedBy(state, session, plan, now), .. gates, .. near.Select(s => ReasonOf(session, s)).Distinct()],
            SessionGates.ReasonFor(session, GateKind.DosingSite),
            [.. near.Select(s => s.Id)],
            now);
        var reported = new SessionReported(session.Session, plan.Version, report);
        return Decision<ReportAnswer>.Accept(new(started.PlannedDoseMg, report.OutsideGates), cleared is null ? [started, reported] : [started, cleared, reported]);
    }

    private static Refusal? CheckState(PatientState state, StartSession session) =>
        state.FindSession(session.Session) is not null || state.IsRetracted(FactName.Of(session.Session)) ? Refusal.Exists("SESSION_EXISTS", "session_id", "Choose a new session id.")
        : Death.RefuseAfter(state, session.OccurredAt) is { } died ? died
        : CourseAt(state, session.OccurredAt).Plan is null ? Refusal.Precondition("PLAN_MISSING", "patient", "Make a plan first.")
        : null;

    /// <summary>The plan that it was started by; else that of the course of its time.</summary>
    private static Plan? PlanOf(PatientState state, ReportSession command) => state.PlanOfVersion(command.PlanVersion) ?? CourseAt(state, command.Session.OccurredAt).Plan;

    private static PatientState CourseAt(PatientState state, DateTimeOffset at)
    {
        var earlier = state.EarlierCourses.TakeWhile(c => at > c.EndedAt).Count();
        return state.InCourse(earlier + 1);
    }

    /// <summary>What refuses a start before any gate is looked at.</summary>
    private static IEnumerable<string> StoppedBy(PatientState state, StartSession session, Plan plan, DateTimeOffset now)
    {
        if ((state.EarlierCourses.FirstOrDefault(c => c.Plan?.Version >= plan.Version) is { } course ? course.EndedAt : state.EndedAt) <= session.OccurredAt)
        {
            yield return "TREATMENT_ENDED";
        }

        if (state.SessionsOfAllCourses().Any(s => s.StartedAt <= session.OccurredAt && !(s.CompletedAt <= session.OccurredAt)))
        {
            yield return "SESSION_OPEN";
        }

        if (state.LossAt(session.OccurredAt) is not null)
        {
            yield return "PATIENT_LOST";
        }

        if (!state.WritableBy(session.Clinic).HasFlag(PlanSections.Sessions) && state.FindEmergency(session.Clinic, now) is null)
        {
            yield return "SITE_NOT_PERMITTED";
        }
    }

    /// <summary>Other sessions of the clinical day, held or not known to be over without a dose.</summary>
    private static IEnumerable<Session> NearTo(PatientState state, StartSession session) => state.SessionsOfAllCourses()
        .Where(s => (s.DoseMg is not null || s.CompletedAt is null) && (state.DayOf(s.StartedAt) == state.DayOf(session.OccurredAt) || IsProbablySame(s, session)));

    private static string ReasonOf(StartSession session, Session other) => IsProbablySame(other, session) ? ProbablyDouble : SameDay;

    private static bool IsProbablySame(Session one, StartSession other) => (one.StartedAt - other.OccurredAt).Duration() <= TimeSpan.FromMinutes(ProbablySameMinutes);
}

/// <summary>What the network found when it was told of a session that it had not cleared.</summary>
/// <param name="OutsideGates">Stable reasons for which it would not have been started, in order, and that another session may be the same one or is of the same day; empty: none.</param>
/// <param name="EmergencyReason">Why it was started without the right to dose; empty: it had the right, or none was given.</param>
/// <param name="Near">Other sessions that <paramref name="OutsideGates"/> is about.</param>
/// <param name="ReportedAt">By the store's clock.</param>
[GenerateSerializer, Immutable, Alias("session-report")]
public sealed record SessionReport(
    [property: Id(0)] ImmutableArray<string> OutsideGates,
    [property: Id(1)] string EmergencyReason,
    [property: Id(2)] ImmutableArray<SessionId> Near,
    [property: Id(3)] DateTimeOffset ReportedAt)
{
    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(SessionReport);
}

/// <summary>After <see cref="SessionStarted"/> in the same command: it was started without the network, and is of the course of its time.</summary>
/// <param name="PlanVersion"><see cref="Plan.Version"/> of the plan that it was started by, or of now.</param>
[GenerateSerializer, Immutable, Alias("session-reported")]
public sealed record SessionReported([property: Id(0)] SessionId Session, [property: Id(1)] long PlanVersion, [property: Id(2)] SessionReport Report) : IEvent;

/// <param name="PlannedDoseMg">The dose that the plan asks for, mg, rounded to 0.1; 0: it goes by weight, and no weight was taken.</param>
/// <param name="OutsideGates">As <see cref="SessionReport.OutsideGates"/>.</param>
[GenerateSerializer, Immutable, Alias("report-answer")]
public sealed record ReportAnswer([property: Id(0)] double PlannedDoseMg, [property: Id(1)] ImmutableArray<string> OutsideGates);
