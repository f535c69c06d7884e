using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class CompleteSession
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var session = Given.Id("session");
        var pressure = Given.Pressure("blood pressure when leaving in mmHg, for example 128/80");
        var confirmed = Given.ManyOf<DischargeItem>("--confirm", "What is confirmed for the discharge");
        var sedation = Given.Whole("--moaas", "Sedation when leaving, MOAA/S", 0, 5, 0);
        var dissociation = Given.Whole("--cadss6", "Dissociation when leaving, CADSS-6", 0, 24, 0);
        var saturation = Given.Whole("--spo2", "Oxygen saturation when leaving in %", 50, 100, 0);
        var mutation = new Mutation();
        return new CliCommand("complete", "End a session when the patient leaves.", "patient session complete patients/p-1 s-1 --bp 128/80",
            "patient session complete patients/p-1 s-1 --bp 128/80 --confirm oriented --confirm walks --confirm nausea-settled --confirm escort-present --confirm no-driving-advice --confirm risk-screen --moaas 5 --cadss6 1 --spo2 98")
            .With(patient, session, pressure, confirmed, sedation, dissociation, saturation)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, at) =>
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
                    var answer = await network.Patients.CompleteSessionAsync(
                        new()
                        {
                            RequestId = id,
                            Patient = run.Of(patient),
                            SessionId = run.Of(session),
                            BloodPressure = run.Of(pressure),
                            OccurredAt = at,
                            Checklist = checklist.CalculateSize() > 0 ? checklist : null,
                        },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"session {run.Of(session)} completed: ");
                });
            });
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
