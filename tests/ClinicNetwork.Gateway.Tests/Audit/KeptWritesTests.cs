using ClinicNetwork.Gateway.Audit;
using ClinicNetwork.Gateway.Tests.Harness;

namespace ClinicNetwork.Gateway.Tests.Audit;

/// <summary>A stream that lives for hours is in the audit also with what it tells later, and no more often than is bounded.</summary>
public sealed class KeptWritesTests
{
    [Fact]
    public async Task A_stream_is_an_entry_before_its_first_message_and_again_only_when_it_tells_something_long_after()
    {
        var (time, answers, kept) = (new SteppedTime(), new Answers<int>(), new List<int>());
        var writes = new AuditInterceptor.KeptWrites<int>(answers, () => Kept(kept, answers), time);
        Assert.Empty(kept);
        for (var minute = 0; minute < 60; minute++)
        {
            await writes.WriteAsync(minute);
            time.Now += TimeSpan.FromMinutes(1);
        }

        // An hour in which nothing is told.
        time.Now += TimeSpan.FromHours(1);
        Assert.Equal([0, 10, 20, 30, 40, 50], kept);
        await writes.WriteAsync(60);
        Assert.Equal(60, kept[^1]);
    }

    [Fact]
    public async Task What_cannot_be_kept_is_not_told()
    {
        var (time, answers, full) = (new SteppedTime(), new Answers<int>(), false);
        var writes = new AuditInterceptor.KeptWrites<int>(answers, () => full ? Task.FromException(new InvalidOperationException("full")) : Task.CompletedTask, time);
        await writes.WriteAsync(0);
        (full, time.Now) = (true, AuditInterceptor.AgainAfter);
        await Assert.ThrowsAsync<InvalidOperationException>(() => writes.WriteAsync(1));
        Assert.Equal([0], answers.Taken);
    }

    private static Task Kept(List<int> kept, Answers<int> answers)
    {
        kept.Add(answers.Taken.Count);
        return Task.CompletedTask;
    }

    private sealed class SteppedTime : TimeProvider
    {
        public TimeSpan Now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
