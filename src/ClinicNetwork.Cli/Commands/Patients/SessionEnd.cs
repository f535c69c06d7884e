using System.CommandLine;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

/// <summary>What is measured and confirmed when a patient leaves, as options.</summary>
internal sealed class SessionEnd
{
    private readonly Option<BloodPressure> pressure = Given.Pressure("blood pressure when leaving in mmHg, for example 128/80");
    private readonly Option<DischargeItem[]> confirmed = Given.ManyOf<DischargeItem>("--confirm", "What is confirmed for the discharge");
    private readonly Option<int> sedation = Given.Whole("--moaas", "Sedation when leaving, MOAA/S", 0, 5, 0);
    private readonly Option<int> dissociation = Given.Whole("--cadss6", "Dissociation when leaving, CADSS-6", 0, 24, 0);
    private readonly Option<int> saturation = Given.Whole("--spo2", "Oxygen saturation when leaving in %", 50, 100, 0);

    internal Option[] Options => [pressure, confirmed, sedation, dissociation, saturation];

    internal CompleteSessionRequest Of(Invocation run)
    {
        var items = run.Of(confirmed);
        var checklist = new DischargeChecklist
        {
            Oriented = items.Contains(DischargeItem.Oriented),
            Walks = items.Contains(DischargeItem.Walks),
            NauseaSettled = items.Contains(DischargeItem.NauseaSettled),
            EscortPresent = items.Contains(DischargeItem.EscortPresent),
            NoDrivingAdviceGiven = items.Contains(DischargeItem.NoDrivingAdvice),
            RiskScreenDone = items.Contains(DischargeItem.RiskScreen),
        };
        run.Set(sedation, v => checklist.Moaas = v);
        run.Set(dissociation, v => checklist.Cadss6 = v);
        run.Set(saturation, v => checklist.Spo2Percent = v);
        return new() { BloodPressure = run.Of(pressure), Checklist = checklist.CalculateSize() > 0 ? checklist : null };
    }

    /// <summary>What is confirmed and not measured.</summary>
    private enum DischargeItem
    {
        None,
        Oriented,
        Walks,
        NauseaSettled,
        EscortPresent,
        NoDrivingAdvice,
        RiskScreen,
    }
}
