using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// Tells why a visit of the follow-up calendar was not answered: a fact. The visit is not asked after any more; an answer inside its window still counts. Refused: VISIT_UNKNOWN, VISIT_ANSWERED,
/// SCALE_NOT_SELF_RATED, TEXT_INVALID, ENTRIES_TOO_MANY, OCCURRED_IN_FUTURE, OCCURRED_TOO_EARLY.
/// </summary>
/// <param name="Rule">Id and version of the rule that asks for the visit.</param>
/// <param name="Occurrence">1..n within the rule.</param>
/// <param name="Note">At most 300 characters.</param>
/// <param name="AtHome">The patient says so itself; found on the connection.</param>
[GenerateSerializer, Immutable, Alias("explain-visit")]
public sealed record ExplainVisit(
    [property: Id(0)] string Rule,
    [property: Id(1)] int Occurrence,
    [property: Id(2)] VisitReason Reason,
    [property: Id(3)] string Note,
    [property: Id(4)] DateTimeOffset OccurredAt,
    [property: Id(5)] bool AtHome)
{
    private const int NoteLengthMax = 300;

    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(ExplainVisit);

    public static Decision<NumberAnswer> Decide(PatientState state, ExplainVisit command, DateTimeOffset now)
    {
        if ((Texts.Check(command.Note, 0, NoteLengthMax, "note")
            ?? ClinicTime.CheckOccurred(command.OccurredAt, now)
            ?? PatientVoice.CheckDay(state, state.Voice.Explanations.Select(e => e.RecordedAt), now)) is { } refusal)
        {
            return refusal;
        }

        if (FollowUpCalendar.Of(state, now).FirstOrDefault(v => v.Rule.Key == command.Rule && v.Occurrence == command.Occurrence && v.State != FollowUpState.Upcoming) is not { } visit)
        {
            return Refusal.Precondition("VISIT_UNKNOWN", "rule", "Give rule and occurrence of a visit of the follow-up calendar that has opened.");
        }

        if (visit.State == FollowUpState.Done)
        {
            return Refusal.Precondition("VISIT_ANSWERED", "rule", "This visit was answered; there is nothing to explain.");
        }

        // A screen that a clinician owes is not put off by the patient.
        if (command.AtHome && !(visit.Rule.Scale is { } scale && ScaleCatalogue.Get(scale).SelfRated))
        {
            return HomeAnswers.NotSelfRated("rule");
        }

        var number = RecordedFacts.NextNumber(state, FactKind.VisitExplanation);
        return Decision<NumberAnswer>.Accept(
            new NumberAnswer(number),
            new VisitExplained(new VisitExplanation(number, command.Rule, command.Occurrence, visit.Milestone, command.Reason, command.Note, command.OccurredAt, command.AtHome, now)));
    }
}
