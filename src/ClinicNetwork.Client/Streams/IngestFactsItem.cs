using ClinicNetwork.Client.Streams;

namespace ClinicNetwork.Protocol.Care.V1;

public partial class IngestFactsRequest : ISentItem;

public partial class IngestFactsResponse : IItemResult;
