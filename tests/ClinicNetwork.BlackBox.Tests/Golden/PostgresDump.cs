using System.Diagnostics;
using ClinicNetwork.Cli.Cluster;
using Npgsql;

namespace ClinicNetwork.BlackBox.Tests.Golden;

/// <summary>A database as text, by PostgreSQL's own programs: what a backup of an operator's is.</summary>
internal static class PostgresDump
{
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(60);

    /// <summary>Schema and rows, without the lines that only one minor version of the programs knows.</summary>
    public static async Task<string> SaveAsync(PrivatePostgres postgres)
    {
        var text = await RunAsync(postgres, "pg_dump", ["--no-owner", "--no-privileges", "--no-comments"], "");
        return string.Join('\n', text.Split('\n').Where(line => !line.StartsWith("\\restrict", StringComparison.Ordinal) && !line.StartsWith("\\unrestrict", StringComparison.Ordinal)));
    }

    public static Task LoadAsync(PrivatePostgres postgres, string dump) =>
        RunAsync(postgres, "psql", ["--quiet", "--no-psqlrc", "--set", "ON_ERROR_STOP=1", "--single-transaction", "--output", "/dev/null"], dump);

    private static async Task<string> RunAsync(PrivatePostgres postgres, string program, string[] options, string input)
    {
        var place = new NpgsqlConnectionStringBuilder(postgres.ConnectionString());
        var start = new ProcessStartInfo(
            Path.Combine(PrivatePostgres.FindBinaries()!, program),
            [.. options, "--host", place.Host!, "--port", place.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), "--username", place.Username!, "--dbname", place.Database!])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PGPASSWORD"] = place.Password;
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Max);
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
            await process.StandardInput.WriteAsync(input.AsMemory(), patience.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(patience.Token);
            Assert.True(process.ExitCode == 0, $"{program} ended with {process.ExitCode}: {await error}");
            return await output;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }
}
