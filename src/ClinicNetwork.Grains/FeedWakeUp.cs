namespace ClinicNetwork.Grains;

/// <summary>
/// Hints that a site's feed has grown, for those in this process who wait for it. Never relied on: whoever polls the ends of the watched
/// feeds signals what no hint told of.
/// </summary>
public sealed class FeedWakeUp
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Watched> _sites = new(StringComparer.Ordinal);
    private TaskCompletionSource _somewhere = NewSignal();

    /// <summary>Completes at the next hint that names no site.</summary>
    public Task Somewhere => Volatile.Read(ref _somewhere).Task;

    /// <summary>Sites that somebody watches.</summary>
    public IReadOnlyList<string> Sites
    {
        get
        {
            lock (_gate)
            {
                return [.. _sites.Keys];
            }
        }
    }

    /// <summary>Until it is disposed, the site is among <see cref="Sites"/>.</summary>
    public Watch Begin(string site)
    {
        lock (_gate)
        {
            var watched = _sites.TryGetValue(site, out var there) ? there : _sites[site] = new();
            watched.Watches++;
            return new Watch(this, site, watched);
        }
    }

    /// <summary>Some feed has grown, nobody knows which.</summary>
    public void Signal() => Interlocked.Exchange(ref _somewhere, NewSignal()).TrySetResult();

    public void Signal(string site)
    {
        TaskCompletionSource next;
        lock (_gate)
        {
            if (!_sites.TryGetValue(site, out var watched))
            {
                return;
            }

            (next, watched.Next) = (watched.Next, NewSignal());
        }

        next.TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void End(string site, Watched watched)
    {
        lock (_gate)
        {
            if (--watched.Watches == 0)
            {
                _sites.Remove(site);
            }
        }
    }

    /// <summary>One who waits for a site's feed to grow.</summary>
    public sealed class Watch : IDisposable
    {
        private readonly FeedWakeUp _wakeUp;
        private readonly string _site;
        private readonly Watched _watched;

        internal Watch(FeedWakeUp wakeUp, string site, Watched watched) => (_wakeUp, _site, _watched) = (wakeUp, site, watched);

        /// <summary>Completes at the next signal. Take it before looking, so that no commit in between is missed.</summary>
        public Task Next
        {
            get
            {
                lock (_wakeUp._gate)
                {
                    return _watched.Next.Task;
                }
            }
        }

        /// <summary>Once.</summary>
        public void Dispose() => _wakeUp.End(_site, _watched);
    }

    internal sealed class Watched
    {
        public int Watches { get; set; }

        public TaskCompletionSource Next { get; set; } = NewSignal();
    }
}
