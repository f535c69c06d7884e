using ClinicNetwork.Gateway.Care;

namespace ClinicNetwork.Protocol.Sync.V1;

public partial class PushChangesRequest : IStreamItem;

public partial class PushChangesResponse : IStreamResult;
