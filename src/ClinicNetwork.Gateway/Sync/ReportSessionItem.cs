using ClinicNetwork.Gateway.Care;

// The namespace of the generated message.
namespace ClinicNetwork.Protocol.Sync.V1;

public partial class ReportSessionRequest : IStreamItem;
