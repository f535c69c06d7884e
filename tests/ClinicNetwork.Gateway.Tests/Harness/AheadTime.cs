namespace ClinicNetwork.Gateway.Tests.Harness;

/// <summary>The machine's clock, ahead by what a test says; what it measures and its timers go on untouched.</summary>
internal sealed class AheadTime : TimeProvider
{
    private long _ticks;

    public void Pass(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _ticks));
}
