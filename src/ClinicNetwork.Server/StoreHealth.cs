using ClinicNetwork.Journal;
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
