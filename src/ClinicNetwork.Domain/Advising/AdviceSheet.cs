using System.Collections.Immutable;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Advising;

/// <summary>The advice for one patient at a time, from facts alone. Derived; what was decided on is kept with the decision. Decision support: not a medical device.</summary>
/// <param name="Given">In the order of <see cref="AdviceKind"/>, those that were decided on included.</param>
/// <param name="Missing">What cannot be advised on, for want of which data.</param>
public sealed record AdviceSheet(ImmutableArray<Advice> Given, ImmutableArray<AdviceGap> Missing)
{
    private static readonly AdviceSheet Empty = new([], []);

    private static readonly ImmutableArray<AdviceKind> ByInterval =
        [AdviceKind.WidenInterval, AdviceKind.HoldInterval, AdviceKind.NarrowInterval, AdviceKind.TaperRatherThanStop];

    private static readonly ImmutableArray<AdviceKind> ByResponse =
        [.. ByInterval, AdviceKind.StepDoseUp, AdviceKind.StopForNoResponse, AdviceKind.AddPsychotherapy, AdviceKind.AddSupportGroup];

    /// <summary>Nothing before the first dose, nor once treatment has ended: then there is nothing to adjust.</summary>
    public static AdviceSheet Of(PatientState state, DateTimeOffset now)
    {
        if (state is not { Plan: not null, EndedAt: null } || InductionCourse.Of(state) is not { } course)
        {
            return Empty;
        }

        var facts = new AdviceFacts(state, course, now);
        return new([.. FromFacts(facts).OrderBy(a => a.Kind)], [.. Gaps(facts)]);
    }

    /// <summary>Those that nobody decided on.</summary>
    public static ImmutableArray<Advice> Open(PatientState state, DateTimeOffset now) =>
        [.. Of(state, now).Given.Where(a => state.AdviceDecisions.All(d => d.Advice.Id != a.Id))];

    /// <summary>Without the values: they are a patient's.</summary>
    public override string ToString() => nameof(AdviceSheet);

    private static IEnumerable<Advice> FromFacts(AdviceFacts facts)
    {
        IEnumerable<Advice?> given = [CourseAdvice.Nausea(facts), CourseAdvice.Pressure(facts), DoseAdvice.Down(facts), CourseAdvice.Reassess(facts)];
        if (facts is { Baseline: not null, Current: not null })
        {
            var stop = CourseAdvice.Stop(facts);
            given = [.. given, stop, stop is null ? DoseAdvice.Up(facts) : null, IntervalAdvice.Of(facts), .. CourseAdvice.Support(facts)];
        }

        return given.OfType<Advice>();
    }

    private static IEnumerable<AdviceGap> Gaps(AdviceFacts facts)
    {
        if (facts.Baseline is null)
        {
            yield return new("a PHQ-9 above 0 at most 30 days before the first dose", ByResponse);
        }

        if (facts.Current is null)
        {
            yield return new("a PHQ-9 of the last 14 days", ByResponse);
        }

        if (facts.Phase is null)
        {
            yield return new("phases: the plan's protocol has none, a later version may", ByInterval);
        }
        else if (facts is { Phase.Kind: not PhaseKind.Induction, IntervalDays: null })
        {
            yield return new("an interval in the plan, or two doses", ByInterval);
        }

        if (facts.WasGivenByPresentDose(facts.LastDose) is null)
        {
            yield return new("the plan by which the last dose was given", [AdviceKind.StepDoseUp, AdviceKind.StepDoseDown]);
        }
    }
}
