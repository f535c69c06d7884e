namespace ClinicNetwork.Gateway.Identity.Tokens;

/// <summary>
/// Something that is fetched and kept: anew when it is old, and when somebody misses a thing in it, but no more often than a pause allows. One fetch at a
/// time, which no caller can cancel; one that fails leaves what there was.
/// </summary>
internal sealed class Refreshed<T>(Func<Task<T?>> fetch, TimeProvider time)
    where T : class
{
    /// <summary>After this it is fetched anew: what was taken back of it is noticed.</summary>
    public static readonly TimeSpan AgeMax = TimeSpan.FromMinutes(10);

    /// <summary>Between two fetches, whoever asks and however the last one ended.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>The same while there is nothing yet: until then everybody is refused.</summary>
    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _one = new(1);
    private volatile Kept? _kept;
    private long? _tried;

    /// <returns>Null: it could not be had yet.</returns>
    public async Task<T?> GetAsync(CancellationToken cancellationToken) =>
        _kept is { } kept && time.GetElapsedTime(kept.At) < AgeMax ? kept.Value : (await FetchAsync(_kept, cancellationToken))?.Value;

    /// <summary>Looks in what there is, and when it is not there in what is fetched, if the pause is over.</summary>
    public async Task<TFound?> FindAsync<TFound>(Func<T, TFound?> find, CancellationToken cancellationToken)
        where TFound : class
    {
        if (await GetAsync(cancellationToken) is not { } value)
        {
            return null;
        }

        return find(value) ?? (await FetchAsync(_kept, cancellationToken) is { } newer && !ReferenceEquals(newer.Value, value) ? find(newer.Value) : null);
    }

    /// <param name="seen">What the caller found wanting; somebody else may have fetched since.</param>
    private async Task<Kept?> FetchAsync(Kept? seen, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            if (ReferenceEquals(_kept, seen) && !(_tried is { } last && time.GetElapsedTime(last) < (_kept is null ? FirstPause : Pause)))
            {
                _tried = time.GetTimestamp();
                if (await fetch() is { } value)
                {
                    _kept = new(value, time.GetTimestamp());
                }
            }

            return _kept;
        }
        finally
        {
            _one.Release();
        }
    }

    private sealed record Kept(T Value, long At);
}
