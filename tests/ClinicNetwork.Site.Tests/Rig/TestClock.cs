namespace ClinicNetwork.Site.Tests.Rig;

/// <summary>A machine's clock that is wrong by so much.</summary>
internal sealed class TestClock : TimeProvider
{
    public TimeSpan Wrong { get; set; }

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Wrong;
}
