using ClinicNetwork.Grains;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using ClinicNetwork.Journal.Ledger;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClinicNetwork.Server;

/// <summary>
/// The disclosure ledger of this process. One that cannot be written is told in the log and by grpc.health, until something is written again: meanwhile nothing is published,
/// and no withdrawal acknowledged.
/// </summary>
internal sealed class Ledger(DisclosureLedger ledger, ILogger<Ledger> log) : IDisclosureLedger, IHealthCheck, IDisposable
{
    /// <summary>In grpc.health.</summary>
    public const string Name = "ledger";

    private readonly Lock _gate = new();
    private readonly TroubleLine _trouble = new(log, "Publications and withdrawals wait", "The disclosure ledger is written again");
    private volatile bool _fails;

    /// <summary>Off the grain's own thread: the disk may need long.</summary>
    public Task AppendAsync(LedgerEntry entry, CancellationToken cancellationToken) => Task.Run(() => Append(entry), cancellationToken);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_fails ? HealthCheckResult.Unhealthy("The disclosure ledger cannot be written.") : HealthCheckResult.Healthy());

    /// <summary>What the ledger in the settings' folder knows, and the store does not, is in the store when it returns.</summary>
    /// <param name="restored">By <c>migrate --restored</c>; else at a start.</param>
    /// <exception cref="StoreRefusedException">It cannot be read, or not be taken in.</exception>
    public static async Task<(int Publications, int Withdrawals)> ReplayAsync(ServerSettings settings, IStore store, bool restored)
    {
        var entries = DisclosureLedger.Read(settings.LedgerFolder, store.DeriveSecret(DisclosureLedger.Purpose));
        try
        {
            return await LedgerReplay.RunAsync(store, entries, restored, CancellationToken.None);
        }
        catch (Exception exception) when (exception is StoreUnavailableException or JournalBusyException or OutcomeUnknownException or AppendFailedException)
        {
            throw new StoreRefusedException($"The disclosure ledger could not be replayed: {exception.Message.Split('\n')[0]} Try again.", exception);
        }
    }

    public void Dispose() => ledger.Dispose();

    private void Append(LedgerEntry entry)
    {
        try
        {
            ledger.Append(entry);
            Tell(null);
        }
        catch (LedgerUnavailableException exception)
        {
            Tell(exception.Message);
            throw;
        }
    }

    private void Tell(string? problem)
    {
        lock (_gate)
        {
            _fails = problem is not null;
            _trouble.Tell(problem);
        }
    }
}
