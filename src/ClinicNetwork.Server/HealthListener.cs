using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClinicNetwork.Server;

/// <summary>
/// Probes by plain HTTP/1 on a port of their own, status words only. gRPC's port speaks HTTP/2 alone, so the protocol tells the two apart
/// and neither answers what belongs to the other.
/// </summary>
internal static class HealthListener
{
    public static void Listen(KestrelServerOptions kestrel, ServerSettings settings)
    {
        if (settings.HealthPort >= 0)
        {
            kestrel.Listen(IPAddress.Parse(settings.HealthListen), settings.HealthPort, listen => listen.Protocols = HttpProtocols.Http1);
        }
    }

    public static void Map(WebApplication app, Readiness readiness) => app.MapWhen(
        context => !HttpProtocol.IsHttp2(context.Request.Protocol),
        health => health.Run(context => AnswerAsync(context, readiness)));

    private static Task AnswerAsync(HttpContext context, Readiness readiness)
    {
        var good = context.Request.Path.Value switch
        {
            Operating.LivePath => true,
            Operating.StartedPath => readiness.IsStarted,
            Operating.ReadyPath => readiness.IsReady,
            _ => (bool?)null,
        };
        if (good is not { } answer)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        context.Response.StatusCode = answer ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync((context.Request.Path == Operating.LivePath ? "live" : readiness.Word) + "\n");
    }
}

/// <summary>In the place of Kestrel when a silo listens to nothing: Kestrel without an endpoint would take its own usual port.</summary>
internal sealed class NoListener : IServer
{
    public IFeatureCollection Features { get; } = new FeatureCollection();

    public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
        where TContext : notnull => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
    }
}
