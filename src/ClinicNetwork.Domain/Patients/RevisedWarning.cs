namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// What a retraction does to alerts: all facts are looked at, before and after. A fact that meets a rule now raises an alert or joins the open one; one that met it and does no more is
/// withdrawn from its alert, which is over when that was the last; an alert whose answer was entered in error is open again. While the patient is dead, none is raised or opened; when
/// that was the error, also what was recorded meanwhile raises its own.
/// </summary>
internal static class RevisedWarning
{
    /// <param name="state">After the events.</param>
    public static IReadOnlyList<IEvent> Of(PatientState before, PatientState state, DateTimeOffset now)
    {
        var (warned, retraction) = (new List<IEvent>(), before.Retracted.Length + 1);
        var met = EarlyWarning.CausesOf(before).Select(c => (c.Kind, c.Name)).ToHashSet();
        var (asks, wasSilent) = (state.Death is null, before.Death is not null);
        var causes = EarlyWarning.CausesOf(state).DistinctBy(c => (c.Kind, c.Name)).ToList();
        var meets = causes.Select(c => (c.Kind, c.Name)).ToHashSet();

        // First what is new: an open alert whose only cause was amended goes on with the corrected one, by the same clock.
        foreach (var cause in asks ? causes : [])
        {
            if ((wasSilent || !met.Contains((cause.Kind, cause.Name))) && !state.Alerts.Any(a => a.Kind == cause.Kind && a.Causes.Contains(cause.Name)))
            {
                Add(EarlyWarning.Raise(state, cause, now));
            }
        }

        foreach (var alert in state.Alerts)
        {
            foreach (var cause in alert.Causes.Where(c => IsGone(state, c) || (met.Contains((alert.Kind, c)) && !meets.Contains((alert.Kind, c)))))
            {
                Add(new AlertCauseWithdrawn(alert.Number, cause, retraction, now));
            }
        }

        foreach (var alert in asks ? state.Alerts : [])
        {
            // An answer that was amended may be none any more.
            if (alert is { IsOpen: false, Answer.Length: > 0, Causes.Length: > 0 } && (IsGone(state, alert.Answer) || EarlyWarning.AnswerTo(state, alert) is null))
            {
                Add(new AlertReopened(alert.Number, retraction, now, alert.AtLevel.DueAt(now, state.TimeZone)));
            }
        }

        foreach (var alert in asks ? state.Alerts : [])
        {
            if (alert.IsOpen && EarlyWarning.AnswerTo(state, alert) is { } answer)
            {
                Add(new AlertClosed(alert.Number, answer, now));
            }
        }

        return warned;

        void Add(IEvent @event)
        {
            warned.Add(@event);
            state = PatientState.Evolve(state, @event);
        }
    }

    /// <summary>The end of a session has no name of its own: it goes with the session.</summary>
    private static bool IsGone(PatientState state, string cause) =>
        FactName.TryParse(cause.EndsWith("/completion", StringComparison.Ordinal) ? cause[..cause.LastIndexOf('/')] : cause, out var fact) && !Retraction.Stands(state, fact);
}
