using System.Runtime.CompilerServices;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ClinicNetwork.Client.Tests.Fakes;

/// <summary>
/// Takes facts and keeps the answer of each id. A stream is cut after so many results as the next number says; the items it had read by
/// then are executed all the same, and their results are lost.
/// </summary>
internal sealed class FakeIntake(IEnumerable<int> cuts)
{
    private readonly Queue<int> cuts = new(cuts);
    private readonly Dictionary<string, long> versions = [];
    private readonly Dictionary<string, int> attempts = [];

    /// <summary>Items executed again although they had been before would show here as another version.</summary>
    internal IReadOnlyDictionary<string, long> Versions => versions;

    /// <summary>Items received, those of cut streams too.</summary>
    internal int Received { get; private set; }

    /// <summary>Attempts of one id that are refused first, with which code.</summary>
    internal Func<string, int, FactRefused?> Refuse { get; init; } = (_, _) => null;

    internal FakeServer Server => new() { Duplex = AnswerAsync };

    internal int AttemptsOf(string requestId) => attempts.GetValueOrDefault(requestId);

    private async IAsyncEnumerable<IMessage> AnswerAsync(IAsyncEnumerable<IMessage> requests, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var left = cuts.TryDequeue(out var results) ? results : int.MaxValue;
        var number = 0L;
        await foreach (IngestFactsRequest request in requests.WithCancellation(cancellationToken))
        {
            Received++;
            var attempt = attempts[request.RequestId] = attempts.GetValueOrDefault(request.RequestId) + 1;
            var result = new IngestFactsResponse { Item = number++, RequestId = request.RequestId, Refused = Refuse(request.RequestId, attempt) };
            if (result.Refused is null)
            {
                versions.TryAdd(request.RequestId, versions.Count + 1);
                result.Accepted = new() { EndTreatment = new() { Receipt = new() { Version = versions[request.RequestId] } } };
            }
            if (left-- == 0)
                throw Errors.Make(StatusCode.Unavailable);
            yield return result;
        }
        if (left == 0)
            throw Errors.Make(StatusCode.Unavailable);
    }

    internal static FactRefused Refusal(StatusCode code, string reason, TimeSpan? retryDelay = null) =>
        new() { Code = (int)code, Reason = reason, RetryDelay = retryDelay is { } delay ? Duration.FromTimeSpan(delay) : null };
}
