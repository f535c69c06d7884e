using Google.Rpc;
using Grpc.Core;

namespace ClinicNetwork.Client;

/// <summary>A call that was refused or could not be made. The message says what to do and holds no patient data.</summary>
public sealed class ClinicNetworkException : Exception
{
    public ClinicNetworkException(StatusCode code, string reason, string message, string? field = null, Exception? cause = null)
        : base(message, cause)
    {
        Code = code;
        Reason = reason;
        Field = field;
    }

    public StatusCode Code { get; }

    /// <summary>Stable, <c>UPPER_SNAKE</c>: google.rpc.ErrorInfo's, or one of <see cref="Reasons"/>; else the code's name.</summary>
    public string Reason { get; }

    /// <summary>The field that was refused (google.rpc.BadRequest); null when the refusal is about none.</summary>
    public string? Field { get; }

    /// <summary>
    /// True when the same call with the same request id may succeed later: the server is away or busy, or the outcome is not known.
    /// </summary>
    public bool Transient => Code is StatusCode.Unavailable or StatusCode.DeadlineExceeded;

    internal static ClinicNetworkException From(RpcException error)
    {
        var status = error.GetRpcStatus();
        var reason = status?.GetDetail<ErrorInfo>()?.Reason;
        var field = status?.GetDetail<BadRequest>()?.FieldViolations.FirstOrDefault()?.Field;
        if (!string.IsNullOrEmpty(reason))
            return new(error.StatusCode, reason, error.Status.Detail, string.IsNullOrEmpty(field) ? null : field, error);
        if (Retryable.NotSecured(error))
            return new(StatusCode.Unauthenticated, Reasons.NotSecured,
                "the server is not of the identity's network, or did not take the identity; give the network's identity file", null, error);
        return error.StatusCode switch
        {
            _ when Retryable.ClosedUnanswered(error) => new(StatusCode.Unavailable, Reasons.ServerAway,
                "the server closed the connection without an answer: the certificate may be revoked, expired or of another network (clinicnet certs list), have too many connections open, or the server stops; "
                + "repeat with the same request id", null, error),
            _ when error.StatusCode == StatusCode.Unavailable || Retryable.BrokeOff(error) => new(StatusCode.Unavailable, Reasons.ServerAway,
                "no answer from the server; start it or give its address, then repeat with the same request id", null, error),
            StatusCode.DeadlineExceeded => new(error.StatusCode, Reasons.TimedOut,
                "the server did not answer in time; repeat with the same request id", null, error),
            _ => new(error.StatusCode, CodeName(error.StatusCode), error.Status.Detail, field, error),
        };
    }

    /// <summary><c>InvalidArgument</c> as <c>INVALID_ARGUMENT</c>.</summary>
    internal static string CodeName(StatusCode code)
    {
        var name = code.ToString();
        return string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : char.ToUpperInvariant(c).ToString()));
    }
}
