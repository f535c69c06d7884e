using System.Collections.Concurrent;
using System.Globalization;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Identity;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Grains;
using ClinicNetwork.Journal.Audit;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Rpc;
using Grpc.Core;

namespace ClinicNetwork.Gateway.Audit;

/// <summary>The audit entry of a call: who, for which site, about whom.</summary>
internal static class Entries
{
    private const string ServicePrefix = "/clinicnetwork.";
    private const string ProfilePrefix = "profiles/";

    /// <summary>HL7 v3 ActReason, "break the glass".</summary>
    private const string EmergencyPurpose = "BTG";

    /// <summary>Of the call's own values.</summary>
    private static readonly object InEmergency = new();

    private static readonly object Delivered = new();

    /// <summary>
    /// HL7 v3 PurposeOfUse by what is called, the first that fits. Source: terminology.hl7.org/CodeSystem/v3-ActReason 3.1.0. TREAT: "provision of health care"; HRESCH: healthcare research;
    /// HCOMPL: "activities required to meet a mandate"; RECORDMGT: "the health records management process", to which the export and the end of a record, and of a clinic's key, belong;
    /// HSYSADMIN: "to administer the electronic systems used for the delivery of health care".
    /// </summary>
    private static readonly (string Called, string Purpose)[] Purposes =
    [
        ("care.v1.ClinicService/RegisterClinic", "HSYSADMIN"), ("care.v1.ClinicService/ConfigureClinic", "HSYSADMIN"), ("care.v1.RecordService", "RECORDMGT"), ("care.", "TREAT"), ("sync.", "TREAT"), ("exchange.", "HRESCH"), ("audit.", "HCOMPL"),
        ("admin.v1.ApprovalService", "RECORDMGT"), ("admin.", "HSYSADMIN"),
    ];

    /// <summary>Fields that name what a request is about, in the order in which they are looked at.</summary>
    private static readonly string[] SubjectFields = ["patient", "name", "parent", "agreement", "site", "clinic", "approval"];

    private static readonly ConcurrentDictionary<MessageDescriptor, FieldDescriptor[]> Subjects = new();

    /// <summary>The call's entry says that only emergency access permitted it.</summary>
    public static void MarkEmergency(ServerCallContext context) => context.UserState[InEmergency] = true;

    /// <summary>The call's last entry says what left the network: to whom, of which batch, which rows.</summary>
    public static void TellDelivered(ServerCallContext context, string recipient, int batch, long firstRow, long rows) =>
        context.UserState[Delivered] = string.Create(CultureInfo.InvariantCulture, $"OK {recipient} batch {batch} rows {firstRow}+{rows}");

    /// <summary>Null: the call delivers nothing that is told apart.</summary>
    public static string? DeliveredBy(ServerCallContext context) => context.UserState.TryGetValue(Delivered, out var told) ? (string)told : null;

    /// <summary>By what was asked, not by how: a message that cannot be read and a server that is busy refuse nothing.</summary>
    public static bool IsRefusal(StatusCode code) =>
        code is StatusCode.Unauthenticated or StatusCode.PermissionDenied or StatusCode.NotFound or StatusCode.FailedPrecondition or StatusCode.AlreadyExists or StatusCode.Aborted;

    public static string OutcomeOf(RpcException refused) => OutcomeOf(refused.StatusCode, refused.GetRpcStatus());

    public static string OutcomeOf(StatusCode code, Google.Rpc.Status? status) => $"{code} {status?.GetDetail<ErrorInfo>()?.Reason}".TrimEnd();

    public static AccessRecord Of(ServerCallContext context, IMessage? request, string outcome, TimeProvider time) =>
        Of(context, context.Method, request, outcome, time);

    /// <param name="method">Of a command that came in on a stream: its own rpc.</param>
    public static AccessRecord Of(ServerCallContext context, string method, IMessage? request, string outcome, TimeProvider time)
    {
        var rpc = method.StartsWith(ServicePrefix, StringComparison.Ordinal) ? method[ServicePrefix.Length..] : method;
        var purpose = context.UserState.ContainsKey(InEmergency) ? EmergencyPurpose : PurposeOf(rpc);
        return new(time.GetUtcNow(), rpc, Caller.Of(context).Name, SiteOf(context), request is null ? "" : SubjectOf(request), purpose, outcome, 1);
    }

    /// <summary>Of one patient among many that a call told of.</summary>
    public static AccessRecord OfOne(ServerCallContext context, string subject, bool inEmergency, string outcome, TimeProvider time) =>
        Of(context, null, outcome, time) is var entry && inEmergency ? entry with { Subject = subject, Purpose = EmergencyPurpose } : entry with { Subject = subject };

    /// <summary>Empty: it uses nobody's information.</summary>
    internal static string PurposeOf(string rpc) => Purposes.FirstOrDefault(p => rpc.StartsWith(p.Called, StringComparison.Ordinal)).Purpose ?? "";

    /// <summary>What the caller says it acts for, also when it may not; empty when that is no clinic's name.</summary>
    private static string SiteOf(ServerCallContext context) =>
        ClinicId.TryParseName(context.RequestHeaders.GetValue(Origins.SiteEntry) ?? "", out var site) ? site.Value : "";

    /// <summary>Empty when the request names nobody in a readable way: what a caller wrote is not copied as it is.</summary>
    internal static string SubjectOf(IMessage request)
    {
        foreach (var field in Subjects.GetOrAdd(request.Descriptor, descriptor => [.. SubjectFields.Select(descriptor.FindFieldByName).Where(f => f is { FieldType: FieldType.String, IsRepeated: false })]))
        {
            if (StreamOf((string)field.Accessor.GetValue(request)) is { } stream)
            {
                return stream;
            }
        }

        return "";
    }

    private static string? StreamOf(string name)
    {
        // patients/{id}, or a part of it: patients/{id}/plan.
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        var end = slash < 0 ? -1 : name.IndexOf('/', slash + 1);
        var whole = end < 0 ? name : name[..end];
        return PatientId.TryParseName(whole, out var patient) ? Streams.Of(patient)
            : ClinicId.TryParseName(whole, out var clinic) ? Streams.Of(clinic)
            : PartnerId.TryParseName(whole, out var partner) ? Streams.Of(partner)
            : ApprovalId.TryParseName(whole, out var approval) ? Streams.Of(approval)
            : whole.StartsWith(ProfilePrefix, StringComparison.Ordinal) && Slug.IsValid(whole.AsSpan(ProfilePrefix.Length)) ? Streams.OfProfile(whole[ProfilePrefix.Length..])
            : null;
    }
}
