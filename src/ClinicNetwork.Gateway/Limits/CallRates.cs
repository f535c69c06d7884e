using ClinicNetwork.Domain;
using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Identity;
using ClinicNetwork.Gateway.Identity.Tokens;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ClinicNetwork.Gateway.Limits;

/// <summary>
/// A call of a client that is over its rate ends here: before gRPC reads, unpacks or parses anything of it, and before the audit, which would write
/// more for each than it costs its caller.
/// </summary>
internal static class CallRates
{
    private static readonly Refusal RateLimited =
        Refusal.Exhausted("RATE_LIMITED", "This client made more calls than it may; nothing was looked at. Try again after the delay, with the same request id.");

    public static IApplicationBuilder UseCallRates(this IApplicationBuilder app)
    {
        var rates = app.ApplicationServices.GetRequiredService<ClientRates>();
        return app.Use((HttpContext context, RequestDelegate next) =>
        {
            // The health listener knows no certificates; health and reflection count for nobody.
            if (context.Connection.ClientCertificate is null || Access.IsInfrastructure(context.Request.Path.Value ?? ""))
            {
                return next(context);
            }

            var taken = rates.TakeAsync(context);
            return taken.IsCompletedSuccessfully && taken.Result == TimeSpan.Zero ? next(context) : WaitAsync(taken, context, next);
        });
    }

    private static async Task WaitAsync(ValueTask<TimeSpan> taken, HttpContext context, RequestDelegate next)
    {
        var wait = await taken;
        if (wait == TimeSpan.Zero)
        {
            await next(context);
            return;
        }

        if (context.Request.Path == TokenEndpoint.Path)
        {
            await TokenEndpoint.RefuseForNowAsync(context, wait);
            return;
        }

        context.Response.ContentType = "application/grpc";
        StatusHeaders.Write(context.Response.Headers, RefusalStatus.Of(RateLimited, wait));
    }
}
