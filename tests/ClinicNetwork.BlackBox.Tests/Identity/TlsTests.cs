using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Client;
using ClinicNetwork.Protocol.Admin.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClinicNetwork.BlackBox.Tests.Identity;

/// <summary>Who comes in at the gateway's port, and whom a client takes for the network.</summary>
public sealed class TlsTests(NetworkFixture fixture) : IClassFixture<NetworkFixture>
{
    private const byte Alert = 21;
    private const byte Handshake = 22;

    /// <summary>What an alert says (RFC 8446, section 6).</summary>
    private const byte HandshakeFailure = 40;
    private const byte ProtocolVersion = 70;

    public static TheoryData<string> Refused => ["none", "self-signed", "look-alike", "expired", "not yet valid", "for servers only", "of a client"];

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Nobody_comes_in_without_a_certificate_of_the_network_for_clients(string kind)
    {
        using var certificates = new TestCertificates(fixture.Server);
        Assert.NotNull(await StatusWithAsync(certificates.Good()));

        var shown = kind switch
        {
            "none" => null,
            "self-signed" => certificates.SelfSigned(),
            "look-alike" => certificates.OfALookAlike(),
            "expired" => certificates.Expired(),
            "not yet valid" => certificates.NotYetValid(),
            "for servers only" => certificates.ForServersOnly(),
            _ => certificates.OfAClient(),
        };
        var exception = await Assert.ThrowsAsync<RpcException>(() => StatusWithAsync(shown));
        Assert.IsAssignableFrom<HttpRequestException>(exception.Status.DebugException);
        Assert.Empty(exception.Trailers);
        Assert.NotNull(await StatusWithAsync(certificates.Good()));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task TLS_1_2_and_1_3_are_spoken(SslProtocols version)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(fixture.Server.Address.Host, fixture.Server.Address.Port);
        await using var stream = new SslStream(tcp.GetStream());
        var tls = fixture.Server.Tls;
        (tls.EnabledSslProtocols, tls.TargetHost, tls.ApplicationProtocols) = (version, fixture.Server.Address.Host, [SslApplicationProtocol.Http2]);
        await stream.AuthenticateAsClientAsync(tls).Within();
        Assert.Equal((version, SslApplicationProtocol.Http2), (stream.SslProtocol, stream.NegotiatedApplicationProtocol));
    }

    /// <summary>The client's first message by hand (RFC 5246, section 7.4.1.2): libraries here no longer speak the old versions themselves.</summary>
    [Theory]
    [InlineData(0x0300, Alert, HandshakeFailure)]
    [InlineData(0x0301, Alert, ProtocolVersion)]
    [InlineData(0x0302, Alert, ProtocolVersion)]
    [InlineData(0x0303, Handshake, null)]
    public async Task Older_versions_are_answered_with_an_alert(int version, byte answer, byte? says)
    {
        byte[] hello =
        [
            (byte)(version >> 8), (byte)version, .. new byte[32], 0,
            // TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 and _CBC_SHA; no compression.
            0, 4, 0xC0, 0x2B, 0xC0, 0x09, 1, 0,
            // Groups: secp256r1. Signatures: ecdsa_secp256r1_sha256, ecdsa_sha1.
            0, 18, 0, 10, 0, 4, 0, 2, 0, 23, 0, 13, 0, 6, 0, 4, 4, 3, 2, 3,
        ];
        byte[] message = [1, 0, 0, (byte)hello.Length, .. hello];
        var first = await FirstBytesAsync([Handshake, 3, 1, 0, (byte)message.Length, .. message], 7);
        Assert.Equal(answer, first[0]);
        Assert.True(says is null || first[6] == says, $"alert {first[6]}");
    }

    [Theory]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("GET /healthz/live HTTP/1.1\r\nHost: x\r\n\r\n")]
    public async Task Nothing_is_served_without_TLS(string opening)
    {
        var first = await FirstBytesAsync([.. System.Text.Encoding.ASCII.GetBytes(opening)], 1);
        Assert.True(first is [] or [Alert], $"answered with {Convert.ToHexString(first)}");
    }

    [Fact]
    public async Task A_client_takes_no_other_server_for_the_network_and_says_so_at_once()
    {
        await using var other = await ServerProcess.StartAsync();
        using var client = ClinicNetworkClient.Connect(other.Address, new() { Identity = fixture.Server.Identity, RetryDelayFirst = TimeSpan.FromSeconds(10), RetryDelayMax = TimeSpan.FromSeconds(10) });
        var refused = await Assert.ThrowsAsync<ClinicNetworkException>(() => client.Network.GetStatusAsync(new()).ResponseAsync.WaitAsync(TimeSpan.FromSeconds(9)));
        Assert.Equal((StatusCode.Unauthenticated, Reasons.NotSecured), (refused.Code, refused.Reason));
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("network.example", false)]
    public async Task The_certificate_is_good_at_the_gateways_own_names_only(string name, bool good)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(fixture.Server.Address.Host, fixture.Server.Address.Port);
        await using var stream = new SslStream(tcp.GetStream());
        var tls = fixture.Server.Tls;
        (tls.TargetHost, tls.ApplicationProtocols) = (name, [SslApplicationProtocol.Http2]);
        var failure = await Record.ExceptionAsync(() => stream.AuthenticateAsClientAsync(tls).Within());
        Assert.True(good ? failure is null : failure is AuthenticationException, $"{failure}");
    }

    [Fact]
    public async Task Names_that_are_given_stand_in_the_certificate()
    {
        await using var server = await ServerProcess.StartAsync(null, "--names", "network.example, 192.0.2.7");
        foreach (var name in (string[])["network.example", "192.0.2.7", "localhost"])
        {
            using var tcp = new TcpClient();
            await tcp.ConnectAsync(server.Address.Host, server.Address.Port);
            await using var stream = new SslStream(tcp.GetStream());
            var tls = server.Tls;
            (tls.TargetHost, tls.ApplicationProtocols) = (name, [SslApplicationProtocol.Http2]);
            await stream.AuthenticateAsClientAsync(tls).Within();
        }
    }

    private async Task<GetStatusResponse> StatusWithAsync(X509Certificate2? shown)
    {
        var tls = fixture.Server.Tls;
        tls.ClientCertificates = shown is null ? [] : [shown];
        // Shown whatever the server says it takes.
        tls.LocalCertificateSelectionCallback = (_, _, _, _, _) => shown!;
        using var channel = GrpcChannel.ForAddress(fixture.Server.Address, new() { HttpHandler = new SocketsHttpHandler { SslOptions = tls }, DisposeHttpClient = true });
        return await new NetworkService.NetworkServiceClient(channel).GetStatusAsync(new(), deadline: Bounded.Deadline);
    }

    /// <summary>What the server says first, up to <paramref name="count"/> bytes; empty: it closed without a word.</summary>
    private async Task<byte[]> FirstBytesAsync(byte[] opening, int count)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(new IPEndPoint(IPAddress.Loopback, fixture.Server.Address.Port));
        await tcp.GetStream().WriteAsync(opening);
        var answer = new byte[count];
        using var patience = new CancellationTokenSource(Bounded.Wait);
        try
        {
            return answer[..await tcp.GetStream().ReadAtLeastAsync(answer, count, throwOnEndOfStream: false, patience.Token)];
        }
        catch (IOException)
        {
            return [];
        }
    }
}
