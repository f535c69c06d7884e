using ClinicNetwork.Gateway.Care;

namespace ClinicNetwork.Protocol.Care.V1;

public partial class IngestFactsRequest : IStreamItem;

public partial class IngestFactsResponse : IStreamResult;
