namespace ClinicNetwork.Journal;

/// <summary>What the store is after a migration or a restore.</summary>
/// <param name="Incarnation">32 hex digits.</param>
public sealed record MigrationResult(int SchemaVersion, string Incarnation);
