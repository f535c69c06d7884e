using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Tests.Support;

namespace ClinicNetwork.Domain.Tests.Sessions;

/// <summary>One random path: mostly what the session needs next, often with something wrong in it, sometimes anything.</summary>
internal sealed class SessionPath(Random random, TreatmentProtocol protocol)
{
    private static readonly GateKind[] Weighed = [GateKind.BloodPressure, GateKind.Fasting, GateKind.Spacing, GateKind.Pregnancy];

    private int _sessions;

    public DateTimeOffset Now { get; private set; }

    public void Begin(DateTimeOffset at) => Now = at;

    public object Next(PatientState state)
    {
        Now = Now.AddMinutes(random.Next(6));
        var open = state.Sessions.LastOrDefault(s => s.CompletedAt is null);
        if (random.Next(8) == 0)
            return Anything(state, open);
        if (open is null)
        {
            Now = state.Sessions.IsEmpty ? Now : Now.AddDays(random.Next(random.Next(4) == 0 ? 50 : 7)).AddHours(random.Next(24));
            return Start();
        }

        return SessionCourse.StageOf(state, open) switch
        {
            SessionStage.Cleared => random.Next(12) == 0 ? Complete(state, open) : Dose(open),
            SessionStage.Emergency => random.Next(3) == 0 ? Complete(state, open) : Calm(state, open),
            _ => Watched(state, open),
        };
    }

    private object Watched(PatientState state, Session open)
    {
        var dosed = open.DosedAt!.Value;
        if (random.Next(7) == 0)
            return Effect(open);
        if (SessionCourse.FirstMissing(state, open) is { } due && Now <= dosed.AddMinutes(due.ToMinute) && random.Next(6) > 0)
        {
            var at = dosed.AddMinutes(random.Next(due.FromMinute - 1, due.ToMinute + 1));
            Now = at > Now ? at : Now;
            return Vitals(open);
        }

        if (SessionCourse.FirstMissing(state, open) is not null && random.Next(4) == 0)
            return Leave(open);
        if (random.Next(4) > 0 && Unresolved(state) is { } number)
            return new ResolveSideEffect(number, "", Now);
        var ready = dosed.AddMinutes(state.Plan!.MadeFrom.ObservationMinutesMin);
        Now = Now < ready && random.Next(6) > 0 ? ready.AddMinutes(random.Next(20)) : Now;
        return random.Next(25) == 0 ? Leave(open) : Complete(state, open);
    }

    private object Calm(PatientState state, Session open) =>
        random.Next(2) == 0 && Unresolved(state) is { } number
            ? new ResolveSideEffect(number, "oxygen", Now)
            : new RecordVitals(open.Id, new(Now, new(130, 84), 80, 97, 14, 5));

    private object Anything(PatientState state, Session? open)
    {
        var session = open ?? state.Sessions.LastOrDefault();
        return random.Next(11) switch
        {
            10 => new RecordPregnancy(state.IsPregnant(Now) ? PregnancyFinding.Ended : (PregnancyFinding)random.Next(1, 3), "", Now),
            0 or 1 => new RecordConsultation(
                Given.Consultation with { TreatmentConsent = random.Next(4) > 0, Contraindications = random.Next(4) == 0 ? ["Aneurysmal vascular disease"] : [], Detail = Found() }, Now),
            2 when random.Next(8) == 0 => new EndTreatment("Moved away", Now),
            3 when session is not null => Effect(session),
            4 when session is not null => Vitals(session),
            5 when session is not null => Dose(session),
            6 when session is not null => Complete(state, session),
            7 when session is not null && random.Next(3) == 0 => Leave(session),
            8 when Unresolved(state) is { } number => new ResolveSideEffect(number, "", Now),
            _ => Start(),
        };
    }

    private ConsultationDetail? Found() => random.Next(5) switch
    {
        0 => Detailed.With("intracerebral-haemorrhage", true).Detail,
        1 => Detailed.With("hepatic-impairment-severe", true).Detail,
        2 => Detailed.With("psychosis", true).Detail,
        _ => null,
    };

    private StartSession Start()
    {
        var limits = protocol.Rules.Limits;
        var start = new StartSession(
            new SessionId($"s-{++_sessions}"), Given.Home, true, new(random.Next(105, 141), random.Next(60, 91)), 80, "", Now,
            random.Next(94, 101), (limits?.FoodMinutesMin ?? 0) + random.Next(3), (limits?.DrinkMinutesMin ?? 0) + random.Next(3), true, true,
            "clinician-1", Roles.Clinician);
        for (var faults = random.Next(5); faults > 1; faults--)
            start = Wrong(start, random.Next(11));
        if (random.Next(4) == 0)
            start = start with { Actor = "nurse-1", ActorRoles = Roles.Nurse };
        return random.Next(3) switch
        {
            0 => start,
            1 => start with { Overrides = [.. Weighed.Select(g => new GateOverride(g, "Benefit outweighs the risk."))] },
            _ => start with { Overrides = [new((GateKind)random.Next(1, 11), "Benefit outweighs the risk.")], OverrideReason = random.Next(3) == 0 ? "Known pressure" : "" },
        };
    }

    private StartSession Wrong(StartSession start, int fault) => fault switch
    {
        0 => start with { BloodPressure = new(random.Next(139, 170), random.Next(88, 100)) },
        1 => start with { SpO2Percent = random.Next(2) == 0 ? null : random.Next(85, 96) },
        2 => start with { FoodMinutes = random.Next(5) == 0 ? null : random.Next(400) },
        3 => start with { DrinkMinutes = random.Next(5) == 0 ? null : random.Next(150) },
        4 => start with { EscortConfirmed = false },
        5 => start with { EnrolmentConfirmed = false },
        6 => start with { WeightKg = null },
        7 => start with { ClinicCertified = false },
        8 => start with { Session = new("s-1") },
        _ => start with { BloodPressure = new(141, 91) },
    };

    private RecordDose Dose(Session session)
    {
        Now = random.Next(15) == 0 ? Now.AddMinutes(60) : Now;
        return new(session.Id, random.Next(12) == 0 ? session.PlannedDoseMg * 1.5 : session.PlannedDoseMg, 10, Now);
    }

    private RecordVitals Vitals(Session session)
    {
        var critical = random.Next(14);
        var whole = new Vitals(
            Now.AddMinutes(-random.Next(3)), new(random.Next(115, 165), random.Next(70, 98)), 80,
            critical == 0 ? random.Next(80, 92) : random.Next(93, 101), critical == 1 ? random.Next(4, 10) : 14, critical == 2 ? random.Next(3) : random.Next(3, 6), random.Next(9));
        return new(session.Id, random.Next(12) switch
        {
            0 => whole with { BloodPressure = null },
            1 => whole with { SpO2Percent = null },
            2 => whole with { Moaas = null },
            3 => whole with { HeartRate = null, RespiratoryRate = null },
            _ => whole,
        });
    }

    private RecordSideEffect Effect(Session session) => new(
        new SideEffect(session.Id, (SideEffectKind)random.Next(1, 9), (SideEffectSeverity)random.Next(1, 4), Now.AddMinutes(-random.Next(3)), random.Next(3) == 0 ? random.Next(90) : 0, "")
        {
            ResolvedAt = random.Next(4) == 0 ? Now : null,
        });

    private static int? Unresolved(PatientState state)
    {
        for (var i = 0; i < state.SideEffects.Length; i++)
        {
            if (state.SideEffects[i].OverAt is null)
                return i + 1;
        }

        return null;
    }

    private RecordLeaving Leave(Session session) => new(session.Id, (LeavingKind)random.Next(1, 4), "would not wait", Now);

    private CompleteSession Complete(PatientState state, Session session)
    {
        var checklist = LaterSession.Checked;
        checklist = random.Next(18) switch
        {
            0 => checklist with { Oriented = false },
            1 => checklist with { Walks = false },
            2 => checklist with { NauseaSettled = false },
            3 => checklist with { EscortPresent = false },
            4 => checklist with { NoDrivingAdviceGiven = false },
            5 => checklist with { RiskScreenDone = false },
            6 => checklist with { Moaas = random.Next(6) },
            7 => checklist with { Cadss6 = random.Next(2) == 0 ? random.Next(8) : null, Dissociation = (DissociationRating)random.Next(1, 5) },
            8 => checklist with { SpO2Percent = random.Next(2) == 0 ? null : random.Next(90, 96) },
            _ => checklist,
        };
        var pressure = random.Next(4) == 0 ? new BloodPressure(random.Next(120, 170), random.Next(75, 105)) : new(Math.Min(session.Before.SystolicMmHg + random.Next(4), 130), session.Before.DiastolicMmHg);
        return new(session.Id, pressure, random.Next(10) == 0 ? Now.AddMinutes(-random.Next(40)) : Now, state.Plan!.MadeFrom.Rules.AsksForDischarge && random.Next(20) > 0 ? checklist : null);
    }
}
