using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;
using Grpc.Core;
using Grpc.Reflection.V1Alpha;

namespace ClinicNetwork.BlackBox.Tests.Durability;

/// <summary>Streams whose callers do nothing do not hold up a stop.</summary>
public sealed class StalledStopTests
{
    /// <summary>Of 1 KB, and some 150 bytes of result each: far more than lies in the buffers on the way.</summary>
    private const int Sent = 20_000;

    [Fact]
    public async Task Facts_whose_results_nobody_reads_do_not_use_up_the_stop()
    {
        await using var server = await ServerProcess.StartAsync();
        using var channel = server.Open();
        using var call = new FactService.FactServiceClient(channel).IngestFacts(deadline: DateTime.UtcNow + 4 * Bounded.Wait);
        var written = 0;
        var writing = WriteAsync();
        await UntilStillAsync(() => Volatile.Read(ref written));
        Assert.InRange(written, 256, Sent - 1);
        await server.StopAsync();
        Assert.DoesNotContain("non-graceful", server.Log.Text, StringComparison.Ordinal);
        await Assert.ThrowsAnyAsync<Exception>(() => writing.Within());

        async Task WriteAsync()
        {
            for (; written < Sent; written++)
            {
                await call.RequestStream.WriteAsync(new() { Patient = new string('p', 1_000) });
            }
        }
    }

    [Fact]
    public async Task An_idle_reflection_stream_does_not_use_up_the_stop()
    {
        await using var server = await ServerProcess.StartAsync();
        using var channel = server.Open();
        using var call = new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo(deadline: DateTime.UtcNow + 4 * Bounded.Wait);
        await call.RequestStream.WriteAsync(new() { ListServices = "" }).Within();
        Assert.True(await call.ResponseStream.MoveNext(default).Within());
        await server.StopAsync();
        Assert.DoesNotContain("non-graceful", server.Log.Text, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(default).Within());
    }

    private static async Task UntilStillAsync(Func<int> value)
    {
        var (last, same) = (0, 0);
        await Bounded.UntilAsync("the server stops reading", () =>
        {
            var now = value();
            (last, same) = (now, now > 0 && now == last ? same + 1 : 0);
            return Task.FromResult(same == 25);
        });
    }
}
