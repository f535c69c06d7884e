using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace ClinicNetwork.Client.Tests.Fakes;

/// <summary>Errors as the gateway makes them: a code, google.rpc details, a message.</summary>
internal static class Errors
{
    internal static RpcException Make(
        StatusCode code, string? reason = null, string? field = null, TimeSpan? retryAfter = null, string message = "do this instead")
    {
        var status = new Google.Rpc.Status { Code = (int)code, Message = message };
        if (reason is not null)
            status.Details.Add(Any.Pack(new ErrorInfo { Reason = reason, Domain = "clinicnetwork" }));
        if (field is not null)
            status.Details.Add(
                Any.Pack(new BadRequest { FieldViolations = { new BadRequest.Types.FieldViolation { Field = field,
                    Description = message } } }));
        if (retryAfter is { } delay)
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }));
        return status.ToRpcException();
    }
}
