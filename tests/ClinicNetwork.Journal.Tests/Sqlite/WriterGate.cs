using ClinicNetwork.Journal.Sqlite;

namespace ClinicNetwork.Journal.Tests.Sqlite;

/// <summary>Holds the writer before a commit, so that a test decides what is in the queue and in the next group.</summary>
internal sealed class WriterGate : IDisposable
{
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly SemaphoreSlim _release = new(0);
    private volatile bool _closed;

    public WriterHooks Hooks => new() { BeforeCommit = Pass };

    /// <summary>From now on each group waits before its commit.</summary>
    public void Close() => _closed = true;

    /// <summary>Waits until a group stands before its commit.</summary>
    public async Task ArrivedAsync() => Assert.True(await _arrived.WaitAsync(TimeSpan.FromSeconds(30)));

    public void Open()
    {
        _closed = false;
        _release.Release();
    }

    public void Dispose()
    {
        _arrived.Dispose();
        _release.Dispose();
    }

    private void Pass()
    {
        if (_closed)
        {
            _arrived.Release();
            _release.Wait();
        }
    }
}
