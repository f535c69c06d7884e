using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using ClinicNetwork.Server;

namespace ClinicNetwork.Cli.Cluster;

/// <summary>
/// A PostgreSQL instance of our own, from the installed binaries: its own folder, a free port on loopback, full durability, a password made at
/// random. The server refuses to run as root, so root runs it as the user <c>postgres</c> that Debian's package makes.
/// (Tests link this file: they need the same instance.)
/// </summary>
internal sealed class PrivatePostgres : IAsyncDisposable
{
    private const string User = "clinicnetwork";

    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(30);

    private readonly string _binaries;
    private readonly string[] _settings;
    private readonly string _password;
    private readonly bool _ownSession;
    private Process? _process;

    private PrivatePostgres(string binaries, string folder, int port, string password, bool ownSession, string[] settings) =>
        (_binaries, Folder, Port, _password, _ownSession, _settings) = (binaries, folder, port, password, ownSession, settings);

    private enum Signal
    {
        /// <summary>Fast shutdown: ends sessions, writes a checkpoint.</summary>
        Interrupt = 2,

        /// <summary>Immediate shutdown: no checkpoint, recovery at the next start.</summary>
        Quit = 3,

        Kill = 9,
        Continue = 18,
        Stop = 19,
    }

    /// <summary>Holds the cluster's data; removed by nobody but its owner.</summary>
    public string Folder { get; }

    public int Port { get; }

    /// <summary>The postmaster's process; its children are its own.</summary>
    public int ProcessId => _process?.Id ?? 0;

    /// <summary>Npgsql's form, without pool settings.</summary>
    public string ConnectionString(string database = "postgres") =>
        $"Host=127.0.0.1;Port={Port.ToString(CultureInfo.InvariantCulture)};Username={User};Password={_password};Database={database}";

    /// <summary>The binaries' folder: <c>CLINICNETWORK_POSTGRES_BIN</c>, Debian's newest version, or the one on the PATH; null when there is none.</summary>
    public static string? FindBinaries()
    {
        var named = Environment.GetEnvironmentVariable("CLINICNETWORK_POSTGRES_BIN");
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => double.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var v) ? v : 0)
            : Enumerable.Empty<string>();
        return new[] { named }
            .Concat(debian.Select(d => Path.Combine(d, "bin")))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
            .FirstOrDefault(d => !string.IsNullOrEmpty(d) && File.Exists(Path.Combine(d, "initdb")) && File.Exists(Path.Combine(d, "postgres")));
    }

    /// <summary>Makes a new instance in an empty or missing folder and starts it.</summary>
    /// <param name="settings">Further settings, <c>name=value</c>.</param>
    /// <exception cref="PrivatePostgresException">One line that says what to do.</exception>
    public static Task<PrivatePostgres> CreateAsync(string folder, CancellationToken cancellationToken, params string[] settings) =>
        CreateAsync(folder, ownSession: false, cancellationToken, settings);

    /// <param name="ownSession">Ctrl-C in the terminal does not reach it (where util-linux' setsid is installed); its owner stops it in order.</param>
    public static async Task<PrivatePostgres> CreateAsync(string folder, bool ownSession, CancellationToken cancellationToken, params string[] settings)
    {
        var binaries = FindBinaries() ?? throw new PrivatePostgresException(
            "PostgreSQL 15 or later is not installed: install it (Debian: apt-get install postgresql), or give a connection string of your own.");
        var path = Path.GetFullPath(folder);
        var port = FreePorts.Next();
        var password = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var passwordFile = Path.Combine(Path.GetTempPath(), "clinicnetwork-" + Path.GetRandomFileName());
        try
        {
            Directory.CreateDirectory(path);
            await WriteSecretAsync(passwordFile, password, cancellationToken);
            if (IsRoot)
            {
                await RunAsync("chown", ["postgres", path, passwordFile], cancellationToken);
            }

            await RunAsync(
                Path.Combine(binaries, "initdb"),
                ["--pgdata", path, "--username", User, "--pwfile", passwordFile, "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C", "--no-sync"],
                cancellationToken);
        }
        finally
        {
            File.Delete(passwordFile);
        }

        var postgres = new PrivatePostgres(binaries, path, port, password, ownSession, settings);
        await postgres.StartAsync(cancellationToken);
        return postgres;
    }

    /// <summary>A new file that nobody else can read at any moment.</summary>
    internal static async Task WriteSecretAsync(string path, string secret, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var writer = new StreamWriter(path, options);
        await writer.WriteAsync(secret.AsMemory(), cancellationToken);
    }

    /// <summary>Starts it again on the same folder and port.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        string[] fixedSettings =
        [
            "port=" + Port.ToString(CultureInfo.InvariantCulture), "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200",
            "fsync=on", "synchronous_commit=on", "full_page_writes=on", "idle_in_transaction_session_timeout=10s", "log_parameter_max_length_on_error=0",
            "log_min_error_statement=panic", "max_wal_size=2GB", "shared_buffers=256MB",
        ];
        var arguments = fixedSettings.Concat(_settings).SelectMany(setting => (string[])["-c", setting]);
        _process?.Dispose();
        string[] command = [Path.Combine(_binaries, "postgres"), "-D", Folder, .. arguments];
        var start = _ownSession && File.Exists("/usr/bin/setsid") ? StartInfo("/usr/bin/setsid", command) : StartInfo(command[0], command[1..]);
        _process = Process.Start(start) ?? throw new PrivatePostgresException("PostgreSQL could not be started.");
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(StartMax);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        try
        {
            while (!await IsReadyAsync(patience.Token))
            {
                if (_process.HasExited)
                {
                    throw new PrivatePostgresException($"PostgreSQL ended when it was started in {Folder}; look into its folder and free the port {Port}.");
                }

                await timer.WaitForNextTickAsync(patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PrivatePostgresException($"PostgreSQL was not ready within {StartMax.TotalSeconds:0} s.");
        }
    }

    /// <summary>Fast shutdown.</summary>
    public Task StopAsync() => EndAsync(Signal.Interrupt);

    /// <summary>Immediate shutdown: as after a crash, but without orphans.</summary>
    public Task StopImmediatelyAsync() => EndAsync(Signal.Quit);

    /// <summary>SIGKILL of the postmaster; its children notice and end.</summary>
    public Task KillAsync() => EndAsync(Signal.Kill);

    /// <summary>SIGSTOP of the postmaster and its children.</summary>
    public void Pause() => SignalTree(Signal.Stop);

    public void Resume() => SignalTree(Signal.Continue);

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            Resume();
            await StopAsync();
        }

        _process?.Dispose();
    }

    private static bool IsRoot => !OperatingSystem.IsWindows() && Environment.UserName == "root";

    /// <summary>Names the program, under the unprivileged user when we are root.</summary>
    private static ProcessStartInfo StartInfo(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(IsRoot && program != "chown" ? "setpriv" : program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        if (start.FileName == "setpriv")
        {
            foreach (var argument in (string[])["--reuid=postgres", "--regid=postgres", "--init-groups", program])
            {
                start.ArgumentList.Add(argument);
            }
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["LC_ALL"] = "C";
        return start;
    }

    private static async Task RunAsync(string program, IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(StartInfo(program, arguments)) ?? throw new PrivatePostgresException($"{program} could not be started.");
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = await process.StandardError.ReadToEndAsync(cancellationToken);
        await output;
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new PrivatePostgresException($"{Path.GetFileName(program)} failed: {errors.Trim().Split('\n')[0]}");
        }
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        using var probe = Process.Start(StartInfo(
            Path.Combine(_binaries, "pg_isready"), ["-h", "127.0.0.1", "-p", Port.ToString(CultureInfo.InvariantCulture), "-q", "-t", "2"]))!;
        await probe.WaitForExitAsync(cancellationToken);
        return probe.ExitCode == 0;
    }

    private async Task EndAsync(Signal signal)
    {
        if (_process is not { HasExited: false } process)
        {
            return;
        }

        _ = Send(process.Id, (int)signal);
        using var patience = new CancellationTokenSource(StopMax);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private void SignalTree(Signal signal)
    {
        if (_process is not { HasExited: false } process)
        {
            return;
        }

        _ = Send(process.Id, (int)signal);
        foreach (var child in Children(process.Id))
        {
            _ = Send(child, (int)signal);
        }
    }

    private static IEnumerable<int> Children(int parent)
    {
        var list = $"/proc/{parent.ToString(CultureInfo.InvariantCulture)}/task/{parent.ToString(CultureInfo.InvariantCulture)}/children";
        return File.Exists(list)
            ? File.ReadAllText(list).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture))
            : [];
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Send(int processId, int signal);
}

/// <summary>PostgreSQL could not be had; the message is one line that says what to do.</summary>
internal sealed class PrivatePostgresException(string message) : Exception(message);
