namespace ClinicNetwork.Grains;

/// <param name="Incarnation">Random id of the store, changed by restore; part of cursors, etags and snapshots.</param>
/// <param name="SchemaVersion">Version of the journal's schema.</param>
public sealed record StoreIdentity(string Incarnation, int SchemaVersion);
