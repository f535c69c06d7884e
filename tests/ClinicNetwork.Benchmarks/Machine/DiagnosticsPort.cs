using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ClinicNetwork.Benchmarks.Machine;

/// <summary>
/// Asks another .NET process for a full, blocking garbage collection, as dotnet-gcdump does: an event session of the runtime's provider with
/// the keyword GCHeapCollect begins with one (github.com/dotnet/diagnostics, documentation/design-docs/ipc-protocol.md).
/// </summary>
internal static class DiagnosticsPort
{
    private const byte EventPipe = 0x02;
    private const byte StopTracing = 0x01;
    private const byte CollectTracing = 0x02;
    private const ulong HeapCollectKeyword = 0x80_0000;
    private const uint Informational = 4;
    private const int HeaderBytes = 20;

    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(60);

    /// <summary>False when the process has no such port or does not answer: then nothing was collected.</summary>
    public static async Task<bool> CollectGarbageAsync(int process, CancellationToken cancellationToken)
    {
        var path = Directory.GetFiles(Path.GetTempPath(), $"dotnet-diagnostic-{process.ToString(CultureInfo.InvariantCulture)}-*-socket").FirstOrDefault();
        if (path is null)
        {
            return false;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(AnswerMax);
        try
        {
            using var session = await SendAsync(path, CollectTracing, Start(), patience.Token);
            var answer = new byte[HeaderBytes + sizeof(ulong)];
            await session.ReadExactlyAsync(answer, patience.Token);
            var drained = session.CopyToAsync(Stream.Null, patience.Token);
            using (var stop = await SendAsync(path, StopTracing, answer[HeaderBytes..], patience.Token))
            {
                await stop.ReadExactlyAsync(answer, patience.Token);
            }

            await drained;
            return true;
        }
        catch (Exception exception) when (exception is IOException or SocketException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    private static async Task<NetworkStream> SendAsync(string path, byte command, byte[] payload, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
        var stream = new NetworkStream(socket, ownsSocket: true);
        var message = new byte[HeaderBytes + payload.Length];
        Encoding.ASCII.GetBytes("DOTNET_IPC_V1", message);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(14), (ushort)message.Length);
        (message[16], message[17]) = (EventPipe, command);
        payload.CopyTo(message, HeaderBytes);
        await stream.WriteAsync(message, cancellationToken);
        return stream;
    }

    /// <summary>Buffer 16 MB, format nettrace, one provider: keywords, level, name, no filter.</summary>
    private static byte[] Start()
    {
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer, Encoding.Unicode);
        const string provider = "Microsoft-Windows-DotNETRuntime";
        writer.Write(16u);
        writer.Write(1u);
        writer.Write(1u);
        writer.Write(HeapCollectKeyword);
        writer.Write(Informational);
        writer.Write(provider.Length + 1);
        writer.Write((provider + '\0').ToCharArray());
        writer.Write(0u);
        return buffer.ToArray();
    }
}
