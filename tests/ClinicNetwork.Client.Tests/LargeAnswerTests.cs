using ClinicNetwork.Client.Tests.Fakes;
using ClinicNetwork.Protocol.Exchange.V1;
using Google.Protobuf;

namespace ClinicNetwork.Client.Tests;

/// <summary>A manifest of many cells is larger than what a channel takes of itself (4 MiB).</summary>
public sealed class LargeAnswerTests
{
    private const int MiB = 1024 * 1024;

    [Fact]
    public async Task A_manifest_of_sixteen_MiB_is_taken_and_a_caller_may_set_less()
    {
        var manifest = new byte[16 * MiB];
        Random.Shared.NextBytes(manifest);
        await using var server = await GrpcServer.StartAsync(new GetManifestResponse { Manifest = ByteString.CopyFrom(manifest) }.ToByteArray());

        using var network = ClinicNetworkClient.Connect(server.Address);
        using var small = ClinicNetworkClient.Connect(server.Address, new ClinicNetworkClientOptions { MessageBytesMax = 4 * MiB });

        var request = new GetManifestRequest { Name = "profiles/public-outcomes/batches/1" };
        Assert.Equal(manifest, (await network.Releases.GetManifestAsync(request)).Manifest.ToByteArray());
        var refused = await Assert.ThrowsAsync<ClinicNetworkException>(async () => await small.Releases.GetManifestAsync(request));
        Assert.Contains("maximum", refused.Message, StringComparison.Ordinal);
    }
}
