using ClinicNetwork.Cli.Output;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Site;
using Google.Protobuf.WellKnownTypes;

namespace ClinicNetwork.Cli.Commands.Sites;

internal static class SiteConflicts
{
    internal static CliCommand Build()
    {
        var folder = new SiteFolder();
        return new CliCommand("conflicts", "Show what contradicts each other in the plans, side by side.", "site conflicts --folder hillside").With(folder.Options).Runs(run =>
        {
            using var replica = folder.Open(run);
            var any = false;
            foreach (var name in replica.Patients())
            {
                foreach (var conflict in replica.Find(name)?.State?.PlanConflicts.Where(c => c.IsOpen) ?? [])
                {
                    Write(run.Terminal, name, conflict);
                    any = true;
                }
            }
            // Of patients of whom sections alone are shared there is what the network answered.
            foreach (var item in replica.Outbox().Where(i => i.Standing == ItemStanding.Conflict && replica.Find(i.Patient) is { State: null }))
            {
                run.Terminal.Line(item.Patient);
                Patients.ConflictSheet.Write(run.Terminal, item.Result!.Conflict.Conflict);
                any = true;
            }
            if (!any)
                run.Terminal.Line("no conflict");
            return Task.CompletedTask;
        });
    }

    internal static string Dose(Plan plan) => plan.DoseMgPerKg is { } perKg ? $"{Show.Number(perKg)} mg/kg" : $"{Show.Number(plan.DoseMg ?? 0)} mg";

    private static void Write(Terminal terminal, string patient, PlanConflict conflict)
    {
        terminal.Line($"{patient}  conflict {conflict.Number}, found {Show.Instant(conflict.FoundAt.ToTimestamp())}, about {string.Join(", ", conflict.Fields.Select(f => Show.Words(f)))}");
        Side(terminal, "before", conflict.Base, conflict);
        Side(terminal, "present", conflict.Present, conflict);
        Side(terminal, "proposed", conflict.Proposed, conflict);
    }

    private static void Side(Terminal terminal, string side, Plan? plan, PlanConflict conflict)
    {
        if (plan is null)
        {
            terminal.Line($"  {side,-9} not kept");
            return;
        }
        var values = string.Join("; ", conflict.Fields.Select(f => Value(f, plan)).Distinct());
        var by = plan.RevisedBy is { Length: > 0 } ? $", by {plan.RevisedBy}{(plan.RevisedFrom is { } site ? $" at {site.Name}" : "")}" : "";
        terminal.Line($"  {side,-9} {values}{by}{(plan.RevisionReason.Length > 0 ? $": {plan.RevisionReason}" : "")}");
    }

    private static string Value(PlanField field, Plan plan) => field switch
    {
        PlanField.Protocol => $"{plan.Protocol.Name}/{plan.ProtocolVersion}",
        PlanField.Setting => Show.Words(plan.Setting),
        PlanField.Supervision => plan.Supervision ?? "not supervised",
        PlanField.DoseMgPerKg or PlanField.DoseMg => Dose(plan),
        PlanField.InductionSessions => Show.Count(plan.InductionSessions, "induction session"),
        PlanField.Phase => plan.ChosenPhase is { } phase ? Show.Words(phase) : "phase by weeks",
        PlanField.Interval => plan.Interval is { } interval ? $"every {Show.Count(interval.Days, "day")}" : "the phase's own interval",
        PlanField.Goals => $"goals {string.Join(", ", plan.Goals.Select(g => g.Text))}",
        PlanField.Support => $"support {string.Join(", ", plan.Support.Select(s => $"{Show.Words(s.Kind)} {s.Provider} every {s.EveryDays} d"))}",
        _ => "-",
    };
}
