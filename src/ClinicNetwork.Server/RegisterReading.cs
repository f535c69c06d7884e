using ClinicNetwork.Gateway.Identity.Tokens;
using ClinicNetwork.Journal;
using ClinicNetwork.Server.Keys;

namespace ClinicNetwork.Server;

/// <summary>Follows the register of machines: who was removed gets no token within seconds, and those it has are good no longer. It needs no database.</summary>
internal sealed class RegisterReading(string folder, RegisteredClients clients, TimeProvider time, ILogger<RegisterReading> log) : BackgroundService
{
    /// <summary>A change is noticed within this.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    /// <summary>Read before the first call comes in; a register that cannot be read then stops the start.</summary>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        clients.Replace(ClientRegister.Read(folder));
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                clients.Replace(ClientRegister.Read(folder));
            }
            catch (StoreRefusedException exception)
            {
                log.LogWarning("{Problem} Who was registered before stays so.", exception.Message);
            }
        }
    }
}
