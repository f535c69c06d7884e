using ClinicNetwork.Domain.Advising;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// A clinician decided on a piece of advice; nothing else changes by it. Advice that was followed by changing the plan is looked for as it was before that revision.
/// Refused: TEXT_INVALID, ADVICE_DECIDED, PLAN_REVISION_UNKNOWN, PLAN_REVISION_NEEDLESS, ADVICE_UNKNOWN, ADVICE_NOT_FOLLOWED.
/// </summary>
/// <param name="AdviceId">Of advice that is given now, or was before <paramref name="PlanRevision"/>.</param>
/// <param name="Reason">1 to 1,000 characters.</param>
/// <param name="PlanRevision">The revision that follows the advice; null when the plan was not changed.</param>
/// <param name="Actor">Who acts, from the connection.</param>
[GenerateSerializer, Immutable, Alias("record-advice-decision")]
public sealed record RecordAdviceDecision(
    [property: Id(0)] string AdviceId,
    [property: Id(1)] AdviceVerdict Verdict,
    [property: Id(2)] string Reason,
    [property: Id(3)] int? PlanRevision = null,
    [property: Id(4)] string Actor = "")
{
    private const int ReasonLengthMax = 1_000;

    /// <summary>Without the values: Orleans writes messages into its log.</summary>
    public override string ToString() => nameof(RecordAdviceDecision);

    public static Decision<AdviceDecisionAnswer> Decide(PatientState state, RecordAdviceDecision command, DateTimeOffset now)
    {
        if ((Texts.Check(command.AdviceId, 1, Advice.IdLengthMax, "advice_id") ?? Texts.Check(command.Reason, 1, ReasonLengthMax, "reason")) is { } refusal)
        {
            return refusal;
        }

        if (command is { Verdict: AdviceVerdict.Declined, PlanRevision: not null })
        {
            return Refusal.Invalid("PLAN_REVISION_NEEDLESS", "plan_revision", "Advice that is declined changes no plan; leave the revision out.");
        }

        if (state.AdviceDecisions.Any(d => d.Advice.Id == command.AdviceId))
        {
            return Refusal.Exists("ADVICE_DECIDED", "advice_id", "This advice on these facts was decided on already.");
        }

        var shown = state;
        Plan? revised = null;
        if (command.PlanRevision is { } revision)
        {
            revised = state.PlanOfRevision(revision);
            if (revised is null || state.PlanOfRevision(revision - 1) is not { } before)
            {
                return Refusal.Precondition("PLAN_REVISION_UNKNOWN", "plan_revision", "Name a revision of this plan that changed it.");
            }

            shown = state with { Plan = before };
        }

        if (AdviceSheet.Of(shown, now).Given.FirstOrDefault(a => a.Id == command.AdviceId) is not { } advice)
        {
            return Refusal.Precondition("ADVICE_UNKNOWN", "advice_id", "This advice is not given, or not any more; read the advice again, and name the plan's revision if one followed it.");
        }

        if (command.Verdict == AdviceVerdict.Followed && !advice.Change.IsIn(revised))
        {
            return Refusal.Precondition("ADVICE_NOT_FOLLOWED", "plan_revision", "Revise the plan as the advice says and name that revision; or record it as followed in part.");
        }

        var number = state.AdviceDecisions.Length + 1;
        return Decision<AdviceDecisionAnswer>.Accept(
            new AdviceDecisionAnswer(number),
            new AdviceDecided(new(number, advice, command.Verdict, command.Reason, command.PlanRevision, command.Actor, now)));
    }
}

/// <param name="Number">Of the decision, 1..n of this patient.</param>
[GenerateSerializer, Immutable, Alias("advice-decision-answer")]
public sealed record AdviceDecisionAnswer([property: Id(0)] int Number);
