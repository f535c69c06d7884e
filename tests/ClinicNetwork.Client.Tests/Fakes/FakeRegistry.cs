using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.Protocol.Exchange.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.Client.Tests.Fakes;

/// <summary>Published batches in memory, with a key, and streams that are cut after so many pages as the next number says. What is withdrawn is told by the next batch.</summary>
internal sealed class FakeRegistry : IDisposable
{
    private readonly Queue<int> cuts;
    private readonly List<List<ReleasedRow>> batches = [];
    private readonly List<SortedSet<(int Batch, int Row)>> told = [];
    private readonly SortedSet<(int Batch, int Row)> untold = [];
    private readonly List<Rekey> rekeys = [];
    private readonly Dictionary<int, GetManifestResponse> signed = [];

    internal FakeRegistry(IEnumerable<int> cuts, params int[] rowCounts)
    {
        this.cuts = new(cuts);
        foreach (var count in rowCounts)
        {
            batches.Add([.. Enumerable.Range(0, count).Select(row => RowOf(batches.Count, row))]);
            told.Add([]);
        }
    }

    /// <summary>The recipient has an agreement: manifests of version 2.</summary>
    internal bool Agreed { get; init; }

    /// <summary>Numbers of batches that were acknowledged, in the order in which that was told, and by which request ids.</summary>
    internal List<(int Number, string RequestId)> Acknowledged { get; } = [];

    internal int Batches => batches.Count;

    /// <summary>A batch of rows, and every row that was withdrawn since the one before.</summary>
    internal void Publish(int rows)
    {
        told.Add([.. untold]);
        untold.Clear();
        batches.Add([.. Enumerable.Range(0, rows).Select(row => RowOf(batches.Count, row))]);
    }

    /// <summary>From now on it is delivered as its hash.</summary>
    internal void Withdraw(int number, int row)
    {
        var old = batches[number - 1][row];
        batches[number - 1][row] = new() { Leaf = ByteString.CopyFrom(LeafOf(old)) };
        if (old.Leaf.Length == 0)
            untold.Add((number, row));
    }

    /// <summary>A manifest that tells what is not so.</summary>
    internal void Tell(int number, int batch, int row) => told[number - 1].Add((batch, row));

    internal void Replace(params (string Old, string New)[] pseudonyms)
    {
        var pairs = string.Join(',', pseudonyms.Select(p => $"[\"{p.Old}\",\"{p.New}\"]"));
        var document = Encoding.UTF8.GetBytes($$"""{"format":"clinicnetwork.rekey/1","network":"n","recipient":"a-1","number":{{rekeys.Count + 1}},"pairs":[{{pairs}}]}""");
        rekeys.Add(new() { Number = rekeys.Count + 1, Document = ByteString.CopyFrom(document), Signature = ByteString.CopyFrom(Key.SignData(document, HashAlgorithmName.SHA256)) });
    }

    internal ECDsa Key { get; set; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>Changes a page on its way.</summary>
    internal Action<RowPage> Corrupt { get; set; } = _ => { };

    /// <summary>Changes the end of a stream on its way.</summary>
    internal Action<BatchTrailer> Trailer { get; set; } = _ => { };

    /// <summary>Changes any other answer on its way.</summary>
    internal Action<IMessage> Change { get; set; } = _ => { };

    internal FakeServer Server { get; private set; } = null!;

    /// <summary>Pages sent in all, those of cut streams too.</summary>
    internal int PagesSent { get; private set; }

    internal ClinicNetworkClient Client(ClinicNetworkClientOptions? options = null)
    {
        Server = new()
        {
            Unary = (_, _, request, _) => Task.FromResult(Changed(request switch
            {
                GetReleaseKeyRequest => new GetReleaseKeyResponse { PublicKeyPem = Key.ExportSubjectPublicKeyInfoPem() },
                ListBatchesRequest list => List(list),
                GetManifestRequest get => Manifest(NumberOf(get.Name)),
                ListRekeysRequest list => RekeysAfter(list),
                AcknowledgeBatchRequest told => Acknowledge(told),
                GetStatisticsRequest get => Statistics(get),
                _ => throw new RpcException(new Status(StatusCode.Unimplemented, "")),
            })),
            Stream = (_, request) => StreamAsync((StreamBatchRequest)request),
        };
        return Clients.Of(Server, options);
    }

    private IMessage Changed(IMessage answer)
    {
        Change(answer);
        return answer;
    }

    private GetStatisticsResponse Statistics(GetStatisticsRequest request)
    {
        var number = request.Publication == 0 ? batches.Count : request.Publication;
        var document = Encoding.UTF8.GetBytes($$"""{"profile":"{{request.Name["profiles/".Length..]}}","publication":{{number}},"table":"{{request.Table}}"}""");
        return new() { Publication = number, Document = ByteString.CopyFrom(document), Signature = ByteString.CopyFrom(Key.SignData(document, HashAlgorithmName.SHA256)) };
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

    /// <summary>One a page, so that paging is used.</summary>
    private ListRekeysResponse RekeysAfter(ListRekeysRequest request)
    {
        var from = request.PageToken.Length == 0 ? 0 : int.Parse(request.PageToken, CultureInfo.InvariantCulture);
        return new()
        {
            Rekeys = { rekeys.Skip(from).Take(1) },
            NextPageToken = from + 1 < rekeys.Count ? (from + 1).ToString(CultureInfo.InvariantCulture) : "",
        };
    }

    private AcknowledgeBatchResponse Acknowledge(AcknowledgeBatchRequest request)
    {
        Acknowledged.Add((NumberOf(request.Name), request.RequestId));
        return new() { Acknowledged = NumberOf(request.Name) };
    }

    private GetManifestResponse Manifest(int number)
    {
        var tombstones = string.Join(',', told[number - 1].GroupBy(t => t.Batch).Select(t => $$"""{"batch":{{t.Key}},"rows":[{{string.Join(',', t.Select(r => r.Row))}}]}"""));
        var agreed = Agreed ? $""","recipient":"a-1","tombstones":[{tombstones}]""" : "";
        var manifest = Encoding.UTF8.GetBytes(
            $$"""{"format":"clinicnetwork.release/{{(Agreed ? 2 : 1)}}","profile":"public-outcomes","batch":{{number}},"rows":{{batches[number - 1].Count}},"root":"{{Convert.ToHexStringLower(Root(number))}}","columns":["pseudonym","sex","sessions","note","more"]{{agreed}}}""");
        if (!signed.TryGetValue(number, out var answer) || !answer.Manifest.Span.SequenceEqual(manifest))
            signed[number] = answer = new() { Manifest = ByteString.CopyFrom(manifest), Signature = ByteString.CopyFrom(Key.SignData(manifest, HashAlgorithmName.SHA256)) };
        return answer;
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
        var trailer = new BatchTrailer { RowCount = rows.Count, Root = ByteString.CopyFrom(TreeOf(rows).Root()) };
        Trailer(trailer);
        yield return new StreamBatchResponse { Trailer = trailer };
    }

    private static RowPage PageOf(int first, List<ReleasedRow> rows) =>
        new() { FirstRow = first, Rows = { rows.Select(row => row.Clone()) }, Checksum = ByteString.CopyFrom(
            SHA256.HashData([.. rows.SelectMany(LeafOf)])) };

    private static int NumberOf(string name) => int.Parse(name[(name.LastIndexOf('/') + 1)..], CultureInfo.InvariantCulture);
}
