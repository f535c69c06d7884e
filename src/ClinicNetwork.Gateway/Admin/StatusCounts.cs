using ClinicNetwork.Gateway.Requests;
using ClinicNetwork.Journal;

namespace ClinicNetwork.Gateway.Admin;

/// <summary>What the store holds, and by which of its times. It is counted, which takes long enough that one client at its rate could keep the database busy alone.</summary>
public sealed class StatusCounts(IStoreClock clock, IProjections projections)
{
    private readonly SharedRead<(DateTimeOffset Now, StoreCounts Counts)> _read = new(async () =>
    {
        var now = clock.Now;
        return (now, await projections.ReadCountsAsync(now, CancellationToken.None));
    });

    /// <exception cref="StoreUnavailableException">The database does not answer.</exception>
    public Task<(DateTimeOffset Now, StoreCounts Counts)> ReadAsync(CancellationToken cancellationToken) => _read.ReadAsync(cancellationToken);
}
