using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Errors;

/// <summary>Bytes that are no message are the caller's mistake: a client error, and nothing for the operator's log.</summary>
public sealed class UnreadableBytesTests
{
    private static readonly (string Rpc, string Hex)[] Messages =
    [
        ("EnrolPatient", "FFFFFFFF"),
        ("EnrolPatient", "0AFF"),
        ("RecordAssessment", "2205FFFFFFFFFF"),
        ("GetPatient", "0A02C3"),
        ("RecordDose", "21000000"),
    ];

    [Fact]
    public async Task Bytes_that_are_no_message_are_INVALID_ARGUMENT_and_no_error_of_the_server()
    {
        await using var server = await ServerProcess.StartAsync();
        using var channel = server.Open();
        var seen = new List<string>();
        foreach (var (rpc, hex) in Messages)
        {
            var refusal = await RefusalSeen.OfAsync(() => RawCalls.UnaryAsync(channel, "clinicnetwork.care.v1.PatientService", rpc, Convert.FromHexString(hex)));
            seen.Add($"{rpc}: {refusal.Code}");
            Assert.DoesNotContain("   at ", refusal.Text, StringComparison.Ordinal);
        }

        // 0AFF: a field that claims more bytes than there are; it comes after an item that is done first.
        var item = new IngestFactsRequest { RequestId = Valid.Id(), Patient = "patients/nobody" }.ToByteArray();
        var (results, end) = await RawCalls.DuplexAsync(channel, "clinicnetwork.care.v1.FactService", "IngestFacts", item, Convert.FromHexString("0AFF"));
        Assert.Equal("FACT_MISSING", IngestFactsResponse.Parser.ParseFrom(Assert.Single(results)).Refused.Reason);
        seen.Add($"IngestFacts, {RefusalSeen.Of(end!).Reason}: {end!.StatusCode}");
        await server.StopAsync();
        Assert.Contains("MESSAGE_UNREADABLE", seen[^1], StringComparison.Ordinal);
        Assert.All(seen, s => Assert.EndsWith(nameof(StatusCode.InvalidArgument), s, StringComparison.Ordinal));
    }
}
