using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Admin.V1;
using ClinicNetwork.Protocol.Audit.V1;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Exchange.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ClinicNetwork.BlackBox.Tests.Care;

/// <summary>The generated clients as a partner would use them, with deadlines and without retry, for one acting site or for the network.</summary>
internal sealed class Network
{
    public const string Harbour = "clinics/harbour";
    public const string Hill = "clinics/hill";
    public const string Meadow = "clinics/meadow";

    private readonly ChannelBase _channel;
    private readonly string? _site;

    public Network(ChannelBase channel, string? site = null)
    {
        (_channel, _site) = (channel, site);
        var calls = channel.Intercept(new CallDefaults(site));
        (Patients, Records, Facts, Clinics, Feed, Releases, Admin, Audit, Approvals) =
            (new(calls), new(calls), new(calls), new(calls), new(calls), new(calls), new(calls), new(calls), new(calls));
        (Voice, Partners, Submissions, Transfers, Push, Matches, Dosing) = (new(calls), new(calls), new(calls), new(calls), new(calls), new(calls), new(calls));
    }

    public PatientService.PatientServiceClient Patients { get; private init; }

    public RecordService.RecordServiceClient Records { get; }

    public FactService.FactServiceClient Facts { get; }

    public ClinicService.ClinicServiceClient Clinics { get; }

    public PlanFeedService.PlanFeedServiceClient Feed { get; }

    public ReleaseService.ReleaseServiceClient Releases { get; }

    public NetworkService.NetworkServiceClient Admin { get; }

    public AuditService.AuditServiceClient Audit { get; }

    public ApprovalService.ApprovalServiceClient Approvals { get; }

    public PatientVoiceService.PatientVoiceServiceClient Voice { get; }

    public PartnerService.PartnerServiceClient Partners { get; }

    public SubmissionService.SubmissionServiceClient Submissions { get; }

    public TransferService.TransferServiceClient Transfers { get; }

    public PlanPushService.PlanPushServiceClient Push { get; }

    public PatientMatchService.PatientMatchServiceClient Matches { get; }

    public DosingService.DosingServiceClient Dosing { get; }

    /// <summary>The same channel, acting for a site.</summary>
    public Network As(string site) => new(_channel, site);

    /// <summary>The same, but what is a fact goes as an item of a stream.</summary>
    public Network OverFacts() => new(_channel, _site) { Patients = new(new StreamedCalls(Facts.SendOneAsync)) };

    /// <summary>The same, but what a site may push goes as an item of PushChanges.</summary>
    public Network OverPush() => new(_channel, _site) { Patients = new(new StreamedCalls(Push.SendOneAsync)) };

    public async Task RegisterAsync(string clinic, bool certified = false) =>
        await Clinics.RegisterClinicAsync(Valid.Clinic(clinic, certified));

    /// <summary>Enrolled, consulted with consent, with a plan: 3 versions.</summary>
    public async Task<string> TreatAsync(string patient, string home = Harbour, string protocol = Valid.Intravenous)
    {
        await Patients.EnrolPatientAsync(Valid.Enrolment(patient, home));
        await Patients.RecordConsultationAsync(Valid.Consultation(patient));
        await Patients.CreatePlanAsync(Valid.Plan(patient, protocol));
        return patient;
    }

    public async Task ShareAsync(string patient, params IEnumerable<string> sites) =>
        await Patients.SetSharingAsync(Valid.Sharing(patient, SiteAccess.Read, sites));

    public async Task<string> EtagAsync(string patient) => (await PlanAsync(patient)).Etag;

    public async Task<Plan> PlanAsync(string patient) =>
        (await Patients.GetPlanAsync(new() { Name = patient + "/plan", Read = new() { Confirmed = true } })).Plan;

    public async Task<long> CommandsAsync() => (await Admin.GetStatusAsync(new())).Commands;

    public async Task AdvanceAsync(DateTimeOffset to) =>
        await Admin.AdvanceClockAsync(new() { RequestId = Valid.Id(), To = to.ToTimestamp() }, deadline: DateTime.UtcNow + 2 * Bounded.Wait);

    public async Task<IReadOnlyList<HistoryEntry>> HistoryAsync(string patient)
    {
        var entries = new List<HistoryEntry>();
        var token = "";
        do
        {
            var page = await Patients.ListHistoryAsync(new() { Parent = patient, PageSize = 500, PageToken = token });
            entries.AddRange(page.Entries);
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        return entries;
    }
}
