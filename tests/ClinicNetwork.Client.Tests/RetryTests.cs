using ClinicNetwork.Client.Tests.Fakes;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.Client.Tests;

public sealed class RetryTests
{
    private static EndTreatmentRequest Request() => new() { RequestId = RequestIds.New(), Patient = "patients/p-1", Reason = "moved away" };

    private static readonly EndTreatmentResponse Answer = new() { Receipt = new() { Version = 7 } };

    [Fact(Timeout = Patience.Ms)]
    public async Task Every_attempt_sends_the_same_bytes_even_when_the_caller_changes_the_message()
    {
        var request = Request();
        var expected = request.ToByteArray();
        var server = new FakeServer
        {
            Unary = (attempt, _, _, _) =>
            {
                request.Reason = $"changed {attempt}";
                return attempt < 4 ? throw Errors.Make(StatusCode.Unavailable, Reasons.OutcomeUnknown) : Task.FromResult<IMessage>(Answer);
            },
        };

        var answer = await Clients.Of(server).Patients.EndTreatmentAsync(request);

        Assert.Equal(7, answer.Receipt.Version);
        Assert.Equal(5, server.Attempts.Count);
        Assert.All(server.Attempts, attempt => Assert.Equal(expected, attempt.Message));
    }

    [Theory(Timeout = Patience.Ms)]
    [InlineData(StatusCode.Unavailable, null)]
    [InlineData(StatusCode.DeadlineExceeded, null)]
    [InlineData(StatusCode.Aborted, Reasons.NotExecuted)]
    [InlineData(StatusCode.Aborted, Reasons.OutcomeUnknown)]
    [InlineData(StatusCode.ResourceExhausted, Reasons.RateLimited)]
    public async Task What_may_pass_is_tried_again(StatusCode code, string? reason)
    {
        var server = new FakeServer { Unary = (attempt, _, _, _) =>
            attempt == 0 ? throw Errors.Make(code, reason) : Task.FromResult<IMessage>(Answer) };

        await Clients.Of(server).Patients.EndTreatmentAsync(Request());

        Assert.Equal(2, server.Attempts.Count);
    }

    [Theory(Timeout = Patience.Ms)]
    [InlineData(StatusCode.InvalidArgument, "REQUEST_ID_REUSED")]
    [InlineData(StatusCode.Aborted, "ETAG_MISMATCH")]
    [InlineData(StatusCode.Aborted, null)]
    [InlineData(StatusCode.FailedPrecondition, "PLAN_MISSING")]
    [InlineData(StatusCode.NotFound, "PATIENT_NOT_FOUND")]
    [InlineData(StatusCode.AlreadyExists, "ANSWER_EXPIRED")]
    [InlineData(StatusCode.ResourceExhausted, "QUOTA")]
    [InlineData(StatusCode.Internal, null)]
    public async Task A_refusal_is_not_tried_again(StatusCode code, string? reason)
    {
        var server = new FakeServer { Unary = (_, _, _, _) => throw Errors.Make(code, reason) };

        var error = await Assert.ThrowsAsync<ClinicNetworkException>(
            () => Clients.Of(server).Patients.EndTreatmentAsync(Request()).ResponseAsync);

        Assert.Single(server.Attempts);
        Assert.Equal(code, error.Code);
        Assert.False(error.Transient);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task Attempts_and_waits_are_bounded()
    {
        var time = Clients.NewTime();
        var server = new FakeServer { Unary = (_, _, _, _) => throw Errors.Make(StatusCode.Unavailable) };
        var options = Clients.Options(
            time) with { RetriesMax = 5, RetryDelayFirst = TimeSpan.FromMilliseconds(100), RetryDelayMax = TimeSpan.FromMilliseconds(500) };

        var error = await Assert.ThrowsAsync<ClinicNetworkException>(
            () => Clients.Of(server, options).Patients.EndTreatmentAsync(Request()).ResponseAsync);

        Assert.Equal(Reasons.ServerAway, error.Reason);
        Assert.True(error.Transient);
        Assert.Equal(6, server.Attempts.Count);
        Assert.Equal([75, 150, 300, 375, 375], time.Waits.Select(wait => wait.TotalMilliseconds));
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task No_retry_when_none_is_wanted()
    {
        var server = new FakeServer { Unary = (_, _, _, _) => throw Errors.Make(StatusCode.Unavailable) };

        await Assert.ThrowsAsync<ClinicNetworkException>(() =>
            Clients.Of(server, Clients.Options() with { RetriesMax = 0 }).Patients.EndTreatmentAsync(Request()).ResponseAsync);

        Assert.Single(server.Attempts);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task The_wait_that_a_server_asks_for_is_kept()
    {
        var time = Clients.NewTime();
        var asked = TimeSpan.FromSeconds(7);
        var server = new FakeServer
        {
            Unary = (attempt, _, _, _) => attempt == 0
                ? throw Errors.Make(StatusCode.Unavailable, Reasons.NotExecuted, retryAfter: asked) : Task.FromResult<IMessage>(Answer),
        };

        await Clients.Of(server, Clients.Options(time)).Patients.EndTreatmentAsync(Request());

        Assert.InRange(Assert.Single(time.Waits), asked, asked + TimeSpan.FromMilliseconds(100));
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task A_server_that_asks_for_too_long_a_wait_is_not_waited_for()
    {
        var time = Clients.NewTime();
        var server = new FakeServer { Unary = (_, _, _, _) =>
            throw Errors.Make(StatusCode.Unavailable, Reasons.NotExecuted, retryAfter: TimeSpan.FromMinutes(3)) };

        var error = await Assert.ThrowsAsync<ClinicNetworkException>(
            () => Clients.Of(server, Clients.Options(time)).Patients.EndTreatmentAsync(Request()).ResponseAsync);

        Assert.Equal(Reasons.NotExecuted, error.Reason);
        Assert.Single(server.Attempts);
        Assert.Empty(time.Waits);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task The_total_timeout_ends_a_call_that_never_answers()
    {
        var time = Clients.NewTime();
        var reached = new TaskCompletionSource();
        var server = new FakeServer
        {
            Unary = (_, _, _, cancelled) =>
            {
                reached.SetResult();
                return new TaskCompletionSource<IMessage>().Task.WaitAsync(cancelled);
            },
        };
        var call = Clients.Of(server, Clients.Options(time)).Patients.EndTreatmentAsync(Request());
        await reached.Task;

        time.Advance(TimeSpan.FromSeconds(30));

        var error = await Assert.ThrowsAsync<ClinicNetworkException>(() => call.ResponseAsync);
        Assert.Equal(Reasons.TimedOut, error.Reason);
        Assert.Single(server.Attempts);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task A_caller_who_cancels_is_not_retried_for()
    {
        using var cancel = new CancellationTokenSource();
        var server = new FakeServer
        {
            Unary = (_, _, _, token) =>
            {
                cancel.Cancel();
                return Task.FromCanceled<IMessage>(token);
            },
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            Clients.Of(server).Patients.EndTreatmentAsync(Request(), cancellationToken: cancel.Token).ResponseAsync);

        Assert.Single(server.Attempts);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task Each_attempt_has_a_deadline_and_names_the_acting_site()
    {
        var server = new FakeServer { Unary = (attempt, _, _, _) =>
            attempt == 0 ? throw Errors.Make(StatusCode.Unavailable) : Task.FromResult<IMessage>(Answer) };
        var before = DateTime.UtcNow;

        await Clients.Of(server).ActingFor("clinics/harbour").Patients.EndTreatmentAsync(Request());

        Assert.Equal(2, server.Attempts.Count);
        Assert.All(server.Attempts, attempt =>
        {
            Assert.InRange(attempt.Deadline!.Value, before, DateTime.UtcNow + TimeSpan.FromSeconds(10));
            Assert.Equal("clinics/harbour", attempt.Headers.GetValue("clinicnetwork-site"));
        });
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task Without_a_site_none_is_named()
    {
        var server = new FakeServer { Unary = (_, _, _, _) => Task.FromResult<IMessage>(Answer) };

        await Clients.Of(server).Patients.EndTreatmentAsync(Request());

        Assert.Null(Assert.Single(server.Attempts).Headers.GetValue("clinicnetwork-site"));
    }
}
