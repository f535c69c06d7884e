using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Identity;
using ClinicNetwork.BlackBox.Tests.Releases;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Net.Client;
using Xunit.Abstractions;

namespace ClinicNetwork.BlackBox.Tests.Errors;

/// <summary>A server with the cast of the bad messages on it.</summary>
public sealed class CastFixture : IAsyncLifetime
{
    /// <summary>The fuzz sends as one client what many would not.</summary>
    private readonly NetworkFixture _network = new("--ClinicNetwork:CallsPerSecondMax", "1000000");

    private TestCertificates? _certificates;
    private GrpcChannel? _own;
    private RegistryPartner? _partner;
    private GrpcChannel? _partners;

    internal Network Network => _network.Network;

    internal ServerProcess Server => _network.Server;

    internal Cast Cast { get; private set; } = null!;

    internal RegistryPartner Partner => _partner!;

    public async Task InitializeAsync()
    {
        await _network.InitializeAsync();
        _partner = await RegistryPartner.JoinAsync(Server, Network);
        _partners = Server.Open(_partner.Identity.Certificate);
        Cast = await Cast.PlayAsync(_network.Network);
        Cast.Partner = new(_partners);
        await Cast.Partner.SubmitAsync(ExchangeMessages.Opening("opened"));
        _certificates = new(Server);
        _own = Server.Open(_certificates.Good("role:patient", "patient:" + Cast.Planned["patients/".Length..]));
        Cast.Own = new(_own);
    }

    public async Task DisposeAsync()
    {
        _own?.Dispose();
        _partners?.Dispose();
        _partner?.Dispose();
        _certificates?.Dispose();
        await _network.DisposeAsync();
    }
}

/// <summary>Bad messages get the documented code, reason and field, tell nothing of what was sent, and change nothing. Guarantee 9.</summary>
public sealed class BadMessageTests(CastFixture fixture, ITestOutputHelper output) : IClassFixture<CastFixture>
{
    /// <summary>Sent texts shorter than this may be part of a message by chance.</summary>
    private const int TellingLength = 7;

    /// <summary>Words that messages use by themselves, as in "Give patients/{patient}".</summary>
    private static readonly string[] Vocabulary = ["patients", "patients/", "clinics", "clinics/", "doubles", "doubles/", "protocols", "protocols/", "approvals", "approvals/", "partners", "partners/", "agreements", "profiles/", "outcomes", .. RegistryPartner.Columns];

    private static readonly IReadOnlyList<BadMessage> Table = [.. AmendmentMessages.All, .. PathwayMessages.All, .. TreatmentMessages.All, .. CourseMessages.All, .. FactMessages.All, .. PushMessages.All, .. ReadMessages.All, .. VoiceMessages.All, .. ApprovalMessages.All, .. RemsMessages.All, .. PartnerMessages.All, .. ExchangeMessages.All, .. TransferMessages.All, .. DoubleMessages.All, .. DosingMessages.All];

    public static TheoryData<string> Rpcs => new(Table.Select(m => m.Rpc).Distinct());

    [Theory]
    [MemberData(nameof(Rpcs))]
    public async Task A_bad_message_gets_the_documented_code_reason_and_field(string rpc)
    {
        var rows = Table.Where(m => m.Rpc == rpc).ToList();
        var commands = await fixture.Network.CommandsAsync();
        var wrong = new List<string>();
        foreach (var row in rows)
        {
            wrong.AddRange((await TryAsync(row)).Select(problem => $"{row}: {problem}"));
        }

        output.WriteLine($"{rpc}: {rows.Count} bad messages");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Equal(commands, await fixture.Network.CommandsAsync());
    }

    [Fact]
    public void Every_rpc_that_takes_a_field_has_bad_messages()
    {
        FileDescriptor[] files =
        [
            Protocol.Care.V1.PatientServiceReflection.Descriptor, Protocol.Care.V1.RecordServiceReflection.Descriptor, Protocol.Care.V1.PatientVoiceReflection.Descriptor, Protocol.Care.V1.FactServiceReflection.Descriptor, Protocol.Care.V1.ClinicServiceReflection.Descriptor,
            Protocol.Sync.V1.PlanFeedServiceReflection.Descriptor, Protocol.Sync.V1.PushServiceReflection.Descriptor, Protocol.Sync.V1.DosingServiceReflection.Descriptor, Protocol.Sync.V1.TransferServiceReflection.Descriptor, Protocol.Care.V1.PatientMatchServiceReflection.Descriptor, Protocol.Exchange.V1.ReleaseServiceReflection.Descriptor, Protocol.Exchange.V1.PartnerServiceReflection.Descriptor,
            Protocol.Exchange.V1.SubmissionServiceReflection.Descriptor,
            Protocol.Admin.V1.NetworkServiceReflection.Descriptor, Protocol.Admin.V1.ApprovalServiceReflection.Descriptor, Protocol.Audit.V1.AuditServiceReflection.Descriptor,
        ];
        var rpcs = files.SelectMany(f => f.Services).SelectMany(s => s.Methods).Where(m => m.InputType.Fields.InFieldNumberOrder().Count > 0);
        Assert.Empty(rpcs.Select(m => $"{m.Service.Name}/{m.Name}").Except(Table.Select(m => m.Rpc)));
    }

    private async Task<IReadOnlyList<string>> TryAsync(BadMessage row)
    {
        try
        {
            await row.Send(fixture.Network, fixture.Cast);
            return ["was accepted"];
        }
        catch (RpcException exception)
        {
            var seen = RefusalSeen.Of(exception);
            var problems = new List<string>();
            if ((seen.Code, seen.Reason, seen.Field) != (row.Code, row.Reason, row.Field))
            {
                problems.Add($"got {seen.Code}, {seen.Reason}, '{seen.Field}' instead of {row.Code}, {row.Reason}, '{row.Field}'");
            }

            problems.AddRange(TextsOf(row.Sent!).Where(t => t.Length >= TellingLength && !Vocabulary.Contains(t) && seen.Text.Contains(t, StringComparison.Ordinal)).Select(_ => "the answer repeats what was sent"));
            if (seen.Text.Contains("   at ", StringComparison.Ordinal) || seen.Text.Contains("Exception", StringComparison.Ordinal))
            {
                problems.Add("the answer shows the inside");
            }

            return problems;
        }
    }

    private static IEnumerable<string> TextsOf(IMessage message) => message.Descriptor.Fields.InFieldNumberOrder()
        .SelectMany(f => f.Accessor.GetValue(message) is System.Collections.IEnumerable list and not string ? list.Cast<object?>() : [f.Accessor.GetValue(message)])
        .SelectMany(v => v switch { string text => [text], IMessage inner => TextsOf(inner), _ => [] });
}
