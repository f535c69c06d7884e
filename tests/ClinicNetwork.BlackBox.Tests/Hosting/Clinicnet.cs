namespace ClinicNetwork.BlackBox.Tests.Hosting;

/// <summary>The command line as a program, run to its end in a folder.</summary>
internal static class Clinicnet
{
    public static readonly string Dll = ServerProgram.Dll.Replace("ClinicNetwork.Server", "ClinicNetwork.Cli", StringComparison.Ordinal);

    public static Task<(int ExitCode, string Out, string Error)> RunAsync(string workingFolder, params string[] arguments)
    {
        var start = ServerProgram.StartInfo();
        start.ArgumentList.Clear();
        foreach (var argument in (string[])[Dll, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        start.WorkingDirectory = workingFolder;
        start.Environment.Remove("CLINICNETWORK_IDENTITY");
        start.Environment.Remove("CLINICNETWORK_SERVER");
        return ServerProgram.RunAsync(start);
    }
}
