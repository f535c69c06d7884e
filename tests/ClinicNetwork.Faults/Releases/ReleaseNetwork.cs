using System.Net;
using System.Net.Sockets;
using ClinicNetwork.Cli.Cluster;
using ClinicNetwork.Client;
using ClinicNetwork.Faults.Processes;
using ClinicNetwork.Protocol.Care.V1;
using ClinicNetwork.Protocol.Exchange.V1;
using Google.Protobuf.WellKnownTypes;
using Npgsql;

namespace ClinicNetwork.Faults.Releases;

/// <summary>One who receives, with its own certificate and agreement.</summary>
/// <param name="Id">What releases call it: partner and agreement.</param>
internal sealed record Recipient(string Id, RecipientClass Class, ClinicNetworkClient Client);

/// <summary>One server by a manual clock on a private PostgreSQL, and three recipients of different classes.</summary>
internal sealed class ReleaseNetwork : IAsyncDisposable
{
    public const string Profile = "profiles/public-outcomes";

    public static readonly DateTimeOffset Begin = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>All of the profile; the first three are read by place.</summary>
    private static readonly string[] Columns =
    [
        "pseudonym", "cell", "milestone", "sex", "age", "treatment", "baseline_severity", "status", "missing_reason", "response", "remission", "worsening", "severity", "sessions",
        "side_effects", "courses", "treatment_at", "sessions_since",
    ];

    private readonly string _folder;
    private readonly Owned _owned;
    private readonly PrivatePostgres _postgres;
    private readonly NpgsqlDataSource _data;
    private readonly List<IDisposable> _held = [];

    private ReleaseNetwork(string folder, Owned owned, PrivatePostgres postgres)
    {
        (_folder, _owned, _postgres) = (folder, owned, postgres);
        _data = NpgsqlDataSource.Create(postgres.ConnectionString() + ";Application Name=rig");

        // One port for ever: who starts there knows at once that the silo before it is gone.
        var silo = FreePort();
        Server = new ServerProcess(
            new("r1", "rig-releases", FreePort(), silo, silo, postgres.ConnectionString(), Path.Combine(folder, "server"), Keys, Log, Path.Combine(folder, "clock-shift"))
            {
                More = ["--clock", "manual", "--clock-start", Begin.ToString("O")],
            },
            owned);
    }

    public ServerProcess Server { get; }

    /// <summary>The operator's, which sends again until there is an answer.</summary>
    public ClinicNetworkClient Client { get; private set; } = null!;

    public IReadOnlyList<Recipient> Recipients { get; private set; } = [];

    public string Log => Path.Combine(_folder, "server.log");

    private string Keys => Path.Combine(_folder, "keys");

    private Uri Address => new($"https://127.0.0.1:{Server.Place.Port}");

    /// <param name="folder">Its own.</param>
    public static async Task<ReleaseNetwork> StartAsync(string folder, Owned owned, IReadOnlyDictionary<string, string> environment, CancellationToken stop)
    {
        var postgres = await PrivatePostgres.CreateAsync(Path.Combine(folder, "pg"), stop);
        owned.Add(postgres.ProcessId);
        var network = new ReleaseNetwork(folder, owned, postgres);
        try
        {
            Directory.CreateDirectory(network.Server.Place.Folder);
            Directory.CreateDirectory(network.Keys);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(network.Keys, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            await network.RunAsync(["migrate", "--postgres", postgres.ConnectionString(), "--keys", network.Keys, "--folder", network.Server.Place.Folder, .. network.Server.Place.More], stop);
            await network.Server.StartAsync(environment, wanted: true, stop);
            network.Client = network.Connect(Path.Combine(network.Keys, "admin.pem"));
            network.Recipients =
            [
                await network.AgreeAsync("registry", RecipientClass.ResearchRegistry, stop),
                await network.AgreeAsync("health", RecipientClass.PublicHealth, stop),
                await network.AgreeAsync("industry", RecipientClass.Industry, stop),
            ];
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Number of the last committed publication.</summary>
    public async Task<int> ReadPublishedAsync(CancellationToken stop) =>
        (await ListAsync("SELECT coalesce(max(published), 0) FROM release_profile", row => row.GetInt32(0), stop))[0];

    /// <summary>Whose each row of a batch is, and which publication formed the cell, in the rows' order.</summary>
    public Task<List<(string Person, int Formed)>> ReadOwnersAsync(string recipient, int batch, CancellationToken stop) => ListAsync(
        """
        SELECT d.person, c.publication FROM delivery_row AS d JOIN cell_member AS m ON m.person = d.person JOIN cell AS c ON c.cell = m.cell
        WHERE d.recipient = $1 AND d.batch = $2 ORDER BY d.row
        """,
        row => (row.GetString(0), row.GetInt32(1)),
        stop,
        new() { Value = recipient },
        new() { Value = batch });

    /// <summary>Members of cells who do not permit what the cell was formed for, and of whom it is not noted that they withdrew: their next consent would bring them back.</summary>
    public async Task<int> CountOverlookedAsync(CancellationToken stop) => (int)(await ListAsync(
        """
        SELECT count(*) FROM cell_member AS m JOIN cell AS c ON c.cell = m.cell LEFT JOIN consent AS s ON s.person = m.person
        WHERE c.recipients & ~coalesce(s.recipients, 0) & ~m.lost <> 0
        """,
        row => row.GetInt64(0),
        stop))[0];

    public async ValueTask DisposeAsync()
    {
        _held.ForEach(held => held.Dispose());
        await Server.DisposeAsync();
        await _data.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    private async Task<List<T>> ListAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken stop, params NpgsqlParameter[] parameters)
    {
        await using var command = _data.CreateCommand(sql);
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(stop);
        var rows = new List<T>();
        while (await reader.ReadAsync(stop))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private async Task<Recipient> AgreeAsync(string name, RecipientClass kind, CancellationToken stop)
    {
        var (partner, agreement, approval) = ($"partners/{name}", $"partners/{name}/agreements/a-1", $"approvals/{name}");
        await Client.Partners.RegisterPartnerAsync(new() { RequestId = RequestIds.New(), Partner = new() { Name = partner, DisplayName = name, RecipientClass = kind } }, cancellationToken: stop);
        var terms = new AgreementTerms
        {
            Profile = Profile,
            Purpose = ResearchPurpose.Research,
            Fields = { Columns },
            ValidFrom = Begin.ToTimestamp(),
            ValidTo = Begin.AddYears(10).ToTimestamp(),
            Document = "made up",
        };
        await Client.Partners.DraftAgreementAsync(new() { RequestId = RequestIds.New(), Agreement = agreement, Terms = terms }, cancellationToken: stop);
        var draft = (await Client.Partners.GetAgreementAsync(new() { Name = agreement }, cancellationToken: stop)).Agreement;
        await Client.Partners.ProposeAgreementAsync(
            new() { RequestId = RequestIds.New(), Agreement = agreement, Etag = draft.Etag, Approval = approval, Reason = "races" }, cancellationToken: stop);
        var second = Connect(await IssueAsync("second-" + name, ["--role", "network-admin"], stop));
        var asked = (await second.Approvals.GetApprovalAsync(new() { Name = approval }, cancellationToken: stop)).Approval;
        await second.Approvals.ApproveAsync(new() { RequestId = RequestIds.New(), Approval = approval, Etag = asked.Etag }, cancellationToken: stop);
        return new(name + ".a-1", kind, Connect(await IssueAsync(name, ["--role", "registry", "--partner", partner], stop)));
    }

    private async Task<string> IssueAsync(string name, string[] scope, CancellationToken stop)
    {
        var file = Path.Combine(_folder, name + ".pem");
        await RunAsync(["certs", "issue", "--keys", Keys, "--name", name, "--out", file, .. scope], stop);
        return file;
    }

    private ClinicNetworkClient Connect(string pem)
    {
        var identity = ClientIdentity.Load(pem);
        var client = ClinicNetworkClient.Connect(Address, new()
        {
            Identity = identity,
            TotalTimeout = TimeSpan.FromMinutes(3),
            AttemptTimeout = TimeSpan.FromSeconds(50),
            RetriesMax = 20,
            RetryDelayFirst = TimeSpan.FromMilliseconds(200),
            RetryDelayMax = TimeSpan.FromSeconds(2),
            BreakFailureRatio = 1,
            BreakAttemptsMin = 10_000,
        });
        _held.AddRange([client, identity]);
        return client;
    }

    private async Task RunAsync(string[] arguments, CancellationToken stop)
    {
        using var process = new System.Diagnostics.Process { StartInfo = ServerProgram.StartInfo(arguments, new Dictionary<string, string>()) };
        process.Start();
        _owned.Add(process.Id);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(stop), process.StandardError.ReadToEndAsync(stop));
        await process.WaitForExitAsync(stop);
        _owned.Remove(process.Id);
        if (process.ExitCode != 0)
        {
            throw new RigException($"{arguments[0]} ended with {process.ExitCode}: {(await output + await error).Trim()}");
        }
    }

    /// <summary>Below the ports that outgoing connections are given: it must be free again after each kill.</summary>
    private static int FreePort()
    {
        while (true)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, Random.Shared.Next(20_000, 32_000)));
                return ((IPEndPoint)socket.LocalEndPoint!).Port;
            }
            catch (SocketException)
            {
                // Somebody else has it.
            }
        }
    }
}
