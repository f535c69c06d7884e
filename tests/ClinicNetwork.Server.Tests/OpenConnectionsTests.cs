using System.Collections.Frozen;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Identity;
using ClinicNetwork.Gateway.Limits;
using ClinicNetwork.Server.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClinicNetwork.Server.Tests;

/// <summary>Real connections under mutual TLS, by a clock that the test sets: how long a certificate keeps one open.</summary>
public sealed class OpenConnectionsTests : IAsyncLifetime
{
    private const int ConnectionsMax = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("clinicnetwork-connections-").FullName;
    private readonly SetTime _time = new() { Now = TimeProvider.System.GetUtcNow() };
    private readonly OpenConnections _connections;
    private readonly NetworkAuthority _authority;

    /// <summary>Pipelines of connections end when this does, too.</summary>
    private readonly TaskCompletionSource _lost = new();
    private WebApplication _app = null!;

    public OpenConnectionsTests()
    {
        _authority = NetworkAuthority.LoadOrCreate(_folder, TimeProvider.System);
        _connections = new(_time, NullLogger<OpenConnections>.Instance);
    }

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxConcurrentConnections = ConnectionsMax;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                new GatewayTls(_authority, ["127.0.0.1"], TimeProvider.System).Use(listen);
                _connections.Use(listen);
                listen.Use(next => async connection =>
                {
                    await next(connection);
                    await _lost.Task;
                });
            });
        });
        _app = builder.Build();
        _app.Run(async context =>
        {
            await context.Response.WriteAsync("x");
            if (context.Request.Path == "/cut")
            {
                context.Features.GetRequiredFeature<IConnectionLifetimeFeature>().Abort();
            }

            if (context.Request.Path != "/")
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
            }
        });
        await _app.StartAsync();
    }

    [Fact]
    public async Task A_certificate_that_ends_ends_its_connections_streams_and_all_and_no_others()
    {
        using var ending = Issue("ending", days: 1);
        using var lasting = Issue("lasting", days: 2);
        using var http = Open(ending);
        using var other = Open(lasting);
        using var stream = await StreamAsync(http);
        using var otherStream = await StreamAsync(other);

        _time.Now = ending.NotAfter.ToUniversalTime();
        _connections.CloseBad();
        Assert.Equal("x", await http.GetStringAsync("/"));

        _time.Now += TimeSpan.FromSeconds(1);
        _connections.CloseBad();
        await AssertCutAsync(stream);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => http.GetStringAsync("/"));
        Assert.Equal("x", await other.GetStringAsync("/"));
        Assert.Equal(1, await ReadAsync(otherStream));
    }

    [Fact]
    public async Task A_revocation_is_not_taken_back_by_a_list_without_it()
    {
        using var revoked = Issue("revoked", days: 1);
        using var http = Open(revoked);
        using var stream = await StreamAsync(http);
        Assert.Equal(0, _connections.Revoke(Serials("AA", revoked.SerialNumber)));
        Assert.Equal(2, _connections.Revoke(Serials("BB")));
        Assert.Equal(1, _connections.Revoke(Serials("AA", "BB")));
        Assert.Equal(0, _connections.Revoke(Serials("AA", "BB", revoked.SerialNumber, "CC")));
        Assert.Equal(4, _connections.Revoke(FrozenSet<string>.Empty));
        _connections.CloseBad();
        await AssertCutAsync(stream);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => http.GetStringAsync("/"));
    }

    /// <summary>As Kestrel does after floods of resets.</summary>
    [Theory]
    [InlineData("the client")]
    [InlineData("the server")]
    public async Task A_connection_that_one_side_closed_takes_no_place_among_all_although_its_pipeline_never_ends(string closes)
    {
        using var shown = Issue("lost", days: 1);
        for (var i = 0; i < 3 * ConnectionsMax; i++)
        {
            using var http = Open(shown);
            await UntilAnsweredAsync(http);
            if (closes == "the server")
            {
                await Assert.ThrowsAnyAsync<HttpRequestException>(() => http.GetStringAsync("/cut"));
            }
        }
    }

    public async Task DisposeAsync()
    {
        _lost.SetResult();
        await _app.DisposeAsync();
        _authority.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static FrozenSet<string> Serials(params string[] serials) => serials.ToFrozenSet(StringComparer.Ordinal);

    private X509Certificate2 Issue(string name, int days) => _authority.IssueClient(name, CertificateScope.Uris(Roles.Nurse, []), TimeSpan.FromDays(days));

    private HttpClient Open(X509Certificate2 shown) => new(new SocketsHttpHandler
    {
        SslOptions = new() { LocalCertificateSelectionCallback = (_, _, _, _, _) => shown, RemoteCertificateValidationCallback = (_, _, _, _) => true },
    })
    {
        BaseAddress = new Uri(_app.Urls.Single()), DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact, Timeout = Patience,
    };

    /// <summary>Its first byte is not read yet.</summary>
    private static async Task<Stream> StreamAsync(HttpClient http)
    {
        var response = await http.GetAsync("/stream", HttpCompletionOption.ResponseHeadersRead);
        return await response.Content.ReadAsStreamAsync();
    }

    /// <summary>A place that was given back is free a moment later.</summary>
    private static async Task UntilAnsweredAsync(HttpClient http)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                Assert.Equal("x", await http.GetStringAsync("/", patience.Token));
                return;
            }
            catch (HttpRequestException)
            {
                patience.Token.ThrowIfCancellationRequested();
            }
        }
    }

    private static async Task<int> ReadAsync(Stream stream) => await stream.ReadAsync(new byte[1]).AsTask().WaitAsync(Patience);

    /// <summary>Not ended in order: broken off.</summary>
    private static async Task AssertCutAsync(Stream stream) => await Assert.ThrowsAnyAsync<IOException>(async () =>
    {
        while (await ReadAsync(stream) > 0)
        {
        }
    });
}
