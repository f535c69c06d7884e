using System.Collections.Immutable;
using ClinicNetwork.Domain.Eligibility;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Rems;

namespace ClinicNetwork.Domain.Patients;

/// <summary>The protocol's gates before a dose. A gate holds until what it is about is put right, or a role that the protocol names gives its reason.</summary>
internal static class SessionGates
{
    /// <summary>Null when no gate holds that was not overridden; else the first that does, in the protocol's order.</summary>
    public static Refusal? Check(PatientState state, StartSession command, DateTimeOffset now, out ImmutableArray<GateOverridden> overridden)
    {
        var passed = ImmutableArray.CreateBuilder<GateOverridden>();
        foreach (var gate in GatesOf(state.Plan!))
        {
            if (Hold(gate.Kind, state, command, now) is not { } hold)
            {
                continue;
            }

            if (CheckOverride(gate, hold, command) is { } refusal)
            {
                overridden = [];
                return refusal;
            }

            passed.Add(new(gate.Kind, ReasonFor(command, gate.Kind), command.Actor));
        }

        overridden = passed.ToImmutable();
        return null;
    }

    /// <summary>Of a session that was started where the network was not at hand: every gate that holds on what is known now and was not overridden by whom the protocol names, in its order.</summary>
    /// <param name="overridden">Every reason that was given, also where it does not suffice: nothing of it is lost.</param>
    public static ImmutableArray<string> Outside(PatientState state, StartSession command, DateTimeOffset now, out ImmutableArray<GateOverridden> overridden)
    {
        var (held, given) = (ImmutableArray.CreateBuilder<string>(), ImmutableArray.CreateBuilder<GateOverridden>());
        foreach (var gate in GatesOf(state.Plan!))
        {
            var hold = Hold(gate.Kind, state, command, now);
            if (hold is not null && CheckOverride(gate, hold, command) is not null)
            {
                held.Add(hold.Refusal.Reason);
            }

            if (hold is not null && ReasonFor(command, gate.Kind) is { Length: > 0 } reason)
            {
                given.Add(new(gate.Kind, reason, command.Actor));
            }
        }

        given.AddRange(command.GivenOverrides.Where(o => given.All(g => g.Gate != o.Gate)).Select(o => new GateOverridden(o.Gate, o.Reason, command.Actor)));
        overridden = given.ToImmutable();
        return held.ToImmutable();
    }

    /// <summary>Null when the hold was overridden by whoever may.</summary>
    private static Refusal? CheckOverride(Gate gate, HeldGate hold, StartSession command) =>
        hold.IsUntold || ReasonFor(command, gate.Kind).Length == 0 || gate.OverriddenBy is not { } roles ? hold.Refusal
        : roles != 0 && (roles & command.ActorRoles) == 0
            ? Refusal.Denied("OVERRIDE_NOT_ALLOWED", hold.Refusal.Field, "Let a person decide whose role the protocol names for this gate.")
        : null;

    /// <summary>The protocol's, between those that hold whatever the protocol's version: what is told of the patient goes before what is told of the plan.</summary>
    private static IEnumerable<Gate> GatesOf(Plan plan) =>
        (plan.MadeFrom.Rules.Gates.Any(g => g.Kind == GateKind.Pregnancy) ? plan.MadeFrom.Rules.Gates : plan.MadeFrom.Rules.Gates.Insert(0, Pregnancy.GateOfEveryPlan))
            .Add(PlanConflict.GateOfEveryPlan).Add(DosingRight.GateOfEveryPlan);

    /// <summary>Empty when none was given.</summary>
    public static string ReasonFor(StartSession command, GateKind gate) =>
        command.GivenOverrides.FirstOrDefault(o => o.Gate == gate)?.Reason
        ?? (gate == GateKind.BloodPressure ? command.OverrideReason : "");

    /// <summary>A dose at this time went past what would have stopped it: what was recorded since the session was cleared, or the clearance's time.</summary>
    public static bool StoppedSince(PatientState state, Session session, DateTimeOffset doseAt) =>
        (state.IsPregnant(doseAt) && state.MonitoringOf(session.Id).Overridden.All(o => o.Gate != GateKind.Pregnancy))
        || PlanConflict.Stops(state, doseAt)
        || (state.ProtocolOf(session).Rules.Limits is { } limits
        && (doseAt > session.StartedAt.AddMinutes(limits.ClearanceMinutesMax)
            || state.EndedAt <= doseAt
            || state.Consultation is not { TreatmentConsent: true } consultation
            || ContraindicationCatalogue.Stops(consultation, state.Plan!.MadeFrom.Drug)
            || SessionCourse.IsEmergency(state, session, doseAt)));

    private static HeldGate? Hold(GateKind gate, PatientState state, StartSession command, DateTimeOffset now) => gate switch
    {
        GateKind.TreatmentConsent => state.Consultation is { TreatmentConsent: true }
            ? null
            : new(Refusal.Precondition("TREATMENT_CONSENT_MISSING", "patient", "Record a consultation with consent to treatment.")),
        GateKind.Contraindications => state.Consultation is not { } consultation || !ContraindicationCatalogue.Stops(consultation, state.Plan!.MadeFrom.Drug)
            ? null
            : new(Refusal.Precondition("CONTRAINDICATED", "patient", "A contraindication is recorded; only a new consultation can clear it.")),
        GateKind.SiteCertificate => command.ClinicCertified || (state.Plan!.MadeFrom.Drug != Drug.Esketamine && state.Plan.Setting != Setting.CertifiedClinic)
            ? null
            : new(Refusal.Precondition("SETTING_NOT_CERTIFIED", "clinic", "Treat at a certified clinic, as drug and plan ask.")),
        GateKind.Enrolment => HoldEnrolment(state, command),
        GateKind.Weight => state.Plan!.DoseMgPerKg is null || command.WeightKg is not null
            ? null
            : new(Refusal.Precondition("WEIGHT_MISSING", "weight_kg", "Weigh the patient; the dose goes by weight.")),
        GateKind.Escort => command.EscortConfirmed
            ? null
            : new(Refusal.Precondition("ESCORT_MISSING", "escort_confirmed", "Arrange for somebody to take the patient home, and confirm it.")),
        GateKind.Fasting => HoldFasting(state.Plan!.MadeFrom.Rules.Limits!, command),
        GateKind.OxygenSaturation => HoldSaturation(state.Plan!.MadeFrom.Rules.Limits!, command),
        GateKind.Spacing => HoldSpacing(state, command),
        GateKind.BloodPressure => command.BloodPressure is { SystolicMmHg: <= StartSession.HoldSystolicMmHg, DiastolicMmHg: <= StartSession.HoldDiastolicMmHg }
            ? null
            : new(Refusal.Precondition(
                "BLOOD_PRESSURE_HOLD",
                "blood_pressure",
                $"Above {StartSession.HoldSystolicMmHg}/{StartSession.HoldDiastolicMmHg} mmHg: wait and measure again, or give a clinician's reason to go on.")),
        GateKind.Pregnancy => state.IsPregnant(command.OccurredAt)
            ? new(Refusal.Precondition("PREGNANT", "patient", "A pregnancy is recorded: no dose, unless a clinician weighs it and gives the reason to go on."))
            : null,
        GateKind.PlanConflict => PlanConflict.IsUnresolved(state) || (command.Unconfirmed && PlanConflict.Stops(state, command.OccurredAt)) ? new(PlanConflict.Unresolved) : null,
        GateKind.DosingSite => HoldDosingSite(state, command, now),
        _ => throw new ArgumentOutOfRangeException(nameof(gate)),
    };

    /// <summary>What is recorded goes before what is confirmed: the programme has to know of a move before the other site treats.</summary>
    private static HeldGate? HoldEnrolment(PatientState state, StartSession command) => RemsRules.SiteAt(state, command.OccurredAt) is { } site
        ? site.Clinic == command.Clinic
            ? null
            : new(Refusal.Precondition("TRANSFER_NOTICE_MISSING", "clinic", "The patient is enrolled for another site: notify the programme first, and record the notice."))
        : command.EnrolmentConfirmed
            ? null
            : new(Refusal.Precondition("ENROLMENT_MISSING", "enrolment_confirmed", "Enrol the patient in the drug's programme for this site, and confirm it."));

    /// <summary>Nobody else may hold the right, or still go by one that others ended; with the network now and at the session's time. Without it the clinic itself must hold it, at the session's time.</summary>
    private static HeldGate? HoldDosingSite(PatientState state, StartSession command, DateTimeOffset now) =>
        command.Unconfirmed && state.DosingAt(command.OccurredAt)?.Site != command.Clinic ? new(DosingRight.NotHere)
        : (command.Unconfirmed ? null : HoldElsewhere(state, command, now)) ?? HoldElsewhere(state, command, command.OccurredAt);

    /// <summary>The site that acts must be the dosing site itself: naming that one as the place of the session does not do.</summary>
    private static HeldGate? HoldElsewhere(PatientState state, StartSession command, DateTimeOffset at) =>
        state.DosingRights.LastOrDefault(r => r.MayBeUsed(at) && (r.Site != command.Clinic || (!command.Unconfirmed && command.Site is { } site && r.Site != site))) is not { } right ? null
        : new(right.Holds(at) ? DosingRight.Elsewhere : DosingRight.MayNotKnow);

    private static HeldGate? HoldFasting(SessionLimits limits, StartSession command) =>
        command.FoodMinutes is not { } food ? Untold("FASTING_MISSING", "food_minutes", "Ask when the patient last ate.")
        : command.DrinkMinutes is not { } drink ? Untold("FASTING_MISSING", "drink_minutes", "Ask when the patient last drank.")
        : food < limits.FoodMinutesMin ? new(Refusal.Precondition("FASTING_TOO_SHORT", "food_minutes", $"Wait until {limits.FoodMinutesMin} minutes after the last food."))
        : drink < limits.DrinkMinutesMin ? new(Refusal.Precondition("FASTING_TOO_SHORT", "drink_minutes", $"Wait until {limits.DrinkMinutesMin} minutes after the last drink."))
        : null;

    private static HeldGate? HoldSaturation(SessionLimits limits, StartSession command) =>
        command.SpO2Percent is not { } percent ? Untold("OXYGEN_SATURATION_MISSING", "spo2_percent", "Measure the oxygen saturation.")
        : percent < limits.SpO2PercentMin ? new(Refusal.Precondition("OXYGEN_SATURATION_LOW", "spo2_percent", $"Below {limits.SpO2PercentMin} %: find out why; no dose today unless it rises."))
        : null;

    /// <summary>In the home clinic's days, since the last dose of whatever course; without the network, from the nearest one, since later ones may be known already. The first dose waits for nothing.</summary>
    private static HeldGate? HoldSpacing(PatientState state, StartSession command)
    {
        var (day, doses) = (DayNumber(command.OccurredAt), state.SessionsOfAllCourses().Select(s => s.DosedAt).OfType<DateTimeOffset>().Select(DayNumber).ToArray());
        if (doses.Length == 0)
        {
            return null;
        }

        var sinceFirst = day - (state.Sessions.Min(s => s.DosedAt) is { } first ? DayNumber(first) : day);
        var apart = command.Unconfirmed ? doses.Min(d => Math.Abs(day - d)) : day - doses.Max();
        return state.Plan!.PhaseOn(command.Unconfirmed ? Math.Max(sinceFirst, 0) : sinceFirst) is { } phase && apart < phase.SpacingDaysMin
            ? new(Refusal.Precondition("SPACING_TOO_SHORT", "occurred_at", $"Leave {phase.SpacingDaysMin} days between doses in this phase."))
            : null;

        int DayNumber(DateTimeOffset at) => state.DayOf(at).DayNumber;
    }

    private static HeldGate Untold(string reason, string field, string message) => new(Refusal.Precondition(reason, field, message), IsUntold: true);

    /// <param name="IsUntold">Nobody can weigh what is not known: no reason overrides it.</param>
    private sealed record HeldGate(Refusal Refusal, bool IsUntold = false);
}
