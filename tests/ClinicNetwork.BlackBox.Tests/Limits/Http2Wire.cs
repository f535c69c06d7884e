using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClinicNetwork.BlackBox.Tests.Hosting;

namespace ClinicNetwork.BlackBox.Tests.Limits;

/// <summary>HTTP/2 by hand (RFC 9113), for what no client would do.</summary>
internal sealed class Http2Wire : IDisposable
{
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte ResetStream = 3;
    private const byte Settings = 4;
    private const byte Ping = 6;
    private const byte GoAway = 7;
    private const byte Continuation = 9;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;
    private const byte Ack = 1;
    private const int PingBytes = 8;
    private const int Refused = 7;
    private const int Cancel = 8;
    private const int FrameHeaderBytes = 9;
    private const int GrpcPrefixBytes = 5;
    private const byte InitialWindowSize = 4;

    private readonly TcpClient _tcp = new();
    private readonly byte[] _request;
    private SslStream _stream = null!;

    private Http2Wire(Uri address, string path) => _request =
    [
        0x83, // :method POST
        0x87, // :scheme https
        .. Literal(4, path), // :path
        .. Literal(1, address.Authority), // :authority
        .. Literal(31, "application/grpc"), // content-type
        0, .. Text("te"), .. Text("trailers"),
    ];

    /// <summary>A connection on which all requests are for <paramref name="path"/>.</summary>
    /// <param name="shown">Null: the administrator's certificate.</param>
    /// <param name="window">Bytes of an answer that may come unasked, SETTINGS_INITIAL_WINDOW_SIZE; null: HTTP/2's own.</param>
    public static async Task<Http2Wire> ConnectAsync(
        ServerProcess server, string path, CancellationToken cancellationToken, X509Certificate2? shown = null, int? window = null)
    {
        var wire = new Http2Wire(server.Address, path);
        try
        {
            await wire.OpenAsync(server, shown, window, cancellationToken);
            return wire;
        }
        catch
        {
            wire.Dispose();
            throw;
        }
    }

    private async Task OpenAsync(ServerProcess server, X509Certificate2? shown, int? window, CancellationToken cancellationToken)
    {
        await _tcp.ConnectAsync(server.Address.Host, server.Address.Port, cancellationToken);
        _stream = new SslStream(_tcp.GetStream());
        var tls = server.Tls;
        (tls.TargetHost, tls.ApplicationProtocols) = (server.Address.Host, [SslApplicationProtocol.Http2]);
        if (shown is not null)
        {
            tls.ClientCertificates = [shown];
        }

        await _stream.AuthenticateAsClientAsync(tls, cancellationToken);
        byte[] settings = window is { } bytes ? [0, InitialWindowSize, .. BigEndian(bytes)] : [];
        await _stream.WriteAsync((byte[])[.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(Settings, 0, 0, settings)], cancellationToken);
    }

    /// <summary>Calls with one empty message each, whole.</summary>
    /// <param name="first">Odd number of the first stream.</param>
    public async Task AskAsync(int first, int count, CancellationToken cancellationToken)
    {
        var frames = Enumerable.Range(0, count).Select(i => first + 2 * i)
            .SelectMany(stream => (byte[])[.. Frame(Headers, EndHeaders, stream, _request), .. Frame(Data, EndStream, stream, new byte[GrpcPrefixBytes])]);
        await _stream.WriteAsync(frames.ToArray(), cancellationToken);
    }

    /// <summary>Begins calls whose message does not come, and reads until the server has looked at all of them.</summary>
    /// <param name="first">Odd number of the first stream.</param>
    /// <returns>How many it refused at once (REFUSED_STREAM).</returns>
    public async Task<int> BeginAsync(int first, int count, CancellationToken cancellationToken)
    {
        var frames = Enumerable.Range(0, count).SelectMany(i => Frame(Headers, EndHeaders, first + 2 * i, _request));
        await _stream.WriteAsync((byte[])[.. frames, .. Frame(Ping, 0, 0, new byte[PingBytes])], cancellationToken);
        for (var refused = 0; ;)
        {
            var (type, flags, payload) = await ReadAsync(cancellationToken);
            refused += type == ResetStream && BinaryPrimitives.ReadInt32BigEndian(payload) == Refused ? 1 : 0;
            if (type == Ping && flags == Ack)
            {
                return refused;
            }
        }
    }

    /// <summary>Metadata of a call that goes on in frame after frame and never ends.</summary>
    public async Task BeginHeadersAsync(CancellationToken cancellationToken) => await _stream.WriteAsync(Frame(Headers, 0, 1, _request), cancellationToken);

    public async Task MoreHeadersAsync(int bytes, CancellationToken cancellationToken)
    {
        var entry = (byte[])[0, .. Text("x-more"), .. Text(new string('x', 100))];
        await _stream.WriteAsync(Frame(Continuation, 0, 1, [.. Enumerable.Repeat(entry, bytes / entry.Length).SelectMany(e => e)]), cancellationToken);
    }

    /// <summary>Begins calls and gives each up at once.</summary>
    /// <param name="first">Odd number of the first stream.</param>
    public async Task OpenAndResetAsync(int first, int count, CancellationToken cancellationToken)
    {
        var cancel = BigEndian(Cancel);
        var frames = Enumerable.Range(0, count).Select(i => first + 2 * i)
            .SelectMany(stream => (byte[])[.. Frame(Headers, EndHeaders, stream, _request), .. Frame(ResetStream, 0, stream, cancel)]);
        await _stream.WriteAsync(frames.ToArray(), cancellationToken);
    }

    /// <summary>Begins calls and gives them up, as fast as the wire carries them, until the server closes the connection.</summary>
    /// <inheritdoc cref="ReadToEndAsync" path="/returns"/>
    public async Task<int?> FloodAsync(CancellationToken cancellationToken)
    {
        const int StreamsMax = 200_000;
        const int AtOnce = 200;
        var reading = ReadToEndAsync(cancellationToken);
        try
        {
            for (var sent = 0; sent < StreamsMax && !reading.IsCompleted; sent += AtOnce)
            {
                await OpenAndResetAsync(2 * sent + 1, AtOnce, cancellationToken);
            }
        }
        catch (IOException)
        {
            // Closed while something was being sent.
        }

        return await reading;
    }

    /// <summary>Reads until the server closes the connection.</summary>
    /// <returns>The error code of its GOAWAY; null: it closed without a word.</returns>
    public async Task<int?> ReadToEndAsync(CancellationToken cancellationToken)
    {
        int? code = null;
        try
        {
            while (true)
            {
                var (type, _, payload) = await ReadAsync(cancellationToken);
                if (type == GoAway)
                {
                    code = BinaryPrimitives.ReadInt32BigEndian(payload.AsSpan(4));
                }
            }
        }
        catch (IOException)
        {
            return code;
        }
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _tcp.Dispose();
    }

    private async Task<(byte Type, byte Flags, byte[] Payload)> ReadAsync(CancellationToken cancellationToken)
    {
        var header = new byte[FrameHeaderBytes];
        await _stream.ReadExactlyAsync(header, cancellationToken);
        var payload = new byte[(header[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(1))];
        await _stream.ReadExactlyAsync(payload, cancellationToken);
        return (header[3], header[4], payload);
    }

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[FrameHeaderBytes + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, FrameHeaderBytes);
        return frame;
    }

    private static byte[] BigEndian(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>HPACK: a literal without indexing, its name by the static table (4 bits and, from 15 on, the rest).</summary>
    private static byte[] Literal(byte name, string value) => name < 15 ? [name, .. Text(value)] : [15, (byte)(name - 15), .. Text(value)];

    private static byte[] Text(string text) => [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
}
