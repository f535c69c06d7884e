using System.Diagnostics;

namespace ClinicNetwork.Faults.Processes;

/// <summary>The server with failpoints and planted defects in it, as it is built beside this project.</summary>
internal static class ServerProgram
{
    public const string Configuration = "Faults";

    /// <summary>tests/ClinicNetwork.Faults/bin/{configuration}/net10.0 → src/ClinicNetwork.Server/bin/Faults/net10.0.</summary>
    public static readonly string Dll = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "../../../../../src/ClinicNetwork.Server/bin", Configuration, "net10.0/ClinicNetwork.Server.dll"));

    public static ProcessStartInfo StartInfo(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        if (!File.Exists(Dll))
        {
            throw new FileNotFoundException($"{Dll} is missing: build tests/ClinicNetwork.Faults, which builds it.");
        }

        var info = new ProcessStartInfo("dotnet", [Dll, .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            WorkingDirectory = Path.GetTempPath(),
        };

        // Settings of the machine that runs the tests are not the tests'.
        foreach (var name in info.Environment.Keys.Where(n => n.StartsWith("ClinicNetwork", StringComparison.OrdinalIgnoreCase) || n.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            info.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        return info;
    }
}
