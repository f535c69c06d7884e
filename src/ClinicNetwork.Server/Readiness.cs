namespace ClinicNetwork.Server;

/// <summary>Whether this process wants calls: it has started, is connected to its cluster, and is not stopping.</summary>
internal sealed class Readiness : IClusterConnectionStatusObserver
{
    private volatile bool _started;
    private volatile bool _stopping;
    private volatile bool _disconnected;

    public bool IsStarted => _started;

    public bool IsReady => _started && !_stopping && !_disconnected;

    /// <summary>One word for people and probes.</summary>
    public string Word => _stopping ? "stopping" : !_started ? "starting" : _disconnected ? "disconnected" : "ready";

    public void Started() => _started = true;

    public void Stopping() => _stopping = true;

    /// <summary>Of a gateway of its own; it connects again by itself.</summary>
    public void NotifyClusterConnectionLost() => _disconnected = true;

    public void NotifyGatewayCountChanged(int currentNumberOfGateways, int previousNumberOfGateways, bool connectionRecovered) =>
        _disconnected = currentNumberOfGateways == 0;
}
