using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Protocol.Exchange.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.Client.Tests.Fakes;

/// <summary>Published batches in memory, with a key, and streams that are cut after so many pages as the next number says.</summary>
internal sealed class FakeRegistry : IDisposable
{
    private readonly Queue<int> cuts;
    private readonly List<List<ReleasedRow>> batches = [];

    internal FakeRegistry(IEnumerable<int> cuts, params int[] rowCounts)
    {
        this.cuts = new(cuts);
        foreach (var count in rowCounts)
            batches.Add([.. Enumerable.Range(0, count).Select(row => RowOf(batches.Count, row))]);
    }

    internal ECDsa Key { get; set; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Changes a page on its way.</summary>
    internal Action<RowPage> Corrupt { get; set; } = _ => { };

    internal FakeServer Server { get; private set; } = null!;

    /// <summary>Pages sent in all, those of cut streams too.</summary>
    internal int PagesSent { get; private set; }

    internal ClinicNetworkClient Client(ClinicNetworkClientOptions? options = null)
    {
        Server = new()
        {
            Unary = (_, _, request, _) => Task.FromResult<IMessage>(request switch
            {
                GetReleaseKeyRequest => new GetReleaseKeyResponse { PublicKeyPem = Key.ExportSubjectPublicKeyInfoPem() },
                ListBatchesRequest list => List(list),
                GetManifestRequest get => Manifest(NumberOf(get.Name)),
                _ => throw new RpcException(new Status(StatusCode.Unimplemented, "")),
            }),
            Stream = (_, request) => StreamAsync((StreamBatchRequest)request),
        };
        return Clients.Of(Server, options);
    }

    internal IReadOnlyList<ReleasedRow> Rows(int number) => batches[number - 1];

    internal byte[] Root(int number) => TreeOf(batches[number - 1]).Root();

    public void Dispose() => Key.Dispose();

    internal static MerkleAccumulator TreeOf(IEnumerable<ReleasedRow> rows)
    {
        var tree = new MerkleAccumulator();
        foreach (var row in rows)
            tree.Add(LeafOf(row));
        return tree;
    }

    private static byte[] LeafOf(ReleasedRow row) =>
        row.Leaf.Length > 0 ? row.Leaf.ToByteArray() : MerkleAccumulator.Leaf(row.Salt.Span, row.Values);

    /// <summary>Every seventh row is a withdrawn one.</summary>
    private static ReleasedRow RowOf(int batch, int row)
    {
        var salt = SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{batch}/{row}")));
        return row % 7 == 3
            ? new ReleasedRow { Leaf = ByteString.CopyFrom(salt) }
            : new ReleasedRow { Salt = ByteString.CopyFrom(salt, 0, 16), Values = { $"person-{row}", "female", "9+", "ö \"quoted\"", "" } };
    }

    /// <summary>Two batches a page, so that paging is used.</summary>
    private ListBatchesResponse List(ListBatchesRequest request)
    {
        var from = request.PageToken.Length == 0 ? 0 : int.Parse(request.PageToken, CultureInfo.InvariantCulture);
        var page = new ListBatchesResponse { NextPageToken = from
            + 2 < batches.Count ? (from + 2).ToString(CultureInfo.InvariantCulture) : "" };
        for (var i = from; i < Math.Min(from + 2, batches.Count); i++)
            page.Batches.Add(
                new Batch { Name = $"{request.Parent}/batches/{i + 1}", RowCount = batches[i].Count, Root = ByteString.CopyFrom(
                    Root(i + 1)), PublishedOn = "2025-10-01" });
        return page;
    }

    private GetManifestResponse Manifest(int number)
    {
        var manifest = Encoding.UTF8.GetBytes($$"""{"format":"clinicnetwork.release/1","batch":{{number}},"root":"{{Convert.ToHexStringLower(Root(number))}}"}""");
        return new() { Manifest = ByteString.CopyFrom(
            manifest), Signature = ByteString.CopyFrom(Key.SignData(manifest, HashAlgorithmName.SHA256)) };
    }

    private async IAsyncEnumerable<IMessage> StreamAsync(StreamBatchRequest request)
    {
        var rows = batches[NumberOf(request.Name) - 1];
        var left = cuts.TryDequeue(out var pages) ? pages : int.MaxValue;
        var size = request.PageSize == 0 ? 500 : request.PageSize;
        for (var row = (int)request.StartRow; row < rows.Count; row += size)
        {
            await Task.Yield();
            if (left-- == 0)
                throw Errors.Make(StatusCode.Unavailable);
            var page = PageOf(row, rows.GetRange(row, Math.Min(size, rows.Count - row)));
            Corrupt(page);
            PagesSent++;
            yield return new StreamBatchResponse { Page = page };
        }
        if (left == 0)
            throw Errors.Make(StatusCode.Unavailable);
        yield return new StreamBatchResponse { Trailer = new() { RowCount = rows.Count, Root = ByteString.CopyFrom(TreeOf(rows).Root()) } };
    }

    private static RowPage PageOf(int first, List<ReleasedRow> rows) =>
        new() { FirstRow = first, Rows = { rows.Select(row => row.Clone()) }, Checksum = ByteString.CopyFrom(
            SHA256.HashData([.. rows.SelectMany(LeafOf)])) };

    private static int NumberOf(string name) => int.Parse(name[(name.LastIndexOf('/') + 1)..], CultureInfo.InvariantCulture);
}
