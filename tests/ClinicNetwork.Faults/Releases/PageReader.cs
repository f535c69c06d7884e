using System.Collections.Concurrent;
using ClinicNetwork.Client;
using Grpc.Core;

namespace ClinicNetwork.Faults.Releases;

/// <summary>Reads pages of batches as a recipient does, and judges every row that has values. Whose a row is it asks the store's tables, past the server.</summary>
internal sealed class PageReader(ReleaseNetwork network, LeakJudge judge)
{
    private const int LeaksKept = 1_000;

    /// <summary>Small, so that each page is a read of its own.</summary>
    private const int PageRows = 60;

    private readonly ConcurrentDictionary<(string Recipient, int Batch), IReadOnlyList<(string Person, int Formed)>> _owners = new();
    private long _pages;
    private long _rows;

    public long Pages => _pages;

    public long Rows => _rows;

    public ConcurrentQueue<string> Leaks { get; } = new();

    /// <summary>Every page of the batches after a number; who is seen in which cell and milestone, by pseudonym.</summary>
    public async Task<IReadOnlyDictionary<(string Cell, string Milestone), HashSet<string>>> ReadAsync(Recipient recipient, int after, CancellationToken stop)
    {
        var seen = new Dictionary<(string, string), HashSet<string>>();
        foreach (var batch in await ListAsync(recipient, stop))
        {
            var number = int.Parse(batch[(batch.LastIndexOf('/') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
            if (number <= after)
            {
                continue;
            }

            var owners = await OwnersAsync(recipient, number, stop);
            var askedAt = TimeProvider.System.GetTimestamp();
            using var call = recipient.Client.Releases.StreamBatch(new() { Name = batch, PageSize = PageRows }, cancellationToken: stop);
            while (await call.ResponseStream.MoveNext(stop))
            {
                if (call.ResponseStream.Current.Page is not { } page)
                {
                    continue;
                }

                Interlocked.Increment(ref _pages);
                foreach (var (index, row) in page.Rows.Index().Where(r => r.Item.Values.Count > 0))
                {
                    Interlocked.Increment(ref _rows);
                    Judge(recipient, number, page.FirstRow + index, owners, askedAt);
                    var cell = (row.Values[1], row.Values[2]);
                    (seen.TryGetValue(cell, out var persons) ? persons : seen[cell] = []).Add(row.Values[0]);
                }
            }
        }

        return seen;
    }

    /// <summary>Reads until told to stop: newest batches each time, all of them now and then. A server that is down is asked again.</summary>
    public async Task ReadOnAsync(Recipient recipient, int newest, CancellationToken stop)
    {
        const int AllEvery = 8;
        for (var turn = 1; !stop.IsCancellationRequested; turn++)
        {
            try
            {
                await ReadAsync(recipient, turn % AllEvery == 0 ? 0 : newest, stop);
            }
            catch (Exception exception) when (exception is RpcException or ClinicNetworkException or OperationCanceledException)
            {
                await Task.Yield();
            }
        }
    }

    private void Judge(Recipient recipient, int batch, long row, IReadOnlyList<(string Person, int Formed)> owners, long askedAt)
    {
        var (person, formed) = owners[(int)row];
        if (Leaks.Count < LeaksKept && judge.IsLeak(person, recipient.Id, formed, askedAt))
        {
            Leaks.Enqueue($"{recipient.Id} batch {batch} row {row}: {person}, in a cell of publication {formed}");
        }
    }

    private async Task<IReadOnlyList<(string Person, int Formed)>> OwnersAsync(Recipient recipient, int batch, CancellationToken stop) =>
        _owners.TryGetValue((recipient.Id, batch), out var known) ? known : _owners[(recipient.Id, batch)] = await network.ReadOwnersAsync(recipient.Id, batch, stop);

    private static async Task<List<string>> ListAsync(Recipient recipient, CancellationToken stop)
    {
        var names = new List<string>();
        var token = "";
        do
        {
            var page = await recipient.Client.Releases.ListBatchesAsync(new() { Parent = ReleaseNetwork.Profile, PageSize = 200, PageToken = token }, cancellationToken: stop);
            names.AddRange(page.Batches.Select(b => b.Name));
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return names;
    }
}
