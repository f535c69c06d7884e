using System.Globalization;
using ClinicNetwork.Domain.Alerts;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Protocols;
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

        // Nobody is to be called any more.
        if (before.Death is not null)
        {
            return [];
        }

        // Every command comes by here: what cannot raise anything costs nothing.
        var stops = (before.EndedAt ?? before.NoticedUntil) is not null || events.Any(e => e is TreatmentEnded or LapseNoticed or DoseRequested);
        if (!stops && !events.Any(e => e is AssessmentRecorded or ScaleRecorded or DoseGiven or PregnancyRecorded or PlanConflictFound or PlanConflictResolved or SessionCleared or SessionReported || SeverePressureIn(before, e) is not null))
        {
            return [];
        }

        var (state, warned) = (events.Aggregate(before, PatientState.Evolve), new List<IEvent>());
        foreach (var cause in NewCauses(before, state, events, stops))
        {
            if (!state.Alerts.Any(a => a.Kind == cause.Kind && a.Causes.Contains(cause.Name)))
            {
                Add(Raise(state, cause, now));
            }
        }

        // An alert that was open before was not answered before.
        if (warned.Count > 0 || events.Any(e => e is ScaleRecorded or DoseGiven or PlanConflictResolved))
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

    /// <summary>Every fact that meets a rule as the record stands; of rules that look at a course, the present one's.</summary>
    internal static IEnumerable<Cause> CausesOf(PatientState state) =>
    [
        .. state.Assessments.Where(a => Phq9.AsksForRiskScreen(a.Items)).Select(a => new Cause(AlertKind.RiskScreenDue, CauseOf(a.Id), a.OccurredAt)),
        .. state.AnsweredScales.Where(a => a.Triage == RiskTriage.High).Select(a => new Cause(AlertKind.HighRisk, CauseOf(a.Id), a.OccurredAt)),
        .. OfCourse(state),
        .. state.Pregnancies.Where(IsPregnancy).Select(CauseOf),
        .. state.PlanConflicts.Select(CauseOf),
        .. OutsideGatesOf(state),
        .. state.SessionsOfAllCourses().SelectMany(s => SeverePressuresOf(state, s)),
        .. StopsOf(state),
        .. MisuseOf(state),
    ];

    /// <summary>Facts that meet a rule and did not before, in the order of recording. Facts are appended by these commands and not taken back, so that only what the events touch is looked at.</summary>
    private static IEnumerable<Cause> NewCauses(PatientState before, PatientState state, IReadOnlyList<IEvent> events, bool stops) =>
    [
        .. state.Assessments.Skip(before.Assessments.Length).Where(a => Phq9.AsksForRiskScreen(a.Items)).Select(a => new Cause(AlertKind.RiskScreenDue, CauseOf(a.Id), a.OccurredAt)),
        .. state.AnsweredScales.Skip(before.AnsweredScales.Length).Where(a => a.Triage == RiskTriage.High).Select(a => new Cause(AlertKind.HighRisk, CauseOf(a.Id), a.OccurredAt)),
        .. NewOfCourse(before, state, events),
        .. state.Pregnancies.Skip(before.Pregnancies.Length).Where(IsPregnancy).Select(CauseOf),
        .. state.PlanConflicts.Skip(before.PlanConflicts.Length).Select(CauseOf),
        .. events.Any(e => e is SessionCleared or SessionReported) ? OutsideGatesOf(state).Except(OutsideGatesOf(before)) : [],
        .. events.Select(e => SeverePressureIn(state, e)).OfType<Cause>(),
        .. stops ? StopsOf(state).Except(StopsOf(before)) : [],
        .. !state.DoseRequests.IsEmpty || events.Any(e => e is ScaleRecorded { Answer: var answer } && MisusePattern.IsElsewhere(answer)) ? MisuseOf(state).Except(MisuseOf(before)) : [],
    ];

    /// <summary>Sessions that nobody cleared who knew all, and those beside which that looks wrong.</summary>
    private static IEnumerable<Cause> OutsideGatesOf(PatientState state) => state.SessionsOfAllCourses()
        .Where(s => s.Report is { OutsideGates.IsEmpty: false } or { EmergencyReason.Length: > 0 } || state.MonitoringOf(s.Id).Overridden.Any(o => o.Gate == GateKind.DosingSite))
        .SelectMany(s => (SessionId[])[s.Id, .. s.Report?.Near ?? []])
        .Select(state.FindSession)
        .OfType<Session>()
        .Select(s => new Cause(AlertKind.OutsideGates, FactName.Of(s.Id).ToString(), s.StartedAt));

    private static IEnumerable<Cause> StopsOf(PatientState state)
    {
        if (AbruptStop.Of(state) is { } stop)
        {
            yield return new(AlertKind.AbruptStop, stop.Cause, stop.At);
        }
    }

    private static IEnumerable<Cause> MisuseOf(PatientState state) => MisusePattern.Of(state).Select(f => new Cause(AlertKind.MisusePattern, f.Cause, f.At));

    private static IEnumerable<Cause> NewOfCourse(PatientState before, PatientState state, IReadOnlyList<IEvent> events)
    {
        if (events.Any(e => e is DoseGiven))
        {
            return OfCourse(state).Except(OfCourse(before));
        }

        var added = state.Assessments.Length - before.Assessments.Length;
        if (added <= 0)
        {
            return [];
        }

        // One that is the latest changes nothing for those before it.
        var last = state.Assessments[^1];
        return added == 1 && before.Assessments.All(a => a.OccurredAt <= last.OccurredAt) ? OfCourse(state, last) : OfCourse(state).Except(OfCourse(before));
    }

    internal static IEvent Raise(PatientState state, Cause cause, DateTimeOffset now)
    {
        var rule = AlertCatalogue.Get(cause.Kind);
        var due = rule.Levels[0].DueAt(now, state.TimeZone);
        var historical = rule.LateDays is { } days && cause.At < now.AddDays(-days) && IsOvertaken(state, cause);

        // What is of today is never hidden in an alert of long ago.
        return state.Alerts.FirstOrDefault(a =>
                a.IsOpen && a.Kind == cause.Kind && (historical || !a.Historical) && (cause.Kind != AlertKind.RiskScreenDue || FirstDueOf(state, a) == due)) is { } open
            ? new AlertCauseAdded(open.Number, cause.Name)
            : new AlertRaised(state.Alerts.Length + 1, cause.Kind, rule.Version, cause.Name, now, historical ? now.AddDays(AlertRule.HistoricalDays) : due, historical);
    }

    /// <summary>The latest fact of the cause's sort is a later one, and meets the rule no more.</summary>
    private static bool IsOvertaken(PatientState state, Cause cause) => cause.Kind switch
    {
        AlertKind.HighRisk => state.AnsweredScales.Where(a => a.Scale == ScaleKind.CssrsScreener).MaxBy(a => a.OccurredAt) is { } screen
            && screen.OccurredAt > cause.At && screen.Triage != RiskTriage.High,
        AlertKind.ClinicalWorsening or AlertKind.LossOfResponse => state.Assessments.MaxBy(a => a.OccurredAt) is { } last
            && last.OccurredAt > cause.At && OfCourse(state, last).All(c => c.Kind != cause.Kind),
        AlertKind.SevereHypertension => state.SessionsOfAllCourses().SelectMany(s => PressuresOf(state, s)).MaxBy(p => p.At) is var last
            && last.At > cause.At && !IsSevere(last.Pressure),
        _ => false,
    };

    internal static string? AnswerTo(PatientState state, Alert alert) => alert.Kind switch
    {
        AlertKind.RiskScreenDue => ScreenFor(state, alert),
        AlertKind.AbruptStop => AbruptStop.AnswerTo(state, alert),
        AlertKind.PlanConflict => state.PlanConflicts.Any(c => c.IsOpen && alert.Causes.Contains(c.Name)) ? null : alert.Causes[^1],
        _ => null,
    };

    /// <summary>A C-SSRS that answers for a screen: on the day that asked for it, and not before what asked.</summary>
    private static string? ScreenFor(PatientState state, Alert alert)
    {
        var from = state.Assessments.Where(a => alert.Causes.Contains(CauseOf(a.Id))).Max(a => a.OccurredAt);
        return state.AnsweredScales.FirstOrDefault(a => a.Scale == ScaleKind.CssrsScreener && a.OccurredAt >= from && a.OccurredAt < FirstDueOf(state, alert)) is { } screen
            ? CauseOf(screen.Id)
            : null;
    }

    private static DateTimeOffset FirstDueOf(PatientState state, Alert alert) => alert.Rule.Levels[0].DueAt(alert.RaisedAt, state.ZoneAt(alert.RaisedAt));

    /// <param name="only">Judge this one alone; null: all of the course.</param>
    private static IEnumerable<Cause> OfCourse(PatientState state, Assessment? only = null)
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
                    yield return new(AlertKind.ClinicalWorsening, CauseOf(assessment.Id), assessment.OccurredAt);
                }

                if (WasResponder.IsMet(judged) && IsResponderNoMore.IsMet(judged))
                {
                    yield return new(AlertKind.LossOfResponse, CauseOf(assessment.Id), assessment.OccurredAt);
                }
            }

            best = Math.Min(best ?? assessment.Total, assessment.Total);
        }
    }

    /// <summary>Each severe reading is a cause of its own: one that comes after the alert of an earlier one was acknowledged is news.</summary>
    /// <param name="state">With the event, when the name of the reading matters.</param>
    private static Cause? SeverePressureIn(PatientState state, IEvent @event) => @event switch
    {
        SessionStarted e when IsSevere(e.BloodPressure) => new(AlertKind.SevereHypertension, "sessions/" + e.Session.Value, e.OccurredAt),
        VitalsRecorded { Vitals.BloodPressure: { } pressure } e when IsSevere(pressure) =>
            new(AlertKind.SevereHypertension, NameOf(state, e.Session, state.MonitoringOf(e.Session).Vitals.Length - 1), e.Vitals.OccurredAt),
        SessionCompleted e when IsSevere(e.BloodPressure) => new(AlertKind.SevereHypertension, $"sessions/{e.Session.Value}/completion", e.OccurredAt),
        _ => null,
    };

    private static IEnumerable<Cause> SeverePressuresOf(PatientState state, Session session)
    {
        if (IsSevere(session.Before))
        {
            yield return new(AlertKind.SevereHypertension, "sessions/" + session.Id.Value, session.StartedAt);
        }

        foreach (var (i, vitals) in state.MonitoringOf(session.Id).Vitals.Index())
        {
            if (vitals.BloodPressure is { } pressure && IsSevere(pressure))
            {
                yield return new(AlertKind.SevereHypertension, NameOf(state, session.Id, i), vitals.OccurredAt);
            }
        }

        if (session is { After: { } after, CompletedAt: { } completed } && IsSevere(after))
        {
            yield return new(AlertKind.SevereHypertension, $"sessions/{session.Id.Value}/completion", completed);
        }
    }

    private static string NameOf(PatientState state, SessionId session, int reading) => FactNumbers.At(state, FactKind.Vitals, session.Value, reading).ToString();

    private static bool IsPregnancy(Pregnancy found) => found.Finding is PregnancyFinding.Reported or PregnancyFinding.TestPositive;

    private static Cause CauseOf(Pregnancy found) => new(AlertKind.Pregnancy, string.Create(CultureInfo.InvariantCulture, $"pregnancies/{found.Number}"), found.OccurredAt);

    private static Cause CauseOf(PlanConflict conflict) => new(AlertKind.PlanConflict, conflict.Name, conflict.FoundAt);

    private static IEnumerable<(DateTimeOffset At, BloodPressure Pressure)> PressuresOf(PatientState state, Session session) =>
    [
        (session.StartedAt, session.Before),
        .. session is { CompletedAt: { } completed, After: { } after } ? [(completed, after)] : ((DateTimeOffset, BloodPressure)[])[],
        .. state.MonitoringOf(session.Id).Vitals.Where(v => v.BloodPressure is not null).Select(v => (v.OccurredAt, v.BloodPressure!.Value)),
    ];

    private static bool IsSevere(BloodPressure pressure) =>
        pressure.SystolicMmHg >= AlertCatalogue.SevereSystolicMmHg || pressure.DiastolicMmHg >= AlertCatalogue.SevereDiastolicMmHg;

    private static string CauseOf(AssessmentId id) => "assessments/" + id.Value;

    /// <param name="Name">As alerts name causes.</param>
    /// <param name="At">When it happened.</param>
    internal sealed record Cause(AlertKind Kind, string Name, DateTimeOffset At);
}
