using ClinicNetwork.BlackBox.Tests.Hosting;
using Npgsql;

namespace ClinicNetwork.BlackBox.Tests.Cluster;

/// <summary>What a server on PostgreSQL does not start with: one clear line, the documented exit code, soon.</summary>
public sealed class PostgresRefusalTests
{
    private const int WrongSettings = 2;
    private const int StoreRefused = 3;

    [Fact]
    public async Task A_database_that_cannot_be_used_is_refused_and_told_why()
    {
        await using var cluster = await ClusterUnderTest.EmptyAsync();
        using var folder = new TempFolder();
        string[] rest = ["--keys", cluster.Keys, "--folder", folder.Sub("data"), "--port", "0"];
        var connection = new NpgsqlConnectionStringBuilder(cluster.Postgres.ConnectionString());
        await RefusedAsync(StoreRefused, "migrate", ["--postgres", connection.ConnectionString, .. rest]);
        await RefusedAsync(StoreRefused, "password", ["--postgres", new NpgsqlConnectionStringBuilder(connection.ConnectionString) { Password = "no" }.ConnectionString, .. rest]);
        await RefusedAsync(StoreRefused, "no database", ["--postgres", new NpgsqlConnectionStringBuilder(connection.ConnectionString) { Database = "nowhere" }.ConnectionString, .. rest]);
        await RefusedAsync(StoreRefused, "cannot be reached", ["--postgres", new NpgsqlConnectionStringBuilder(connection.ConnectionString) { Port = 1 }.ConnectionString, .. rest]);
        await RefusedAsync(StoreRefused, "connection string", ["--postgres", connection.ConnectionString + ";Target Session Attributes=primary", .. rest]);
        await RefusedAsync(StoreRefused, "connection string", ["migrate", "--postgres", connection.ConnectionString + ";Multiplexing=true", .. rest]);
        await RefusedAsync(StoreRefused, "cannot be reached", ["migrate", "--postgres", new NpgsqlConnectionStringBuilder(connection.ConnectionString) { Port = 1 }.ConnectionString, .. rest]);
    }

    [Theory]
    [InlineData("Postgres", "--postgres", "Hoost=db;Password=secret")]
    [InlineData("Postgres", "--postgres", "Username=clinicnetwork;Password=secret")]
    [InlineData("Role", "--role", "silo")]
    [InlineData("Role", "--role", "gateway")]
    [InlineData("Role", "--role", "king")]
    [InlineData("Advertise", "--postgres", "Host=db", "--advertise", "0.0.0.0")]
    [InlineData("Cluster", "--postgres", "Host=db", "--cluster", "Two Words")]
    [InlineData("HealthPort", "--health-port", "-2")]
    [InlineData("--postgres", "migrate", "--port", "0")]
    [InlineData("migrate", "--port", "0", "migrate")]
    public async Task A_wrong_setting_is_named(string named, params string[] arguments)
    {
        using var folder = new TempFolder();
        var error = await RefusedAsync(WrongSettings, named, arguments[^1] == "migrate" ? arguments : [.. arguments, "--folder", folder.Sub("data")]);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    private static async Task<string> RefusedAsync(int exitCode, string says, params string[] arguments)
    {
        var (code, text, error) = await ServerProgram.RunAsync(arguments);
        var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("   at ", line, StringComparison.Ordinal);
        Assert.Contains(says, line, StringComparison.Ordinal);
        Assert.Equal((exitCode, ""), (code, text));
        return line;
    }
}
