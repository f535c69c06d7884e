using ClinicNetwork.BlackBox.Tests.Hosting;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;
using Xunit.Abstractions;

namespace ClinicNetwork.BlackBox.Tests.Reflection;

/// <summary>A client that knows nothing but reflection lists and calls every service; nothing generated from our protos is used here.</summary>
public sealed class ReflectionTests(NetworkFixture fixture, ITestOutputHelper output) : IClassFixture<NetworkFixture>, IDisposable
{
    private readonly GrpcChannel _channel = fixture.Server.Open();

    public void Dispose() => _channel.Dispose();

    [Fact]
    public async Task The_services_are_listed_and_described()
    {
        var client = new ReflectionClient(_channel);
        var services = await client.ListServicesAsync();
        foreach (var service in services)
        {
            var described = await client.DescribeAsync(service);
            output.WriteLine($"{service}: {string.Join(", ", described.Methods.Select(m => m.IsServerStreaming ? $"stream {m.Name}" : m.Name))}");
        }

        Assert.Equal(
            [
                "clinicnetwork.admin.v1.ApprovalService", "clinicnetwork.admin.v1.NetworkService", "clinicnetwork.audit.v1.AuditService", "clinicnetwork.care.v1.ClinicService", "clinicnetwork.care.v1.FactService", "clinicnetwork.care.v1.PatientMatchService", "clinicnetwork.care.v1.PatientService",
                "clinicnetwork.care.v1.PatientVoiceService", "clinicnetwork.care.v1.RecordService",
                "clinicnetwork.exchange.v1.PartnerService", "clinicnetwork.exchange.v1.ReleaseService", "clinicnetwork.exchange.v1.SubmissionService", "clinicnetwork.sync.v1.DosingService", "clinicnetwork.sync.v1.PlanFeedService", "clinicnetwork.sync.v1.PlanPushService", "clinicnetwork.sync.v1.TransferService", "grpc.health.v1.Health",
            ],
            services.Where(s => !s.StartsWith("grpc.reflection.", StringComparison.Ordinal)));
        Assert.Contains(services, s => s.StartsWith("grpc.reflection.v1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_production_nobody_is_told_the_contract()
    {
        await using var server = await ServerProcess.StartAsync(null, "--ClinicNetwork:Production", "true");
        using var channel = server.Open();
        var exception = await Assert.ThrowsAsync<RpcException>(() => new ReflectionClient(channel).ListServicesAsync());
        Assert.Equal(StatusCode.Unimplemented, exception.StatusCode);
    }

    [Fact]
    public async Task Each_service_is_called_by_reflection()
    {
        await CallAsync("clinicnetwork.care.v1.ClinicService", "RegisterClinic", ("request_id", "reflected-1"), ("clinic.name", "clinics/mirror"), ("clinic.display_name", "Mirror"), ("clinic.time_zone", "Europe/Berlin"));
        await CallAsync(
            "clinicnetwork.care.v1.PatientService", "EnrolPatient",
            ("request_id", "reflected-2"), ("patient", "patients/mirrored"), ("home_clinic", "clinics/mirror"), ("given_name", "Ada"), ("family_name", "Mirror"),
            ("birth_date", "1980-02-29"), ("sex", "SEX_OTHER"), ("record_number", "M-1"), ("occurred_at.seconds", "1700000000"));
        var patient = await CallAsync("clinicnetwork.care.v1.PatientService", "GetPatient", ("name", "patients/mirrored"), ("read.confirmed", "1"));
        Assert.Contains(("patient.sex", "SEX_OTHER"), patient);
        Assert.Contains(("patient.home_clinic", "clinics/mirror"), patient);
        Assert.Contains(("revision.version", "1"), patient);
        var feed = await CallAsync("clinicnetwork.sync.v1.PlanFeedService", "WatchPlans", ("site", "clinics/mirror"), ("until_caught_up", "1"));
        Assert.Contains(("change.kind", "CHANGE_KIND_ACCESS_GRANTED"), feed);
        var facts = await CallAsync(
            "clinicnetwork.care.v1.FactService", "IngestFacts",
            ("request_id", "reflected-3"), ("patient", "patients/mirrored"), ("end_treatment.reason", "moved"), ("end_treatment.occurred_at.seconds", "1700000000"));
        Assert.Contains(("accepted.end_treatment.receipt.version", "2"), facts);
        Assert.Contains(("public_key_pem", await KeyAsync()), await CallAsync("clinicnetwork.exchange.v1.ReleaseService", "GetReleaseKey"));
        Assert.Contains(("clock_kind", "CLOCK_KIND_MANUAL"), await CallAsync("clinicnetwork.admin.v1.NetworkService", "GetStatus"));
        Assert.Contains(("status", "SERVING"), await CallAsync("grpc.health.v1.Health", "Check"));
    }

    [Fact]
    public async Task Every_rpc_answers_an_empty_message_with_an_answer_or_a_documented_status()
    {
        var client = new ReflectionClient(_channel);
        var seen = new List<string>();
        foreach (var service in (await client.ListServicesAsync()).Where(s => s.StartsWith("clinicnetwork.", StringComparison.Ordinal)))
        {
            foreach (var rpc in (await client.DescribeAsync(service)).Methods)
            {
                var code = await CodeOfAsync(rpc);
                seen.Add($"{rpc.FullName}: {code}");
                // What a patient or a partner alone may do is for no administrator.
                var ofOthers = rpc.Name is "WriteJournalEntry" or "SetOwnGoals" or "SubmitOutcomes" or "CompleteSubmission" or "AbortSubmission";
                Assert.True(ofOthers ? code is StatusCode.PermissionDenied : code is StatusCode.OK or StatusCode.InvalidArgument or StatusCode.NotFound, seen[^1]);
            }
        }

        output.WriteLine(string.Join('\n', seen));
        Assert.True(seen.Count >= 28, $"only {seen.Count} rpcs");
    }

    private async Task<string> KeyAsync() => (await CallAsync("clinicnetwork.exchange.v1.ReleaseService", "GetReleaseKey")).Single().Value;

    private async Task<StatusCode> CodeOfAsync(MethodDescriptor rpc)
    {
        try
        {
            await SendAsync(rpc, []);
            return StatusCode.OK;
        }
        catch (RpcException exception)
        {
            return exception.StatusCode;
        }
    }

    private async Task<IReadOnlyList<(string Path, string Value)>> CallAsync(string service, string rpc, params (string Path, string Value)[] fields)
    {
        var method = (await new ReflectionClient(_channel).DescribeAsync(service)).FindMethodByName(rpc);
        var answers = await SendAsync(method, WireMessage.Write(method.InputType, fields));
        return [.. answers.SelectMany(a => WireMessage.Read(method.OutputType, a))];
    }

    private async Task<IReadOnlyList<byte[]>> SendAsync(MethodDescriptor rpc, byte[] message) => rpc.IsServerStreaming
        ? await RawCalls.ServerStreamAsync(_channel, rpc.Service.FullName, rpc.Name, message)
        : [await RawCalls.UnaryAsync(_channel, rpc.Service.FullName, rpc.Name, message)];
}
