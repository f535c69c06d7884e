using ClinicNetwork.Cli.Cluster;
using ClinicNetwork.Faults;
using ClinicNetwork.Faults.Checker;
using ClinicNetwork.Faults.History;
using ClinicNetwork.Faults.Plan;
using ClinicNetwork.Faults.Processes;
using ClinicNetwork.Faults.Releases;
using ClinicNetwork.Faults.Run;

if (args.Any(a => a is "--help" or "-h"))
{
    Console.WriteLine(CommandLine.Help);
    return 0;
}

using var cancel = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    Console.Error.WriteLine("ending everything that was started ...");
    cancel.Cancel();
};

try
{
    if (args is ["releases", ..])
    {
        return await ReleasesCommand.RunAsync(args[1..], cancel.Token);
    }

    var line = CommandLine.Parse(args);
    return line switch
    {
        { List: true } => Listing.Print(),
        { SelfTest: true } => await SelfTest.RunAsync(line, OutOf(line), cancel.Token),
        _ => await RunAsync(line, cancel.Token),
    };
}
catch (FormatException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 2;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("ended by request");
    return 3;
}
catch (Exception exception) when (exception is RigException or PrivatePostgresException or IOException or InvalidDataException or Npgsql.NpgsqlException or Grpc.Core.RpcException or ClinicNetwork.Client.ClinicNetworkException)
{
    Console.Error.WriteLine($"the rig failed: {exception.Message}");
    return 3;
}

static async Task<int> RunAsync(CommandLine line, CancellationToken cancel)
{
    var runs = new List<CheckedRun>();
    foreach (var seed in line.Seeds)
    {
        var folder = Path.Combine(OutOf(line), $"seed-{seed}");
        var settings = new RigSettings(seed, line.Plan, line.Plan == PlanKind.Long ? TimeSpan.FromMinutes(line.Minutes) : TimeSpan.Zero, folder);
        var history = await new RigRun(settings, Console.WriteLine).RunAsync(cancel);
        runs.Add(RunChecker.Check(HistoryFile.Read(history)));
        Console.WriteLine(CheckReport.Of([runs[^1]]));
    }

    if (runs.Count > 1)
    {
        Console.WriteLine(CheckReport.Of(runs));
    }

    return runs.All(r => r.IsGood) ? 0 : 1;
}

static string OutOf(CommandLine line) => Path.GetFullPath(line.Out ?? Path.Combine("artifacts", "faults"));
