using System.Text.Json;
using ClinicNetwork.Domain.Alerts;
using ClinicNetwork.Domain.FollowUps;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Scales;
using ClinicNetwork.Domain.Tests.Support;
using CsCheck;
using Xunit.Abstractions;

namespace ClinicNetwork.Domain.Tests.Properties;

/// <summary>What is derived after any sequence equals that of a patient in whose history the retracted facts never were. CsCheck prints the seed of a failure.</summary>
public sealed class CleanHistoryTests(ITestOutputHelper output)
{
    private static readonly DateTimeOffset Start = new(2025, 2, 1, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void What_is_derived_is_as_if_the_retracted_facts_had_never_been()
    {
        var (retracted, amended, withdrawn, reopened, revised) = (0, 0, 0, 0, 0);
        Move.Amending.Sample(
            moves =>
            {
                var (state, now, version, history) = (PatientState.Empty, Start, 0L, new List<(DateTimeOffset At, IReadOnlyList<IEvent> Events)>());
                var whileDead = new HashSet<FactName>();
                foreach (var move in moves.Where(m => m.Name is not (nameof(AcknowledgeAlert) or nameof(EscalateAlert))))
                {
                    now = now.AddMinutes(move.Minutes);
                    var attempt = UseCases.Decide(state, MoveCommands.For(state, move, now, version + 1), now);
                    if (!attempt.Accepted)
                        continue;
                    version++;
                    var wasDead = state.Death is not null;
                    state = UseCases.Fold(state, attempt);
                    history.Add((now, attempt.Events));
                    if (wasDead && state.Death is not null)
                        whileDead.UnionWith(attempt.Events.OfType<FactEnteredInError>().Select(e => e.Fact));
                }

                Compare(state, CleanHistory.Of(history), now, state.Death is null ? [] : whileDead);
                var events = history.SelectMany(h => h.Events).ToArray();
                Interlocked.Add(ref retracted, events.OfType<FactEnteredInError>().Count());
                Interlocked.Add(ref amended, events.OfType<FactEnteredInError>().Count(e => e.ReplacedBy is not null));
                Interlocked.Add(ref withdrawn, events.OfType<AlertCauseWithdrawn>().Count());
                Interlocked.Add(ref reopened, events.OfType<AlertReopened>().Count());
                Interlocked.Add(ref revised, events.OfType<MilestoneRevised>().Count());
            },
            iter: 3_000,
            threads: 2,
            writeLine: output.WriteLine);
        output.WriteLine($"{retracted} retracted, {amended} of them amended; {withdrawn} causes withdrawn, {reopened} alerts opened again, {revised} milestones revised");
        Assert.All((int[])[retracted / 100, amended / 100, withdrawn / 10, reopened, revised], n => Assert.True(n > 0));
    }

    /// <param name="whileDead">Retracted after the death that stands: while the patient is dead no alert is opened again, so these may still be answers.</param>
    private static void Compare(PatientState state, PatientState clean, DateTimeOffset now, HashSet<FactName> whileDead)
    {
        Assert.Equal(Text(state.Assessments), Text(clean.Assessments));
        Assert.Equal(Text(state.AnsweredScales), Text(clean.AnsweredScales));
        Assert.Equal(Text(state.Sessions), Text(clean.Sessions));
        Assert.Equal(Text(state.SideEffects), Text(clean.SideEffects));
        Assert.Equal(Text(state.MissedVisits), Text(clean.MissedVisits));
        Assert.Equal(state.EndedAt, clean.EndedAt);
        Assert.All(state.Sessions, s => Assert.Equal(SessionCourse.StageOf(state, s), SessionCourse.StageOf(clean, clean.FindSession(s.Id)!)));
        Assert.All(state.Sessions, s => Assert.Equal(Text(state.MonitoringOf(s.Id)), Text(clean.MonitoringOf(s.Id))));
        if (!state.Exists)
            return;
        Assert.Equal(Text(Judgements(state, now)), Text(Judgements(clean, now)));
        Assert.Equal(Text(FollowUpCalendar.Of(state, now)), Text(FollowUpCalendar.Of(clean, now)));
        Assert.Equal(Text(state.Plan?.Goals.Select(g => GoalProgress.Of(state, g, now))), Text(clean.Plan?.Goals.Select(g => GoalProgress.Of(clean, g, now))));
        Assert.Equal(Text(ScaleCatalogue.All.Select(s => RecallOverlap.Of(state, s))), Text(ScaleCatalogue.All.Select(s => RecallOverlap.Of(clean, s))));
        Assert.Equal(Text(MilestoneSchedule.All.Select(m => OutcomeEvaluation.Evaluate(state, m))), Text(MilestoneSchedule.All.Select(m => OutcomeEvaluation.Evaluate(clean, m))));
        // Which screen answers for a day depends on which alerts were open when it was given: of these only that no answer is one that was retracted.
        foreach (var kind in Enum.GetValues<AlertKind>().Where(k => k != AlertKind.RiskScreenDue))
            Assert.Equal(OpenCauses(clean, kind), OpenCauses(state, kind));
        Assert.All(state.Alerts.Where(a => a is { Answer.Length: > 0, Causes.Length: > 0 }), a => Assert.True(!FactName.TryParse(a.Answer, out var answer) || Retraction.Stands(state, answer) || whileDead.Contains(answer)));
    }

    private static IEnumerable<OutcomeJudgement> Judgements(PatientState state, DateTimeOffset now) =>
        PatientSeries.Of(state) is { } series ? OutcomeCatalogue.All.Select(d => OutcomeJudging.Judge(d, series, state.DayOf(now))) : [];

    /// <summary>Of facts that meet the rule: one that met it until a further fact was recorded stays a cause, here and there.</summary>
    private static IEnumerable<string> OpenCauses(PatientState state, AlertKind kind) =>
        state.Alerts.Where(a => a.IsOpen && a.Kind == kind).SelectMany(a => a.Causes).Intersect(AlertLaws.Meeting(state, kind)).Select(c => Content(state, c)).Order(StringComparer.Ordinal);

    /// <summary>Of readings the one that a number names, since numbers are counted on past those that were retracted.</summary>
    private static string Content(PatientState state, string cause) => FactName.TryParse(cause, out var fact) && fact.Kind == FactKind.Vitals
        ? $"{fact.Id} {Text(state.MonitoringOf(new(fact.Id)).Vitals[FactNumbers.IndexOf(state, fact)])}"
        : cause;

    private static string Text<T>(T value) => JsonSerializer.Serialize(value);
}

/// <summary>A history without what was retracted in it, commands in their order, with the alerts that they raise.</summary>
internal static class CleanHistory
{
    public static PatientState Of(IReadOnlyList<(DateTimeOffset At, IReadOnlyList<IEvent> Events)> history)
    {
        var facts = new List<(int Command, IEvent Event, FactName? Fact, SessionId? Session)>();
        var numbers = new Dictionary<string, int>();
        foreach (var (command, (_, events)) in history.Index())
        {
            foreach (var @event in events.Where(e => e is not (MilestoneRevised or AlertRaised or AlertCauseAdded or AlertCauseWithdrawn or AlertReopened or AlertClosed)))
            {
                if (@event is FactEnteredInError { Fact.Kind: FactKind.TreatmentEnd })
                    // The end of an earlier course has the same name, and stands.
                    facts.RemoveAt(facts.FindLastIndex(f => f.Event is TreatmentEnded));
                else if (@event is FactEnteredInError retracted)
                    facts.RemoveAll(f => f.Fact == retracted.Fact || (retracted.Fact.Kind == FactKind.Session && f.Session == retracted.Fact.Session));
                else
                    facts.Add((command, @event, NameOf(@event, numbers), SessionOf(@event, facts)));
            }
        }

        return Replay(history, facts);
    }

    private static PatientState Replay(
        IReadOnlyList<(DateTimeOffset At, IReadOnlyList<IEvent> Events)> history, List<(int Command, IEvent Event, FactName? Fact, SessionId? Session)> facts)
    {
        var (state, effects) = (PatientState.Empty, new List<int>());
        foreach (var command in facts.GroupBy(f => f.Command))
        {
            var events = new List<IEvent>();
            foreach (var (_, @event, fact, _) in command)
            {
                if (@event is SideEffectRecorded)
                    effects.Add(fact!.Value.Number);
                events.Add(@event is SideEffectResolved over ? over with { Number = effects.IndexOf(over.Number) + 1 } : @event);
            }

            var at = history[command.Key].At;
            if (events.Any(e => e is DeathRecorded))
                events.AddRange(state.Alerts.Where(a => a.IsOpen).Select(a => new AlertClosed(a.Number, Death.Name, at)));
            state = events.Concat(EarlyWarning.Of(state, events, at)).Aggregate(state, PatientState.Evolve);
        }

        return state;
    }

    private static FactName? NameOf(IEvent @event, Dictionary<string, int> numbers) => @event switch
    {
        AssessmentRecorded e => FactName.Of(e.Assessment),
        DifficultyRecorded e => FactName.Of(e.Assessment),
        ScaleRecorded e => FactName.Of(e.Answer.Id),
        DoseGiven e => new(FactKind.Dose, e.Session.Value, 0),
        VitalsRecorded e => new(FactKind.Vitals, e.Session.Value, Next(numbers, "vitals " + e.Session.Value)),
        SideEffectRecorded => new(FactKind.SideEffect, "", Next(numbers, "side effects")),
        SideEffectResolved e => new(FactKind.SideEffect, "", e.Number),
        VisitMissed => new(FactKind.MissedVisit, "", Next(numbers, "missed visits")),
        TreatmentEnded => new(FactKind.TreatmentEnd, "", 0),
        ConsultationRecorded => new(FactKind.Consultation, "", 0),
        _ => null,
    };

    private static SessionId? SessionOf(IEvent @event, List<(int Command, IEvent Event, FactName? Fact, SessionId? Session)> facts) => @event switch
    {
        SessionStarted e => e.Session,
        SessionCleared e => e.Session,
        SessionReported e => e.Session,
        DoseGiven e => e.Session,
        VitalsRecorded e => e.Session,
        SideEffectRecorded e => e.SideEffect.Session,
        SideEffectResolved e => facts.First(f => f.Event is SideEffectRecorded && f.Fact?.Number == e.Number).Session,
        SessionCompleted e => e.Session,
        SessionDischarged e => e.Session,
        LeftWithoutDischarge e => e.Session,
        _ => null,
    };

    private static int Next(Dictionary<string, int> numbers, string of) => numbers[of] = numbers.GetValueOrDefault(of) + 1;
}
