namespace ClinicNetwork.Journal;

/// <summary>A store cannot be opened, or not by this process, as it stands; the message is one line that says what to do. Nothing was changed.</summary>
public sealed class StoreRefusedException(string message, Exception? inner = null) : Exception(message, inner);
