using ClinicNetwork.Client.Streams;

namespace ClinicNetwork.Protocol.Sync.V1;

public partial class PushChangesRequest : ISentItem;

public partial class PushChangesResponse : IItemResult;
