namespace ClinicNetwork.Journal;

/// <summary>A read could not be made because the database does not answer; nothing is wrong with what was asked. Try again later.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
