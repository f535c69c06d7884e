using ClinicNetwork.Cli.Output;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

/// <summary>A conflict of the plan, side by side.</summary>
internal static class ConflictSheet
{
    private const int Column = 30;

    internal static void Write(Terminal terminal, PlanConflict conflict)
    {
        var stand = conflict.Resolution is { } r
            ? $"resolved {Show.Instant(r.ResolvedAt)} by {r.Actor}{At(r.Site)}: {Show.Words(r.Holds)} holds, revision {r.PlanRevision}: {r.Reason}"
            : $"open, asked of {(conflict.AskedOf.Length > 0 ? conflict.AskedOf : "any clinician")}";
        terminal.Line($"conflict {conflict.Number}, {stand}");
        Line(terminal, "", conflict.Base is null ? "before (not kept)" : $"before (revision {conflict.Base.Revision})", $"present (revision {conflict.Present.Revision})", "proposed");
        foreach (var field in conflict.Fields)
        {
            foreach (var (row, i) in Rows(field, conflict).Select((row, i) => (row, i)))
                Line(terminal, i == 0 ? Show.Words(field) : "", row.Before, row.Present, row.Proposed);
        }
        foreach (var author in conflict.Against)
            terminal.Line($"  present   revision {author.Revision}, by {(author.Actor.Length > 0 ? author.Actor : "-")}{At(author.Site)}: {author.Reason}");
        terminal.Line($"  proposed  {Show.Instant(conflict.OccurredAt)}, by {conflict.ProposedBy}{At(conflict.ProposedAtSite)}: {conflict.Proposed.RevisionReason}");
    }

    private static string At(string site) => site.Length > 0 ? $" at {site}" : "";

    private static void Line(Terminal terminal, string field, string before, string present, string proposed) =>
        terminal.Line($"  {field,-19} {before,-Column} {present,-Column} {proposed}".TrimEnd());

    private static IEnumerable<(string Before, string Present, string Proposed)> Rows(PlanField field, PlanConflict conflict)
    {
        var sides = new[] { conflict.Base, conflict.Present, conflict.Proposed }.Select(plan => plan is null ? [] : Values(field, plan)).ToArray();
        return Enumerable.Range(0, sides.Max(side => side.Length)).Select(i => (Cell(sides[0], i), Cell(sides[1], i), Cell(sides[2], i)));
    }

    private static string Cell(string[] side, int row) => row < side.Length ? side[row] : "";

    private static string[] Values(PlanField field, Plan plan) => field switch
    {
        PlanField.Protocol => [$"{plan.Protocol["protocols/".Length..]}/{plan.ProtocolVersion}"],
        PlanField.Setting => [Show.Words(plan.Setting)],
        PlanField.Supervision => [plan.Supervision.Length > 0 ? plan.Supervision : "-"],
        PlanField.DoseMgPerKg or PlanField.DoseMg => [Show.Dose(plan)],
        PlanField.InductionSessions => [$"{plan.InductionSessions}"],
        PlanField.Phase => [plan.Phase == PlannedPhase.Unspecified ? "by weeks" : Show.Words(plan.Phase)],
        PlanField.Interval => [plan.IntervalDays == 0 ? "the phase's own" : $"{Show.Count(plan.IntervalDays, "day")}, {Show.Words(plan.IntervalPhase)}"],
        PlanField.Goals => [.. plan.Goals.Select(g => $"{g.Text}{(g.HasTargetPhq9 ? $"; {g.TargetPhq9}" : g.HasTargetTotal ? $"; {Show.Words(g.Measure)}={g.TargetTotal}" : "")}{(g.TargetDate.Length > 0 ? $"; {g.TargetDate}" : "")}")],
        PlanField.Support => [.. plan.Support.Select(s => $"{Show.Words(s.Kind)}; {s.Provider}; {s.EveryDays}; {s.FromDay}{(s.ToDay.Length > 0 ? $"; {s.ToDay}" : "")}")],
        _ => ["-"],
    };
}
