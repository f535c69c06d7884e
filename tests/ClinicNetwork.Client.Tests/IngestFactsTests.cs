using System.Runtime.CompilerServices;
using ClinicNetwork.Client.Tests.Fakes;
using ClinicNetwork.Protocol.Care.V1;
using CsCheck;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.Client.Tests;

public sealed class IngestFactsTests
{
    private static IngestFactsRequest Fact(int number) =>
        new() { RequestId = $"request-{number}", Patient = $"patients/p-{number % 3}", EndTreatment = new() { Reason = "moved" } };

    private static IAsyncEnumerable<IngestFactsRequest> Facts(int count) => Enumerable.Range(0, count).Select(Fact).ToAsyncEnumerable();

    private static Task<List<IngestFactsResponse>> SendAsync(FakeIntake intake, int count, ClinicNetworkClientOptions? options = null) =>
        Clients.Of(intake.Server, options).IngestFactsAsync(Facts(count)).ToListAsync().AsTask();

    [Fact(Timeout = Patience.Ms)]
    public Task Any_cuts_give_each_fact_exactly_one_result_and_the_one_that_was_stored() =>
        Gen.Select(Gen.Int[0, 400], Gen.Int[0, 9].Array[0, 8]).SampleAsync(
            async (count, cuts) =>
            {
                var intake = new FakeIntake(cuts);
                var results = await SendAsync(intake, count);
                Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), results.Select(r => r.Item).Order());
                Assert.All(results, r => Assert.Equal($"request-{r.Item}", r.RequestId));
                Assert.All(results, r => Assert.Equal(intake.Versions[r.RequestId], r.Accepted.EndTreatment.Receipt.Version));
                Assert.Equal(count, intake.Versions.Count);
            },
            iter: 60);

    [Fact(Timeout = Patience.Ms)]
    public async Task What_has_its_result_is_not_sent_again()
    {
        var intake = new FakeIntake([5, 5]);
        await SendAsync(intake, 12);
        Assert.All(Enumerable.Range(0, 5).Concat(Enumerable.Range(6, 4)), i => Assert.Equal(1, intake.AttemptsOf($"request-{i}")));
        Assert.Equal(2, intake.AttemptsOf("request-5"));
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task A_refused_item_is_its_own_result_and_ends_nothing()
    {
        var intake = new FakeIntake([]) { Refuse = (id, _) => id == "request-1" ? FakeIntake.Refusal(StatusCode.InvalidArgument, "ITEMS_INCOMPLETE") : null };
        var results = await SendAsync(intake, 3);
        Assert.Equal([null, "ITEMS_INCOMPLETE", null], results.Select(r => r.Refused?.Reason));
        Assert.Equal(3, intake.Received);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task An_item_refused_as_unavailable_is_sent_again_not_before_the_time_it_was_told()
    {
        var time = Clients.NewTime();
        var intake = new FakeIntake([])
        {
            Refuse = (id, attempt) => id == "request-0" && attempt < 3 ? FakeIntake.Refusal(StatusCode.Unavailable, "NOT_EXECUTED", TimeSpan.FromSeconds(2)) : null,
        };
        var result = Assert.Single(await SendAsync(intake, 1, Clients.Options(time)));
        Assert.NotNull(result.Accepted);
        Assert.Equal(3, intake.AttemptsOf("request-0"));
        Assert.Equal(2, time.Waits.Count);
        Assert.All(time.Waits, wait => Assert.True(wait >= TimeSpan.FromSeconds(2)));
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task An_item_that_stays_unavailable_is_told_after_as_many_retries_as_a_call_has()
    {
        var intake = new FakeIntake([]) { Refuse = (_, _) => FakeIntake.Refusal(StatusCode.Unavailable, "NOT_EXECUTED") };
        var result = Assert.Single(await SendAsync(intake, 1, Clients.Options() with { RetriesMax = 3 }));
        Assert.Equal("NOT_EXECUTED", result.Refused.Reason);
        Assert.Equal(4, intake.AttemptsOf("request-0"));
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task No_more_than_the_window_is_taken_from_a_caller_who_takes_no_results()
    {
        var given = 0;
        var full = new TaskCompletionSource();
        await using var results = Clients.Of(new FakeIntake([]).Server).IngestFactsAsync(Endless()).GetAsyncEnumerator();
        Assert.True(await results.MoveNextAsync());
        await full.Task;
        Assert.Equal(Streams.ItemSending<IngestFactsRequest, IngestFactsResponse>.WindowMax + 1, given);

        for (var taken = 0; taken < 500; taken++)
        {
            Assert.True(await results.MoveNextAsync());
            Assert.True(given <= taken + Streams.ItemSending<IngestFactsRequest, IngestFactsResponse>.WindowMax + 3, $"{given} given, {taken} taken");
        }

        async IAsyncEnumerable<IngestFactsRequest> Endless()
        {
            for (var i = 0; ; i++)
            {
                // The one asked for when all places are taken waits outside.
                if (++given == Streams.ItemSending<IngestFactsRequest, IngestFactsResponse>.WindowMax + 1)
                    full.TrySetResult();
                yield return Fact(i);
                await Task.Yield();
            }
        }
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task It_gives_up_after_so_many_cuts_without_a_result()
    {
        var server = new FakeIntake(Enumerable.Repeat(0, 100)).Server;
        var error = await Assert.ThrowsAsync<ClinicNetworkException>(async () =>
            await Clients.Of(server, Clients.Options() with { StreamReopensMax = 4 }).IngestFactsAsync(Facts(3)).ToListAsync());
        Assert.Equal(StatusCode.Unavailable, error.Code);
        Assert.Equal(5, server.Attempts.Count);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task A_refusal_of_the_stream_is_told_at_once()
    {
        var server = new FakeServer { Duplex = (_, _) => throw Errors.Make(StatusCode.InvalidArgument, "NAME_INVALID", "clinicnetwork-site") };
        var error = await Assert.ThrowsAsync<ClinicNetworkException>(async () => await Clients.Of(server).IngestFactsAsync(Facts(3)).ToListAsync());
        Assert.Equal("NAME_INVALID", error.Reason);
        Assert.Single(server.Attempts);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task What_the_callers_own_enumeration_throws_is_thrown_to_the_caller()
    {
        await Assert.ThrowsAsync<FormatException>(async () => await Clients.Of(new FakeIntake([]).Server).IngestFactsAsync(Broken()).ToListAsync());

        static async IAsyncEnumerable<IngestFactsRequest> Broken([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            yield return Fact(0);
            await Task.Yield();
            cancellationToken.ThrowIfCancellationRequested();
            throw new FormatException("line 2");
        }
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task The_acting_site_goes_with_the_stream_and_a_later_read_asks_for_what_a_result_told()
    {
        var server = new FakeIntake([]).Server;
        server.Unary = (_, _, _, _) => Task.FromResult<IMessage>(new GetPlanResponse());
        var client = Clients.Of(server).ActingFor("clinics/hillside");
        await client.IngestFactsAsync(Facts(6)).ToListAsync();
        Assert.Equal("clinics/hillside", server.Attempts[0].Headers.GetValue("clinicnetwork-site"));
        await client.Patients.GetPlanAsync(new() { Name = "patients/p-2/plan" });
        Assert.Equal(6, GetPlanRequest.Parser.ParseFrom(server.Attempts[^1].Message).Read.MinVersion);
    }
}
