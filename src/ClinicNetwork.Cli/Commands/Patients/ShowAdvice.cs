using ClinicNetwork.Cli.Input;
using Google.Protobuf;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class ShowAdvice
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var json = Given.Json();
        return new CliCommand(
            "advice", "Show the advice: rule, facts, limit, alternatives; what is missing for more; and what was decided.", "patient advice patients/p-1")
            .With(patient, json)
            .Runs(async run =>
            {
                using var network = run.Connect();
                var answer = await network.Patients.GetAdviceAsync(new() { Name = run.Of(patient) }, cancellationToken: run.Cancelled);
                if (run.Of(json))
                    run.Terminal.Line(JsonFormatter.Default.Format(answer));
                else
                    AdviceSheetView.Write(run.Terminal, answer);
            });
    }
}
