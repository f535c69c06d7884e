using System.Collections.Frozen;
using ClinicNetwork.Gateway;
using ClinicNetwork.Gateway.Identity.Tokens;
using ClinicNetwork.Gateway.Limits;
using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Journal;
using ClinicNetwork.Server.Keys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClinicNetwork.Server.Tests;

/// <summary>Files beside the authority that vanish, cannot be read or lose lines: nothing is taken back, and it is told.</summary>
public sealed class RegistersTests : IDisposable
{
    private static readonly FrozenSet<string> Nobody = FrozenSet<string>.Empty;

    private readonly string _folder = Directory.CreateTempSubdirectory("clinicnetwork-followed-").FullName;
    private readonly OpenConnections _connections = new(TimeProvider.System, NullLogger<OpenConnections>.Instance);
    private readonly ServiceProvider _gateway;
    private readonly Registers _registers;

    public RegistersTests()
    {
        NetworkAuthority.LoadOrCreate(_folder, TimeProvider.System).Dispose();
        var services = new ServiceCollection().AddSingleton(TimeProvider.System);
        services.AddClinicNetworkGateway(new SignedTokens(new byte[32], "network"), new() { Secret = new byte[32], Network = "network" }, new(1, 1), _folder, new byte[32]);
        _gateway = services.BuildServiceProvider();
        _registers = new(_folder, _connections, _gateway.GetRequiredService<RegisteredClients>(), TimeProvider.System, NullLogger<Registers>.Instance);
    }

    private string Revoked => Path.Combine(_folder, CertificateRegister.RevokedFile);

    [Fact]
    public async Task A_list_of_revocations_that_vanishes_or_loses_lines_revokes_as_before_and_is_told_until_it_is_back()
    {
        CertificateRegister.Revoked(_folder, "AA", TimeProvider.System);
        CertificateRegister.Revoked(_folder, "BB", TimeProvider.System);
        await AssertAsync(HealthStatus.Healthy, revoked: 2);
        var whole = File.ReadAllText(Revoked);

        File.Delete(Revoked);
        await AssertAsync(HealthStatus.Unhealthy, revoked: 2);
        Directory.CreateDirectory(Revoked);
        await AssertAsync(HealthStatus.Unhealthy, revoked: 2);
        Directory.Delete(Revoked);
        File.WriteAllText(Revoked, whole[..whole.IndexOf("AA", StringComparison.Ordinal)]);
        await AssertAsync(HealthStatus.Unhealthy, revoked: 2);

        File.WriteAllText(Revoked, whole);
        await AssertAsync(HealthStatus.Healthy, revoked: 2);
    }

    [Fact]
    public async Task Another_list_that_cannot_be_read_keeps_no_revocation_back()
    {
        await AssertAsync(HealthStatus.Healthy, revoked: 0);
        foreach (var name in (string[])[ClientRegister.FileName, CertificateRegister.IssuedFile])
        {
            Directory.CreateDirectory(Path.Combine(_folder, name));
        }

        CertificateRegister.Revoked(_folder, "AA", TimeProvider.System);
        await AssertAsync(HealthStatus.Unhealthy, revoked: 1);
    }

    [Fact]
    public async Task Nothing_starts_without_the_list_of_revocations_and_an_empty_one_will_do()
    {
        await _registers.StartAsync(CancellationToken.None);
        await _registers.StopAsync(CancellationToken.None);
        File.Delete(Revoked);
        Assert.Contains("revoked.csv is missing", (await Assert.ThrowsAsync<StoreRefusedException>(() => _registers.StartAsync(CancellationToken.None))).Message, StringComparison.Ordinal);
        string[][] commands = [["list"], ["issue", "--name", "nurse-1", "--role", "nurse", "--out", Path.Combine(_folder, "nurse-1.pem")]];
        foreach (var command in commands)
        {
            Assert.Throws<StoreRefusedException>(() => CertsCommand.Run([.. command, "--keys", _folder], TimeProvider.System));
        }

        // The authority is there, so that the list is not made anew with it.
        NetworkAuthority.LoadOrCreate(_folder, TimeProvider.System).Dispose();
        Assert.False(File.Exists(Revoked));
        File.WriteAllText(Revoked, "");
        await _registers.StartAsync(CancellationToken.None);
        await _registers.StopAsync(CancellationToken.None);
    }

    public void Dispose()
    {
        _registers.Dispose();
        _gateway.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task AssertAsync(HealthStatus status, int revoked)
    {
        _registers.Look();
        Assert.Equal(status, (await _registers.CheckHealthAsync(new(), CancellationToken.None)).Status);
        Assert.Equal(revoked, _connections.Revoke(Nobody));
    }
}
