namespace ClinicNetwork.Cli.Input;

/// <summary>What the user gave cannot be used. One line: the field, and what to do.</summary>
internal sealed class InputException(string field, string message) : Exception($"{field}: {message}");
