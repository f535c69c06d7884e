using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using Grpc.Core;
using Grpc.Reflection.V1Alpha;

namespace ClinicNetwork.BlackBox.Tests.Errors;

/// <summary>A client that goes away in the middle is no error of the server: nothing for the operator's log.</summary>
public sealed class GoneClientTests
{
    private const int Times = 40;

    [Theory]
    [InlineData("unary")]
    [InlineData("server stream")]
    [InlineData("reflection")]
    [InlineData("facts")]
    public async Task A_call_given_up_leaves_no_error_in_the_log(string kind)
    {
        await using var server = await ServerProcess.StartAsync();
        using var channel = server.Open();
        var network = new Network(channel);
        await network.RegisterAsync(Network.Harbour);
        await network.TreatAsync("patients/g-1");
        for (var i = 0; i < Times; i++)
        {
            await GiveUpAsync(kind, channel, network, i);
        }

        // The connection is in use and the server answers after all of them.
        await network.PlanAsync("patients/g-1");
        await server.StopAsync();
    }

    private static async Task GiveUpAsync(string kind, ChannelBase channel, Network network, int i)
    {
        switch (kind)
        {
            case "unary":
                using (network.Patients.RecordAssessmentAsync(Valid.Assessment("patients/g-1", $"a-{i}")))
                {
                    // Disposed at once: cancelled wherever it is.
                }

                break;
            case "server stream":
                using (var watch = network.Feed.WatchPlans(new() { Site = Network.Harbour }))
                {
                    await watch.ResponseStream.MoveNext(default).Within();
                }

                break;
            case "facts":
                using (var facts = network.Facts.IngestFacts())
                {
                    for (var item = 0; item < 20; item++)
                    {
                        await facts.RequestStream.WriteAsync(FactCalls.Item(Valid.Assessment("patients/g-1", $"f-{i}-{item}"))).Within();
                    }

                    if (i % 3 > 0)
                    {
                        await facts.ResponseStream.MoveNext(default).Within();
                    }
                }

                break;
            default:
                using (var reflection = new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo(deadline: Bounded.Deadline))
                {
                    await reflection.RequestStream.WriteAsync(new() { ListServices = "" }).Within();
                    if (i % 3 > 0)
                    {
                        await reflection.RequestStream.CompleteAsync().Within();
                    }

                    if (i % 3 < 2)
                    {
                        await reflection.ResponseStream.MoveNext(default).Within();
                    }
                }

                break;
        }
    }
}
