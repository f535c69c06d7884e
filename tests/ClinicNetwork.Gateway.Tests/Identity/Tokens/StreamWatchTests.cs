using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClinicNetwork.Domain.Identity;
using ClinicNetwork.Gateway.Identity;
using ClinicNetwork.Gateway.Identity.Tokens;
using ClinicNetwork.Gateway.Tests.Harness;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ClinicNetwork.Gateway.Tests.Identity.Tokens;

/// <summary>How long a stream goes on that was opened with a token, by a clock that the test moves.</summary>
public sealed class StreamWatchTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Ten minutes until keys are fetched anew, five for which a token is not looked at.</summary>
    private static readonly TimeSpan TakenBackMax = TimeSpan.FromMinutes(15);

    private readonly HandTime _time = new();
    private readonly PaperIssuer _issuer = new();
    private readonly KeyFetching _fetching;
    private readonly BearerTokens _tokens;
    private readonly X509Certificate2 _certificate = Certificate();

    public StreamWatchTests()
    {
        _fetching = new(_issuer);
        var clients = new RegisteredClients(_fetching, _time);
        var options = new TokenOptions { Secret = new byte[32], Network = "network", Issuers = [PaperIssuer.Options] };
        _tokens = new(new(options, clients, _time), new(options, _fetching, _time), clients, _time);
    }

    [Fact]
    public async Task A_persons_stream_ends_with_its_token()
    {
        var (stream, ended) = (await OpenAsync(), await OpenAsync());
        await ended.Watch.DisposeAsync();
        _time.Pass(TimeSpan.FromSeconds(1_800) + Times.Skew - StreamWatch.Every);
        Assert.False(stream.Cut.IsCompleted);
        _time.Pass(StreamWatch.Every);
        await stream.Cut.WaitAsync(Patience);
        Assert.False(ended.Cut.IsCompleted);
        await stream.Watch.DisposeAsync();
    }

    [Fact]
    public async Task A_persons_stream_ends_a_quarter_of_an_hour_after_its_issuer_took_the_key_back_and_not_while_it_has_it()
    {
        var stream = await OpenAsync();
        Assert.Equal(1, _issuer.Fetched);
        Pass(TimeSpan.FromMinutes(12));
        await UntilAsync(() => _issuer.Fetched == 2);
        Assert.False(stream.Cut.IsCompleted);

        _issuer.Keys = TokenGateway.JwksOf(ECDsa.Create(ECCurve.NamedCurves.nistP384), RSA.Create(2048));
        Pass(TakenBackMax);
        await stream.Cut.WaitAsync(Patience);
        await stream.Watch.DisposeAsync();
    }

    /// <summary>Nobody can tell whether it took one back: what was known of it stays.</summary>
    [Fact]
    public async Task A_persons_stream_goes_on_while_its_issuer_does_not_answer()
    {
        var stream = await OpenAsync();
        _issuer.Keys = "no keys";
        Pass(TakenBackMax);
        await UntilAsync(() => _issuer.Fetched > 1);
        Assert.False(stream.Cut.IsCompleted);
        await stream.Watch.DisposeAsync();
    }

    public void Dispose()
    {
        _fetching.Dispose();
        _issuer.Dispose();
        _certificate.Dispose();
    }

    /// <summary>Look by look.</summary>
    private void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += StreamWatch.Every)
        {
            _time.Pass(StreamWatch.Every);
        }
    }

    private async Task<(IAsyncDisposable Watch, Task Cut)> OpenAsync()
    {
        var life = new Life();
        var http = new DefaultHttpContext();
        http.Features.Set<IHttpRequestLifetimeFeature>(life);
        http.Connection.ClientCertificate = _certificate;
        http.Request.Headers.Authorization = "Bearer " + _issuer.Token(_time.GetUtcNow()).Make();
        var call = new OneCall();
        // Where Grpc.AspNetCore looks for it in a call that is not its own.
        call.UserState["__HttpContext"] = http;
        (await _tokens.CallerOfAsync(call)).Take(call);
        return (_tokens.Watch(call)!, life.Cut);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        using var patience = new CancellationTokenSource(Patience);
        while (!condition())
        {
            await timer.WaitForNextTickAsync(patience.Token);
        }
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=ward", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var uri in CertificateScope.Uris(Roles.Nurse, []))
        {
            names.AddUri(uri);
        }

        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
    }

    private sealed class Life : IHttpRequestLifetimeFeature
    {
        private readonly TaskCompletionSource _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Cut => _cut.Task;

        public CancellationToken RequestAborted { get; set; }

        public void Abort() => _cut.TrySetResult();
    }
}
