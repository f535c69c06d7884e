using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Protocol.Care.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Limits;

/// <summary>
/// What a client with a good certificate does to a server on purpose, at a rate of its own: attacker, server and honest callers share the machine's cores,
/// so an attack without a bound would measure the attacker.
/// </summary>
internal sealed class Attack(ServerProcess server, X509Certificate2 shown)
{
    private const string GetPlan = "/clinicnetwork.care.v1.PatientService/GetPlan";
    private const string GetStatus = "/clinicnetwork.admin.v1.NetworkService/GetStatus";

    private const int BombsPerSecond = 20;
    private const int BombBytes = 240 * 1024 * 1024;
    private const int ResetsPerSecond = 10_000;
    private const int SlowConnectionsPerSecond = 10;
    private const int CallsOnSlowConnection = 100;
    private const int ConnectionsPerSecond = 40;
    private const int HeaderBytesPerSecond = 2_000_000;
    private const int CallsPerSecond = 3_000;

    /// <summary>So often an attack does its share of a second.</summary>
    private const int Ticks = 50;

    private static readonly byte[] Bomb = DecompressionTests.Pack(new byte[BombBytes]);

    public static IReadOnlyDictionary<string, (string Rate, Func<Attack, CancellationToken, Task> Run)> All { get; } =
        new Dictionary<string, (string, Func<Attack, CancellationToken, Task>)>
        {
            ["decompression bomb"] = ($"{BombsPerSecond} a second, each {Bomb.Length / 1024} KiB for {BombBytes / 1024 / 1024} MiB", (a, end) => a.BombAsync(end)),
            ["rapid reset"] = ($"{ResetsPerSecond:N0} calls a second opened and given up", (a, end) => a.ResetAsync(end)),
            ["slow reader"] = ($"{SlowConnectionsPerSecond} connections a second, {CallsOnSlowConnection} calls on each, no answer let through", (a, end) => a.ReadNothingAsync(end)),
            ["connection flood"] = ($"{ConnectionsPerSecond} handshakes a second and as many connections that say nothing", (a, end) => a.ConnectAsync(end)),
            ["header flood"] = ($"{HeaderBytesPerSecond / 1_000_000} MB of metadata a second that never ends", (a, end) => a.HeadersAsync(end)),
            ["over its rate"] = ($"{CallsPerSecond:N0} calls a second", (a, end) => a.CallAsync(end)),
        };

    private async Task BombAsync(CancellationToken end)
    {
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = Tls() });
        await PacedAsync(BombsPerSecond, end, async _ =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, GetPlan))
            {
                Version = new(2, 0), VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = WireCall.Packed(Bomb),
            };
            request.Content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
            request.Headers.TryAddWithoutValidation("te", "trailers");
            request.Headers.TryAddWithoutValidation("grpc-encoding", "gzip");
            using var response = await http.SendAsync(request, end);
        });
    }

    private Task ResetAsync(CancellationToken end) => OnWireAsync(GetPlan, null, ResetsPerSecond / Ticks, end, (wire, first, count) => wire.OpenAndResetAsync(first, count, end));

    private async Task ReadNothingAsync(CancellationToken end)
    {
        var held = new List<Http2Wire>();
        try
        {
            await PacedAsync(SlowConnectionsPerSecond, end, async _ =>
            {
                var wire = await Http2Wire.ConnectAsync(server, GetStatus, end, shown, window: 0);
                held.Add(wire);
                await wire.AskAsync(1, CallsOnSlowConnection, end);
            });
        }
        finally
        {
            held.ForEach(wire => wire.Dispose());
        }
    }

    private async Task ConnectAsync(CancellationToken end)
    {
        var held = new List<IDisposable>();
        try
        {
            await PacedAsync(ConnectionsPerSecond, end, async _ =>
            {
                var silent = new TcpClient();
                held.Add(silent);
                await silent.ConnectAsync(server.Address.Host, server.Address.Port, end);
                held.Add(await Http2Wire.ConnectAsync(server, GetPlan, end, shown));
            });
        }
        finally
        {
            held.ForEach(one => one.Dispose());
        }
    }

    private async Task HeadersAsync(CancellationToken end)
    {
        const int FrameBytes = 8_000;
        await PacedAsync(Ticks, end, async _ =>
        {
            using var wire = await Http2Wire.ConnectAsync(server, GetPlan, end, shown);
            await wire.BeginHeadersAsync(end);
            for (var sent = 0; sent < HeaderBytesPerSecond / Ticks; sent += FrameBytes)
            {
                await wire.MoreHeadersAsync(FrameBytes, end);
            }
        });
    }

    private async Task CallAsync(CancellationToken end)
    {
        using var channel = server.Open(shown);
        var patients = new PatientService.PatientServiceClient(channel);
        var request = new GetPlanRequest { Name = "patients/nobody/plan" };
        await PacedAsync(Ticks, end, _ => Task.WhenAll(Enumerable.Range(0, CallsPerSecond / Ticks).Select(async _ =>
        {
            try
            {
                await patients.GetPlanAsync(request, cancellationToken: end);
            }
            catch (RpcException)
            {
                // NOT_FOUND, or over the rate.
            }
        })));
    }

    /// <summary>On one connection after the other: the server closes them.</summary>
    private async Task OnWireAsync(string path, int? window, int countOfATick, CancellationToken end, Func<Http2Wire, int, int, Task> send)
    {
        const int StreamsOfAConnection = 100_000;
        Http2Wire? wire = null;
        Task? reading = null;
        var sent = 0;
        try
        {
            await PacedAsync(Ticks, end, async _ =>
            {
                if (wire is null || reading is not { IsCompleted: false } || sent >= StreamsOfAConnection)
                {
                    wire?.Dispose();
                    wire = await Http2Wire.ConnectAsync(server, path, end, shown, window);
                    (reading, sent) = (wire.ReadToEndAsync(end), 0);
                }

                await send(wire, 2 * sent + 1, countOfATick);
                sent += countOfATick;
            });
        }
        finally
        {
            wire?.Dispose();
        }
    }

    /// <summary>Until the end; what the server closes or refuses meanwhile is what it should.</summary>
    private static async Task PacedAsync(int perSecond, CancellationToken end, Func<int, Task> once)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / perSecond));
        try
        {
            for (var i = 0; await timer.WaitForNextTickAsync(end); i++)
            {
                try
                {
                    await once(i);
                }
                catch (Exception exception) when (exception is IOException or HttpRequestException or SocketException or ObjectDisposedException or InvalidProtocolBufferException)
                {
                    // Closed.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the window.
        }
    }

    private SslClientAuthenticationOptions Tls()
    {
        var tls = server.Tls;
        tls.ClientCertificates = [shown];
        return tls;
    }
}
