using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains;

/// <summary>The snapshots of one activation: which one is stored, and the one that is being written; one at most. Nothing here fails a call but reading the journal.</summary>
/// <param name="current">What the activation knows now; null: its key was destroyed, and nothing may be stored.</param>
internal sealed class StreamSnapshots<TState>(GrainServices services, string stream, GrainId grain, Func<Snapshot<TState>?> current)
    where TState : class
{
    private Task _writing = Task.CompletedTask;
    private long _version;
    private string? _etag;

    /// <summary>The stored one with the first rows after it; without one that counts the stream's first rows. The journal's row of its version has to be the one it was made from.</summary>
    /// <param name="limit">Rows at most.</param>
    public async Task<(Snapshot<TState>? Snapshot, IReadOnlyList<JournalRow> Tail)> ReadAsync(Func<TState, bool> isWhole, int limit, CancellationToken cancellationToken)
    {
        var found = await services.Snapshots.ReadAsync<TState>(stream, grain, cancellationToken);
        _etag = found.Etag;
        if (found.Snapshot is { } snapshot && await services.Journal.ReadTailAsync(stream, snapshot.Version, snapshot.RowHash, limit, cancellationToken) is { } tail)
        {
            _version = snapshot.Version;
            if (isWhole(snapshot.State))
            {
                return (snapshot, tail);
            }
        }

        return (null, await services.Journal.ReadTailAsync(stream, 0, [], limit, cancellationToken) ?? []);
    }

    /// <summary>In the background, when enough was appended; nobody waits for it.</summary>
    public void Appended(long version)
    {
        if (_writing.IsCompleted && version - _version >= services.Options.SnapshotEveryVersions)
        {
            _writing = WriteWhileDueAsync();
        }
    }

    /// <summary>Waits for the one that is being written, and writes the last.</summary>
    public async Task DeactivatedAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        await TryWriteAsync(services.Options.SnapshotWhenIdleVersions, cancellationToken);
    }

    /// <summary>Again when enough was appended while one was being written: the last command of a burst may be the last for long.</summary>
    private async Task WriteWhileDueAsync()
    {
        while (await TryWriteAsync(services.Options.SnapshotEveryVersions, CancellationToken.None))
        {
        }
    }

    /// <summary>On the thread pool, so that neither the answer nor the next call waits for encoding and disk.</summary>
    private async Task<bool> TryWriteAsync(int versionsMin, CancellationToken cancellationToken)
    {
        if (current() is not { } snapshot || snapshot.Version - _version < versionsMin)
        {
            return false;
        }

        var etag = _etag;
        _etag = await Task.Run(() => services.Snapshots.WriteAsync(stream, grain, snapshot, etag, cancellationToken), cancellationToken);
        _version = Math.Max(_version, snapshot.Version);
        if (current() is null)
        {
            // The key was destroyed meanwhile; who did it may have looked before this one lay there.
            await services.Snapshots.DeleteAsync(grain, cancellationToken);
        }

        return true;
    }
}
