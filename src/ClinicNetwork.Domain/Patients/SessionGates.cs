using System.Collections.Immutable;
using ClinicNetwork.Domain.Eligibility;
using ClinicNetwork.Domain.Protocols;
using ClinicNetwork.Domain.Rems;

namespace ClinicNetwork.Domain.Patients;

/// <summary>The protocol's gates before a dose. A gate holds until what it is about is put right, or a role that the protocol names gives its reason.</summary>
internal static class SessionGates
{
    /// <summary>Null when no gate holds that was not overridden; else the first that does, in the protocol's order.</summary>
    public static Refusal? Check(PatientState state, StartSession command, out ImmutableArray<GateOverridden> overridden)
    {
        var passed = ImmutableArray.CreateBuilder<GateOverridden>();
        foreach (var gate in GatesOf(state.Plan!))
        {
            if (Hold(gate.Kind, state, command) is not { } hold)
            {
                continue;
            }

            var reason = ReasonFor(command, gate.Kind);
            if (hold.IsUntold || reason.Length == 0 || gate.OverriddenBy is not { } roles)
            {
                overridden = [];
                return hold.Refusal;
            }

            if (roles != 0 && (roles & command.ActorRoles) == 0)
            {
                overridden = [];
                return Refusal.Denied("OVERRIDE_NOT_ALLOWED", hold.Refusal.Field, "Let a person decide whose role the protocol names for this gate.");
            }

            passed.Add(new(gate.Kind, reason, command.Actor));
        }

        overridden = passed.ToImmutable();
        return null;
    }

    /// <summary>The protocol's, between those that hold whatever the protocol's version: what is told of the patient goes before what is told of the plan.</summary>
    private static IEnumerable<Gate> GatesOf(Plan plan) =>
        (plan.MadeFrom.Rules.Gates.Any(g => g.Kind == GateKind.Pregnancy) ? plan.MadeFrom.Rules.Gates : plan.MadeFrom.Rules.Gates.Insert(0, Pregnancy.GateOfEveryPlan)).Add(PlanConflict.GateOfEveryPlan);

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

    private static HeldGate? Hold(GateKind gate, PatientState state, StartSession command) => gate switch
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
        GateKind.PlanConflict => state.PlanConflicts.Any(c => c is { IsOpen: true, IsAboutDosing: true }) ? new(PlanConflict.Unresolved) : null,
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

    /// <summary>In the home clinic's days, since the last dose of whatever course. The first dose waits for nothing.</summary>
    private static HeldGate? HoldSpacing(PatientState state, StartSession command)
    {
        var day = state.DayOf(command.OccurredAt);
        var firstDay = state.Sessions.Min(s => s.DosedAt) is { } first ? state.DayOf(first) : day;
        return state.SessionsOfAllCourses().Max(s => s.DosedAt) is { } last
            && state.Plan!.PhaseOn(day.DayNumber - firstDay.DayNumber) is { } phase
            && day.DayNumber - state.DayOf(last).DayNumber < phase.SpacingDaysMin
                ? new(Refusal.Precondition("SPACING_TOO_SHORT", "occurred_at", $"Leave {phase.SpacingDaysMin} days between doses in this phase."))
                : null;
    }

    private static HeldGate Untold(string reason, string field, string message) => new(Refusal.Precondition(reason, field, message), IsUntold: true);

    /// <param name="IsUntold">Nobody can weigh what is not known: no reason overrides it.</param>
    private sealed record HeldGate(Refusal Refusal, bool IsUntold = false);
}
