using ClinicNetwork.Journal;
using ClinicNetwork.Journal.Audit;

namespace ClinicNetwork.Gateway.Tests.Audit;

/// <summary>An audit that only keeps.</summary>
internal sealed class Keeper : IAuditLog
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _more = new(0);

    public List<AccessRecord> Accesses { get; } = [];

    public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool Blocked { get; init; }

    public volatile bool Away;

    /// <summary>So many groups are kept, and the answer is lost.</summary>
    public int LosesAnswers;

    private readonly HashSet<Guid> _ids = [];

    public void Release() => _released.SetResult();

    public async Task WaitAsync(int count)
    {
        while (Accesses.Count < count)
        {
            Assert.True(await _more.WaitAsync(Patience));
        }
    }

    public async Task RecordAsync(IReadOnlyList<AccessRecord> accesses, CancellationToken cancellationToken)
    {
        Asked.TrySetResult();
        if (Away)
        {
            throw new StoreUnavailableException("away");
        }

        if (Blocked)
        {
            await _released.Task;
        }

        Accesses.AddRange(accesses.Where(one => _ids.Add(one.EntryId!.Value)));
        _more.Release();
        if (LosesAnswers-- > 0)
        {
            throw new StoreUnavailableException("lost");
        }
    }

    public Task<AuditRound> PlaceAsync(AuditHeads heads, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> FindProblemAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<SignedHead?> ReadHeadAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<SignedHead>> ReadHeadsAsync(long afterNumber, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<PlacedEntry>> ReadEntriesAsync(long from, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<PlacedEntry>> ReadOfSubjectAsync(string subject, long from, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<byte[]>> ReadNodesAsync(int level, long index, int count, CancellationToken cancellationToken) => throw new NotSupportedException();
}
