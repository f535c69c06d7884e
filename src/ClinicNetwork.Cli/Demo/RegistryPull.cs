using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Exchange.V1;
using Grpc.Core.Interceptors;

namespace ClinicNetwork.Cli.Demo;

/// <summary>What a pull over cuts did.</summary>
/// <param name="Cuts">Streams reset on purpose.</param>
/// <param name="Kills">Pulls ended in the middle of a batch; the next one took up their rows.</param>
internal sealed record PullSeen(int Batches, long Rows, long RowsTakenUp, int Cuts, int Kills);

/// <summary>Pulls the release as a registry does, with its streams cut and the puller itself ended on the way.</summary>
internal sealed class RegistryPull(Uri server, ClientIdentity identity, string folder, ulong seed)
{
    private const int PageRows = 16;
    private const int CutsWanted = 6;

    internal async Task<PullSeen> RunAsync(CancellationToken cancellationToken)
    {
        using var channel = ClinicNetworkClient.OpenChannel(server, new() { Identity = identity });
        using var plain = new ClinicNetworkClient(channel.CreateCallInvoker());
        var list = new ListBatchesRequest { Parent = ReleasePuller.PublicOutcomes, PageSize = 200 };
        var batches = (await plain.Releases.ListBatchesAsync(list, cancellationToken: cancellationToken)).Batches;
        if (batches.Count == 0)
            throw new DemoException("nothing was published: too few patients for a cell; give more --patients");
        var random = new Random((int)(seed % int.MaxValue));
        var cuts = new CutStreams(Positions(batches, random, CutsWanted));
        using var client = new ClinicNetworkClient(channel.Intercept(cuts));
        var takenUp = 0L;
        var kills = await EndInTheMiddleAsync(client, batches[^1], cancellationToken) ? 1 : 0;
        var result = await new ReleasePuller(client, folder, PageRows).PullAsync(cancellationToken: cancellationToken);
        takenUp += result.RowsTakenUp;
        return new(result.Batches, batches.Sum(b => b.RowCount), takenUp, cuts.Made, kills);
    }

    /// <summary>A pull that is ended when half of the last batch is on the disk.</summary>
    private async Task<bool> EndInTheMiddleAsync(ClinicNetworkClient client, Batch last, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            await new ReleasePuller(client, folder, PageRows).PullAsync(progress: new EndAt(last, end), cancellationToken: end.Token);
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return true;
        }
    }

    /// <summary>Rows in different pages, so that each one cuts a stream of its own.</summary>
    private static IEnumerable<(string, long)> Positions(IReadOnlyList<Batch> batches, Random random, int count)
    {
        var pages = (from batch in batches
                     from page in Enumerable.Range(0, (int)((batch.RowCount + PageRows - 1) / PageRows))
                     select (batch.Name, First: (long)page * PageRows, End: Math.Min((page + 1L) * PageRows, batch.RowCount))).ToArray();
        random.Shuffle(pages);
        return [.. pages.Take(count).Select(page => (page.Name, random.NextInt64(page.First, page.End)))];
    }

    /// <summary>Not <see cref="Progress{T}"/>, which reports later and elsewhere.</summary>
    private sealed class EndAt(Batch last, CancellationTokenSource end) : IProgress<PullProgress>
    {
        public void Report(PullProgress value)
        {
            if (value.Batch == value.Batches && value.Rows >= last.RowCount / 2 && value.Rows < last.RowCount)
                end.Cancel();
        }
    }
}
