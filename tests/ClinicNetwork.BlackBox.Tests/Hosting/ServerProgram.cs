using System.Diagnostics;

namespace ClinicNetwork.BlackBox.Tests.Hosting;

/// <summary>The server as it is built beside this project, and a run of it that is expected to end by itself.</summary>
internal static class ServerProgram
{
    /// <summary>tests/ClinicNetwork.BlackBox.Tests/bin/{configuration}/net10.0 → src/ClinicNetwork.Server/bin/{configuration}/net10.0.</summary>
    public static readonly string Dll = Path.GetFullPath(Path.Combine(
        AppContext.BaseDirectory, "../../../../../src/ClinicNetwork.Server/bin", Configuration, "net10.0/ClinicNetwork.Server.dll"));

    public static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public static ProcessStartInfo StartInfo(params IEnumerable<string> arguments)
    {
        var info = new ProcessStartInfo("dotnet", [Dll, .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(),
        };

        // Settings of the machine that runs the tests are not the tests'.
        foreach (var name in info.Environment.Keys.Where(n => n.StartsWith("ClinicNetwork__", StringComparison.OrdinalIgnoreCase) || n.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            info.Environment.Remove(name);
        }

        return info;
    }

    /// <summary>A refusal takes about a second, on a busy machine many; a server that serves instead is found out after this.</summary>
    private static readonly TimeSpan EndsWithin = 2 * Bounded.Wait;

    /// <summary>Runs to the end; kills what does not end in time.</summary>
    public static Task<(int ExitCode, string Out, string Error)> RunAsync(params IEnumerable<string> arguments) => RunAsync(StartInfo(arguments));

    public static async Task<(int ExitCode, string Out, string Error)> RunAsync(ProcessStartInfo info)
    {
        using var process = Process.Start(info)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync().WaitAsync(EndsWithin);
        }
        catch (TimeoutException)
        {
            process.Kill();
            Assert.Fail($"the server did not end: {string.Join(' ', info.ArgumentList)}");
        }

        return (process.ExitCode, await output.Within(), await error.Within());
    }
}
