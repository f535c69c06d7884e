using ClinicNetwork.Journal.Audit;
using ClinicNetwork.Journal.Codec;

namespace ClinicNetwork.Journal;

/// <summary>One opened store, embedded (SQLite) or shared by a cluster (PostgreSQL): everything above the storage edge knows this and no more.</summary>
public interface IStore : IAsyncDisposable
{
    IJournal Journal { get; }

    IProjections Projections { get; }

    IDoubles Doubles { get; }

    IExchangeStore Exchange { get; }

    ISubmissionStore Submissions { get; }

    IAuditLog Audit { get; }

    IUsedAssertions UsedAssertions { get; }

    IStoreClock Clock { get; }

    IKeyring Keys { get; }

    SnapshotCodec Snapshots { get; }

    /// <summary>The store's random id, 32 hex digits; changed by a restore. Cursors, etags and snapshots carry it.</summary>
    string Incarnation { get; }

    /// <summary>The schema the store now has.</summary>
    int SchemaVersion { get; }

    /// <summary>What the writer has done since this process opened the store.</summary>
    StoreStatistics Statistics { get; }

    /// <summary>A secret for one purpose (cursors, pseudonyms): 32 bytes, HKDF-SHA-256 of the master key; the same as long as the key file is.</summary>
    byte[] DeriveSecret(string purpose);
}
