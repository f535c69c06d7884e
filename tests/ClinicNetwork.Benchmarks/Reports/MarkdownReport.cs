using System.Text;
using ClinicNetwork.Benchmarks.Figures;

namespace ClinicNetwork.Benchmarks.Reports;

/// <summary>The tables as docs/benchmarks.md takes them.</summary>
internal static class MarkdownReport
{
    public static string Of(Report report)
    {
        var text = new StringBuilder();
        foreach (var line in report.Machine.Lines.Append(report.How))
        {
            text.Append("- ").AppendLine(line);
        }

        foreach (var warning in report.Machine.Warnings.Concat(report.Broken))
        {
            text.Append("- **").Append(warning).AppendLine("**");
        }

        text.AppendLine().AppendLine("### Goals").AppendLine();
        WriteRow(text, ["what", "goal", "measured", "verdict"]);
        WriteRow(text, ["---", "---", "---:", "---"]);
        foreach (var goal in report.Results.SelectMany(r => r.Goals))
        {
            WriteRow(text, [goal.What, goal.LimitText, goal.MeasuredText, goal.IsMet ? goal.Verdict : $"**{goal.Verdict}**"]);
        }

        foreach (var result in report.Results)
        {
            Write(text, result);
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, Result result)
    {
        foreach (var table in result.Tables)
        {
            var columns = Report.Columns(table);
            text.AppendLine().Append("### ").AppendLine(table.Title).AppendLine();
            WriteRow(text, columns);
            WriteRow(text, columns.Select((_, i) => i == 0 ? "---" : "---:"));
            foreach (var row in table.Rows)
            {
                WriteRow(text, Report.Cells(table, row));
            }
        }

        text.AppendLine();
        foreach (var note in result.Notes)
        {
            text.Append(result.Tables.Count == 0 ? $"- {result.Name}: " : "- ").AppendLine(note);
        }
    }

    private static void WriteRow(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal))).AppendLine(" |");
}
