using System.Collections.Immutable;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Outcomes;

/// <summary>Judges a course of treatment by an outcome definition.</summary>
public static class OutcomeJudging
{
    /// <param name="today">Clinical day on which it is asked; a window is over on the day after its last.</param>
    public static OutcomeJudgement Judge(OutcomeDefinition definition, CourseSeries series, DateOnly today)
    {
        DateOnly? entry = null;
        if (definition.After is { } after)
        {
            var before = Judge(after, series, today);
            if (before.Kind != JudgementKind.Met)
            {
                return before.Kind is JudgementKind.NotMet or JudgementKind.NotEligible
                    ? Without(definition, JudgementKind.NotEligible, null, before.IsFinal)
                    : Without(definition, JudgementKind.EligibilityUnknown, before.Reason, before.IsFinal);
            }

            entry = before.Totals.Max(t => t.Day);
        }

        if (definition.Scales.Any(s => !series.Baselines.ContainsKey(s)))
        {
            var kind = definition.Among.IsEmpty ? JudgementKind.Missing : JudgementKind.EligibilityUnknown;
            return Without(definition, kind, MissingReason.BaselineMissing, true);
        }

        if (!definition.Among.IsEmpty && !definition.Among.Any(c => c.IsMet(new(series.FirstDose, c.Scale, series.Baselines[c.Scale], series.Baselines[c.Scale], null))))
        {
            return Without(definition, JudgementKind.NotEligible, null, true);
        }

        var induction = series.Induction;
        if (definition.Window.From == WindowFrom.LastInductionDose && !induction.IsComplete)
        {
            var over = series.EndedOn is not null || series.DiedOn is not null || today > induction.FirstDose.AddDays(MilestoneSchedule.InductionDaysMax);
            return over
                ? Without(definition, JudgementKind.Missing, ReasonWithoutInduction(series), true)
                : Without(definition, JudgementKind.NotYet, null, false);
        }

        var days = definition.Window.DaysFrom(definition.Window.From switch
        {
            WindowFrom.FirstDose => series.FirstDose,
            WindowFrom.LastInductionDose => induction.LastDose,
            WindowFrom.Entry => entry!.Value,
            _ => throw new InvalidOperationException($"Unknown anchor {definition.Window.From}."),
        });
        return Judge(definition, series, days, today > days.LastDay || series.DiedOn is not null);
    }

    /// <summary>The first total of a scale in a window.</summary>
    public static DatedTotal? FirstIn(CourseSeries series, ScaleKind scale, MilestoneWindow days) =>
        series.Totals.Where(t => t.Scale == scale && days.Holds(t.Day)).Select(t => (DatedTotal?)t).FirstOrDefault();

    /// <summary>Why an induction that is not complete was not measured.</summary>
    public static MissingReason ReasonWithoutInduction(CourseSeries series) =>
        series.EndedOn is not null ? MissingReason.LeftTreatment
        : series.DiedOn is not null ? MissingReason.Died
        : series.IsLostOn(series.FirstDose.AddDays(MilestoneSchedule.InductionDaysMax)) ? MissingReason.LostToFollowUp
        : MissingReason.InductionIncomplete;

    /// <summary>Why nothing lies in the window: death, else what was recorded, else that the patient was lost on its last day, else that treatment had ended, else that nobody came.</summary>
    public static MissingReason ReasonFor(CourseSeries series, Milestone? milestone, MilestoneWindow days) =>
        series.DiedOn <= days.LastDay ? MissingReason.Died
        : milestone is { } missed && series.Missed.TryGetValue(missed, out var reason) ? reason
        : series.IsLostOn(days.LastDay) ? MissingReason.LostToFollowUp
        : series.EndedOn <= days.LastDay ? MissingReason.LeftTreatment
        : MissingReason.NotAttended;

    private static OutcomeJudgement Judge(OutcomeDefinition definition, CourseSeries series, MilestoneWindow days, bool over)
    {
        var (met, decidedBy) = Decide(definition, series, days, over);
        return met is { } decided ? new(definition.Key, decided ? JudgementKind.Met : JudgementKind.NotMet, null, decidedBy, over)
            : over ? Without(definition, JudgementKind.Missing, ReasonFor(series, definition.Window.Milestone, days), true)
            : Without(definition, JudgementKind.NotYet, null, false);
    }

    /// <summary>Null when nothing in the window decides it.</summary>
    private static (bool? Met, ImmutableArray<JudgedTotal> By) Decide(OutcomeDefinition definition, CourseSeries series, MilestoneWindow days, bool over)
    {
        if (definition.Window.Totals == WindowTotals.First)
        {
            ImmutableArray<JudgedTotal> firsts = [.. definition.Scales.SelectMany(s => In(series, s, days).Take(1))];
            return firsts.Length == definition.Scales.Length ? (definition.IsMet(firsts), firsts) : (null, []);
        }

        var totals = In(series, definition.Scales.Single(), days).ToArray();
        if (definition.Window.Totals == WindowTotals.Weekly)
        {
            return Weekly(definition, totals, days);
        }

        var meets = totals.Select(t => definition.IsMet([t])).ToArray();
        var at = definition.Window.Totals == WindowTotals.Any
            ? Array.IndexOf(meets, true)
            : Enumerable.Range(1, Math.Max(0, totals.Length - 1)).FirstOrDefault(i => meets[i - 1] && meets[i] && IsApart(definition.Window, totals[i - 1], totals[i]), -1);
        return at >= 0 ? (true, [totals[at]])
            : over && totals.Length > 0 ? (false, [totals[^1]])
            : (null, []);
    }

    private static bool IsApart(OutcomeWindow window, JudgedTotal one, JudgedTotal next)
    {
        var apart = next.Day.DayNumber - one.Day.DayNumber;
        return apart >= window.ApartDaysMin && apart <= window.ApartDaysMax;
    }

    private static (bool? Met, ImmutableArray<JudgedTotal> By) Weekly(OutcomeDefinition definition, JudgedTotal[] totals, MilestoneWindow days)
    {
        var weeks = (days.LastDay.DayNumber - days.FirstDay.DayNumber + 1) / 7;
        var firsts = totals.GroupBy(t => (t.Day.DayNumber - days.FirstDay.DayNumber) / 7).Select(week => week.First()).ToArray();
        var met = firsts.Count(t => definition.IsMet([t]));
        return met >= definition.Window.WeeksMin ? (true, [firsts[^1]])
            : firsts.Length - met > weeks - definition.Window.WeeksMin ? (false, [firsts[^1]])
            : (null, []);
    }

    /// <summary>A scale's totals in the window, each with the best one of the course before it.</summary>
    private static IEnumerable<JudgedTotal> In(CourseSeries series, ScaleKind scale, MilestoneWindow days)
    {
        int? best = null;
        foreach (var (day, _, total) in series.Totals.Where(t => t.Scale == scale))
        {
            if (days.Holds(day))
            {
                yield return new(day, scale, series.Baselines[scale], total, best);
            }

            best = best < total ? best : total;
        }
    }

    private static OutcomeJudgement Without(OutcomeDefinition definition, JudgementKind kind, MissingReason? reason, bool final) =>
        new(definition.Key, kind, reason, [], final);
}
