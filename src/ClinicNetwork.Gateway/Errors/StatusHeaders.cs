using System.Globalization;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace ClinicNetwork.Gateway.Errors;

/// <summary>A status as gRPC's own headers or trailers, where no gRPC handler writes it.</summary>
internal static class StatusHeaders
{
    public const string Status = "grpc-status";

    private const string Message = "grpc-message";
    private const string Details = "grpc-status-details-bin";

    /// <param name="status">Its message is plain ASCII, as all of ours: nothing has to be percent-encoded.</param>
    public static void Write(IHeaderDictionary headers, Google.Rpc.Status status)
    {
        headers[Status] = status.Code.ToString(CultureInfo.InvariantCulture);
        headers[Message] = status.Message;
        headers[Details] = Convert.ToBase64String(status.ToByteArray());
    }
}
