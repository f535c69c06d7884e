using ClinicNetwork.Protocol.Admin.V1;
using ClinicNetwork.Protocol.Audit.V1;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Exchange.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Google.Protobuf.Reflection;

namespace ClinicNetwork.Gateway;

/// <summary>
/// The descriptors of the contract, built by one thread before the first call. Google.Protobuf builds them at first use, with a cache that is not safe
/// for concurrent use (protocolbuffers/protobuf#29696): of two first calls at one moment one can leave a message type unusable until the process ends.
/// </summary>
internal static class ContractDescriptors
{
    /// <summary>Without the files that these import; empty before they are built.</summary>
    public static IReadOnlyList<FileDescriptor> Built { get; private set; } = [];

    /// <summary>Some tenths of a second, most of which the first calls would take; beside the start of the silo.</summary>
    public static Task BuildAsync() => Task.Run(() => Built =
    [
        ApprovalServiceReflection.Descriptor,
        NetworkServiceReflection.Descriptor,
        AuditServiceReflection.Descriptor,
        ClinicServiceReflection.Descriptor,
        FactServiceReflection.Descriptor,
        PatientMatchServiceReflection.Descriptor,
        PatientServiceReflection.Descriptor,
        PatientVoiceReflection.Descriptor,
        RecordServiceReflection.Descriptor,
        PartnerServiceReflection.Descriptor,
        ReleaseServiceReflection.Descriptor,
        SubmissionServiceReflection.Descriptor,
        DosingServiceReflection.Descriptor,
        PlanFeedServiceReflection.Descriptor,
        PushServiceReflection.Descriptor,
        TransferServiceReflection.Descriptor,
        Google.Rpc.StatusReflection.Descriptor,
        Google.Rpc.ErrorDetailsReflection.Descriptor,
    ]);
}
