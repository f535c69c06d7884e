using Google.Rpc;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Care;

/// <summary>A refusal as a caller reads it.</summary>
internal sealed record RefusalSeen(StatusCode Code, string Reason, string Field, string Text)
{
    /// <summary>What the caller's own side says of it; null when a server answered.</summary>
    public Exception? Cause { get; private init; }

    public static RefusalSeen Of(RpcException exception)
    {
        var status = exception.GetRpcStatus();
        var field = status?.GetDetail<BadRequest>()?.FieldViolations.FirstOrDefault()?.Field
            ?? status?.GetDetail<PreconditionFailure>()?.Violations.FirstOrDefault()?.Subject
            ?? "";
        // Everything that reaches the caller, for the search for what must not be in it.
        var text = string.Join('\n', [exception.Status.Detail, status?.ToString() ?? "", .. exception.Trailers.Where(t => !t.IsBinary && t.Key != "date").Select(t => t.Value)]);
        return new(exception.StatusCode, status?.GetDetail<ErrorInfo>()?.Reason ?? "", field, text) { Cause = exception.Status.DebugException };
    }

    public static async Task<RefusalSeen> OfAsync(Func<Task> call) => Of(await Assert.ThrowsAsync<RpcException>(call));

    public static async Task AssertAsync(StatusCode code, string reason, Func<Task> call)
    {
        var seen = await OfAsync(call);
        Assert.Equal((code, reason), (seen.Code, seen.Reason));
    }
}
