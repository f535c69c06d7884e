using ClinicNetwork.Domain.Alerts;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Scales;

namespace ClinicNetwork.Domain.Patients;

/// <summary>
/// Adds to whatever a command recorded the alerts that it raises and closes, so that a fact and its alert are one row of the journal. A fact that meets a rule because of the command
/// is the cause of one alert of that kind: of the one that is open, else of a new one. Screens that are due stay apart by the clinical day: each day asks for its own.
/// </summary>
public static class EarlyWarning
{
    private static readonly OutcomeCondition WasResponder = new(ScaleKind.Phq9, OutcomeRule.BestFallAtLeastShare, 0.5);
    private static readonly OutcomeCondition IsResponderNoMore = new(ScaleKind.Phq9, OutcomeRule.FallUnderShare, 0.5);

    public static Decision<TAnswer> With<TAnswer>(PatientState before, Decision<TAnswer> decision, DateTimeOffset now)
        where TAnswer : class =>
        decision.Answer is { } answer && Of(before, decision.Events, now) is { Count: > 0 } warned
            ? Decision<TAnswer>.Accept(answer, [.. decision.Events, .. warned])
            : decision;

    /// <summary>What follows from a command's events, in order; none when it made none.</summary>
    public static IReadOnlyList<IEvent> Of(PatientState before, IReadOnlyList<IEvent> events, DateTimeOffset now)
    {
        if (events is [FactEnteredInError, ..])
        {
            return RevisedWarning.Of(before, events.Aggregate(before, PatientState.Evolve), now);
        }

        // Every command comes by here: what cannot raise anything costs nothing.
        if (!events.Any(e => e is AssessmentRecorded or ScaleRecorded or DoseGiven || SessionWithPressure(e) is not null))
        {
            return [];
        }

        var (state, warned) = (events.Aggregate(before, PatientState.Evolve), new List<IEvent>());
        foreach (var (kind, cause) in NewCauses(before, state, events))
        {
            if (!state.Alerts.Any(a => a.Kind == kind && a.Causes.Contains(cause)))
            {
                Add(Raise(state, kind, cause, now));
            }
        }

        // An alert that was open before was not answered before.
        if (warned.Count > 0 || events.Any(e => e is ScaleRecorded))
        {
            foreach (var alert in state.Alerts)
            {
                if (alert.IsOpen && AnswerTo(state, alert) is { } answer)
                {
                    Add(new AlertClosed(alert.Number, answer, now));
                }
            }
        }

        return warned;

        void Add(IEvent @event)
        {
            warned.Add(@event);
            state = PatientState.Evolve(state, @event);
        }
    }

    /// <summary>Every fact that meets a rule as the record stands.</summary>
    internal static IEnumerable<(AlertKind Kind, string Cause)> CausesOf(PatientState state) =>
    [
        .. state.Assessments.Where(a => Phq9.AsksForRiskScreen(a.Items)).Select(a => (AlertKind.RiskScreenDue, CauseOf(a.Id))),
        .. state.AnsweredScales.Where(a => a.Triage == RiskTriage.High).Select(a => (AlertKind.HighRisk, CauseOf(a.Id))),
        .. OfCourse(state),
        .. state.Sessions.Where(s => HasSevere(state, s.Id)).Select(s => (AlertKind.SevereHypertension, "sessions/" + s.Id.Value)),
    ];

    /// <summary>Facts that meet a rule and did not before, in the order of recording. Facts are appended by these commands and not taken back, so that only what the events touch is looked at.</summary>
    private static IEnumerable<(AlertKind Kind, string Cause)> NewCauses(PatientState before, PatientState state, IReadOnlyList<IEvent> events) =>
    [
        .. state.Assessments.Skip(before.Assessments.Length).Where(a => Phq9.AsksForRiskScreen(a.Items)).Select(a => (AlertKind.RiskScreenDue, CauseOf(a.Id))),
        .. state.AnsweredScales.Skip(before.AnsweredScales.Length).Where(a => a.Triage == RiskTriage.High).Select(a => (AlertKind.HighRisk, CauseOf(a.Id))),
        .. NewOfCourse(before, state, events),
        .. events.Select(SessionWithPressure).OfType<SessionId>().Distinct().Where(id => HasSevere(state, id) && !HasSevere(before, id))
            .Select(id => (AlertKind.SevereHypertension, "sessions/" + id.Value)),
    ];

    private static IEnumerable<(AlertKind Kind, string Cause)> NewOfCourse(PatientState before, PatientState state, IReadOnlyList<IEvent> events)
    {
        if (events.Any(e => e is DoseGiven))
        {
            return OfCourse(state).Except(OfCourse(before));
        }

        var added = state.Assessments.Length - before.Assessments.Length;
        if (added == 0)
        {
            return [];
        }

        // One that is the latest changes nothing for those before it.
        var last = state.Assessments[^1];
        return added == 1 && before.Assessments.All(a => a.OccurredAt <= last.OccurredAt) ? OfCourse(state, last) : OfCourse(state).Except(OfCourse(before));
    }

    internal static IEvent Raise(PatientState state, AlertKind kind, string cause, DateTimeOffset now)
    {
        var rule = AlertCatalogue.Get(kind);
        var due = rule.Levels[0].DueAt(now, state.TimeZone);
        return state.Alerts.FirstOrDefault(a => a.IsOpen && a.Kind == kind && (kind != AlertKind.RiskScreenDue || FirstDueOf(state, a) == due)) is { } open
            ? new AlertCauseAdded(open.Number, cause)
            : new AlertRaised(state.Alerts.Length + 1, kind, rule.Version, cause, now, due);
    }

    /// <summary>A C-SSRS that answers for a screen: on the day that asked for it, and not before what asked.</summary>
    internal static string? AnswerTo(PatientState state, Alert alert)
    {
        if (alert.Kind != AlertKind.RiskScreenDue)
        {
            return null;
        }

        var from = state.Assessments.Where(a => alert.Causes.Contains(CauseOf(a.Id))).Max(a => a.OccurredAt);
        return state.AnsweredScales.FirstOrDefault(a => a.Scale == ScaleKind.CssrsScreener && a.OccurredAt >= from && a.OccurredAt < FirstDueOf(state, alert)) is { } screen
            ? CauseOf(screen.Id)
            : null;
    }

    private static DateTimeOffset FirstDueOf(PatientState state, Alert alert) => alert.Rule.Levels[0].DueAt(alert.RaisedAt, state.TimeZone);

    /// <param name="only">Judge this one alone; null: all of the course.</param>
    private static IEnumerable<(AlertKind Kind, string Cause)> OfCourse(PatientState state, Assessment? only = null)
    {
        if (state.Sessions.Min(s => s.DosedAt) is not { } firstDose || PatientSeries.BaselinePhq9(state, firstDose) is not { } baseline)
        {
            yield break;
        }

        var day = state.DayOf(firstDose);
        int? best = null;
        foreach (var assessment in state.Assessments.Where(a => a.OccurredAt >= firstDose).OrderBy(a => a.OccurredAt))
        {
            if (only is null || ReferenceEquals(only, assessment))
            {
                // These rules look at no day.
                var judged = new JudgedTotal(day, ScaleKind.Phq9, baseline, assessment.Total, best);
                if (OutcomeCatalogue.ClinicalWorsening.IsMet([judged]))
                {
                    yield return (AlertKind.ClinicalWorsening, CauseOf(assessment.Id));
                }

                if (WasResponder.IsMet(judged) && IsResponderNoMore.IsMet(judged))
                {
                    yield return (AlertKind.LossOfResponse, CauseOf(assessment.Id));
                }
            }

            best = Math.Min(best ?? assessment.Total, assessment.Total);
        }
    }

    private static SessionId? SessionWithPressure(IEvent @event) => @event switch
    {
        SessionStarted e => e.Session,
        SessionCompleted e => e.Session,
        VitalsRecorded e => e.Session,
        _ => null,
    };

    private static bool HasSevere(PatientState state, SessionId id) => state.FindSession(id) is { } session && PressuresOf(state, session).Any(IsSevere);

    private static IEnumerable<BloodPressure> PressuresOf(PatientState state, Session session) =>
        new[] { session.Before, session.After }.Concat(state.MonitoringOf(session.Id).Vitals.Select(v => v.BloodPressure)).OfType<BloodPressure>();

    private static bool IsSevere(BloodPressure pressure) =>
        pressure.SystolicMmHg >= AlertCatalogue.SevereSystolicMmHg || pressure.DiastolicMmHg >= AlertCatalogue.SevereDiastolicMmHg;

    private static string CauseOf(AssessmentId id) => "assessments/" + id.Value;
}
