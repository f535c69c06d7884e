using ClinicNetwork.Cli.Input;
using ClinicNetwork.Cli.Output;
using ClinicNetwork.Cli.Servers;

namespace ClinicNetwork.Cli.Cluster;

/// <summary>
/// A cluster on this machine from its start to its end: PostgreSQL, schema, silos, gateways; stopped the other way round. A process that
/// dies is shown as dead, and the others go on.
/// </summary>
internal sealed class ClusterRun(ClusterSettings settings, Terminal terminal) : IAsyncDisposable
{
    /// <summary>How often the table is drawn anew.</summary>
    private static readonly TimeSpan Refresh = TimeSpan.FromMilliseconds(500);

    /// <summary>How long gateways that are ready may take to say that they serve.</summary>
    private static readonly TimeSpan WellMax = TimeSpan.FromSeconds(15);

    private readonly List<ClusterMember> members = [.. settings.Members()];
    private readonly HashSet<ClusterMember> toldDead = [];
    private readonly Dictionary<ClusterMember, string> toldStates = [];
    private PrivatePostgres? postgres;
    private string? temporary;

    /// <returns>The exit code: 0 unless a process died.</returns>
    internal async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        var folder = OpenFolder();
        var connectionString = settings.Postgres ?? await StartPostgresAsync(folder, cancellationToken);
        await MigrateAsync(folder, connectionString, cancellationToken);
        foreach (var member in members)
            member.Launch(folder, connectionString);
        var view = new ClusterView(members, ClusterMember.Identity(ClusterMember.Keys(folder)), terminal);
        if (settings.Once)
        {
            await AllReadyAsync(cancellationToken);
            var well = await AllWellAsync(cancellationToken);
            view.Print();
            return well ? ExitCodes.Done : ExitCodes.Failed;
        }
        try
        {
            if (terminal.Live)
                await ShowAsync(view, cancellationToken);
            else
                await WatchAsync(view, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            terminal.Line("stopping");
        }
        return toldDead.Count > 0 ? ExitCodes.Failed : ExitCodes.Done;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(members.Where(member => !member.HasSilo));
        await StopAsync(members.Where(member => member.HasSilo));
        if (postgres is not null)
            await postgres.DisposeAsync();
        if (temporary is not null)
            Directory.Delete(temporary, recursive: true);
    }

    private static Task StopAsync(IEnumerable<ClusterMember> some) => Task.WhenAll(some.Select(member => member.DisposeAsync().AsTask()));

    private string OpenFolder()
    {
        if (settings.Folder is { } given)
        {
            var path = Path.GetFullPath(given);
            if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
                throw new InputException("--folder", "is not empty; name a new folder");
            Directory.CreateDirectory(path);
            return path;
        }
        temporary = Directory.CreateTempSubdirectory("clinicnet-cluster-").FullName;
        // PostgreSQL may have to run as another user, who has to get through; what lies in here is closed itself.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(temporary, File.GetUnixFileMode(temporary) | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        return temporary;
    }

    private async Task<string> StartPostgresAsync(string folder, CancellationToken cancellationToken)
    {
        postgres = await PrivatePostgres.CreateAsync(Path.Combine(folder, "postgres"), ownSession: true, cancellationToken);
        terminal.Line($"PostgreSQL on port {postgres.Port}, process {postgres.ProcessId}");
        return postgres.ConnectionString();
    }

    private async Task MigrateAsync(string folder, string connectionString, CancellationToken cancellationToken)
    {
        await using var migration = ServerProcess.Launch(
            ["migrate", "--folder", folder, "--keys", ClusterMember.Keys(folder)], ClusterMember.Environment(connectionString), ownSession: true);
        if (await migration.EndAsync(cancellationToken) != 0)
            throw new ServerProcessException(migration.LastLine);
        terminal.Line(migration.LastLine);
    }

    /// <exception cref="ServerProcessException">One of them ended or took too long; the cluster is stopped.</exception>
    private async Task AllReadyAsync(CancellationToken cancellationToken)
    {
        using var others = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var all = members.Select(async member =>
        {
            try
            {
                await member.ReadyAsync(others.Token);
            }
            catch (ServerProcessException error)
            {
                await others.CancelAsync();
                throw new ServerProcessException($"{member.Name}: {error.Message}");
            }
        }).ToArray();
        try
        {
            await Task.WhenAll(all);
        }
        catch (OperationCanceledException) when (all.FirstOrDefault(task => task.IsFaulted) is { } failed)
        {
            await failed;
        }
    }

    /// <summary>Shown from the start on; a start that fails ends it.</summary>
    private async Task ShowAsync(ClusterView view, CancellationToken cancellationToken)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var starting = StartingAsync();
        try
        {
            await view.LiveAsync(Refresh, TellDeadAsync, failed.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            await starting;
            throw;
        }

        async Task StartingAsync()
        {
            try
            {
                await AllReadyAsync(cancellationToken);
            }
            catch (ServerProcessException)
            {
                await failed.CancelAsync();
                throw;
            }
        }
    }

    private async Task WatchAsync(ClusterView view, CancellationToken cancellationToken)
    {
        await AllReadyAsync(cancellationToken);
        await AllWellAsync(cancellationToken);
        view.Print();
        TellChanges();
        using var timer = new PeriodicTimer(Refresh);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            foreach (var line in (string[])[.. await TellDeadAsync(cancellationToken), .. TellChanges()])
                terminal.Line(line);
        }
    }

    private Task AskAsync(CancellationToken cancellationToken) => Task.WhenAll(members.Select(member => member.AskAsync(cancellationToken)));

    /// <returns>False when one died, or does not serve for too long: the table tells which.</returns>
    private async Task<bool> AllWellAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Refresh);
        for (var left = WellMax / Refresh; ; left--)
        {
            await AskAsync(cancellationToken);
            if (members.TrueForAll(member => member.IsWell))
                return true;
            if (left <= 0 || members.Exists(member => member.IsDead))
                return false;
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    /// <summary>One line for each that died since this was last asked.</summary>
    private async Task<IReadOnlyList<string>> TellDeadAsync(CancellationToken cancellationToken)
    {
        await AskAsync(cancellationToken);
        return
        [
            .. members.Where(member => member.IsDead && toldDead.Add(member))
                .Select(member => $"{member.Name} (process {member.ProcessId}) is {member.State}; the others go on. {member.LastLine}"),
        ];
    }

    /// <summary>One line for each living one whose state is another than was last told; at first nothing is another.</summary>
    private List<string> TellChanges()
    {
        var lines = new List<string>();
        foreach (var member in members.Where(member => !member.IsDead))
        {
            var state = member.State;
            if (toldStates.TryGetValue(member, out var told) && told != state)
                lines.Add($"{member.Name} is {state}");
            toldStates[member] = state;
        }
        return lines;
    }
}
