using System.Diagnostics;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Cli.Cluster;
using Npgsql;

namespace ClinicNetwork.BlackBox.Tests.Cluster;

/// <summary><c>clinicnet cluster up</c> as a program.</summary>
public sealed class ClusterUpTests
{
    /// <summary>initdb, a migration and three processes on a busy machine.</summary>
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(120);

    private static string Dll => ServerProgram.Dll.Replace("ClinicNetwork.Server", "ClinicNetwork.Cli", StringComparison.Ordinal);

    [Fact]
    public async Task Once_shows_all_ready_and_leaves_nothing_behind()
    {
        using var temporary = Temporary();
        var (code, text, error) = await RunAsync(temporary.Path, "cluster", "up", "--silos", "2", "--gateways", "1", "--once");
        Assert.Equal((0, ""), (code, error));
        Assert.Matches(@"silo-1 +silo +127\.0\.0\.1:[0-9]+ +[0-9]+ +ready", text);
        Assert.Matches(@"silo-2 +silo +127\.0\.0\.1:[0-9]+ +[0-9]+ +ready", text);
        Assert.Matches(@"gateway-1 +gateway +https://127\.0\.0\.1:[0-9]+ +[0-9]+ +serving", text);
        Assert.DoesNotContain(Directory.GetDirectories(temporary.Path), folder => Path.GetFileName(folder).StartsWith("clinicnet-", StringComparison.Ordinal));
        AssertNoneLeft(text);
    }

    [Fact]
    public async Task Each_silo_serves_by_itself_on_a_PostgreSQL_that_was_given_and_stays()
    {
        using var temporary = Temporary();
        await using var postgres = await PrivatePostgres.CreateAsync(temporary.Sub("postgres"), CancellationToken.None);
        var connection = postgres.ConnectionString();

        var (code, text, error) = await RunAsync(temporary.Path, "cluster", "up", "--silos", "3", "--once", "--postgres", connection);
        Assert.Equal((0, ""), (code, error));
        for (var i = 1; i <= 3; i++)
        {
            Assert.Matches($@"silo-{i} +all +https://127\.0\.0\.1:[0-9]+ +[0-9]+ +serving", text);
        }

        Assert.Matches(@"try: clinicnet status --identity .*/keys/admin.pem --server (https://127\.0\.0\.1:[0-9]+/?,?){3}\n", text);
        Assert.DoesNotContain("PostgreSQL on port", text, StringComparison.Ordinal);
        Assert.DoesNotContain(new NpgsqlConnectionStringBuilder(connection).Password!, text, StringComparison.Ordinal);
        AssertNoneLeft(text);
        await using var store = new NpgsqlConnection(connection + ";Pooling=false");
        await store.OpenAsync();
    }

    [Fact]
    public async Task A_missing_PostgreSQL_is_one_line()
    {
        using var temporary = new TempFolder();
        var (code, _, error) = await RunAsync(temporary.Path, "cluster", "up", "--once", "--postgres", "Host=127.0.0.1;Port=1;Username=x;Password=secret;Database=x");
        Assert.Equal(1, code);
        var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("clinicnet: ", line, StringComparison.Ordinal);
        Assert.Contains("cannot be reached", line, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
    }

    /// <summary>PostgreSQL's own user has to get through.</summary>
    private static TempFolder Temporary()
    {
        var temporary = new TempFolder();
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(temporary.Path, (UnixFileMode)0b111_001_001);
        }

        return temporary;
    }

    private static void AssertNoneLeft(string text)
    {
        foreach (var id in text.Split((char[])[' ', '\n', ','], StringSplitOptions.RemoveEmptyEntries).Select(word => int.TryParse(word, out var id) ? id : 0).Where(id => id > 0))
        {
            Assert.False(IsOurs(id), $"process {id} was left behind");
        }
    }

    private static bool IsOurs(int id)
    {
        var commandLine = $"/proc/{id}/cmdline";
        return File.Exists(commandLine) && File.ReadAllText(commandLine) is var text
            && (text.Contains("ClinicNetwork.Server", StringComparison.Ordinal) || text.Contains("postgres", StringComparison.Ordinal));
    }

    private static async Task<(int ExitCode, string Out, string Error)> RunAsync(string temporary, params string[] arguments)
    {
        var start = ServerProgram.StartInfo();
        start.ArgumentList.Clear();
        foreach (var argument in (string[])[Dll, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["TMPDIR"] = temporary;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync().WaitAsync(EndsWithin);
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output.Within(), await error.Within());
    }
}
