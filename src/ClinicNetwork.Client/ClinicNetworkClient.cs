using System.Security.Cryptography.X509Certificates;
using ClinicNetwork.Protocol.Admin.V1;
using ClinicNetwork.Protocol.Audit.V1;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Exchange.V1;
using ClinicNetwork.Protocol.Sync.V1;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace ClinicNetwork.Client;

/// <summary>
/// The network, as a clinic, a registry or an operator uses it. The generated clients' Async methods go through one pipeline: bounded
/// retry with the same message, deadlines, circuit breaker; they throw <see cref="ClinicNetworkException"/>. Streams go on after a cut.
/// Safe for concurrent use; make one and keep it.
/// </summary>
public sealed class ClinicNetworkClient : IDisposable
{
    private readonly CallInvoker invoker;
    private readonly ResilientCalls resilient;
    private readonly SeenVersions versions;
    private readonly Func<bool> hasAnother;
    private readonly IDisposable? owned;

    /// <param name="invoker">Where calls go; its lifetime stays the caller's.</param>
    public ClinicNetworkClient(CallInvoker invoker, ClinicNetworkClientOptions? options = null)
        : this(invoker, (options ?? new()).Checked(), () => false, null)
    {
    }

    private ClinicNetworkClient(CallInvoker invoker, ClinicNetworkClientOptions options, Func<bool> hasAnother, IDisposable? owned)
        : this(invoker, options, new SeenVersions(options.SeenVersionsMax), hasAnother, null, owned)
    {
    }

    private ClinicNetworkClient(
        CallInvoker invoker,
        ClinicNetworkClientOptions options,
        SeenVersions versions,
        Func<bool> hasAnother,
        ResilientCalls? resilient,
        IDisposable? owned)
    {
        this.invoker = invoker;
        this.versions = versions;
        this.hasAnother = hasAnother;
        this.resilient = resilient ?? new ResilientCalls(CallPipeline.Build(options, hasAnother), versions, options);
        this.owned = owned;
        Options = options;
        // The last one named is the first one run: the pipeline is around the header.
        var calls = invoker.Intercept(new SiteHeader(options.ActingSite)).Intercept(this.resilient);
        Clinics = new(calls);
        Patients = new(calls);
        Matches = new(calls);
        Records = new(calls);
        Facts = new(calls);
        Releases = new(calls);
        Submissions = new(calls);
        PlanFeed = new(calls);
        PlanPush = new(calls);
        Transfers = new(calls);
        Dosing = new(calls);
        Network = new(calls);
        Audit = new(calls);
        Approvals = new(calls);
        Voice = new(calls);
        Partners = new(calls);
    }

    /// <summary>Sites: registration, roster, worklist, protocols.</summary>
    public ClinicService.ClinicServiceClient Clinics { get; }

    /// <summary>The pathway of one patient.</summary>
    public PatientService.PatientServiceClient Patients { get; }

    /// <summary>Records that look like one person's.</summary>
    public PatientMatchService.PatientMatchServiceClient Matches { get; }

    /// <summary>The whole record of one patient, to be taken out.</summary>
    public RecordService.RecordServiceClient Records { get; }

    /// <summary>Facts of many patients on one stream; with resending: <see cref="FactStreams.IngestFactsAsync"/>.</summary>
    public FactService.FactServiceClient Facts { get; }

    /// <summary>Anonymised outcomes; whole batches: <see cref="ReleasePuller"/>, <see cref="BatchStreams.StreamBatchAsync"/>.</summary>
    public ReleaseService.ReleaseServiceClient Releases { get; }

    /// <summary>Outcomes that a partner pushes; a whole file: <see cref="SubmissionPusher"/>.</summary>
    public SubmissionService.SubmissionServiceClient Submissions { get; }

    /// <summary>Plan changes; to follow them see <see cref="PlanStreams.WatchPlansAsync"/>.</summary>
    public PlanFeedService.PlanFeedServiceClient PlanFeed { get; }

    /// <summary>What a site recorded and decided while it was cut off; whole: <see cref="PushStreams.PushChangesAsync"/>.</summary>
    public PlanPushService.PlanPushServiceClient PlanPush { get; }

    /// <summary>A patient's care goes from one clinic to another, by acts of both.</summary>
    public TransferService.TransferServiceClient Transfers { get; }

    /// <summary>Which clinic may dose while it is cut off.</summary>
    public DosingService.DosingServiceClient Dosing { get; }

    /// <summary>What was done and who saw it; whole: <see cref="AuditEntryStreams.StreamEntriesAsync"/>.</summary>
    public AuditService.AuditServiceClient Audit { get; }

    /// <summary>What two persons have to want: erasing a patient, destroying a clinic's key, an agreement.</summary>
    public ApprovalService.ApprovalServiceClient Approvals { get; }

    /// <summary>Recipients of releases and their data-use agreements.</summary>
    public PartnerService.PartnerServiceClient Partners { get; }

    /// <summary>What a patient says between visits.</summary>
    public PatientVoiceService.PatientVoiceServiceClient Voice { get; }

    /// <summary>For operators.</summary>
    public NetworkService.NetworkServiceClient Network { get; }

    internal ClinicNetworkClientOptions Options { get; }

    internal SeenVersions Versions => versions;

    /// <summary>A gateway whose machine does not answer costs a call this much before it goes to the next.</summary>
    private static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(2);

    /// <summary>Connects when the first call is made.</summary>
    /// <param name="server">For example <c>https://127.0.0.1:5070</c>.</param>
    /// <exception cref="ArgumentException">An identity for an address without TLS.</exception>
    public static ClinicNetworkClient Connect(Uri server, ClinicNetworkClientOptions? options = null) => Connect([server], options);

    /// <summary>Spreads calls over several gateways of one network; a retry goes to another one.</summary>
    /// <param name="servers">1 to 64; all with TLS or all without.</param>
    public static ClinicNetworkClient Connect(IReadOnlyList<Uri> servers, ClinicNetworkClientOptions? options = null)
    {
        var settings = (options ?? new()).Checked();
        var (channel, gateways) = Open(servers, settings);
        return new(channel.CreateCallInvoker(), settings, () => gateways.HasAnother, channel);
    }

    /// <summary>
    /// The channel that <see cref="Connect(Uri, ClinicNetworkClientOptions?)"/> uses, for callers who put something of their own between. A client
    /// made on it does not see the single gateways: its circuit counts a silent one also when others answer.
    /// </summary>
    public static GrpcChannel OpenChannel(Uri server, ClinicNetworkClientOptions? options = null) => OpenChannel([server], options);

    /// <inheritdoc cref="OpenChannel(Uri, ClinicNetworkClientOptions?)"/>
    public static GrpcChannel OpenChannel(IReadOnlyList<Uri> servers, ClinicNetworkClientOptions? options = null) =>
        Open(servers, (options ?? new()).Checked()).Channel;

    private static (GrpcChannel Channel, Gateways Gateways) Open(IReadOnlyList<Uri> servers, ClinicNetworkClientOptions settings)
    {
        var first = Gateways.Checked(servers)[0];
        if (settings.Identity is not null && first.Scheme != Uri.UriSchemeHttps)
            throw new ArgumentException("an identity is shown over https only", nameof(servers));
        if (settings.AccessToken is not null && settings.Identity is null)
            throw new ArgumentException("a token is sent with an identity only", nameof(settings));
        var gateways = new Gateways(servers, new(settings.Identity, certificate => Handler(servers, settings, certificate), settings.AccessToken), settings.AttemptTimeout);
        var channel = GrpcChannel.ForAddress(first, new GrpcChannelOptions
        {
            MaxReceiveMessageSize = settings.MessageBytesMax,
            MaxSendMessageSize = settings.MessageBytesMax,
            DisposeHttpClient = true,
            HttpHandler = gateways,
        });
        return (channel, gateways);
    }

    private static SocketsHttpHandler Handler(IReadOnlyList<Uri> servers, ClinicNetworkClientOptions settings, X509Certificate2? shown) => new()
    {
        EnableMultipleHttp2Connections = true,
        ConnectTimeout = servers.Count > 1 ? TimeSpan.FromTicks(Math.Min(settings.AttemptTimeout.Ticks, ConnectMax.Ticks)) : settings.AttemptTimeout,
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
        KeepAlivePingDelay = settings.KeepAlive,
        KeepAlivePingTimeout = settings.KeepAlive / 2,
        // Also for a quiet stream, whose peer may be gone without a word.
        KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        SslOptions = ClientIdentity.TlsOf(settings.Identity, shown),
    };

    /// <summary>The same connection, circuit and memory of versions, acting for another site; null acts for the network.</summary>
    /// <param name="site"><c>clinics/{clinic}</c>.</param>
    public ClinicNetworkClient ActingFor(string? site) =>
        new(invoker, Options with { ActingSite = site }, versions, hasAnother, resilient, null);

    /// <summary>
    /// Does a step, and again for as long as the network is away, busy or broken: for programs that stay. Waits double from <see cref="ClinicNetworkClientOptions.AwayDelayFirst"/>, half of each is
    /// random, and what the server asks for is waited, 10 minutes at most.
    /// </summary>
    /// <param name="step">Begins anew each time.</param>
    /// <param name="away">Told why, before each wait.</param>
    /// <exception cref="ClinicNetworkException">The network is there and refuses.</exception>
    public Task PersistAsync(Func<CancellationToken, ValueTask> step, Action<ClinicNetworkException> away, CancellationToken cancellationToken = default) =>
        AwayPipeline.Build(Options, away).ExecuteAsync(step, cancellationToken).AsTask();

    /// <summary>Closes the connection if this client opened it.</summary>
    public void Dispose() => owned?.Dispose();
}
