namespace ClinicNetwork.Client.Tests.Fakes;

internal static class Clients
{
    /// <summary>Longer timers are timeouts, shorter ones waits: see <see cref="ManualTime"/>.</summary>
    internal static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(25);

    internal static ManualTime NewTime() => new(WaitMax);

    /// <summary>Waits cost no time; no jitter unless asked for.</summary>
    internal static ClinicNetworkClientOptions Options(TimeProvider? time = null, Func<double>? jitter = null) =>
        new() { Time = time ?? NewTime(), Jitter = jitter ?? (() => 0.5), BreakAttemptsMin = 10_000 };

    internal static ClinicNetworkClient Of(FakeServer server, ClinicNetworkClientOptions? options = null) =>
        new(server, options ?? Options());
}
