using System.Diagnostics;

namespace ClinicNetwork.BlackBox.Tests.Hosting;

/// <summary>Programs that are not ours, run to their end.</summary>
internal static class Programs
{
    /// <summary>In a folder; one that does not end in time is killed, with what it started.</summary>
    public static Task<(int ExitCode, string Out, string Error)> RunAsync(string folder, TimeSpan within, params string[] command) =>
        RunAsync(new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = folder }, within);

    public static async Task<(int ExitCode, string Out, string Error)> RunAsync(ProcessStartInfo info, TimeSpan within)
    {
        (info.RedirectStandardOutput, info.RedirectStandardError) = (true, true);
        using var process = Process.Start(info)!;
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync().WaitAsync(within);
            return (process.ExitCode, await output.WaitAsync(within), await error.WaitAsync(within));
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
