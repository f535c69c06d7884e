using ClinicNetwork.Domain;
using ClinicNetwork.Grains;
using ClinicNetwork.Journal;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace ClinicNetwork.Gateway.Errors;

/// <summary>
/// What a failed call or item says outside. What is not expected is logged here and says nothing outside. No exception's text is
/// logged.
/// </summary>
public sealed class FailureStatus(ILogger<FailureStatus> log)
{
    private static readonly Refusal Unknown =
        Refusal.Unavailable("OUTCOME_UNKNOWN", "The server could not tell the outcome in time; try again with the same request id.");

    private static readonly Refusal NotExecuted = Refusal.Unavailable("NOT_EXECUTED", "The server is busy; try again with the same request id.");

    private static readonly Refusal StoreAway =
        Refusal.Unavailable("STORE_UNAVAILABLE", "The database does not answer; nothing was changed. Try again with the same request id.");

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
                log.LogError("{Method} failed: {Failure}", method, ExceptionFrames.Of(exception));
                return new() { Code = (int)StatusCode.Internal, Message = "The server failed; an operator finds the cause in its log." };
        }
    }
}
