namespace ClinicNetwork.Journal.Postgres;

/// <summary>The store's clock, kept by the database and copied by each process.</summary>
internal interface IDatabaseTime : IStoreClock
{
    /// <summary>Reads the database's time anew; to be called now and then.</summary>
    Task SynchroniseAsync(CancellationToken cancellationToken);

    /// <summary>To be called before something that must not be older than what another process did: costs a read only on a manual clock.</summary>
    ValueTask RefreshAsync(CancellationToken cancellationToken);
}
