using Spectre.Console;
using Spectre.Console.Rendering;

namespace ClinicNetwork.Cli.Output;

/// <summary>A table of plain text: a line under the headings, no other frame. A heading with <c>&gt;</c> before it goes to the right, what is under one with <c>!</c> is not broken: names that are copied.</summary>
internal sealed class Sheet
{
    private readonly Table table = new Table().Border(TableBorder.Simple);

    internal Sheet(params ReadOnlySpan<string> headings)
    {
        foreach (var heading in headings)
        {
            var right = heading.StartsWith('>');
            var column = new TableColumn(new Markup($"[bold]{Markup.Escape(heading.TrimStart('>', '!'))}[/]"));
            if (heading.StartsWith('!'))
                column.NoWrap();
            table.AddColumn((right ? column.RightAligned() : column).PadLeft(0).PadRight(1));
        }
    }

    internal Sheet Row(params ReadOnlySpan<string> cells)
    {
        var texts = new Text[cells.Length];
        for (var i = 0; i < cells.Length; i++)
            texts[i] = new Text(string.Concat(cells[i].Select(c => char.IsControl(c) && c != '\n' ? ' ' : c)));
        table.AddRow(texts);
        return this;
    }

    internal void WriteTo(Terminal terminal) => terminal.Console.Write(new WithoutBlanks(table));

    /// <summary>The frame's empty lines above and below, and blanks at line ends, say nothing.</summary>
    private sealed class WithoutBlanks(IRenderable table) : Renderable
    {
        protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
        {
            foreach (var line in Segment.SplitLines(table.Render(options, maxWidth)))
            {
                var end = line.FindLastIndex(segment => !string.IsNullOrWhiteSpace(segment.Text));
                if (end < 0)
                    continue;
                for (var i = 0; i <= end; i++)
                    yield return i < end ? line[i] : new Segment(line[i].Text.TrimEnd(), line[i].Style);
                yield return Segment.LineBreak;
            }
        }
    }
}
