using ClinicNetwork.Protocol.Sync.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.Client.Tests.Fakes;

/// <summary>A feed of numbered changes whose stream is cut after so many items as the next number says; then it runs to its end.</summary>
internal sealed class FakeFeed(int changes, IEnumerable<int> cuts)
{
    private readonly Queue<int> cuts = new(cuts);

    internal StatusCode CutCode { get; init; } = StatusCode.Unavailable;

    /// <summary>True: a cut ends the stream in order instead, without a bookmark.</summary>
    internal bool CutsInOrder { get; init; }

    internal FakeServer Server => new() { Stream = (_, request) => Watch((WatchPlansRequest)request) };

    private async IAsyncEnumerable<IMessage> Watch(WatchPlansRequest request)
    {
        var next = request.Cursor.Length == 0 ? 1 : int.Parse(request.Cursor[1..], System.Globalization.CultureInfo.InvariantCulture) + 1;
        var left = cuts.TryDequeue(out var items) ? items : int.MaxValue;
        for (; next <= changes; next++)
        {
            await Task.Yield();
            if (left-- == 0)
            {
                if (CutsInOrder)
                    yield break;
                throw Errors.Make(CutCode);
            }
            yield return new WatchPlansResponse { Change = new() { Patient = "patients/p-1", Version = next, Cursor = $"c{next}" } };
        }
        yield return new WatchPlansResponse { Bookmark = new() { Cursor = $"c{changes}" } };
    }
}
