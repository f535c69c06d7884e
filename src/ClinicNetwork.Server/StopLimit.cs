using ClinicNetwork.Gateway.Limits;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ClinicNetwork.Server;

/// <summary>
/// Kestrel, which stops in a part of the host's one budget and cuts the connections that are still open then. A caller who takes nothing, an idle stream of a
/// library that does not watch the stop, or a connection that Kestrel lost (<see cref="OpenConnections"/>) would else leave the silo nothing of it.
/// </summary>
internal sealed class StopLimit(IServer kestrel, TimeProvider time) : IServer
{
    public IFeatureCollection Features => kestrel.Features;

    /// <summary>Around the server that is registered.</summary>
    public static void Add(IServiceCollection services)
    {
        var kestrel = services.Last(service => service.ServiceType == typeof(IServer));
        services.Replace(ServiceDescriptor.Singleton<IServer>(provider => new StopLimit(
            (IServer)(kestrel.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, kestrel.ImplementationType!)),
            provider.GetRequiredService<TimeProvider>())));
    }

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull => kestrel.StartAsync(application, cancellationToken);

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(TimeSpan.FromSeconds(Operating.DrainSecondsMax), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        await kestrel.StopAsync(either.Token);
    }

    public void Dispose() => kestrel.Dispose();
}
