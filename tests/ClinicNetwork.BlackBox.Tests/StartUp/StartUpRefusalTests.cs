using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using ClinicNetwork.BlackBox.Tests.Hosting;
using Microsoft.Data.Sqlite;

namespace ClinicNetwork.BlackBox.Tests.StartUp;

/// <summary>What the server does not start with: one clear line, the documented exit code, no stack trace. See <c>--help</c>.</summary>
public sealed class StartUpRefusalTests
{
    private const int WrongSettings = 2;
    private const int FolderRefused = 3;

    [Fact]
    public async Task Help_lists_the_options_and_exit_codes_and_ends_with_0()
    {
        var (code, text, error) = await ServerProgram.RunAsync("--help");
        Assert.Equal((0, ""), (code, error));
        foreach (var told in (string[])["--folder", "--port", "--clock", "--clock-start", "Exit codes: 0 stopped, 1 failed, 2 wrong settings, 3 the data folder was refused"])
        {
            Assert.Contains(told, text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("--unknown", "--unknown", "x")]
    [InlineData("--port", "--port")]
    [InlineData("Port", "--port", "70000")]
    [InlineData("Port", "--port", "-1")]
    [InlineData("Port", "--port", "http")]
    [InlineData("Clock", "--clock", "sundial")]
    [InlineData("ClockStart", "--clock", "manual", "--clock-start", "yesterday")]
    [InlineData("ClockStart", "--clock", "manual", "--clock-start", "9999-12-31T00:00:00Z")]
    [InlineData("SnapshotEveryVersions", "--ClinicNetwork:SnapshotEveryVersions", "0")]
    [InlineData("CallsPerSecondMax", "--ClinicNetwork:CallsPerSecondMax", "0")]
    [InlineData("Production", "--ClinicNetwork:Production", "yes")]
    [InlineData("Clock", "--ClinicNetwork:Production", "true", "--clock", "manual")]
    [InlineData("Names", "--names", "network.example,not a name")]
    [InlineData("Colour", "--ClinicNetwork:Colour", "blue")]
    public async Task A_wrong_setting_is_named(string named, params string[] arguments)
    {
        using var folder = new TempFolder();
        await RefusedAsync(WrongSettings, named, [.. arguments, .. arguments[0] == "--port" ? [] : (string[])["--port", "0"], .. arguments.Length == 1 ? [] : (string[])["--folder", folder.Sub("data")]]);
        Assert.False(Directory.Exists(folder.Sub("data")));
    }

    /// <summary>A misspelt name, a string without quotes that a space cut, a value in the place of another.</summary>
    [Theory]
    [InlineData("--postgress", "--postgress=Host=127.0.0.1;Password=Hush-4711")]
    [InlineData("--postgress", "--postgress", "Host=127.0.0.1;Password=Hush-4711")]
    [InlineData("after --postgres and its value", "--postgres", "Host=127.0.0.1;", "Password=Hush-4711")]
    [InlineData("after --postgres and its value", "--postgres=Host=127.0.0.1;Password=much", "Hush-4711", "--role", "silo")]
    [InlineData("after an option and its value", "--ClinicNetwork:Postgres;Password:Hush-4711", "x", "Hush-4711")]
    [InlineData("The first argument", "Host=127.0.0.1;Password=Hush-4711")]
    [InlineData("The first argument", "--postgres:Host;Password:Hush-4711")]
    [InlineData("Port", "--port", "Host=127.0.0.1;Password=Hush-4711")]
    [InlineData("Role", "--role", "Host=127.0.0.1;Password=Hush-4711")]
    [InlineData("Postgres", "--postgres", "Hush-4711")]
    [InlineData("ClinicNetwork__Postgres", "--postgres", "Host=127.0.0.1;Password=Hush-4711", "--ClinicNetwork:Production", "true")]
    public async Task A_password_in_the_wrong_place_is_not_repeated(string named, params string[] arguments)
    {
        var line = await RefusedAsync(WrongSettings, named, arguments);
        Assert.DoesNotContain("Hush", line, StringComparison.Ordinal);
        Assert.DoesNotContain("4711", line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ \"ClinicNetwork\": { \"Port\": 0, ")]
    [InlineData("[")]
    public async Task A_settings_file_that_is_no_JSON_is_named(string text)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.Sub("appsettings.json"), text);
        var info = ServerProgram.StartInfo("--port", "0");
        info.WorkingDirectory = folder.Path;
        AssertOneLine(WrongSettings, "appsettings.json", await ServerProgram.RunAsync(info));
    }

    [Fact]
    public async Task A_key_folder_that_cannot_be_written_is_named()
    {
        using var folder = new TempFolder();
        await RefusedAsync(FolderRefused, "release.key", "--folder", folder.Path, "--port", "0", "--keys", "/sys");
    }

    [Fact]
    public async Task A_folder_in_use_is_refused_and_its_server_goes_on()
    {
        await using var first = await ServerProcess.StartAsync();
        await RefusedAsync(FolderRefused, "in use", "--folder", first.Folder, "--port", "0", "--clock", "manual");
        using var channel = first.Open();
        Assert.NotEmpty(await RawCalls.UnaryAsync(channel, "clinicnetwork.admin.v1.NetworkService", "GetStatus", []));
    }

    [Fact]
    public async Task A_port_in_use_is_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        using var folder = new TempFolder();
        await RefusedAsync(1, "address already in use", "--folder", folder.Path, "--port", ((IPEndPoint)taken.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_store_is_refused_with_another_clock_key_or_schema_and_starts_again_when_all_is_right()
    {
        await using var server = await ServerProcess.StartAsync();
        await server.StopAsync();
        string[] manual = ["--folder", server.Folder, "--port", "0", "--clock", "manual"];
        await RefusedAsync(FolderRefused, "manual clock", "--folder", server.Folder, "--port", "0");

        var key = Path.Combine(server.Folder, "master.key");
        var right = File.ReadAllBytes(key);
        foreach (var (what, wrong) in new[] { ("has 31 bytes", right[..31]), ("has 0 bytes", []), ("another store", RandomNumberGenerator.GetBytes(32)) })
        {
            File.WriteAllBytes(key, wrong);
            await RefusedAsync(FolderRefused, what, manual);
        }

        File.Delete(key);
        await RefusedAsync(FolderRefused, "missing", manual);
        Assert.False(File.Exists(key));
        File.WriteAllBytes(key, right);

        await ExecuteAsync(server.Folder, "UPDATE store SET schema_version = schema_version + 100, min_reader = min_reader + 100");
        await RefusedAsync(FolderRefused, "newer server", manual);
        await ExecuteAsync(server.Folder, "UPDATE store SET schema_version = schema_version - 100, min_reader = min_reader - 100");
        await server.StartAgainAsync();
    }

    [Fact]
    public async Task A_store_by_the_machines_clock_is_refused_with_a_manual_one()
    {
        await using var server = await ServerProcess.StartAsync(null);
        await server.StopAsync();
        await RefusedAsync(FolderRefused, "machine's clock", "--folder", server.Folder, "--port", "0", "--clock", "manual");
    }

    [Theory]
    [InlineData("journal.db")]
    [InlineData("release.key")]
    public async Task A_damaged_file_is_named(string file)
    {
        await using var server = await ServerProcess.StartAsync();
        await server.StopAsync();
        foreach (var log in Directory.GetFiles(server.Folder, file + "-*"))
        {
            File.Delete(log);
        }

        File.WriteAllText(Path.Combine(server.Folder, file), string.Concat(Enumerable.Repeat("this is not what it should be\n", 200)));
        await RefusedAsync(FolderRefused, file, "--folder", server.Folder, "--port", "0", "--clock", "manual");
    }

    [Fact]
    public async Task A_folder_that_is_a_file_is_refused()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.Sub("file"), "");
        await RefusedAsync(FolderRefused, "cannot be used", "--folder", folder.Sub("file"), "--port", "0");
    }

    private static async Task<string> RefusedAsync(int exitCode, string says, params string[] arguments) =>
        AssertOneLine(exitCode, says, await ServerProgram.RunAsync(arguments));

    private static string AssertOneLine(int exitCode, string says, (int ExitCode, string Out, string Error) run)
    {
        var (code, text, error) = run;
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", error, StringComparison.Ordinal);
        var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(says, line, StringComparison.Ordinal);
        Assert.Equal((exitCode, ""), (code, text));
        return line;
    }

    private static async Task ExecuteAsync(string folder, string sql)
    {
        await using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(folder, "journal.db"), Pooling = false }.ToString());
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }
}
