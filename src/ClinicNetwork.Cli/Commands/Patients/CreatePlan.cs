using ClinicNetwork.Cli.Input;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class CreatePlan
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var protocol = Given.Required(Given.Option("--protocol", "protocols/{protocol}, see 'clinic protocols'", "PROTOCOL",
            ProtocolName));
        var setting = Given.OneOf<Setting>("--setting", "Where doses are given");
        var perKg = Given.Number("--dose-mg-per-kg", "Dose by weight in mg/kg; 0 takes the protocol's", 0, 1);
        var fixedDose = Given.Number("--dose-mg", "Fixed dose in mg; 0 takes the protocol's first", 0, 1000);
        var goals = Given.Required(Given.Many("--goal", "a goal, TEXT or TEXT;TARGET or TEXT;TARGET;YYYY-MM-DD, TARGET a PHQ-9 total or for example gad-7=8", "GOAL", Parse.Goal));
        var version = Given.Whole("--protocol-version", "Version of the protocol; later ones ask more of each session", 1, 1_000, 1);
        var supervision = Given.Text("--supervision", "Who supervises doses at home, and how", 1_000);
        var newCourse = Given.Flag("--new-course", "Begin another course, after one that has ended");
        var mutation = new Mutation(timed: false);
        return new CliCommand("plan", "Make the plan from a protocol.",
            "patient plan patients/p-1 --protocol protocols/ketamine-iv-induction --setting clinic --goal \"Back to work;4;2025-12-01\"")
            .With(patient, protocol, version, setting, supervision, perKg, fixedDose, goals, newCourse)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                using var network = run.Connect();
                await mutation.SendAsync(run, network, async (id, _) =>
                {
                    var answer = await network.Patients.CreatePlanAsync(
                        new()
                        {
                            RequestId = id,
                            Patient = run.Of(patient),
                            Protocol = run.Of(protocol),
                            Setting = run.Of(setting),
                            DoseMgPerKg = run.Of(perKg),
                            DoseMg = run.Of(fixedDose),
                            Goals = { run.Of(goals) },
                            ProtocolVersion = run.Of(version),
                            Supervision = run.Of(supervision) ?? "",
                            NewCourse = run.Of(newCourse),
                        },
                        cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"{Show.Plan(answer.Plan)}: ");
                });
            });
    }

    internal static string? ProtocolName(string text)
    {
        if (text.Length is 0 or > 80)
            return null;
        return text.StartsWith("protocols/", StringComparison.Ordinal) ? text : $"protocols/{text}";
    }
}
