namespace ClinicNetwork.Site.Tests.Rig;

/// <summary>A machine's clock that is wrong by so much, and what ran on that nobody sets.</summary>
internal sealed class TestClock : TimeProvider
{
    public TimeSpan Wrong { get; set; }

    public TimeSpan Ran { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Wrong;

    public override long GetTimestamp() => System.GetTimestamp() + (long)(Ran.TotalSeconds * TimestampFrequency);
}
