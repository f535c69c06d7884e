using System.Globalization;
using System.Net;
using ClinicNetwork.BlackBox.Tests.Hosting;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.BlackBox.Tests.Limits;

/// <summary>A gRPC call as plain HTTP/2, for what no gRPC client would send.</summary>
internal static class WireCall
{
    private const long Cancel = 8;

    /// <param name="timeout">The value of grpc-timeout; null sends none.</param>
    /// <returns>The status with which the server ended the call; CANCELLED when it ended the stream with that (RFC 9113, code 8), as it does while the caller still sends.</returns>
    public static async Task<StatusCode> EndAsync(ServerProcess server, string path, HttpContent body, string? timeout, string? encoding = null)
    {
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = server.Tls }) { Timeout = Bounded.Wait };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Address, path))
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = body,
        };
        body.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        request.Headers.TryAddWithoutValidation("te", "trailers");
        if (encoding is not null)
        {
            request.Headers.TryAddWithoutValidation("grpc-encoding", encoding);
        }

        if (timeout is not null)
        {
            request.Headers.TryAddWithoutValidation("grpc-timeout", timeout);
        }

        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead).Within();
            await response.Content.ReadAsByteArrayAsync().Within();
            var status = response.TrailingHeaders.Concat(response.Headers).First(h => h.Key == "grpc-status").Value.Single();
            return (StatusCode)int.Parse(status, CultureInfo.InvariantCulture);
        }
        catch (HttpRequestException exception) when (exception.InnerException is HttpProtocolException { ErrorCode: Cancel })
        {
            return StatusCode.Cancelled;
        }
    }

    /// <summary>One whole message.</summary>
    public static HttpContent Message(IMessage message) => new ByteArrayContent([0, .. Length(message.CalculateSize()), .. message.ToByteArray()]);

    /// <summary>One message that is packed already.</summary>
    public static HttpContent Packed(byte[] bytes) => new ByteArrayContent([1, .. Length(bytes.Length), .. bytes]);

    /// <summary>A message that says it has <paramref name="length"/> bytes, of which none comes until <paramref name="end"/>.</summary>
    public static HttpContent Unfinished(int length, Task end) => new Endless([0, .. Length(length)], end);

    private static byte[] Length(int length) => BitConverter.GetBytes(IPAddress.HostToNetworkOrder(length));

    private sealed class Endless(byte[] begin, Task end) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(begin);
            await stream.FlushAsync();
            await end;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
