using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ClinicNetwork.BlackBox.Tests.Hosting;

namespace ClinicNetwork.BlackBox.Tests.Cluster;

/// <summary>Tries of outsiders at a port by which processes of a cluster talk to each other.</summary>
internal static class MemberPort
{
    private const byte Alert = 21;

    /// <summary>What Orleans' own connections begin with when nothing is in between: a length, then the preamble.</summary>
    public static async Task AssertPlainIsNotAnsweredAsync(string endpoint)
    {
        using var tcp = await ConnectAsync(endpoint);
        await tcp.GetStream().WriteAsync((byte[])[42, 0, 0, 0, .. new byte[42]]);
        var first = new byte[1];
        var read = await ReadAsync(tcp.GetStream(), first);
        Assert.True(read == 0 || first[0] == Alert, $"answered with {first[0]}");
    }

    /// <summary>The handshake is TLS 1.3; who shows this certificate, or none, is let go without one byte of an answer.</summary>
    public static async Task AssertRefusedAsync(string endpoint, X509Certificate2? shown)
    {
        using var tcp = await ConnectAsync(endpoint);
        await using var stream = new SslStream(tcp.GetStream(), false, (_, _, _, _) => true);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "member", LocalCertificateSelectionCallback = (_, _, _, _, _) => shown! }).Within();
        Assert.Equal(SslProtocols.Tls13, stream.SslProtocol);
        Assert.Equal(0, await ReadAsync(stream, new byte[1]));
    }

    private static async Task<TcpClient> ConnectAsync(string endpoint)
    {
        var tcp = new TcpClient();
        await tcp.ConnectAsync(IPEndPoint.Parse(endpoint));
        return tcp;
    }

    /// <returns>0: closed, in whatever way.</returns>
    private static async Task<int> ReadAsync(Stream stream, byte[] buffer)
    {
        try
        {
            return await stream.ReadAsync(buffer).AsTask().Within();
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
