namespace ClinicNetwork.Journal;

/// <summary>What the writer did since the store was opened.</summary>
/// <param name="Commits">Transactions committed; under load far fewer than commands.</param>
/// <param name="Waiting">Commands in the queue now.</param>
public readonly record struct StoreStatistics(long Commits, int Waiting);
