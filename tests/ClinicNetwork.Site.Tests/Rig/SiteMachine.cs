using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Care.V1;

namespace ClinicNetwork.Site.Tests.Rig;

/// <summary>One site: its folder, its clock, its client over the line.</summary>
internal sealed class SiteMachine : IDisposable
{
    private readonly ClinicNetworkClient _client;
    private readonly SiteOptions _options;
    private readonly List<SiteReplica> _left = [];

    /// <param name="line">Where the network is reached.</param>
    public SiteMachine(string clinic, string folder, Uri line, ClientIdentity identity)
    {
        (Clinic, Folder, Clock) = (clinic, folder, new());
        _options = new() { Time = Clock };
        _client = ClinicNetworkClient.Connect(line, new()
        {
            ActingSite = clinic,
            Identity = identity,
            RetriesMax = 1,
            RefusedRetriesMax = 0,
            RetryDelayFirst = TimeSpan.FromMilliseconds(10),
            RetryDelayMax = TimeSpan.FromMilliseconds(50),
            StreamReopensMax = 1,
            TotalTimeout = TimeSpan.FromSeconds(10),
            AttemptTimeout = TimeSpan.FromSeconds(5),
        });
        Replica = SiteReplica.Create(folder, clinic, _options);
    }

    public string Clinic { get; }

    public string Folder { get; }

    public TestClock Clock { get; }

    public SiteReplica Replica { get; private set; }

    public SiteSync Sync => new(Replica, _client);

    /// <summary>As after a kill: what was open is not closed, and the folder is opened anew.</summary>
    public void Reopen()
    {
        _left.Add(Replica);
        Replica = SiteReplica.Open(Folder, _options);
    }

    public Task<SiteMeeting> MeetAsync() => Sync.MeetAsync().Within();

    /// <summary>Null when the network was away.</summary>
    public async Task<SiteMeeting?> TryMeetAsync()
    {
        try
        {
            return await MeetAsync();
        }
        catch (ClinicNetworkException away) when (away.Transient || away.Code is Grpc.Core.StatusCode.Internal or Grpc.Core.StatusCode.Unknown or Grpc.Core.StatusCode.Cancelled)
        {
            return null;
        }
    }

    public Recorded Record(string patient, IngestFactsRequest fact) => Replica.Record(new() { Patient = patient, Fact = fact });

    public Recorded Record(string patient, ProposeRevisionRequest proposal) => Replica.Record(new() { Patient = patient, ProposeRevision = proposal });

    public Recorded Assess(string patient, string id, int total = 12, DateTimeOffset? at = null)
    {
        var request = BlackBox.Tests.Care.Valid.Assessment("", id, at, total);
        request.RequestId = "";
        if (at is null)
        {
            request.OccurredAt = null;
        }

        return Record(patient, new IngestFactsRequest { RecordAssessment = request });
    }

    public Recorded Start(string patient, string session, Action<StartSessionRequest>? change = null, string emergency = "")
    {
        var request = BlackBox.Tests.Care.Valid.Start("", session, clinic: Clinic);
        (request.RequestId, request.OccurredAt) = ("", null);
        change?.Invoke(request);
        return Replica.Record(new() { Patient = patient, ReportSession = new() { Session = request, EmergencyReason = emergency } });
    }

    public void Dispose()
    {
        _client.Dispose();
        Replica.Dispose();
        _left.ForEach(r => r.Dispose());
    }
}
