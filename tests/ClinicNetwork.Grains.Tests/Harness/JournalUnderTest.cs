using System.Collections.Concurrent;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Tests.Harness;

/// <summary>The real journal, with places at which a test steps in: each step is for one stream and, unless said otherwise, for its next append only.</summary>
public sealed class JournalUnderTest(IJournal inner) : IJournal
{
    private readonly ConcurrentDictionary<string, Func<Append, Task>> _before = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Func<Append, Task>> _after = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Exception> _broken = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Exception> _unreadable = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Func<Task>> _beforeFind = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _away = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(string Stream, long After)> _reads = new();

    /// <summary>Runs before the next append of a stream reaches the store; what it throws, the store never saw.</summary>
    public void BeforeNext(string stream, Func<Append, Task> step) => _before[stream] = step;

    /// <summary>Runs after the next append of a stream was committed, before its caller is told.</summary>
    public void AfterNext(string stream, Func<Append, Task> step) => _after[stream] = step;

    public void FailBeforeNext(string stream, Exception exception) => BeforeNext(stream, _ => Task.FromException(exception));

    public void FailAfterNext(string stream, Exception exception) => AfterNext(stream, _ => Task.FromException(exception));

    /// <summary>Every append of the stream fails before it reaches the store, until <see cref="Repair"/>.</summary>
    public void Break(string stream, Exception exception) => _broken[stream] = exception;

    public void Repair(string stream) => _broken.TryRemove(stream, out _);

    /// <summary>Every read of the stream's rows fails from now on.</summary>
    public void FailReads(string stream, Exception exception) => _unreadable[stream] = exception;

    /// <summary>Runs before the next search for a request id of the stream.</summary>
    public void BeforeNextFind(string stream, Func<Task> step) => _beforeFind[stream] = step;

    /// <summary>The database does not answer any read of the stream, until <see cref="ComeBack"/>.</summary>
    public void GoAway(string stream) => _away[stream] = true;

    public void ComeBack(string stream) => _away.TryRemove(stream, out _);

    /// <summary>After which versions a stream was folded so far, in order; reads of others, as the search for doubles makes them, are none.</summary>
    public IReadOnlyList<long> ReadsOf(string stream) => [.. _reads.Where(r => r.Stream == stream).Select(r => r.After)];

    public void ForgetReads() => _reads.Clear();

    public async Task<AppendOutcome> AppendAsync(Append append, CancellationToken cancellationToken)
    {
        if (_broken.TryGetValue(append.Stream, out var broken))
        {
            throw broken;
        }

        if (_before.TryRemove(append.Stream, out var before))
        {
            await before(append);
        }

        var outcome = await inner.AppendAsync(append, cancellationToken);
        if (outcome is AppendOutcome.Appended && _after.TryRemove(append.Stream, out var after))
        {
            await after(append);
        }

        return outcome;
    }

    public Task<IReadOnlyList<JournalRow>> ReadAsync(string stream, long afterVersion, int limit, CancellationToken cancellationToken) =>
        Reading(stream, () => inner.ReadAsync(stream, afterVersion, limit, cancellationToken));

    public Task<IReadOnlyList<JournalRow>?> ReadTailAsync(string stream, long afterVersion, byte[] afterHash, int limit, CancellationToken cancellationToken)
    {
        _reads.Enqueue((stream, afterVersion));
        return Reading(stream, () => inner.ReadTailAsync(stream, afterVersion, afterHash, limit, cancellationToken));
    }

    public Task<long> ReadHeadAsync(string stream, CancellationToken cancellationToken) => Answering(stream, () => inner.ReadHeadAsync(stream, cancellationToken));

    public async Task<StoredRequest?> FindRequestAsync(string stream, string requestId, byte[] payloadHash, CancellationToken cancellationToken)
    {
        if (_beforeFind.TryRemove(stream, out var before))
        {
            await before();
        }

        return await Answering(stream, () => inner.FindRequestAsync(stream, requestId, payloadHash, cancellationToken));
    }

    private Task<T> Reading<T>(string stream, Func<Task<T>> read) =>
        _unreadable.TryGetValue(stream, out var unreadable) ? Task.FromException<T>(unreadable) : Answering(stream, read);

    private Task<T> Answering<T>(string stream, Func<Task<T>> read) =>
        _away.ContainsKey(stream) ? Task.FromException<T>(new StoreUnavailableException("the database is away")) : read();
}
