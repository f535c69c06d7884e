using System.Runtime.CompilerServices;
using ClinicNetwork.Client.Tests.Fakes;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Google.Protobuf;
using Grpc.Core;
using ResultCase = ClinicNetwork.Protocol.Sync.V1.PushChangesResponse.ResultOneofCase;

namespace ClinicNetwork.Client.Tests;

/// <summary>What is of this stream alone; cuts, windows and retries are those of <see cref="IngestFactsTests"/>, by the same code.</summary>
public sealed class PushChangesTests
{
    /// <summary>In the order in which they are pushed, each of a patient of its own at version 10 and more.</summary>
    private static readonly Func<Receipt, PushChangesResponse>[] Kinds =
    [
        receipt => new() { Appended = new() { Fact = new() { EndTreatment = new() { Receipt = receipt } } } },
        receipt => new() { Appended = new() { CompleteSession = new() { Receipt = receipt } } },
        receipt => new() { Accepted = new() { Receipt = receipt } },
        receipt => new() { Merged = new() { Receipt = receipt } },
        receipt => new() { Conflict = new() { Receipt = receipt } },
        receipt => new() { Resolved = new() { Receipt = receipt } },
        _ => new() { Refused = new() { Code = (int)StatusCode.FailedPrecondition, Reason = "SESSION_EXISTS" } },
    ];

    [Fact(Timeout = Patience.Ms)]
    public async Task Each_kind_of_result_comes_once_over_cuts_and_a_later_read_asks_for_what_it_told()
    {
        var streams = 0;
        var server = new FakeServer { Duplex = AnswerAsync, Unary = (_, _, _, _) => Task.FromResult<IMessage>(new GetPlanResponse()) };
        var client = Clients.Of(server).ActingFor("clinics/hillside");
        var changes = Kinds.Select((_, i) => new PushChangesRequest { RequestId = $"request-{i}", Patient = $"patients/p-{i}" });
        var results = await client.PushChangesAsync(changes.ToAsyncEnumerable()).ToListAsync();
        Assert.Equal(4, streams);
        Assert.Equal("clinics/hillside", server.Attempts[0].Headers.GetValue("clinicnetwork-site"));
        Assert.Equal(Enumerable.Range(0, Kinds.Length).Select(i => (long)i), results.Select(r => r.Item));
        Assert.Equal(
            [ResultCase.Appended, ResultCase.Appended, ResultCase.Accepted, ResultCase.Merged, ResultCase.Conflict, ResultCase.Resolved, ResultCase.Refused], results.Select(r => r.ResultCase));
        for (var i = 0; i < Kinds.Length; i++)
        {
            await client.Patients.GetPlanAsync(new() { Name = $"patients/p-{i}/plan" });
            Assert.Equal(i == Kinds.Length - 1 ? 0 : 10 + i, GetPlanRequest.Parser.ParseFrom(server.Attempts[^1].Message).Read?.MinVersion ?? 0);
        }

        // Cut behind every second result.
        async IAsyncEnumerable<IMessage> AnswerAsync(IAsyncEnumerable<IMessage> requests, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            streams++;
            var number = 0L;
            await foreach (PushChangesRequest request in requests.WithCancellation(cancellationToken))
            {
                if (number == 2)
                    throw Errors.Make(StatusCode.Unavailable);
                var kind = int.Parse(request.RequestId["request-".Length..], System.Globalization.CultureInfo.InvariantCulture);
                var result = Kinds[kind](new() { Version = 10 + kind });
                (result.Item, result.RequestId) = (number++, request.RequestId);
                yield return result;
            }
        }
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task Replicas_are_asked_for_in_list_and_stream_when_they_are_wanted()
    {
        var server = new FakeServer
        {
            Unary = (_, _, _, _) => Task.FromResult<IMessage>(new ListSitePatientsResponse { Cursor = "c" }),
            Stream = (_, _) => new IMessage[] { new WatchPlansResponse { Bookmark = new() { Cursor = "d" } } }.ToAsyncEnumerable(),
        };
        foreach (var wanted in new[] { false, true })
        {
            await Clients.Of(server).ListSitePatientsAsync("clinics/hillside", includeReplicas: wanted).ToListAsync();
            Assert.Equal(wanted, ListSitePatientsRequest.Parser.ParseFrom(server.Attempts[^1].Message).IncludeReplicas);
            await Clients.Of(server).WatchPlansAsync("clinics/hillside", "c", untilCaughtUp: true, includeReplicas: wanted).ToListAsync();
            Assert.Equal(wanted, WatchPlansRequest.Parser.ParseFrom(server.Attempts[^1].Message).IncludeReplicas);
        }
    }
}
