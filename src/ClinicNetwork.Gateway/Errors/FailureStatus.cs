using System.Text;
using ClinicNetwork.Domain;
using ClinicNetwork.Journal;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace ClinicNetwork.Gateway.Errors;

/// <summary>
/// What a failed call or item says outside. What is not expected is logged here and says nothing outside. No exception's text is logged:
/// Orleans puts the grain's key into it, and any may repeat a value; both can be what a caller chose as an id.
/// </summary>
public sealed class FailureStatus(ILogger<FailureStatus> log)
{
    private static readonly Refusal Unknown =
        Refusal.Unavailable("OUTCOME_UNKNOWN", "The server could not tell the outcome in time; try again with the same request id.");

    private static readonly Refusal NotExecuted = Refusal.Unavailable("NOT_EXECUTED", "The server is busy; try again with the same request id.");

    private static readonly Refusal StoreAway =
        Refusal.Unavailable("STORE_UNAVAILABLE", "The database does not answer; nothing was changed. Try again with the same request id.");

    /// <summary>Kinds and frames, the innermost last, without the texts.</summary>
    private static string FramesOf(Exception exception)
    {
        var told = new StringBuilder();
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            told.Append(inner.GetType()).Append('\n').Append(inner.StackTrace).Append('\n');
        }

        return told.ToString();
    }

    /// <param name="method">For the log.</param>
    public Google.Rpc.Status Of(Exception exception, string method)
    {
        switch (exception)
        {
            case RefusedException refused:
                return RefusalStatus.Of(refused.Refusal);
            case JournalBusyException:
                return RefusalStatus.Of(NotExecuted);
            case StoreUnavailableException:
                return RefusalStatus.Of(StoreAway);
            case TimeoutException or OrleansException or OutcomeUnknownException or OperationCanceledException:
                log.LogWarning("The outcome of {Method} is unknown ({Kind})", method, exception.GetType().Name);
                return RefusalStatus.Of(Unknown);
            default:
                log.LogError("{Method} failed: {Failure}", method, FramesOf(exception));
                return new() { Code = (int)StatusCode.Internal, Message = "The server failed; an operator finds the cause in its log." };
        }
    }
}
