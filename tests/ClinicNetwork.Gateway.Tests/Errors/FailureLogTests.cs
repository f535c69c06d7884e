using ClinicNetwork.Gateway.Errors;
using ClinicNetwork.Gateway.Tests.Harness;
using ClinicNetwork.Journal;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace ClinicNetwork.Gateway.Tests.Errors;

/// <summary>A failure is logged with kind, method and place, and without an id that a caller chose.</summary>
public sealed class FailureLogTests
{
    private const string Id = "record-4711";
    private const string Method = "/clinicnetwork.care.v1.PatientService/RecordDose";

    public static TheoryData<Exception, StatusCode> Failures => new()
    {
        { new TimeoutException($"Response did not arrive on time in 00:00:30 for message: Request [client->silo pt-{Id}] IPatientGrain.RecordDose()."), StatusCode.Unavailable },
        { new OrleansException($"Forwarding failed: tried to forward message to patient/pt-{Id} for 2 times"), StatusCode.Unavailable },
        { new OperationCanceledException($"The call to pt-{Id} was cancelled."), StatusCode.Unavailable },
        { new KeyNotFoundException($"The given key 'pt-{Id}' was not present in the dictionary.", new FormatException($"The input string '{Id}' was not in a correct format.")), StatusCode.Internal },
    };

    [Theory]
    [MemberData(nameof(Failures), DisableDiscoveryEnumeration = true)]
    public void A_failure_is_logged_without_the_texts_of_exceptions(Exception failure, StatusCode expected)
    {
        var log = new Lines();
        var status = new FailureStatus(log).Of(Thrown(failure), Method);

        Assert.Equal((int)expected, status.Code);
        var line = Assert.Single(log.Written);
        Assert.Contains(Method, line, StringComparison.Ordinal);
        Assert.Contains(failure.GetType().Name, line, StringComparison.Ordinal);
        Assert.DoesNotContain(Id, line, StringComparison.Ordinal);
        Assert.DoesNotContain(Id, status.ToString(), StringComparison.Ordinal);
        if (expected == StatusCode.Internal)
        {
            Assert.Contains(nameof(FormatException), line, StringComparison.Ordinal);
            Assert.Contains(nameof(Thrown), line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_a_store_that_is_away_or_busy_answers_is_no_line_of_the_log()
    {
        var log = new Lines();
        Assert.Equal((int)StatusCode.Unavailable, new FailureStatus(log).Of(new StoreUnavailableException("away"), Method).Code);
        Assert.Empty(log.Written);
    }

    /// <summary>Kestrel refuses to write a moment before it says that the client has gone.</summary>
    [Theory]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(true, false)]
    public async Task A_client_that_went_while_it_was_written_to_is_no_line_of_the_log(bool duplex, bool goes)
    {
        using var gone = new CancellationTokenSource();
        var (log, context) = (new Lines(), new OneCall(gone.Token, Method));
        var calls = new RefusalInterceptor(new FailureStatus(log));
        var failure = new InvalidOperationException("Writing is not allowed after writer was completed.");
        var call = duplex
            ? calls.DuplexStreamingServerHandler<string, string>(null!, null!, context, (_, _, _) => throw failure)
            : calls.ServerStreamingServerHandler<string, string>("", null!, context, (_, _, _) => throw failure);
        if (goes)
        {
            await gone.CancelAsync();
        }

        var ended = await Assert.ThrowsAsync<RpcException>(() => call);
        Assert.Equal((goes ? StatusCode.Cancelled : StatusCode.Internal, goes ? 0 : 1), (ended.StatusCode, log.Written.Count));
    }

    private static Exception Thrown(Exception failure)
    {
        try
        {
            throw failure;
        }
        catch (Exception caught)
        {
            return caught;
        }
    }

    private sealed class Lines : ILogger<FailureStatus>
    {
        public List<string> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Written.Add($"{logLevel}: {formatter(state, exception)} {exception}");
    }
}
