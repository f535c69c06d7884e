using ClinicNetwork.Grains;
using ClinicNetwork.Journal.Keys;

namespace ClinicNetwork.Server;

/// <summary><c>stream HANDLE [--keys DIR]</c>: the name behind what a log line calls a stream. It needs the keys and neither server nor database.</summary>
internal static class StreamCommand
{
    /// <exception cref="SettingsException">One line that says what to give.</exception>
    public static void Run(string[] arguments)
    {
        var (handle, folder) = arguments switch
        {
            [var one] => (one, "data"),
            [var one, "--keys", var keys] => (one, keys),
            _ => throw new SettingsException("stream: give the handle from the log line, and --keys DIR (default: ./data)."),
        };
        var stream = new StreamHandles(NetworkSecrets.Derive(Path.GetFullPath(folder), StreamHandles.Purpose)).Open(handle)
            ?? throw new SettingsException("stream: this is no handle of the network whose keys these are; copy it whole from the log line.");
        Console.WriteLine(Streams.IsPatient(stream) ? Streams.PatientOf(stream).Name : stream);
    }
}
