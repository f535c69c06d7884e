using System.Collections.Concurrent;
using System.Collections.Frozen;
using ClinicNetwork.Journal;
using ClinicNetwork.Server.Keys;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ClinicNetwork.Server;

/// <summary>
/// Closes connections of revoked certificates: those that are open within seconds of the revocation, with every call and stream on them, and new ones
/// at once. It reads the file beside the authority and needs no database.
/// </summary>
internal sealed class RevokedConnections(string folder, TimeProvider time, ILogger<RevokedConnections> log) : BackgroundService
{
    /// <summary>A revocation is noticed within this.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    private readonly ConcurrentDictionary<ConnectionContext, string> _open = new();
    private volatile FrozenSet<string> _revoked = CertificateRegister.ReadRevoked(folder);

    /// <summary>Comes after TLS.</summary>
    public void Use(ListenOptions listen) => listen.Use(next => async connection =>
    {
        var serial = connection.Features.Get<ITlsConnectionFeature>()?.ClientCertificate?.SerialNumber ?? "";
        _open[connection] = serial;
        try
        {
            // Looked at after it was entered, so that a revocation at this moment finds it here or there.
            if (_revoked.Contains(serial))
            {
                Close(connection, serial);
                return;
            }

            await next(connection);
        }
        finally
        {
            _open.TryRemove(connection, out _);
        }
    });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                _revoked = CertificateRegister.ReadRevoked(folder);
            }
            catch (StoreRefusedException exception)
            {
                log.LogWarning("{Problem} What was revoked before stays so.", exception.Message);
                continue;
            }

            foreach (var (connection, serial) in _open.Where(open => _revoked.Contains(open.Value)))
            {
                Close(connection, serial);
            }
        }
    }

    private void Close(ConnectionContext connection, string serial)
    {
        log.LogInformation("A connection with the revoked certificate {Serial} is closed", serial);
        connection.Abort(new ConnectionAbortedException("The certificate is revoked."));
    }
}
