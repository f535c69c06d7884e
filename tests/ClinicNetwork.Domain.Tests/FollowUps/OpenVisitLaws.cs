using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Tests.FollowUps;

/// <summary>What the worklist is made of against the calendar itself, which is read at a time.</summary>
internal static class OpenVisitLaws
{
    /// <summary>At a time that is not before the last fact, nor further from it than visits are told ahead.</summary>
    public static void Hold(PatientState state, DateTimeOffset at)
    {
        if (LastFact(state) is not { } last || at < last)
            return;
        var open = FollowUpCalendar.OpenOf(state);
        Assert.Distinct(open.Select(v => v.Name));
        Assert.All(open, v => Assert.True(v.OpensAt < v.DueBy && (v.EndsAt is null || v.DueBy <= v.EndsAt)));
        Assert.Equal(
            FollowUpCalendar.Of(state, at)
                .Where(v => v.Rule.Anchor != FollowUpAnchor.RiskAnswer && (v.IsSession || at <= LastOf(state, v.Rule).AddDays(FollowUpCalendar.AheadDays)))
                .Where(v => v is { Milestone: null, State: FollowUpState.Due or FollowUpState.Overdue } && (v.PlannedOn is not { } day || state.DayOf(at) >= day))
                .Select(v => (v.Name, v.DueBy, v.State == FollowUpState.Overdue)).Order(),
            open.Where(v => FollowUpCatalogue.RuleOf(v.Name) is var rule && (v.EndsAt is null && rule == FollowUpCatalogue.BeforeSession || at <= LastOf(state, rule!).AddDays(FollowUpCalendar.AheadDays)))
                .Where(v => v.OpensAt <= at && !(v.EndsAt <= at)).Select(v => (v.Name, v.DueBy, at >= v.DueBy)).Order());
    }

    /// <summary>No event that is said to move nothing moves anything.</summary>
    public static void Hold(PatientState before, IReadOnlyCollection<IEvent> events, PatientState after)
    {
        if (!events.Any(FollowUpCalendar.Moves))
            Assert.Equal(FollowUpCalendar.OpenOf(before), FollowUpCalendar.OpenOf(after));
    }

    /// <summary>Doses, the end, and the rule's own answers.</summary>
    private static DateTimeOffset LastOf(PatientState state, FollowUpRule rule) => ((DateTimeOffset?[])
    [
        state.EndedAt, .. state.Sessions.Select(s => s.DosedAt), .. state.Assessments.Where(_ => rule.Scale == ScaleKind.Phq9).Select(a => (DateTimeOffset?)a.OccurredAt),
        .. state.AnsweredScales.Where(a => a.Scale == rule.Scale).Select(a => (DateTimeOffset?)a.OccurredAt), .. state.SafetyChecks.Where(c => c.Kind == rule.Check).Select(c => (DateTimeOffset?)c.OccurredAt),
    ]).Max() ?? DateTimeOffset.MinValue;

    private static DateTimeOffset? LastFact(PatientState state) => ((DateTimeOffset?[])
    [
        state.EndedAt, .. state.Sessions.Select(s => s.DosedAt), .. state.Assessments.Select(a => (DateTimeOffset?)a.OccurredAt), .. state.AnsweredScales.Select(a => (DateTimeOffset?)a.OccurredAt),
    ]).Max();
}
