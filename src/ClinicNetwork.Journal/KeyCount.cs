namespace ClinicNetwork.Journal;

/// <summary>One key of a holder, as <c>keys list</c> shows it.</summary>
/// <param name="KekVersion">Of the key-encryption key that wraps it; 0: destroyed.</param>
/// <param name="Current">False: a rotation was broken off; the next one moves its wraps.</param>
/// <param name="Wraps">Data keys that it wraps.</param>
public sealed record KeyCount(string Holder, int KekVersion, bool Current, long Wraps);
