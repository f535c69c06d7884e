namespace ClinicNetwork.Journal;

/// <summary>
/// Stored bytes are not what was written at this place: altered, moved from another place, or under another key. Never read as if they
/// were right.
/// </summary>
public sealed class StoreDamagedException(string message, Exception? inner = null) : Exception(message, inner);
