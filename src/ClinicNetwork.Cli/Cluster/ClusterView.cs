using ClinicNetwork.Cli.Output;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ClinicNetwork.Cli.Cluster;

/// <summary>The processes of a cluster as a table: once, or drawn anew while somebody watches.</summary>
internal sealed class ClusterView(IReadOnlyList<ClusterMember> members, string identity, Terminal terminal)
{
    /// <summary>Told deaths that stay below the table.</summary>
    private const int NotesMax = 5;

    internal void Print()
    {
        var sheet = new Sheet("process", "role", "address", ">pid", "state");
        foreach (var member in members)
            sheet.Row(member.Name, member.Role, member.Address, member.ProcessId, member.State);
        sheet.WriteTo(terminal);
        if (Try(int.MaxValue) is { } hint)
            terminal.Line(hint);
    }

    /// <summary>Until it is cancelled.</summary>
    /// <param name="news">Lines to keep below the table.</param>
    internal Task LiveAsync(TimeSpan refresh, Func<CancellationToken, Task<IReadOnlyList<string>>> news, CancellationToken cancellationToken) =>
        terminal.Console.Live(Draw([])).StartAsync(async context =>
        {
            var notes = new List<string>();
            using var timer = new PeriodicTimer(refresh);
            do
            {
                notes.AddRange(await news(cancellationToken));
                notes.RemoveRange(0, Math.Max(0, notes.Count - NotesMax));
                context.UpdateTarget(Draw(notes));
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        });

    /// <summary>Null while no gateway serves. A line that is wrapped cannot be copied: where all do not fit, one has to do.</summary>
    private string? Try(int columns)
    {
        var command = $"try: clinicnet status --identity {identity} --server ";
        var serving = members.Where(member => member.HasGateway && member.IsWell).Select(member => member.Address).ToList();
        if (serving.Count == 0)
            return null;
        var all = command + string.Join(',', serving);
        return all.Length <= columns ? all : command + serving[0];
    }

    private Rows Draw(IReadOnlyList<string> notes)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("process", "role", "address");
        table.AddColumn(new TableColumn("pid").RightAligned()).AddColumn("state");
        foreach (var member in members)
        {
            table.AddRow(
                new Text(member.Name), new Text(member.Role), new Text(member.Address), new Text(member.ProcessId), new Text(member.State, Colour(member)));
        }
        IRenderable[] hint = Try(terminal.Console.Profile.Width) is { } line ? [new Text(line)] : [];
        return new Rows([table, .. notes.Select(IRenderable (note) => new Text(note, Color.Red)), .. hint, new Text("stop: Ctrl-C")]);
    }

    private static Color Colour(ClusterMember member) =>
        member.IsDead ? Color.Red : member.IsWell ? Color.Green : member.State == "not serving" ? Color.Red : Color.Yellow;
}
