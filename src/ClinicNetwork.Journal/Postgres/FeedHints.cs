using System.Collections.Concurrent;
using Npgsql;

namespace ClinicNetwork.Journal.Postgres;

/// <summary>
/// Tells every process which sites' feeds have grown: by PostgreSQL's NOTIFY, which is only a hint. It is sent outside the write transactions,
/// because commits with a NOTIFY in them wait for each other, and at most once in a while for all that was written.
/// </summary>
public sealed class FeedHints : IAsyncDisposable
{
    private const string Channel = "clinicnetwork_feed";

    /// <summary>Sites, by comma; an empty payload names none, as servers before 0.7 send it. PostgreSQL takes payloads under 8,000 bytes.</summary>
    private const int PayloadMax = 7_500;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);

    private readonly NpgsqlDataSource _source;
    private readonly Outages _outages;
    private readonly SemaphoreSlim _written = new(0);
    private readonly ConcurrentDictionary<string, bool> _sites = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sending;

    internal FeedHints(NpgsqlDataSource source, Outages outages)
    {
        (_source, _outages) = (source, outages);
        _sending = Task.Run(SendAsync);
    }

    /// <summary>Calls <paramref name="signal"/> with each site of a hint; with null when no site is named, and after every new connection, before which hints may have been missed. Ends with the token only.</summary>
    public async Task ListenAsync(Action<string?> signal, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        while (!either.IsCancellationRequested)
        {
            try
            {
                await using var connection = await _source.OpenConnectionAsync(either.Token).ConfigureAwait(false);
                connection.Notification += (_, hint) => Tell(hint.Payload, signal);
                await connection.ExecuteAsync("LISTEN " + Channel, either.Token).ConfigureAwait(false);
                signal(null);
                while (true)
                {
                    await connection.WaitAsync(either.Token).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (Failures.IsUnavailable(e))
            {
                if (Failures.IsOutage(e))
                {
                    _outages.Report();
                }

                await PauseAsync(RetryPause, either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _sending.ConfigureAwait(false);
        await _source.DisposeAsync().ConfigureAwait(false);
        _stop.Dispose();
    }

    /// <summary>Feed rows of the site were committed.</summary>
    internal void Written(string site)
    {
        _sites[site] = true;
        if (_written.CurrentCount == 0)
        {
            _written.Release();
        }
    }

    private static void Tell(string payload, Action<string?> signal)
    {
        if (payload.Length == 0)
        {
            signal(null);
        }
        else
        {
            Array.ForEach(payload.Split(','), signal);
        }
    }

    /// <summary>What is taken and not sent is a hint lost.</summary>
    private string TakePayload()
    {
        var payload = string.Join(',', _sites.Keys.Where(site => _sites.TryRemove(site, out _)));
        return payload.Length <= PayloadMax ? payload : "";
    }

    private static async Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken) =>
        await Task.Delay(pause, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task SendAsync()
    {
        NpgsqlConnection? connection = null;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _written.WaitAsync(_stop.Token).ConfigureAwait(false);
                await PauseAsync(Pause, _stop.Token).ConfigureAwait(false);
                while (_written.CurrentCount > 0)
                {
                    await _written.WaitAsync(_stop.Token).ConfigureAwait(false);
                }

                connection ??= await _source.OpenConnectionAsync(_stop.Token).ConfigureAwait(false);
                await connection.ExecuteAsync("SELECT pg_notify($1, $2)", _stop.Token, Query.Text(Channel), Query.Text(TakePayload())).ConfigureAwait(false);
            }
            catch (Exception e) when (Failures.IsUnavailable(e) || e is OperationCanceledException)
            {
                // A hint lost: readers also look by themselves.
                if (connection is not null)
                {
                    await connection.DisposeAsync().ConfigureAwait(false);
                    connection = null;
                }
            }
        }

        if (connection is not null)
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }
}
