using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using ClinicNetwork.BlackBox.Tests.Hosting;

namespace ClinicNetwork.BlackBox.Tests.Limits;

/// <summary>HTTP/2 by hand (RFC 9113), for what no client would do.</summary>
internal sealed class Http2Wire : IDisposable
{
    private const byte Headers = 1;
    private const byte ResetStream = 3;
    private const byte Settings = 4;
    private const byte GoAway = 7;
    private const byte EndHeaders = 4;
    private const int Cancel = 8;
    private const int FrameHeaderBytes = 9;

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
    public static async Task<Http2Wire> ConnectAsync(ServerProcess server, string path, CancellationToken cancellationToken)
    {
        var wire = new Http2Wire(server.Address, path);
        await wire._tcp.ConnectAsync(server.Address.Host, server.Address.Port, cancellationToken);
        wire._stream = new SslStream(wire._tcp.GetStream());
        var tls = server.Tls;
        (tls.TargetHost, tls.ApplicationProtocols) = (server.Address.Host, [SslApplicationProtocol.Http2]);
        await wire._stream.AuthenticateAsClientAsync(tls, cancellationToken);
        await wire._stream.WriteAsync((byte[])[.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(Settings, 0, 0, [])], cancellationToken);
        return wire;
    }

    /// <summary>Begins calls and gives each up at once.</summary>
    /// <param name="first">Odd number of the first stream.</param>
    public async Task OpenAndResetAsync(int first, int count, CancellationToken cancellationToken)
    {
        var cancel = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(cancel, Cancel);
        var frames = Enumerable.Range(0, count).Select(i => first + 2 * i)
            .SelectMany(stream => (byte[])[.. Frame(Headers, EndHeaders, stream, _request), .. Frame(ResetStream, 0, stream, cancel)]);
        await _stream.WriteAsync(frames.ToArray(), cancellationToken);
    }

    /// <summary>Reads until the server closes the connection.</summary>
    /// <returns>The error code of its GOAWAY; null: it closed without a word.</returns>
    public async Task<int?> ReadToEndAsync(CancellationToken cancellationToken)
    {
        int? code = null;
        var header = new byte[FrameHeaderBytes];
        try
        {
            while (true)
            {
                await _stream.ReadExactlyAsync(header, cancellationToken);
                var payload = new byte[(header[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(header.AsSpan(1))];
                await _stream.ReadExactlyAsync(payload, cancellationToken);
                if (header[3] == GoAway)
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

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[FrameHeaderBytes + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, FrameHeaderBytes);
        return frame;
    }

    /// <summary>HPACK: a literal without indexing, its name by the static table (4 bits and, from 15 on, the rest).</summary>
    private static byte[] Literal(byte name, string value) => name < 15 ? [name, .. Text(value)] : [15, (byte)(name - 15), .. Text(value)];

    private static byte[] Text(string text) => [(byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
}
