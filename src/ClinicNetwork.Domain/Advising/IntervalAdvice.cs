using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Advising;

/// <summary>From one dose to the next, after induction: narrower, taper, wider, or held. One of them, since a plan has one interval.</summary>
internal static class IntervalAdvice
{
    /// <param name="facts">With a baseline and a present answer.</param>
    public static Advice? Of(AdviceFacts facts)
    {
        if (facts is not { Phase: { Kind: not PhaseKind.Induction } phase, Current: { } current, IntervalDays: { } days })
        {
            return null;
        }

        return facts.IsLost ? Narrow(facts, phase, days)
            : Late(facts) ?? AfterMonths(facts, phase, days) ?? Wider(facts, phase, days) ?? Held(facts, phase, current);
    }

    /// <summary>The next whole week, when the phase permits it.</summary>
    private static int? WiderThan(int days, Phase phase) =>
        ((days / AdviceCatalogue.WeekDays) + 1) * AdviceCatalogue.WeekDays is var wider && wider >= phase.SpacingDaysMin && wider <= phase.SpacingDaysMax ? wider : null;

    /// <summary>Two weeks, then one, when the phase permits it.</summary>
    private static int? NarrowerThan(int days, Phase phase) =>
        (days > AdviceCatalogue.RelapseDays ? AdviceCatalogue.RelapseDays : AdviceCatalogue.WeekDays) is var narrower && narrower < days
            && narrower >= phase.SpacingDaysMin && narrower <= phase.SpacingDaysMax
                ? narrower
                : null;

    private static Advice? Narrow(AdviceFacts facts, Phase phase, int days)
    {
        AdviceDatum[] data = [facts.BaselineDatum, facts.Of(facts.Best!, "best PHQ-9 of the course, at least 50 % below baseline"), facts.CurrentDatum, facts.IntervalDatum];
        if (phase.Kind != PhaseKind.Taper)
        {
            return NarrowerThan(days, phase) is { } narrower
                ? Given(AdviceCatalogue.Narrow, $"Narrow the interval to {narrower} days.", data, facts.LimitOf(phase), new(narrower))
                : null;
        }

        return facts.Plan.MadeFrom.Phases.FirstOrDefault(p => p.Kind == PhaseKind.Maintenance) is { } maintenance && NarrowerThan(days, maintenance) is { } back
            ? Given(AdviceCatalogue.Narrow, $"End the taper: back to maintenance, every {back} days.", data, facts.LimitOf(maintenance), new(back, PhaseKind.Maintenance))
            : null;
    }

    /// <summary>A responder's next dose is later than the phase's widest spacing.</summary>
    private static Advice? Late(AdviceFacts facts) =>
        facts is { WasResponder: true, Phase: { Kind: not PhaseKind.Taper } phase }
            && facts.Day.DayNumber - facts.State.DayOf(facts.LastDose.DosedAt!.Value).DayNumber is var since && since > phase.SpacingDaysMax
                ? Taper(facts, since, [AdviceFacts.Of(facts.LastDose, $"last dose longer ago than {phase.SpacingDaysMax} days")])
                : null;

    private static Advice? AfterMonths(AdviceFacts facts, Phase phase, int days) =>
        phase.Kind == PhaseKind.Maintenance && facts.IsKept && facts.DaysSinceFirst >= AdviceCatalogue.ContinueDays && WiderThan(days, phase) is null
            ? Taper(facts, days, [AdviceFacts.Of(facts.Doses[0], $"first dose at least {AdviceCatalogue.ContinueDays} days ago"), facts.IntervalDatum])
            : null;

    private static Advice? Taper(AdviceFacts facts, int days, AdviceDatum[] why)
    {
        if (facts.Plan.MadeFrom.Phases.FirstOrDefault(p => p.Kind == PhaseKind.Taper) is not { } taper)
        {
            return null;
        }

        var wider = Math.Clamp(((days / AdviceCatalogue.WeekDays) + 1) * AdviceCatalogue.WeekDays, taper.SpacingDaysMin, taper.SpacingDaysMax);
        return Given(
            AdviceCatalogue.Taper,
            $"Taper rather than stop: every {wider} days, then wider.",
            [facts.BaselineDatum, facts.Of(facts.Best!, "best PHQ-9 of the course, at least 50 % below baseline"), facts.CurrentDatum, .. why],
            facts.LimitOf(taper),
            new(wider, PhaseKind.Taper));
    }

    private static Advice? Wider(AdviceFacts facts, Phase phase, int days) => facts.IsKept && WiderThan(days, phase) is { } wider
        ? Given(
            AdviceCatalogue.Widen,
            $"Widen the interval to {wider} days.",
            [facts.BaselineDatum, facts.Of(facts.Earlier!, "PHQ-9 at least 14 days before, at least 50 % below baseline"), facts.CurrentDatum, facts.IntervalDatum],
            facts.LimitOf(phase),
            new(wider))
        : null;

    private static Advice? Held(AdviceFacts facts, Phase phase, Patients.Assessment current) => facts.IsPartialResponse(current)
        ? Given(
            AdviceCatalogue.Hold,
            $"Hold the interval of {facts.IntervalDays} days.",
            [facts.BaselineDatum, facts.CurrentDatum, facts.IntervalDatum],
            facts.LimitOf(phase),
            AdviceChange.None)
        : null;

    private static Advice Given(AdviceRule rule, string text, AdviceDatum[] data, string limit, AdviceChange change) =>
        new(rule.Key, rule.Kind, text, [.. data], limit, rule.Alternatives, change);
}
