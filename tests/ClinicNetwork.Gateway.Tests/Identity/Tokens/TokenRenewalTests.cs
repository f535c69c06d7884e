extern alias client;

using client::ClinicNetwork.Client;
using ClinicNetwork.Gateway.Identity.Tokens;
using ClinicNetwork.Gateway.Tests.Harness;
using Xunit.Abstractions;

namespace ClinicNetwork.Gateway.Tests.Identity.Tokens;

/// <summary>The client library's machine on a gateway whose clock runs ahead: tokens end, certificates are renewed, and no call fails for it.</summary>
public sealed class TokenRenewalTests(TokenGateway gateway, ITestOutputHelper output) : IClassFixture<TokenGateway>
{
    private const int Callers = 4;
    private const int Certificates = 3;

    /// <summary>Less than the minute before its end at which a token is renewed: between two steps each caller has come round.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(40);

    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Certificates_and_tokens_are_renewed_under_load_without_a_failed_call()
    {
        var folder = Directory.CreateTempSubdirectory("clinicnetwork-renewal-").FullName;
        var path = Path.Combine(folder, "pacs.pem");
        gateway.WriteIdentity(path);
        using var identity = ClientIdentity.Load(path);
        using var tokens = new MachineTokens(gateway.Address, identity, TokenGateway.Client, "ec-1", gateway.Ec, time: gateway.Time);
        var sent = new HashSet<string>();
        using var machine = ClinicNetworkClient.Connect(gateway.Address, new()
        {
            Identity = identity, ActingSite = TokenGateway.Harbour,
            AccessToken = async (certificate, cancellationToken) =>
            {
                var token = await tokens.GetAsync(certificate, cancellationToken);
                lock (sent)
                {
                    sent.Add(token);
                }

                return token;
            },
        });
        using var end = new CancellationTokenSource();
        var calls = new long[Callers];
        var callers = Enumerable.Range(0, Callers).Select(i => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                Assert.Equal("clients/pacs-1 nurse harbour", (await machine.Clinics.ListClinicsAsync(new())).NextPageToken);
                Interlocked.Increment(ref calls[i]);
            }
        })).ToArray();

        var began = gateway.Time.GetUtcNow();
        for (var certificate = 1; ; certificate++)
        {
            // Each outlives three lives of a token.
            for (var until = gateway.Time.GetUtcNow() + (3 * AccessTokens.Life); gateway.Time.GetUtcNow() < until; gateway.Time.Pass(Step))
            {
                await RoundAsync();
            }

            if (certificate == Certificates)
            {
                break;
            }

            var before = identity.Certificate.Thumbprint;
            gateway.WriteIdentity(path);
            while (identity.Certificate.Thumbprint == before)
            {
                await RoundAsync();
            }
        }

        await end.CancelAsync();
        await Task.WhenAll(callers).WaitAsync(Wait);
        Directory.Delete(folder, recursive: true);
        output.WriteLine($"{calls.Sum():N0} calls with {sent.Count} tokens of {Certificates} certificates in {gateway.Time.GetUtcNow() - began}");
        Assert.InRange(sent.Count, 3 * Certificates, int.MaxValue);

        // Each caller has come round twice, or one has failed.
        async Task RoundAsync()
        {
            var until = calls.Select(count => count + 2).ToArray();
            using var patience = new CancellationTokenSource(Wait);
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
            while (calls.Where((_, i) => Interlocked.Read(ref calls[i]) < until[i]).Any())
            {
                await timer.WaitForNextTickAsync(patience.Token);
                if (Array.Find(callers, caller => caller.IsFaulted) is { } failed)
                {
                    await failed;
                }
            }
        }
    }
}
