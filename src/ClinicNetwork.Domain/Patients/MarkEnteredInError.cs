using System.Collections.Immutable;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// A fact was entered in error and nothing takes its place: out of all that is derived, kept as it was. Refused: TEXT_INVALID, FACT_UNKNOWN, FACT_RETRACTED, FACT_RESTED_ON
/// (the dose of a session that was discharged after it; the last dose of a patient with closed milestones), FACT_NOT_YOURS.
/// </summary>
/// <param name="Reason">Why, 1 to 500 characters.</param>
/// <param name="Actor">Who acts, from the connection.</param>
/// <param name="ActorRoles">Roles of who acts, from the connection: consultations, the end of treatment, deaths and losses are a clinician's; what the patient wrote or told alone is the patient's, and nothing else is.</param>
[GenerateSerializer, Immutable, Alias("mark-entered-in-error")]
public sealed record MarkEnteredInError(
    [property: Id(0)] FactName Fact, [property: Id(1)] string Reason, [property: Id(2)] string Actor = "", [property: Id(3)] Roles ActorRoles = Roles.None)
{
    private const int ReasonLengthMax = 500;

    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(MarkEnteredInError);

    public static Decision<AmendmentAnswer> Decide(PatientState state, MarkEnteredInError command, DateTimeOffset now)
    {
        if ((Check(state, command.Fact, command.Reason, command.ActorRoles) ?? CheckDischarge(state, command.Fact)) is { } refusal)
        {
            return refusal;
        }

        return Follow(state, [new FactEnteredInError(command.Fact, command.Reason, command.Actor, now, null)], now);
    }

    internal static Refusal? Check(PatientState state, FactName fact, string reason, Roles roles) =>
        Texts.Check(reason, 1, ReasonLengthMax, "reason")
        ?? (!IsOf(state, fact, roles) ? Refusal.Denied("FACT_NOT_YOURS", "fact", "Let the one do this whose fact it is: a clinician, who treats, or the patient.") : null)
        ?? (Retraction.Stands(state, fact) ? null
            : state.Retracted.Any(r => r.Fact == fact || (r.Fact.Kind == FactKind.Session && r.Fact.Session == fact.Session))
                ? Refusal.Precondition("FACT_RETRACTED", "fact", "It was marked already; read the patient for what took its place.")
            : Refusal.Precondition("FACT_UNKNOWN", "fact", "This patient has no such fact; read the patient for the names of facts."));

    /// <summary>What closed milestones come to now, after the events of the command so far. Refused: FACT_RESTED_ON.</summary>
    internal static Decision<AmendmentAnswer> Follow(PatientState before, IReadOnlyList<IEvent> events, DateTimeOffset now)
    {
        var (retracted, state) = ((FactEnteredInError)events[0], events.Aggregate(before, PatientState.Evolve));
        var number = before.Retracted.Length + 1;
        var revised = new List<IEvent>();
        for (var course = 1; course <= state.CourseNumber(); course++)
        {
            var inCourse = state.InCourse(course);
            foreach (var was in inCourse.Outcomes)
            {
                if (OutcomeEvaluation.Evaluate(inCourse, was.Milestone) is not { } outcome)
                {
                    return Refusal.Precondition("FACT_RESTED_ON", "fact", "Milestones were closed on this dose, and no other is recorded: amend it, or record the right dose first.");
                }

                if (outcome with { Definitions = was.Definitions } != was)
                {
                    revised.Add(new MilestoneRevised(outcome, number, now) { Course = course });
                }
            }
        }

        var broken = state.Retracted[number - 1].OfSession is { } id && state.FindSession(id) is { } session ? Retraction.BrokenDischarge(state, session) : null;
        return Decision<AmendmentAnswer>.Accept(
            new AmendmentAnswer(number, retracted.ReplacedBy, [.. revised.Cast<MilestoneRevised>().Select(r => r.Outcome.Milestone)], broken ?? "", events.OfType<DoseGiven>().Any(d => d.OutsidePlan)),
            [.. events, .. revised]);
    }

    /// <summary>Whose fact it is; others are of all who may amend, but never of the patient.</summary>
    private static bool IsOf(PatientState state, FactName fact, Roles roles) => fact.Kind switch
    {
        FactKind.Consultation or FactKind.TreatmentEnd or FactKind.Death or FactKind.Loss => roles.HasFlag(Roles.Clinician),
        FactKind.JournalEntry => roles.HasFlag(Roles.Patient),
        FactKind.DiaryEffect or FactKind.VisitExplanation when WasAtHome(state, fact) => roles.HasFlag(Roles.Patient),
        _ => !roles.HasFlag(Roles.Patient) || (roles & (Roles.Clinician | Roles.Nurse)) != 0,
    };

    private static bool WasAtHome(PatientState state, FactName fact) =>
        (RecordedFacts.Find(state, fact) ?? state.Retracted.FirstOrDefault(r => r.Fact == fact)?.Recorded) is DiaryEffect { AtHome: true } or VisitExplanation { AtHome: true };

    private static Refusal? CheckDischarge(PatientState state, FactName fact) =>
        fact is { Kind: FactKind.Dose, Session: { } session } && state.MonitoringOf(session).Discharge is not null
            ? Refusal.Precondition("FACT_RESTED_ON", "fact", "The patient was discharged after this dose: amend the dose, or mark the whole session.")
            : null;
}

/// <param name="Retraction">Number of the <see cref="RetractedFact"/>.</param>
/// <param name="ReplacedBy">Null when nothing took its place.</param>
/// <param name="Revised">Closed milestones that came to something else.</param>
/// <param name="BrokenDischarge">Reason for which the session's discharge would be refused on what stands now; empty when it would not, or there is none.</param>
/// <param name="OutsidePlan">The corrected dose lies outside what the plan permits.</param>
[GenerateSerializer, Immutable, Alias("amendment-answer")]
public sealed record AmendmentAnswer(
    [property: Id(0)] int Retraction,
    [property: Id(1)] FactName? ReplacedBy,
    [property: Id(2)] ImmutableArray<Milestone> Revised,
    [property: Id(3)] string BrokenDischarge,
    [property: Id(4)] bool OutsidePlan);
