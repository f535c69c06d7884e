using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using ClinicNetwork.Journal.Audit;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClinicNetwork.Server;

/// <summary>Whether this process wants calls.</summary>
internal sealed class GatewayHealth(Readiness readiness) : IHealthCheck
{
    public const string Name = "gateway";

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(readiness.IsReady ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(readiness.Word));
}

/// <summary>Healthy when the journal answers a read.</summary>
internal sealed class StoreHealth(IJournal journal) : IHealthCheck
{
    public const string Name = "store";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            _ = await journal.ReadHeadAsync("health", cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("The journal does not answer.");
        }
    }
}

/// <summary>Healthy when the audit tree is this network's own; while the database is away nobody knows.</summary>
internal sealed class AuditHealth(IAuditLog audit) : IHealthCheck
{
    public const string Name = "audit";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return await audit.FindProblemAsync(cancellationToken) is null ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("The audit tree was not written by this network.");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.");
        }
    }
}

/// <summary>Healthy while publications are made; an operator finds in the log why they are not.</summary>
internal sealed class PublicationHealth(PublicationAlert publications) : IHealthCheck
{
    public const string Name = "releases";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return await publications.ReadBlockedSinceAsync(cancellationToken) is null ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("A publication is blocked.");
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("No silo answers.");
        }
    }
}
