using ClinicNetwork.Gateway.Identity.Tokens;
using ClinicNetwork.Gateway.Limits;
using ClinicNetwork.Grains;
using ClinicNetwork.Journal;
using ClinicNetwork.Server.Keys;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClinicNetwork.Server;

/// <summary>
/// Follows the files beside the authority: whose certificate was revoked or ended loses its connections within seconds, which machine was removed its tokens. It needs no
/// database. What cannot be read stays as it was known, and no revocation is taken back by a list without it; log and grpc.health tell. Without a list of machines none is
/// registered.
/// </summary>
internal sealed class Registers : BackgroundService, IHealthCheck
{
    /// <summary>In grpc.health.</summary>
    public const string Name = "registers";

    /// <summary>A change is noticed within this.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private readonly string _folder;
    private readonly OpenConnections _connections;
    private readonly RegisteredClients _clients;
    private readonly TimeProvider _time;
    private readonly TroubleLine _trouble;
    private volatile string? _problem;

    public Registers(string folder, OpenConnections connections, RegisteredClients clients, TimeProvider time, ILogger<Registers> log)
    {
        (_folder, _connections, _clients, _time) = (folder, connections, clients, time);
        _trouble = new(log, "What was revoked or registered before stays so", "The registers are read again");
    }

    /// <summary>Read before the first call comes in; one that cannot be read then stops the start.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        ReadRevocations();
        ReadClients();
        return base.StartAsync(cancellationToken);
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_problem is null ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("A register beside the authority cannot be read, or lost lines."));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, _time);
        do
        {
            Look();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>One that cannot be read keeps nobody from reading the others.</summary>
    internal void Look()
    {
        var problems = new List<string>();
        foreach (var read in (Action[])[ReadRevocations, ReadClients, CheckIssued])
        {
            try
            {
                read();
            }
            catch (StoreRefusedException exception)
            {
                problems.Add(exception.Message);
            }
        }

        _connections.CloseBad();
        _problem = problems.Count == 0 ? null : string.Join(' ', problems);
        _trouble.Tell(_problem);
    }

    private void ReadRevocations()
    {
        var missing = _connections.Revoke(CertificateRegister.ReadRevoked(_folder));
        if (missing > 0)
        {
            throw new StoreRefusedException($"{Path.Combine(_folder, CertificateRegister.RevokedFile)} lost {missing} revocations; put it back from its backup.");
        }
    }

    private void ReadClients() => _clients.Replace(ClientRegister.Read(_folder));

    private void CheckIssued() => CertificateRegister.ReadIssued(_folder);
}
