using System.Collections.Immutable;
using ClinicNetwork.Domain.Protocols;

namespace ClinicNetwork.Domain.Patients;

/// <summary>The protocol's gates before a dose. A gate holds until what it is about is put right, or a role that the protocol names gives its reason.</summary>
internal static class SessionGates
{
    /// <summary>Null when no gate holds that was not overridden; else the first that does, in the protocol's order.</summary>
    public static Refusal? Check(PatientState state, StartSession command, out ImmutableArray<GateOverridden> overridden)
    {
        var passed = ImmutableArray.CreateBuilder<GateOverridden>();
        foreach (var gate in state.Plan!.MadeFrom.Rules.Gates)
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

    /// <summary>Empty when none was given.</summary>
    public static string ReasonFor(StartSession command, GateKind gate) =>
        command.GivenOverrides.FirstOrDefault(o => o.Gate == gate)?.Reason
        ?? (gate == GateKind.BloodPressure ? command.OverrideReason : "");

    /// <summary>A dose at this time went past what would have stopped it: what was recorded since the session was cleared, or the clearance's time.</summary>
    public static bool StoppedSince(PatientState state, Session session, DateTimeOffset doseAt) =>
        state.ProtocolOf(session).Rules.Limits is { } limits
        && (doseAt > session.StartedAt.AddMinutes(limits.ClearanceMinutesMax)
            || state.EndedAt <= doseAt
            || state.Consultation is not { TreatmentConsent: true, Contraindications.Length: 0 }
            || SessionCourse.IsEmergency(state, session, doseAt));

    private static HeldGate? Hold(GateKind gate, PatientState state, StartSession command) => gate switch
    {
        GateKind.TreatmentConsent => state.Consultation is { TreatmentConsent: true }
            ? null
            : new(Refusal.Precondition("TREATMENT_CONSENT_MISSING", "patient", "Record a consultation with consent to treatment.")),
        GateKind.Contraindications => state.Consultation is not { Contraindications.Length: > 0 }
            ? null
            : new(Refusal.Precondition("CONTRAINDICATED", "patient", "A contraindication is recorded; only a new consultation can clear it.")),
        GateKind.SiteCertificate => command.ClinicCertified || (state.Plan!.MadeFrom.Drug != Drug.Esketamine && state.Plan.Setting != Setting.CertifiedClinic)
            ? null
            : new(Refusal.Precondition("SETTING_NOT_CERTIFIED", "clinic", "Treat at a certified clinic, as drug and plan ask.")),
        GateKind.Enrolment => command.EnrolmentConfirmed
            ? null
            : new(Refusal.Precondition("ENROLMENT_MISSING", "enrolment_confirmed", "Enrol the patient in the drug's programme for this site, and confirm it.")),
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
        _ => throw new ArgumentOutOfRangeException(nameof(gate)),
    };

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

    /// <summary>In the home clinic's days. The first dose waits for nothing.</summary>
    private static HeldGate? HoldSpacing(PatientState state, StartSession command)
    {
        var doses = state.Sessions.Where(s => s.DosedAt is not null).Select(s => state.DayOf(s.DosedAt!.Value)).Order().ToArray();
        var day = state.DayOf(command.OccurredAt);
        return doses.Length > 0
            && state.Plan!.PhaseOn(day.DayNumber - doses[0].DayNumber) is { } phase
            && day.DayNumber - doses[^1].DayNumber < phase.SpacingDaysMin
                ? new(Refusal.Precondition("SPACING_TOO_SHORT", "occurred_at", $"Leave {phase.SpacingDaysMin} days between doses in this phase."))
                : null;
    }

    private static HeldGate Untold(string reason, string field, string message) => new(Refusal.Precondition(reason, field, message), IsUntold: true);

    /// <param name="IsUntold">Nobody can weigh what is not known: no reason overrides it.</param>
    private sealed record HeldGate(Refusal Refusal, bool IsUntold = false);
}
