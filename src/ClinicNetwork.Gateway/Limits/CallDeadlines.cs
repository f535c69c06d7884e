using System.Globalization;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ClinicNetwork.Gateway.Limits;

/// <summary>
/// Every call has a deadline: one that is missing, unreadable or longer than the limit is replaced by the limit, before gRPC reads it and
/// sets its timer. So a message that never ends, or a stream that nobody closes, ends with DEADLINE_EXCEEDED.
/// </summary>
internal static class CallDeadlines
{
    private const string Header = "grpc-timeout";

    /// <summary>Of the wire format: 8 digits and a unit.</summary>
    private const int LengthMax = 9;

    private const int NanosecondsPerTick = 100;

    public static IApplicationBuilder UseCallDeadlines(this IApplicationBuilder app, CallLimits limits)
    {
        var (unary, stream) = (Text(limits.Unary), Text(limits.Stream));
        return app.Use((HttpContext context, RequestDelegate next) =>
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.Type is { } type)
            {
                var (max, text) = type == MethodType.Unary ? (limits.Unary, unary) : (limits.Stream, stream);
                if (!(Read(context.Request.Headers[Header].ToString()) <= max))
                {
                    context.Request.Headers[Header] = text;
                }
            }

            return next(context);
        });
    }

    /// <summary>1 to 8 digits and one of H, M, S, m, u, n; null: nothing that gRPC would read.</summary>
    private static TimeSpan? Read(string text)
    {
        if (text.Length is < 2 or > LengthMax || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return null;
        }

        return text[^1] switch
        {
            'H' => TimeSpan.FromHours(value),
            'M' => TimeSpan.FromMinutes(value),
            'S' => TimeSpan.FromSeconds(value),
            'm' => TimeSpan.FromMilliseconds(value),
            'u' => TimeSpan.FromMicroseconds(value),
            'n' => TimeSpan.FromTicks(value / NanosecondsPerTick),
            _ => null,
        };
    }

    private static string Text(TimeSpan limit) => string.Create(CultureInfo.InvariantCulture, $"{(int)limit.TotalSeconds}S");
}
