using System.Collections.Concurrent;
using ClinicNetwork.Gateway.Care;
using ClinicNetwork.Gateway.Tests.Harness;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Gateway.Tests.Care;

/// <summary>What one stream may hold, in items and in bytes.</summary>
public sealed class FactWindowTests
{
    /// <summary>As fact_service.proto says.</summary>
    private const int ItemsMax = 256;

    private const int BytesMax = 4 * 1024 * 1024;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(100)]
    [InlineData(10_000)]
    [InlineData(20_000)]
    [InlineData(100_000)]
    [InlineData(GatewayHosting.ReceiveBytesMax - 100)]
    public async Task Items_of_one_patient_under_way_hold_no_more_than_the_budget_and_all_are_done(int bytes)
    {
        const int Sent = 600;
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var answers = new Answers<IngestFactsResponse>(_ => released.Task);
        using var intake = new StreamIntake<IngestFactsRequest, IngestFactsResponse>((_, _) => Task.FromResult(new IngestFactsResponse()), (_, exception) => throw exception, answers, CancellationToken.None);
        var item = new IngestFactsRequest { Patient = new string('p', bytes) };
        var taken = 0;
        Task<bool>? waiting = null;
        while (waiting is null && taken < Sent)
        {
            var taking = TakeAsync();
            (waiting, taken) = taking.IsCompleted ? (null, taken + 1) : (taking, taken);
        }

        Assert.NotNull(waiting);
        Assert.InRange(taken, 1, Math.Min(ItemsMax, BytesMax / bytes));
        Assert.True(taken == ItemsMax || taken * (long)(bytes + StreamIntake<IngestFactsRequest, IngestFactsResponse>.PlaceBytes) > BytesMax - 2 * GatewayHosting.ReceiveBytesMax, $"only {taken} items of {bytes} bytes are taken");

        released.SetResult();
        Assert.True(await waiting.WaitAsync(Soon));
        for (taken++; taken < Sent; taken++)
        {
            Assert.True(await TakeAsync().WaitAsync(Soon));
        }

        await intake.EndAsync().WaitAsync(Soon);
        Assert.Equal(Enumerable.Range(0, Sent).Select(i => (long)i), answers.Taken.Select(a => a.Item));

        async Task<bool> TakeAsync() => await intake.RoomAsync(CancellationToken.None) && await intake.TakeAsync(item, CancellationToken.None);
    }

    [Fact]
    public async Task A_large_item_that_waits_for_room_when_the_host_stops_is_not_begun()
    {
        var begun = new ConcurrentQueue<int>();
        var never = new TaskCompletionSource<IngestFactsResponse>();
        using var gone = new CancellationTokenSource();
        using var stop = new CancellationTokenSource();
        using var intake = new StreamIntake<IngestFactsRequest, IngestFactsResponse>(
            (item, stopped) => { begun.Enqueue(item.Patient.Length); return never.Task.WaitAsync(stopped); }, (_, exception) => throw exception, new Answers<IngestFactsResponse>(), gone.Token);
        for (var i = 0; i < ItemsMax - 1; i++)
        {
            Assert.True(await intake.RoomAsync(stop.Token) && await intake.TakeAsync(new() { Patient = $"{i}" }, stop.Token));
        }

        Assert.True(await intake.RoomAsync(stop.Token));
        var large = intake.TakeAsync(new() { Patient = new string('p', 100_000) }, stop.Token);
        Assert.False(large.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => large.WaitAsync(Soon));
        await gone.CancelAsync();
        await intake.EndAsync().WaitAsync(Soon);
        Assert.DoesNotContain(100_000, begun);
    }
}
