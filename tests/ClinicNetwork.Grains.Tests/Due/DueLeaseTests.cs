using ClinicNetwork.Grains.Due;
using ClinicNetwork.Journal;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClinicNetwork.Grains.Tests.Due;

/// <summary>A run leases no more than it runs, and ends with its lease.</summary>
public sealed class DueLeaseTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task Pages_of_leased_rows_do_not_grow_with_what_failed()
    {
        var rows = new FailingRows(pages: 3);
        Assert.Equal((0, 3 * DueRunner.PageRows), await Runner(rows).RunAsync(NetworkUnderTest.Start, Lease, default));
        Assert.Equal([256, 256, 256, 256], rows.Limits);
    }

    [Fact]
    public async Task Without_a_lease_a_page_has_room_for_what_failed()
    {
        var rows = new FailingRows(pages: 2);
        Assert.Equal((0, 2 * DueRunner.PageRows), await Runner(rows).RunAsync(NetworkUnderTest.Start, TimeSpan.Zero, default));
        Assert.Equal([256, 512, 768], rows.Limits);
    }

    [Fact]
    public async Task Nothing_is_begun_once_the_lease_is_over()
    {
        var rows = new FailingRows(pages: 3) { TakesPerPage = Lease };
        Assert.Equal((0, 0), await Runner(rows).RunAsync(NetworkUnderTest.Start, Lease, default));
        Assert.Single(rows.Limits);
    }

    [Fact]
    public async Task A_run_ends_with_its_lease_though_its_last_page_is_run_to_the_end()
    {
        var rows = new FailingRows(pages: 3) { TakesPerPage = Lease / 2 };
        Assert.Equal((0, 2 * DueRunner.PageRows), await Runner(rows).RunAsync(NetworkUnderTest.Start, Lease, default));
        Assert.Equal(2, rows.Limits.Count);
    }

    private static DueRunner Runner(FailingRows rows) => new(rows, null!, new(new byte[32], new StandingClock()), new(new byte[32]), rows.Time, NullLogger<DueRunner>.Instance);

    /// <summary>Pages of rows of a kind that nobody knows, so that each fails; reading one takes some time by a clock of its own.</summary>
    private sealed class FailingRows(int pages) : DueRowsOnly
    {
        public TimeSpan TakesPerPage { get; init; }

        public MovedTime Time { get; } = new();

        public List<int> Limits { get; } = [];

        public override Task<IReadOnlyList<DueRow>> ReadDueAsync(DateTimeOffset until, int limit, TimeSpan lease, CancellationToken cancellationToken)
        {
            Limits.Add(limit);
            Time.Now += TakesPerPage;
            var page = Limits.Count;
            return Task.FromResult<IReadOnlyList<DueRow>>(
                page > pages ? [] : [.. Enumerable.Range(0, DueRunner.PageRows).Select(i => new DueRow("pt-none", $"{page}-{i}", until))]);
        }
    }

    private sealed class MovedTime : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
