using System.ComponentModel;
using System.Diagnostics;

namespace ClinicNetwork.Kubernetes.Tests;

/// <summary>Renders a kustomize folder with the kubectl on the PATH, as an operator's <c>kubectl apply -k</c> would.</summary>
internal static class Kubectl
{
    public const string Missing = "kubectl is missing: install the Debian package kubernetes-client, or run tests/run --install as root.";

    private static readonly TimeSpan RenderMax = TimeSpan.FromSeconds(60);

    /// <exception cref="InvalidOperationException">One line: kubectl is missing, or what it said.</exception>
    public static async Task<string> RenderAsync(string folder, string program = "kubectl")
    {
        using var process = new Process { StartInfo = new(program, ["kustomize", folder]) { RedirectStandardOutput = true, RedirectStandardError = true } };
        try
        {
            process.Start();
        }
        catch (Win32Exception)
        {
            throw new InvalidOperationException(Missing);
        }

        using var limit = new CancellationTokenSource(RenderMax);
        try
        {
            // Its warnings (deprecated names that old versions need) go to the error stream too, so only the exit code decides.
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            var rendered = await process.StandardOutput.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 ? rendered : throw new InvalidOperationException($"kubectl kustomize {folder}: {(await errors).Trim()}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"kubectl kustomize {folder} took more than {RenderMax.TotalSeconds} s.");
        }
    }
}
