using ClinicNetwork.Anonymisation.Tests.Support;
using ClinicNetwork.Domain;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Outcomes;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Grains.Patients;
using ClinicNetwork.Journal;
using ClinicNetwork.Simulation;
using VisitMissed = ClinicNetwork.Simulation.VisitMissed;

namespace ClinicNetwork.Benchmarks.Networks;

/// <summary>
/// A patient who changes clinics, as the product has one: everything is a command that the domain decides, the transfers by both clinics' acts, and what the release engine gets to know of it are the
/// projections of its events, as the patient's grain makes them.
/// </summary>
internal sealed class TransferredPatient
{
    /// <summary>When nobody is treated: wherever the next clinic lies, its next day is still to come.</summary>
    private static readonly TimeOnly Evening = new(20, 0);

    private static readonly TimeOnly Morning = new(9, 0);

    private static readonly (ClinicId Clinic, string Zone)[] Clinics = [(new("harbour"), "Europe/Berlin"), (new("coast"), "Pacific/Auckland"), (new("hill"), "America/New_York")];

    private static readonly Consultation Consultation =
        new("F33.2", "Two earlier episodes.", [new Domain.Patients.EarlierTreatment("sertraline", true, TreatmentResponse.None)], ["Raised blood pressure"], true, []);

    private static readonly BloodPressure Calm = new(120, 80);

    /// <summary>Of who moved, from one session at the new clinic to the next, and for how many of them.</summary>
    private const int SessionsApartDays = 30, SessionsElsewhere = 12;

    /// <summary>The patients who go on a second time, and after how many days.</summary>
    private const int MovesAgainPercent = 30, MovesAgainDays = 150;

    private readonly SimulatedPatient _simulated;
    private readonly VirtualStore _store;
    private readonly PriorityQueue<Act, (DateOnly Day, TimeOnly Time, int Place)> _acts = new();
    private PatientState _state = PatientState.Empty;
    private long _version;
    private int _permission;
    private int _at;

    /// <param name="store">Whose persons and outcomes the projections write.</param>
    /// <param name="treated">At the new clinic, by another route.</param>
    public TransferredPatient(SimulatedPatient simulated, VirtualStore store, bool treated = true)
    {
        (_simulated, _store) = (simulated, store);
        var patient = simulated.Drawn;
        foreach (var happened in patient.Events)
        {
            Plan(happened, patient);
        }

        PlanLaterAnswers(new Random(patient.Index), patient);
        if (simulated.MovesOn is { } day)
        {
            PlanMoves(new Random(patient.Index), day, treated);
        }
    }

    private delegate IReadOnlyList<IEvent> Act(PatientState state, DateTimeOffset at);

    public PatientState State => _state;

    /// <summary>Transfers that were accepted while the person waited for a cell or was in one, and those of them after a row of the person was released.</summary>
    public int Transfers { get; private set; }

    /// <inheritdoc cref="Transfers"/>
    public int TransfersAfterRelease { get; private set; }

    /// <summary>What happened, and which milestones closed, up to a time, in order.</summary>
    public void GoOn(DateTimeOffset until)
    {
        while (true)
        {
            var act = _acts.TryPeek(out _, out var place) ? At(place.Day, place.Time) : DateTimeOffset.MaxValue;
            var (milestone, closes) = NextClosing();
            if (act > until && closes > until)
            {
                return;
            }

            if (act <= closes)
            {
                Write(_acts.Dequeue()(_state, act));
            }
            else
            {
                Write(Do(CloseMilestone.Decide(_state, new(milestone), closes), closes));
            }
        }
    }

    private (Milestone Milestone, DateTimeOffset At) NextClosing() =>
        _state.Exists && InductionCourse.Of(_state.InCourse(1)) is not null && MilestoneSchedule.All.FirstOrDefault(m => _state.InCourse(1).Outcomes.All(o => o.Milestone != m)) is { } next and not default(Milestone)
            ? (next, CloseMilestone.DueAt(_state.InCourse(1), next))
            : (default, DateTimeOffset.MaxValue);

    /// <summary>As the grain does: the events and what they warn of are folded, and the projections follow from before and after.</summary>
    private void Write(IReadOnlyList<IEvent> events)
    {
        if (events.Count == 0)
        {
            return;
        }

        var (before, after) = (_state, events.Aggregate(_state, PatientState.Evolve));
        (_state, _version) = (after, _version + 1);
        foreach (var projection in PatientProjections.Of(before, after, events))
        {
            Write(projection);
        }

        if (events.Any(e => e is TransferAccepted) && _store.Persons.TryGetValue(_simulated.Person.Id, out var moved) && moved.Recipients != 0)
        {
            Transfers++;
            TransfersAfterRelease += _store.Released.Any(r => r.Person == moved.Id) ? 1 : 0;
        }
    }

    private void Write(Projection projection)
    {
        var person = _store.Persons.GetValueOrDefault(_simulated.Person.Id);
        switch (projection)
        {
            case Projection.ConsentSet consent:
                _permission = consent.Recipients;
                if (person is not null)
                {
                    _store.Consent(person, consent.Recipients);
                }

                break;
            case Projection.PoolEntered entry when person is null:
                _store.Persons.Add(_simulated.Person.Id, new(_simulated.Person.Id, entry.Quarter, entry.QuasiIdentifiers) { EnteredAt = _simulated.Person.EnteredAt, Recipients = _permission });
                break;
            case Projection.PoolEntered:
                throw new InvalidOperationException("A person entered the pool twice.");
            case Projection.OutcomeReady outcome:
                person!.Outcomes[outcome.Milestone] = outcome.Values;
                person.Closed++;
                break;
            case Projection.OutcomeRevised revised when person is not null && person.Outcomes.ContainsKey(revised.Milestone):
                person.Outcomes[revised.Milestone] = revised.Values;
                break;
            default:
                break;
        }
    }

    private void Plan(VirtualEvent happened, VirtualPatient patient)
    {
        switch (happened)
        {
            case Enrolled:
                Add(happened, (state, at) => Do(EnrolPatient.Decide(state, new(
                    new(_simulated.Person.Id), Clinics[0].Clinic, Clinics[0].Zone, patient.GivenName, patient.FamilyName, patient.BirthDate,
                    patient.Sex == VirtualSex.Female ? Sex.Female : Sex.Male, patient.RecordNumber, at), at), at));
                break;
            case Consulted:
                Add(happened, (state, at) => Do(RecordConsultation.Decide(state, new(Consultation, at), at), at));
                break;
            case PlanChosen chosen:
                Add(happened, (state, at) => Do(CreatePlan.Decide(state, PlanOf(chosen.Treatment), at), at));
                break;
            case ResearchConsentGiven when _simulated.Recipients != 0:
                Add(happened, (state, at) => Do(SetResearchConsent.Decide(state, ConsentOf(_simulated.Recipients, at), at), at));
                break;
            case ResearchConsentWithdrawn:
                Add(happened, (state, at) => Do(SetResearchConsent.Decide(state, new([], at), at), at));
                break;
            case SessionGiven session:
                Add(session, (state, at) => Do(StartSession.Decide(state, new(
                    new($"s-{session.Number}"), state.HomeClinic, true, new(session.Before.SystolicMmHg, session.Before.DiastolicMmHg), (double)session.WeightKg,
                    session.Before is { SystolicMmHg: > 140 } or { DiastolicMmHg: > 90 } ? "benefit outweighs the risk" : "", at), at), at));
                Add(session, (state, at) => Do(RecordDose.Decide(state, new(new($"s-{session.Number}"), (double)session.DoseMg, session.InfusionMinutes, at), at), at));
                Add(session.Day, session.Completed, (state, at) => Do(CompleteSession.Decide(state, new(new($"s-{session.Number}"), Calm, at), at), at));
                break;
            case SideEffectNoted effect:
                Add(effect, (state, at) => Do(RecordSideEffect.Decide(state, new(new(
                    new($"s-{effect.Session}"), SideEffectKind.Nausea, (SideEffectSeverity)effect.Severity, at, effect.ResolvedMinutes - effect.OnsetMinutes, "")), at), at));
                break;
            case Phq9Answered answer:
                Add(answer, (state, at) => Do(RecordAssessment.Decide(state, new(new($"a-{state.Assessments.Length + 1}"), [.. answer.Items], at), at), at));
                break;
            case VisitMissed missed:
                Add(missed, (state, at) => Do(RecordMissedVisit.Decide(state, new((Milestone)missed.Milestone, Reason(missed.Reason), at), at), at));
                break;
            case TreatmentLeft:
                Add(happened, (state, at) => Do(EndTreatment.Decide(state, new("Left", at), at), at));
                break;
            default:
                // Goals are the plan's own; who else sees the plan, and the cohort's own transfers, are not played here.
                break;
        }
    }

    /// <summary>The cohort ends at week 12: three in four answer at each milestone after it, by the same rate as <see cref="SimulatedPatient"/>.</summary>
    private void PlanLaterAnswers(Random random, VirtualPatient patient)
    {
        var last = patient.Events.OfType<SessionGiven>().Last().Day;
        foreach (var milestone in MilestoneSchedule.All.Where(m => m > Milestone.Week12 && random.Next(100) < SimulatedPatient.StaysPercent))
        {
            var total = random.Next(2, 20);
            Add(MilestoneSchedule.WindowOf(milestone, last).FirstDay.AddDays(3), Morning, (state, at) => Do(RecordAssessment.Decide(
                state, new(new($"a-{state.Assessments.Length + 1}"), [.. Enumerable.Range(0, 9).Select(i => Math.Clamp(total - (3 * i), 0, 3))], at), at), at));
        }
    }

    private void PlanMoves(Random random, DateOnly day, bool treated)
    {
        PlanMove(day, 1);
        if (random.Next(100) < MovesAgainPercent)
        {
            PlanMove(day.AddDays(MovesAgainDays), 2);
        }

        for (var number = 1; treated && number <= SessionsElsewhere; number++)
        {
            PlanSessionElsewhere(number, day.AddDays(SessionsApartDays * number));
        }
    }

    private void PlanMove(DateOnly day, int to)
    {
        Add(day.AddDays(-3), Evening, (state, at) => !state.Exists ? [] : Do(OfferTransfer.Decide(state, new(Clinics[to].Clinic, "Moves there", to == 1 ? SiteAccess.Read : null, 14, state.HomeClinic, "home-1"), at), at));
        Add(day, Evening, (state, at) => state.Transfers.Length == 0 ? [] : Do(AcceptTransfer.Decide(
            state, new(state.Transfers.Length, $"R-{to}-{_simulated.Person.Id}", Clinics[to].Clinic, "away-1", Clinics[to].Zone), at), at));
    }

    /// <summary>Another course, by a route that no home clinic of the cohort gives; not before the first is over.</summary>
    private void PlanSessionElsewhere(int number, DateOnly day)
    {
        var session = new SessionId($"e-{number}");
        Add(day, Morning, (state, at) => !Over(state, at) || state.EndedAt is not null || state.CourseNumber() > 1 ? [] : Do(EndTreatment.Decide(state, new("Goes on elsewhere", at), at), at));
        Add(day, Morning, (state, at) => !Over(state, at) || state.EndedAt is null ? [] : Do(CreatePlan.Decide(
            state, new(ProtocolCatalogue.KetamineIm.Id, Setting.Clinic, null, null, [new Goal("Back to work", 4, null)], _version + 1, NewCourse: true), at), at));
        Add(day, Morning, (state, at) => state.CourseNumber() == 1 ? [] : Do(StartSession.Decide(
            state, new(session, state.HomeClinic, true, Calm, 80, "", at, SpO2Percent: 98, FoodMinutes: 600, DrinkMinutes: 300, EscortConfirmed: true, EnrolmentConfirmed: true), at), at));
        Add(day, Morning, (state, at) => state.FindSession(session) is not { } started ? [] : Do(RecordDose.Decide(state, new(session, started.PlannedDoseMg, 0, at), at), at));
        Add(day, Morning, (state, at) => state.FindSession(session) is null ? [] : Do(RecordLeaving.Decide(state, new(session, LeavingKind.AgainstAdvice, "Fetched early", at), at), at));
    }

    private static bool Over(PatientState state, DateTimeOffset at) =>
        InductionCourse.Of(state.InCourse(1)) is { } first && state.DayOf(at) > first.FirstDose.AddDays(MilestoneSchedule.InductionDaysMax + MilestoneSchedule.EndLastDay);

    private CreatePlan PlanOf(VirtualTreatment treatment) => treatment.Drug == VirtualDrug.EsketamineNasal
        ? new(ProtocolCatalogue.EsketamineNasalInduction.Id, Setting.CertifiedClinic, null, treatment.FirstDoseMg, [new Goal("Back to work", 4, null)], _version + 1)
        : new(ProtocolCatalogue.KetamineIvInduction.Id, Setting.Clinic, (double?)treatment.DoseMgPerKg, null, [new Goal("Back to work", 4, null)], _version + 1);

    private static SetResearchConsent ConsentOf(int recipients, DateTimeOffset at) => new([.. Enum.GetValues<RecipientClass>().Where(c => (recipients & (int)c) != 0)], at)
    {
        Purposes = [.. Enum.GetValues<ResearchPurpose>().Where(p => (recipients & (int)p) != 0)],
    };

    private static MissingReason Reason(MissedReason reason) => reason switch
    {
        MissedReason.Unreachable => MissingReason.Unreachable,
        MissedReason.Declined => MissingReason.Declined,
        _ => MissingReason.NotAttended,
    };

    /// <summary>Accepted, with what it warns of, as every act of a clinic.</summary>
    private IReadOnlyList<IEvent> Do<TAnswer>(Decision<TAnswer> decided, DateTimeOffset at)
        where TAnswer : class =>
        decided.Refusal is { } refusal
            ? throw new InvalidOperationException($"{_simulated.Person.Id}, {at:O}: {refusal.Reason}, {refusal.Message}")
            : EarlyWarning.With(_state, decided, at).Events;

    private void Add(VirtualEvent happened, Act act) => Add(happened.Day, happened.Time, act);

    private void Add(DateOnly day, TimeOnly time, Act act) => _acts.Enqueue(act, (day, time, _at++));

    /// <summary>Clinic time in the home clinic of then.</summary>
    private DateTimeOffset At(DateOnly day, TimeOnly time)
    {
        var local = day.ToDateTime(time);
        return new DateTimeOffset(local, TimeZoneInfo.FindSystemTimeZoneById(_state.Exists ? _state.TimeZone : Clinics[0].Zone).GetUtcOffset(local)).ToUniversalTime();
    }
}
