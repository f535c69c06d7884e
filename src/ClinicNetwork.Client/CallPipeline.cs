using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;
using Polly.Timeout;

namespace ClinicNetwork.Client;

/// <summary>
/// The one place of resilience: total timeout, around bounded retry, around the circuit breaker. Each attempt has a deadline of its own. An
/// open circuit uses up retries as a refusal does, so that a call outlives it.
/// </summary>
internal static class CallPipeline
{
    /// <param name="hasAnother">True while a gateway is left that is not known to be away: then one that is in trouble is passed over, and
    /// the circuit, which stops calls to all of them, does not count it.</param>
    internal static ResiliencePipeline Build(ClinicNetworkClientOptions options, Func<bool> hasAnother)
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = options.Time }
            .AddTimeout(new TimeoutStrategyOptions { Timeout = options.TotalTimeout });
        if (options.RetriesMax > 0)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = options.RetriesMax,
                ShouldHandle = failed => ValueTask.FromResult(Retryable.Call(failed.Outcome.Exception, failed.AttemptNumber, options)),
                DelayGenerator = failed => ValueTask.FromResult<TimeSpan?>(Wait(options, failed)),
            });
        }
        return builder.AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = options.BreakFailureRatio,
            MinimumThroughput = options.BreakAttemptsMin,
            SamplingDuration = options.BreakSampling,
            BreakDuration = options.BreakDuration,
            ShouldHandle = failed => ValueTask.FromResult(Retryable.Trouble(failed.Outcome.Exception) && !hasAnother()),
        }).Build();
    }

    private static TimeSpan Wait(ClinicNetworkClientOptions options, RetryDelayGeneratorArguments<object> failed) => RetryDelay.Of(
        failed.AttemptNumber,
        options.RetryDelayFirst,
        options.RetryDelayMax,
        Retryable.AskedDelay(failed.Outcome.Exception),
        options.Jitter());
}
