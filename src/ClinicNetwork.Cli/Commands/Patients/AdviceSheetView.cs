using ClinicNetwork.Cli.Output;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Cli.Commands.Patients;

/// <summary>Advice in lines: what is open, what it rests on, what is missing.</summary>
internal static class AdviceSheetView
{
    internal const string Label = "decision support, not a medical device; a clinician decides";

    /// <summary>A line each, for the patient's sheet; nothing when there is none.</summary>
    internal static void WriteOpen(Terminal terminal, IReadOnlyCollection<Advice> advice)
    {
        if (advice.Count == 0)
            return;
        terminal.Line("");
        terminal.Line($"Advice ({Label}; patient advice tells why):");
        foreach (var one in advice)
            terminal.Line($"  {one.Text} [{one.Rule}]");
    }

    internal static void Write(Terminal terminal, GetAdviceResponse answer)
    {
        terminal.Line($"Advice: {Label}.");
        if (answer.Advice.Count == 0)
            terminal.Line("  none open");
        foreach (var advice in answer.Advice)
            WriteOne(terminal, advice);
        foreach (var gap in answer.Missing)
            terminal.Line($"  missing: {gap.Missing}; no advice on {string.Join(", ", gap.Kinds.Select(Show.Words))}");
        foreach (var decision in answer.Decisions)
        {
            var revision = decision.PlanRevision > 0 ? $", plan revision {decision.PlanRevision}" : "";
            terminal.Line(
                $"  decided {decision.Number}: {decision.Advice.Text} [{decision.Advice.Rule}] {Show.Words(decision.Verdict)}{revision}, {decision.DecidedBy}, {Show.Instant(decision.DecidedAt)}: {decision.Reason}");
        }
    }

    private static void WriteOne(Terminal terminal, Advice advice)
    {
        terminal.Line($"  {advice.Text} [{advice.Rule}]");
        foreach (var datum in advice.Data)
            terminal.Line($"    because  {datum.Fact}: {datum.Says}");
        terminal.Line($"    within   {advice.Limit}");
        terminal.Line($"    instead  {string.Join("; ", advice.Alternatives)}");
        terminal.Line($"    source   {advice.Source}");
        terminal.Line($"    id       {advice.Id}");
    }
}
