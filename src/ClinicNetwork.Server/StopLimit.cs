using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ClinicNetwork.Server;

/// <summary>
/// Kestrel, which is waited for no longer than its connections are (see <see cref="DrainLimit"/>). A connection whose calls were reset in floods is closed and
/// can still be counted as open for ever; without this it would take all of the time that a stop has, and leave the silo none.
/// </summary>
internal sealed class StopLimit(IServer kestrel, TimeProvider time) : IServer
{
    /// <summary>For what was cut to be over.</summary>
    private static readonly TimeSpan CutMax = TimeSpan.FromSeconds(2);

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
        using var over = new CancellationTokenSource(TimeSpan.FromSeconds(Operating.DrainSecondsMax) + CutMax, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        await kestrel.StopAsync(either.Token);
    }

    public void Dispose() => kestrel.Dispose();
}
