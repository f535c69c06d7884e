using System.IO.Compression;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;
using Grpc.Core;
using Xunit.Abstractions;

namespace ClinicNetwork.BlackBox.Tests.Limits;

/// <summary>A small message that unpacks to a huge one costs the server no more than a large one.</summary>
public sealed class DecompressionTests(NetworkFixture fixture, ITestOutputHelper output) : IClassFixture<NetworkFixture>
{
    private const string GetPlan = "/clinicnetwork.care.v1.PatientService/GetPlan";
    private const string IngestFacts = "/clinicnetwork.care.v1.FactService/IngestFacts";

    /// <summary>The server takes 256 KiB over the wire; gzip packs zeros about 1,030 to 1.</summary>
    private const int UnpackedBytes = 240 * 1024 * 1024;

    private const int Bombs = 24;
    private const long GrowthMax = 160L * 1024 * 1024;

    [Theory]
    [InlineData(GetPlan)]
    [InlineData(IngestFacts)]
    public async Task A_decompression_bomb_is_RESOURCE_EXHAUSTED_and_takes_no_memory(string rpc)
    {
        var bomb = Pack(new byte[UnpackedBytes]);
        Assert.InRange(bomb.Length, 1, 256 * 1024);
        var before = fixture.Server.ResidentBytes;
        var ends = await Task.WhenAll(Enumerable.Range(0, Bombs).Select(_ => WireCall.EndAsync(fixture.Server, rpc, WireCall.Packed(bomb), timeout: null, encoding: "gzip")));
        var growth = fixture.Server.ResidentBytes - before;
        output.WriteLine($"{Bombs} bombs of {bomb.Length / 1024} KiB, {UnpackedBytes / 1024 / 1024} MiB unpacked: the server grew by {growth / 1024 / 1024} MiB");
        Assert.All(ends, end => Assert.Equal(StatusCode.ResourceExhausted, end));
        Assert.InRange(growth, long.MinValue, GrowthMax);
    }

    [Fact]
    public async Task A_packed_message_of_usual_size_is_taken_and_one_in_another_packing_is_told_so()
    {
        var message = Pack(new GetPlanRequest { Name = "patients/nobody/plan" }.ToByteArray());
        Assert.Equal(StatusCode.NotFound, await WireCall.EndAsync(fixture.Server, GetPlan, WireCall.Packed(message), timeout: null, encoding: "gzip"));
        Assert.Equal(StatusCode.Unimplemented, await WireCall.EndAsync(fixture.Server, GetPlan, WireCall.Packed(message), timeout: null, encoding: "deflate"));
        Assert.Equal(StatusCode.InvalidArgument, await WireCall.EndAsync(fixture.Server, GetPlan, WireCall.Packed([1, 2, 3]), timeout: null, encoding: "gzip"));
    }

    /// <summary>gzip.</summary>
    internal static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }
}
