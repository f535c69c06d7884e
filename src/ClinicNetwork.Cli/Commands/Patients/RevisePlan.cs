using ClinicNetwork.Cli.Input;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

internal static class RevisePlan
{
    internal static CliCommand Build()
    {
        var patient = Given.Patient();
        var reason = Given.Required(Given.Text("--reason", "Why", 500));
        var perKg = Given.Number("--dose-mg-per-kg", "New dose by weight in mg/kg", 0.1, 1);
        var fixedDose = Given.Number("--dose-mg", "New fixed dose in mg, one of the protocol's", 1, 1000);
        var sessions = Given.Whole("--induction-sessions", "New number of induction sessions", 1, 12, 6);
        var goals = Given.Many("--goal", "a new goal, TEXT or TEXT;TARGET or TEXT;TARGET;YYYY-MM-DD, TARGET a PHQ-9 total or for example gad-7=8; replaces all goals", "GOAL", Parse.Goal);
        var protocol = Given.Option("--protocol", "the protocol to move to, of the same drug, see 'clinic protocols'", "PROTOCOL", CreatePlan.ProtocolName);
        var version = Given.Whole("--protocol-version", "Version of the protocol to move to", 1, 1_000, 1);
        var setting = Given.MayBeOneOf<Setting>("--setting", "New setting, one of the protocol's");
        var supervision = Given.Text("--supervision", "Who supervises doses at home, and how", 1_000);
        var phase = Given.MayBeOneOf<PlannedPhase>("--phase", "The phase from now on");
        var byWeeks = Given.Flag("--phase-by-weeks", "Back to the phase by the weeks of the course");
        var interval = Given.Whole("--interval-days", "Days from one dose to the next, within the phase's spacing", 1, 366, 7);
        var support = Given.Many("--support", "a series of support, KIND;PROVIDER;EVERY-DAYS;FROM or KIND;PROVIDER;EVERY-DAYS;FROM;TO, for example \"psychotherapy;Dr A;7;2025-08-01\"; replaces all", "SERIES", Parse.Support);
        var etag = Given.Option(
            "--etag", "the plan's etag as read; without it the present plan is changed", "ETAG", text => text.Length > 0 ? text : null);
        var mutation = new Mutation(timed: false);
        return new CliCommand("revise", "Change the plan; refused when it changed since it was read.",
            "patient revise patients/p-1 --dose-mg-per-kg 0.55 --reason \"partial response after three infusions\"")
            .With(patient, reason, perKg, fixedDose, sessions, goals, protocol, version, setting, supervision, phase, byWeeks, interval, support, etag)
            .With([.. mutation.Options])
            .Runs(async run =>
            {
                var request = new RevisePlanRequest { Patient = run.Of(patient), Reason = run.Of(reason), Goals = { run.Of(goals) } };
                if (run.Has(perKg))
                    request.DoseMgPerKg = run.Of(perKg);
                if (run.Has(fixedDose))
                    request.DoseMg = run.Of(fixedDose);
                if (run.Has(sessions))
                    request.InductionSessions = run.Of(sessions);
                (request.Protocol, request.Setting, request.Phase, request.PhaseByWeeks) = (run.Of(protocol) ?? "", run.Of(setting), run.Of(phase), run.Of(byWeeks));
                request.Support.AddRange(run.Of(support));
                if (run.Has(version))
                    request.ProtocolVersion = run.Of(version);
                if (run.Of(supervision) is { } supervised)
                    request.Supervision = supervised;
                if (run.Has(interval))
                    request.IntervalDays = run.Of(interval);
                if (request.Equals(new RevisePlanRequest { Patient = request.Patient, Reason = request.Reason }))
                    throw new InputException("--dose-mg-per-kg", "nothing to change; give a dose, a number of sessions, a phase, an interval, support, goals, a setting or a protocol");
                using var network = run.Connect();
                request.Etag = run.Of(etag) ?? await PresentEtagAsync(network, run.Of(patient), run.Cancelled);
                await mutation.SendAsync(run, network, async (id, _) =>
                {
                    request.RequestId = id;
                    var answer = await network.Patients.RevisePlanAsync(request, cancellationToken: run.Cancelled);
                    return (answer.Receipt, $"revision {answer.Plan.Revision}, {Show.Plan(answer.Plan)}: ");
                });
            });
    }

    private static async Task<string> PresentEtagAsync(ClinicNetworkClient network, string patient, CancellationToken cancellationToken)
    {
        var read = new GetPlanRequest { Name = $"{patient}/plan", Read = new() { Confirmed = true } };
        return (await network.Patients.GetPlanAsync(read, cancellationToken: cancellationToken)).Plan.Etag;
    }
}
