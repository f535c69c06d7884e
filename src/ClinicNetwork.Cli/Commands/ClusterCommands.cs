using ClinicNetwork.Cli.Cluster;
using ClinicNetwork.Cli.Input;

namespace ClinicNetwork.Cli.Commands;

internal static class ClusterCommands
{
    private const int SilosMax = 16;

    internal static CliCommand Build()
    {
        var silos = Given.Whole("--silos", "Processes with grains", 1, SilosMax, 3);
        var gateways = Given.Whole("--gateways", "Processes of their own for gRPC; with 0 each silo has its own gateway", 0, SilosMax, 0);
        var postgres = Given.Option(
            "--postgres", "Npgsql connection string; without it a private PostgreSQL from the installed binaries", "CONN",
            text => text.Length > 0 ? text : null);
        var folder = Given.Option(
            "--folder", "An empty folder that stays; without it a temporary one", "DIR", text => text.Length > 0 ? text : null);
        var once = Given.Flag("--once", "End, and leave nothing behind, as soon as all are ready");
        var up = new CliCommand(
            "up", "Start a cluster of server processes on PostgreSQL, show it, and stop it at Ctrl-C.",
            "cluster up --silos 3", "cluster up --silos 2 --gateways 2", "cluster up --postgres 'Host=db;Username=clinicnetwork;Password=...;Database=clinicnetwork'")
            .With(silos, gateways, postgres, folder, once)
            .Runs(async run =>
            {
                await using var cluster = new ClusterRun(
                    new ClusterSettings(run.Of(silos), run.Of(gateways), run.Of(postgres), run.Of(folder), run.Of(once)), run.Terminal);
                return await cluster.RunAsync(run.Cancelled);
            });
        return new CliCommand("cluster", "Several server processes on this machine.").With(up);
    }
}
