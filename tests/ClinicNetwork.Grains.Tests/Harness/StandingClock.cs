using ClinicNetwork.Journal;

namespace ClinicNetwork.Grains.Tests.Harness;

/// <summary>The clock of a real store, but that it stands until a test moves it.</summary>
internal sealed class StandingClock : IStoreClock
{
    public bool IsManual => false;

    public DateTimeOffset Now { get; set; } = NetworkUnderTest.Start;

    public Task AdvanceAsync(DateTimeOffset to, CancellationToken cancellationToken) => throw new NotSupportedException();
}
