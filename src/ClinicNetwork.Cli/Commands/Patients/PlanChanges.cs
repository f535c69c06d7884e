using System.CommandLine;
using ClinicNetwork.Cli.Input;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

/// <summary>What of a plan can be changed, as options: of a revision, of a proposal and of a resolution.</summary>
internal sealed class PlanChanges
{
    private readonly Option<double> perKg = Given.Number("--dose-mg-per-kg", "New dose by weight in mg/kg", 0.1, 1);
    private readonly Option<double> fixedDose = Given.Number("--dose-mg", "New fixed dose in mg, one of the protocol's", 1, 1000);
    private readonly Option<int> sessions = Given.Whole("--induction-sessions", "New number of induction sessions", 1, 12, 6);
    private readonly Option<Goal[]> goals = Given.Many("--goal", "a new goal, TEXT or TEXT;TARGET or TEXT;TARGET;YYYY-MM-DD, TARGET a PHQ-9 total or for example gad-7=8; replaces all goals", "GOAL", Parse.Goal);
    private readonly Option<string> protocol = Given.Option("--protocol", "the protocol to move to, of the same drug, see 'clinic protocols'", "PROTOCOL", CreatePlan.ProtocolName);
    private readonly Option<int> version = Given.Whole("--protocol-version", "Version of the protocol to move to", 1, 1_000, 1);
    private readonly Option<Setting> setting = Given.MayBeOneOf<Setting>("--setting", "New setting, one of the protocol's");
    private readonly Option<string?> supervision = Given.Text("--supervision", "Who supervises doses at home, and how", 1_000);
    private readonly Option<PlannedPhase> phase = Given.MayBeOneOf<PlannedPhase>("--phase", "The phase from now on");
    private readonly Option<bool> byWeeks = Given.Flag("--phase-by-weeks", "Back to the phase by the weeks of the course");
    private readonly Option<int> interval = Given.Whole("--interval-days", "Days from one dose to the next, within the phase's spacing", 1, 366, 7);
    private readonly Option<PlannedSupport[]> support = Given.Many("--support", "a series of support, KIND;PROVIDER;EVERY-DAYS;FROM or KIND;PROVIDER;EVERY-DAYS;FROM;TO, for example \"psychotherapy;Dr A;7;2025-08-01\"; replaces all", "SERIES", Parse.Support);

    internal Option[] Options => [perKg, fixedDose, sessions, goals, protocol, version, setting, supervision, phase, byWeeks, interval, support];

    /// <summary>Null when nothing was given.</summary>
    internal RevisePlanRequest? Of(Invocation run)
    {
        var request = new RevisePlanRequest
        {
            Goals = { run.Of(goals) },
            Protocol = run.Of(protocol) ?? "",
            Setting = run.Of(setting),
            Phase = run.Of(phase),
            PhaseByWeeks = run.Of(byWeeks),
            Support = { run.Of(support) },
        };
        run.Set(perKg, value => request.DoseMgPerKg = value);
        run.Set(fixedDose, value => request.DoseMg = value);
        run.Set(sessions, value => request.InductionSessions = value);
        run.Set(version, value => request.ProtocolVersion = value);
        run.Set(interval, value => request.IntervalDays = value);
        if (run.Of(supervision) is { } supervised)
            request.Supervision = supervised;
        return request.Equals(new RevisePlanRequest()) ? null : request;
    }

    /// <exception cref="InputException">Nothing was given.</exception>
    internal RevisePlanRequest Needed(Invocation run) => Of(run)
        ?? throw new InputException("--dose-mg-per-kg", "nothing to change; give a dose, a number of sessions, a phase, an interval, support, goals, a setting or a protocol");

    internal static Task<GetPlanResponse> PresentAsync(ClinicNetworkClient network, string patient, CancellationToken cancellationToken) =>
        network.Patients.GetPlanAsync(new() { Name = $"{patient}/plan", Read = new() { Confirmed = true } }, cancellationToken: cancellationToken).ResponseAsync;
}
