using System.Diagnostics;
using System.Globalization;
using System.Net.Security;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using ClinicNetwork.Client;
using Grpc.Net.Client;

namespace ClinicNetwork.BlackBox.Tests.Hosting;

/// <summary>One server on one data folder: started, killed, stopped and started again as often as a test needs.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>Where a new manual clock begins.</summary>
    public static readonly DateTimeOffset ClockStart = new(2025, 7, 1, 5, 0, 0, TimeSpan.Zero);

    /// <summary>Several may start at once on a busy machine, and one of a cluster waits for those that are going.</summary>
    private static readonly TimeSpan ReadyWithin = 3 * Bounded.Wait;

    private readonly string[] _arguments;
    private readonly TempFolder? _owned;
    private ClientIdentity? _identity;
    private Process? _process;
    private TaskCompletionSource _outputEnded = new();
    private TaskCompletionSource _errorEnded = new();

    private IReadOnlyDictionary<string, string> _environment = new Dictionary<string, string>();

    private ServerProcess(string? folder, string[] arguments)
    {
        _owned = folder is null ? new TempFolder() : null;
        (Folder, _arguments) = (folder ?? _owned!.Path, arguments);
        Keys = Array.IndexOf(arguments, "--keys") is >= 0 and var at ? arguments[at + 1] : Folder;
    }

    public string Folder { get; }

    /// <summary>Where the authority's key lies: the folder, or what <c>--keys</c> names.</summary>
    public string Keys { get; }

    /// <summary>The administrator's, as the first start made it.</summary>
    public ClientIdentity Identity => _identity ??= ClientIdentity.Load(Path.Combine(Keys, "admin.pem"));

    /// <summary>As any TLS client of the platform connects: nothing of the product's own.</summary>
    public SslClientAuthenticationOptions Tls => TlsOf(Identity);

    public bool IsRunning => _process is { HasExited: false };

    public ServerLog Log { get; } = new();

    /// <summary>Memory now.</summary>
    public long ResidentBytes
    {
        get
        {
            _process!.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Of all cores, since it was started.</summary>
    public TimeSpan CpuTime
    {
        get
        {
            _process!.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Whether it holds the end of a TCP connection that has this local port: by its socket's inode, as Linux tells it.</summary>
    public bool HasConnectionFrom(int port)
    {
        var end = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
        string[] sockets =
        [
            .. ((string[])["/proc/net/tcp", "/proc/net/tcp6"]).Where(File.Exists).SelectMany(File.ReadLines).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(fields => fields[1].EndsWith(end, StringComparison.Ordinal)).Select(fields => $"socket:[{fields[9]}]"),
        ];
        return Directory.EnumerateFileSystemEntries($"/proc/{_process!.Id}/fd").Any(entry => sockets.Contains(new FileInfo(entry).LinkTarget));
    }

    /// <summary>Of gRPC.</summary>
    public Uri Address => new(Announced);

    /// <summary>The gRPC address, or of a silo alone its ip:port.</summary>
    public string Announced { get; private set; } = "";

    /// <summary>Lines that the owner provokes on purpose.</summary>
    public Func<string, bool>? Permitted { get; set; }

    private static string[] ManualClock => ["--clock", "manual", "--clock-start", ClockStart.ToString("O")];

    /// <summary>On a new folder, with a manual clock.</summary>
    public static Task<ServerProcess> StartAsync() => StartWithAsync([]);

    /// <summary>The same with further settings.</summary>
    public static Task<ServerProcess> StartWithAsync(params string[] more) => StartAsync(null, [.. ManualClock, .. more]);

    /// <param name="folder">Null: a new one, removed afterwards.</param>
    public static async Task<ServerProcess> StartAsync(string? folder, params string[] arguments)
    {
        var server = new ServerProcess(folder, arguments);
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>On a new folder, with more in its environment.</summary>
    public static async Task<ServerProcess> StartWithAsync(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var server = new ServerProcess(null, arguments) { _environment = environment };
        await server.StartAgainAsync();
        return server;
    }

    /// <summary>Starts on the same folder. The server must have ended.</summary>
    public async Task StartAgainAsync()
    {
        Assert.True(_process is null or { HasExited: true });
        _process?.Dispose();
        if (Directory.Exists(Folder))
        {
            File.Delete(Path.Combine(Folder, "endpoint"));
        }

        var ready = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        (_outputEnded, _errorEnded) = (new(), new());
        var (outputEnded, errorEnded) = (_outputEnded, _errorEnded);
        _process = new Process { StartInfo = ServerProgram.StartInfo(["--folder", Folder, "--port", "0", .. _arguments]), EnableRaisingEvents = true };
        foreach (var (name, value) in _environment)
        {
            _process.StartInfo.Environment[name] = value;
        }

        _process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException("the server ended before it served:\n" + Log.Text));
        _process.OutputDataReceived += (_, line) => Take(line.Data, ready, outputEnded);
        _process.ErrorDataReceived += (_, line) => Take(line.Data, null, errorEnded);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Announced = await ready.Task.WaitAsync(ReadyWithin);
        Assert.Equal(Announced, File.ReadAllText(Path.Combine(Folder, "endpoint")).Trim());
    }

    /// <summary>A channel of its own; the caller disposes it.</summary>
    public GrpcChannel Open() => Open(Identity.Certificate);

    /// <summary>The same with another client's certificate; null: with none.</summary>
    public GrpcChannel Open(X509Certificate2? shown)
    {
        var tls = Tls;
        tls.ClientCertificates = shown is null ? null : [shown];
        return GrpcChannel.ForAddress(Address, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true, ConnectTimeout = Bounded.Wait, SslOptions = tls },
            DisposeHttpClient = true,
            MaxReceiveMessageSize = null,
            MaxSendMessageSize = null,
        });
    }

    /// <summary>A clinician of the network; the caller disposes it.</summary>
    public Task<ClientIdentity> IssueAsync(string name) => IssueAsync(name, "clinician");

    /// <param name="scope">For example <c>--partner partners/registry-a</c>.</param>
    public async Task<ClientIdentity> IssueAsync(string name, string role, params string[] scope)
    {
        var file = Path.Combine(Folder, name + ".pem");
        var (code, _, error) = await ServerProgram.RunAsync(["certs", "issue", "--keys", Keys, "--name", name, "--role", role, "--out", file, .. scope]);
        Assert.Equal((0, ""), (code, error));
        return ClientIdentity.Load(file);
    }

    private static SslClientAuthenticationOptions TlsOf(ClientIdentity identity)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(identity.Authority);
        return new() { ClientCertificates = [identity.Certificate], CertificateChainPolicy = policy };
    }

    /// <summary>SIGKILL, at once.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await EndedAsync();
    }

    /// <summary>SIGTERM, without waiting.</summary>
    public void Terminate() => Assert.Equal(0, Signal(_process!.Id, SigTerm));

    /// <summary>Waits for the end and for the last line of the log; gives the exit code.</summary>
    public async Task<int> EndedAsync()
    {
        await _process!.WaitForExitAsync().Within();
        await Task.WhenAll(_outputEnded.Task, _errorEnded.Task).Within();
        return _process.ExitCode;
    }

    /// <summary>SIGTERM, and the documented end: exit code 0 within 30 s and a clean log.</summary>
    public async Task StopAsync()
    {
        Terminate();
        Assert.Equal(0, await EndedAsync());
        Log.AssertClean(Permitted);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_process is { HasExited: false })
            {
                await StopAsync();
            }
            else
            {
                Log.AssertClean(Permitted);
            }
        }
        finally
        {
            if (_process is { HasExited: false })
            {
                _process.Kill();
            }

            _process?.Dispose();
            _identity?.Dispose();
            _owned?.Dispose();
        }
    }

    private void Take(string? line, TaskCompletionSource<string>? ready, TaskCompletionSource ended)
    {
        if (line is null)
        {
            ended.TrySetResult();
            return;
        }

        Log.Add(line);
        if (line.Split(' ') is ["ClinicNetwork", _, "serves" or "silo", var address, "on", ..])
        {
            ready?.TrySetResult(address);
        }
    }

    private const int SigTerm = 15;

    /// <summary>kill(2); a slim machine has no program of that name.</summary>
    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Signal(int processId, int signal);
}
