using Spectre.Console;

namespace ClinicNetwork.Benchmarks.Reports;

/// <summary>The tables on the terminal.</summary>
internal static class ScreenReport
{
    public static void Write(IAnsiConsole console, Report report)
    {
        foreach (var result in report.Results)
        {
            foreach (var table in result.Tables)
            {
                Write(console, table.Title, Report.Columns(table), table.Rows.Select(row => Report.Cells(table, row).Select(Markup.Escape)));
            }

            foreach (var note in result.Notes)
            {
                console.MarkupLine($"[grey]{Markup.Escape(result.Name + ": " + note)}[/]");
            }
        }

        Write(console, "Goals", ["what", "goal", "measured", "verdict"], report.Results.SelectMany(r => r.Goals).Select(goal => (IEnumerable<string>)
        [
            Markup.Escape(goal.What), Markup.Escape(goal.LimitText), Markup.Escape(goal.MeasuredText), $"[{(goal.IsMet ? "green" : "red")}]{Markup.Escape(goal.Verdict)}[/]",
        ]));
        foreach (var line in report.Machine.Lines.Append(report.How))
        {
            console.MarkupLine($"[grey]{Markup.Escape(line)}[/]");
        }

        foreach (var warning in report.Machine.Warnings.Concat(report.Broken))
        {
            console.MarkupLine($"[yellow]WARNING: {Markup.Escape(warning)}[/]");
        }
    }

    private static void Write(IAnsiConsole console, string title, string[] columns, IEnumerable<IEnumerable<string>> rows)
    {
        var table = new Spectre.Console.Table { Title = new TableTitle(Markup.Escape(title)), Border = TableBorder.Rounded };
        foreach (var (column, i) in columns.Select((column, i) => (column, i)))
        {
            table.AddColumn(new TableColumn(Markup.Escape(column)) { Alignment = i == 0 ? Justify.Left : Justify.Right });
        }

        foreach (var row in rows)
        {
            table.AddRow([.. row]);
        }

        console.Write(table);
    }
}
