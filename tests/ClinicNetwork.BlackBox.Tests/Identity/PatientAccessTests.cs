using System.Reflection;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Identity;

/// <summary>A patient's certificate against every rpc: its own patient, another one that is there, one that is not, and as what it is not.</summary>
public sealed class PatientAccessTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    private const string Own = "patients/own";
    private const string Other = "patients/another";

    [Fact]
    public async Task A_patient_reaches_itself_alone_by_any_rpc_and_does_not_learn_who_else_is_there()
    {
        await fixture.Network.TreatAsync(Own);
        await fixture.Network.TreatAsync(Other);
        var commands = await fixture.Network.CommandsAsync();
        using var certificates = new TestCertificates(fixture.Server);
        using var channel = fixture.Server.Open(certificates.Good("role:patient", "patient:own"));
        var reached = 0;
        foreach (var (rpc, cell) in Rows())
        {
            if (cell == "no")
            {
                await AccessMatrixTests.AssertAsync(channel, rpc, null, "ROLE_NOT_ALLOWED");
                continue;
            }

            await AccessMatrixTests.AssertAsync(channel, rpc, null, null);
            await AccessMatrixTests.AssertAsync(channel, rpc, Network.Harbour, "SITE_NOT_YOURS");
            if (cell == "own")
            {
                var (other, nobody, own) = (await EndAsync(channel, rpc, Other), await EndAsync(channel, rpc, "patients/nobody-at-all"), await EndAsync(channel, rpc, Own));
                Assert.Equal((rpc, StatusCode.NotFound, "PATIENT_NOT_FOUND"), (rpc, other?.Code, other?.Reason));
                Assert.Equal((rpc, other!.Text), (rpc, nobody?.Text));
                Assert.True(own?.Code is null or StatusCode.InvalidArgument, $"{rpc}: {own?.Code} {own?.Reason}");
                reached++;
            }
        }

        Assert.Equal(11, reached);
        Assert.Equal(commands, await fixture.Network.CommandsAsync());
    }

    /// <summary>What is well-formed is refused like what is not.</summary>
    [Fact]
    public async Task A_patient_writes_and_reads_nothing_of_another()
    {
        await fixture.Network.TreatAsync("patients/left");
        await fixture.Network.TreatAsync("patients/right");
        using var certificates = new TestCertificates(fixture.Server);
        using var channel = fixture.Server.Open(certificates.Good("role:patient", "patient:left"));
        var left = new Network(channel);
        Func<string, Task>[] calls =
        [
            async p => await left.Patients.GetPatientAsync(new() { Name = p }), async p => await left.Patients.RecordScaleAsync(Valid.Scale(p, "g-1")),
            async p => await left.Voice.ListJournalAsync(new() { Parent = p }), async p => await left.Voice.WriteJournalEntryAsync(ValidVoice.Entry(p)),
            async p => await left.Voice.SetOwnGoalsAsync(ValidVoice.Goals(p)), async p => await left.Voice.RecordDiaryEffectAsync(ValidVoice.Effect(p)),
            async p => await left.Voice.ResolveDiaryEffectAsync(ValidVoice.Over(p)), async p => await left.Voice.SetSupportContactsAsync(ValidVoice.Contacts(p)),
        ];
        foreach (var call in calls)
        {
            await RefusalSeen.AssertAsync(StatusCode.NotFound, "PATIENT_NOT_FOUND", () => call("patients/right"));
            await call("patients/left");
        }

        Assert.Equal(3, (await fixture.Network.HistoryAsync("patients/right")).Count);
        // Nor by an item of a stream, which is for no patient.
        await RefusalSeen.AssertAsync(StatusCode.PermissionDenied, "ROLE_NOT_ALLOWED", async () => await left.OverFacts().Patients.RecordScaleAsync(Valid.Scale("patients/left", "g-2")));
    }

    [Theory]
    [InlineData("PATIENT_NOT_NAMED", "role:patient")]
    [InlineData("ROLE_NOT_ALLOWED", "role:nurse", "patient:own")]
    [InlineData("ROLE_NOT_ALLOWED", "role:patient", "role:nurse", "patient:own", "patient:another")]
    [InlineData("ROLE_NOT_ALLOWED", "role:patient", "role:nurse", "patient:Not a slug")]
    public async Task A_certificate_that_is_not_one_patients_is_worth_nothing(string reason, params string[] scope)
    {
        using var certificates = new TestCertificates(fixture.Server);
        using var channel = fixture.Server.Open(certificates.Good(scope));
        foreach (var (rpc, _) in Rows().Where(r => r.Cell == "own"))
        {
            await AccessMatrixTests.AssertAsync(channel, rpc, null, reason);
        }
    }

    [Fact]
    public async Task Whoever_is_a_patient_is_nothing_else()
    {
        await fixture.Network.TreatAsync("patients/nurse-too");
        using var certificates = new TestCertificates(fixture.Server);
        using var channel = fixture.Server.Open(certificates.Good("role:patient", "role:nurse", "role:clinician", "role:network-admin", "site:harbour", "patient:nurse-too"));
        await AccessMatrixTests.AssertAsync(channel, "care.v1.PatientService/StartSession", null, "ROLE_NOT_ALLOWED");
        await AccessMatrixTests.AssertAsync(channel, "care.v1.ClinicService/ListRoster", null, "ROLE_NOT_ALLOWED");
        await AccessMatrixTests.AssertAsync(channel, "care.v1.PatientService/GetPatient", Network.Harbour, "SITE_NOT_YOURS");
        Assert.NotNull(await new Network(channel).Patients.GetPatientAsync(new() { Name = "patients/nurse-too" }));
    }

    private static IEnumerable<(string Rpc, string Cell)> Rows()
    {
        var column = Array.IndexOf(AccessMatrixTests.Table[0].Split(','), "patient");
        return AccessMatrixTests.Table[1..].Select(line => line.Split(',')).Select(row => (row[0], row[column]));
    }

    /// <summary>A message that names a patient and holds nothing else.</summary>
    private static async Task<RefusalSeen?> EndAsync(ChannelBase channel, string rpc, string patient)
    {
        var method = typeof(PatientServiceReflection).Assembly.GetTypes().Where(t => t.Name.EndsWith("ServiceReflection", StringComparison.Ordinal))
            .Select(t => (FileDescriptor)t.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!)
            .SelectMany(f => f.Services).Concat(PatientVoiceReflection.Descriptor.Services).SelectMany(s => s.Methods).First(m => $"clinicnetwork.{rpc}" == $"{m.Service.FullName}/{m.Name}");
        var message = method.InputType.Parser.ParseFrom([]);
        ((string[])["patient", "name", "parent"]).Select(method.InputType.FindFieldByName).First(f => f is not null).Accessor.SetValue(message, patient);
        var bytes = Marshallers.Create<byte[]>(b => b, b => b);
        try
        {
            var kind = method.IsServerStreaming ? MethodType.ServerStreaming : MethodType.Unary;
            var (called, options) = (new Method<byte[], byte[]>(kind, method.Service.FullName, method.Name, bytes, bytes), new CallOptions(deadline: Bounded.Deadline));
            if (method.IsServerStreaming)
            {
                using var call = channel.CreateCallInvoker().AsyncServerStreamingCall(called, null, options, message.ToByteArray());
                await call.ResponseStream.MoveNext(default).Within();
            }
            else
            {
                await channel.CreateCallInvoker().AsyncUnaryCall(called, null, options, message.ToByteArray());
            }

            return null;
        }
        catch (RpcException exception)
        {
            return RefusalSeen.Of(exception);
        }
    }
}
