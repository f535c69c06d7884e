using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClinicNetwork.Server;

/// <summary>
/// Cuts the gateway's connections that are still open some time after the stop began. A caller who takes nothing, or an idle stream of a
/// library that does not watch the stop, would else keep Kestrel waiting and leave the silo nothing of the host's one budget.
/// </summary>
internal sealed class DrainLimit : IDisposable
{
    private readonly CancellationTokenSource _over;
    private readonly CancellationTokenRegistration _stopping;

    public DrainLimit(IHostApplicationLifetime lifetime, TimeProvider time)
    {
        _over = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _stopping = lifetime.ApplicationStopping.Register(() => _over.CancelAfter(TimeSpan.FromSeconds(Operating.DrainSecondsMax)));
    }

    /// <summary>The connection, not the call: a call can have ended here while its last bytes wait for a caller who does not read.</summary>
    public static void Use(ListenOptions listen)
    {
        var limit = listen.ApplicationServices.GetRequiredService<DrainLimit>();
        listen.Use(next => async connection =>
        {
            await using var cut = limit._over.Token.Register(() => connection.Abort(new ConnectionAbortedException("The server stops.")));
            await next(connection);
        });
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _over.Dispose();
    }
}
