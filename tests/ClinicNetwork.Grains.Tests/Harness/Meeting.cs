namespace ClinicNetwork.Grains.Tests.Harness;

/// <summary>Lets so many parties go on together, so that a race happens by construction and not by luck.</summary>
internal sealed class Meeting(int parties)
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(20);

    private readonly TaskCompletionSource _all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _missing = parties;

    public Task ArriveAsync()
    {
        if (Interlocked.Decrement(ref _missing) == 0)
        {
            _all.SetResult();
        }

        return _all.Task.WaitAsync(WaitMax);
    }
}
