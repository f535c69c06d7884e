using Spectre.Console;

namespace ClinicNetwork.Cli.Output;

/// <summary>A table of plain text: a line under the headings and no other frame. A heading that begins with <c>&gt;</c> sets its column to the right.</summary>
internal sealed class Sheet
{
    private readonly Table table = new Table().Border(TableBorder.Simple);

    internal Sheet(params ReadOnlySpan<string> headings)
    {
        foreach (var heading in headings)
        {
            var right = heading.StartsWith('>');
            var column = new TableColumn(new Markup($"[bold]{Markup.Escape(heading.TrimStart('>'))}[/]"));
            table.AddColumn(right ? column.RightAligned() : column);
        }
    }

    internal Sheet Row(params ReadOnlySpan<string> cells)
    {
        var texts = new Text[cells.Length];
        for (var i = 0; i < cells.Length; i++)
            texts[i] = new Text(cells[i]);
        table.AddRow(texts);
        return this;
    }

    internal void WriteTo(Terminal terminal) => terminal.Console.Write(table);
}
