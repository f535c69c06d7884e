using ClinicNetwork.Domain;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace ClinicNetwork.Gateway.Errors;

/// <summary>The one table from refusal to gRPC status, with typed google.rpc details. Details never hold what the caller sent.</summary>
public static class RefusalStatus
{
    /// <summary>Domain of every ErrorInfo.</summary>
    public const string Domain = "clinicnetwork";

    /// <summary>When to try again after UNAVAILABLE and RESOURCE_EXHAUSTED, unless it is known better.</summary>
    private static readonly TimeSpan RetryUsual = TimeSpan.FromMilliseconds(200);

    public static StatusCode CodeOf(RefusalKind kind) => kind switch
    {
        RefusalKind.Invalid => StatusCode.InvalidArgument,
        RefusalKind.NotFound => StatusCode.NotFound,
        RefusalKind.Precondition => StatusCode.FailedPrecondition,
        RefusalKind.Exists => StatusCode.AlreadyExists,
        RefusalKind.Stale => StatusCode.Aborted,
        RefusalKind.Denied => StatusCode.PermissionDenied,
        RefusalKind.OutOfRange => StatusCode.OutOfRange,
        RefusalKind.Unavailable => StatusCode.Unavailable,
        RefusalKind.Exhausted => StatusCode.ResourceExhausted,
        RefusalKind.Unauthenticated => StatusCode.Unauthenticated,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>Code, message and typed details.</summary>
    /// <param name="retryDelay">When to try again, where that helps.</param>
    public static Google.Rpc.Status Of(Refusal refusal, TimeSpan? retryDelay = null)
    {
        var status = new Google.Rpc.Status { Code = (int)CodeOf(refusal.Kind), Message = refusal.Message };
        status.Details.Add(Any.Pack(new ErrorInfo { Reason = refusal.Reason, Domain = Domain }));
        if (refusal.Kind is RefusalKind.Precondition)
        {
            status.Details.Add(Any.Pack(new PreconditionFailure
            {
                Violations = { new PreconditionFailure.Types.Violation { Type = refusal.Reason, Subject = refusal.Field, Description = refusal.Message } },
            }));
        }
        else if (refusal.Field.Length > 0)
        {
            status.Details.Add(Any.Pack(new BadRequest
            {
                FieldViolations = { new BadRequest.Types.FieldViolation { Field = refusal.Field, Description = refusal.Message, Reason = refusal.Reason } },
            }));
        }

        if (refusal.Kind is RefusalKind.Unavailable or RefusalKind.Exhausted)
        {
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(retryDelay ?? RetryUsual) }));
        }

        return status;
    }
}
