namespace ClinicNetwork.Simulation;

/// <summary>
/// A baseline file that cannot be used. <see cref="Line"/> counts from 1 (the header), <see cref="Field"/> is the column, or <c>header</c>,
/// <c>row</c> or <c>file</c>. The message never quotes the file.
/// </summary>
public sealed class BaselineFileException(long line, string field, string message)
    : Exception(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"line {line}, {field}: {message}"))
{
    public long Line { get; } = line;

    public string Field { get; } = field;
}
