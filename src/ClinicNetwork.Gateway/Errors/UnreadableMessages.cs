using ClinicNetwork.Domain;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Features;

namespace ClinicNetwork.Gateway.Errors;

/// <summary>
/// Bytes that are no message never reach <see cref="RefusalInterceptor"/>: reading them fails before it, as status UNKNOWN. Nothing else ends
/// with UNKNOWN here, so it is told as what it is, the caller's mistake.
/// </summary>
internal static class UnreadableMessages
{
    private const string StatusTrailer = "grpc-status";
    private const string MessageTrailer = "grpc-message";
    private const string DetailsTrailer = "grpc-status-details-bin";
    private const string UnknownStatus = "2";

    internal static readonly Refusal Unreadable =
        Refusal.Invalid("MESSAGE_UNREADABLE", "", "The bytes are no message of this rpc; build it from the contract.");

    public static IApplicationBuilder UseUnreadableMessages(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        await next(context);
        var headers = context.Response.HasStarted ? context.Features.Get<IHttpResponseTrailersFeature>()?.Trailers : context.Response.Headers;
        if (headers is { IsReadOnly: false } && headers.TryGetValue(StatusTrailer, out var status) && status == UnknownStatus)
        {
            var refusal = RefusalStatus.Of(Unreadable);
            headers[StatusTrailer] = ((int)RefusalStatus.CodeOf(Unreadable.Kind)).ToString(System.Globalization.CultureInfo.InvariantCulture);
            headers[MessageTrailer] = refusal.Message;
            headers[DetailsTrailer] = Convert.ToBase64String(refusal.ToByteArray());
        }
    });
}
