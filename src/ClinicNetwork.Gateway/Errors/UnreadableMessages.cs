using ClinicNetwork.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;

namespace ClinicNetwork.Gateway.Errors;

/// <summary>
/// Bytes that are no message never reach <see cref="RefusalInterceptor"/>: reading them fails before it, as status UNKNOWN. Nothing else ends
/// with UNKNOWN here, so it is told as what it is, the caller's mistake.
/// </summary>
internal static class UnreadableMessages
{
    private const string UnknownStatus = "2";

    internal static readonly Refusal Unreadable =
        Refusal.Invalid("MESSAGE_UNREADABLE", "", "The bytes are no message of this rpc; build it from the contract.");

    public static IApplicationBuilder UseUnreadableMessages(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        await next(context);
        var headers = context.Response.HasStarted ? context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers : context.Response.Headers;
        if (headers is { IsReadOnly: false } && headers.TryGetValue(StatusHeaders.Status, out var status) && status == UnknownStatus)
        {
            StatusHeaders.Write(headers, RefusalStatus.Of(Unreadable));
        }
    });
}
