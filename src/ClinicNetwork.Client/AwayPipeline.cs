using Grpc.Core;
using Polly;
using Polly.Retry;

namespace ClinicNetwork.Client;

/// <summary>For whoever stays: a step is done again until the network is there, however long that takes. Around the calls' own pipeline, which gives up after a while.</summary>
internal static class AwayPipeline
{
    /// <summary>A server that asks for more is asked again all the same.</summary>
    private static readonly TimeSpan AskedMax = TimeSpan.FromMinutes(10);

    internal static ResiliencePipeline Build(ClinicNetworkClientOptions options, Action<ClinicNetworkException> away) =>
        new ResiliencePipelineBuilder { TimeProvider = options.Time }.AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = int.MaxValue,
            ShouldHandle = failed => ValueTask.FromResult(failed.Outcome.Exception is ClinicNetworkException error && IsAway(error)),
            DelayGenerator = failed => ValueTask.FromResult<TimeSpan?>(RetryDelay.Of(
                failed.AttemptNumber, options.AwayDelayFirst, options.AwayDelayMax, Asked(failed.Outcome.Exception), options.Jitter())),
            OnRetry = failed =>
            {
                away((ClinicNetworkException)failed.Outcome.Exception!);
                return default;
            },
        }).Build();

    /// <summary>Away, busy or broken for now; not a refusal of what was asked.</summary>
    private static bool IsAway(ClinicNetworkException error) =>
        error.Transient || error.Code is StatusCode.ResourceExhausted or StatusCode.Internal or StatusCode.Unknown;

    private static TimeSpan? Asked(Exception? error) => Retryable.AskedDelay(error?.InnerException) is { } asked ? TimeSpan.FromTicks(Math.Min(asked.Ticks, AskedMax.Ticks)) : null;
}
