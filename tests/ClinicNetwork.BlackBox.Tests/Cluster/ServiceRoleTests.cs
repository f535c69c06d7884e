using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using Npgsql;

namespace ClinicNetwork.BlackBox.Tests.Cluster;

/// <summary>The two roles that k8s/README.md tells an administrator to make: one owns the schema, one serves.</summary>
public sealed class ServiceRoleTests
{
    private const string Database = "clinicnetwork";

    [Fact]
    public async Task A_server_serves_with_the_documented_role_which_may_not_change_the_schema()
    {
        await using var cluster = await ClusterUnderTest.EmptyAsync();
        foreach (var (database, sql) in DocumentedSql())
        {
            await ExecuteAsync(cluster.Postgres.ConnectionString(database), sql);
        }

        var (code, _, error) = await ServerProgram.RunAsync(["migrate", .. ArgumentsAs("clinicnetwork_owner"), "--folder", cluster.Keys]);
        Assert.Equal((0, ""), (code, error));
        await using (var server = await ServerProcess.StartAsync(null, ArgumentsAs("clinicnetwork_server")))
        {
            using var channel = server.Open();
            var network = new Network(channel);
            var patient = (await ClusterUnderTest.PrepareAsync(network, 1))[0];
            Assert.Equal(3, (await network.HistoryAsync(patient)).Count);
            Assert.NotEmpty(await network.FeedAsync(Network.Harbour));
            await server.StopAsync();
        }

        foreach (var change in (string[])["CREATE TABLE public.more (a integer)", "ALTER TABLE journal DROP COLUMN answer", "DROP TABLE feed", "TRUNCATE journal"])
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(ConnectionAs("clinicnetwork_server"), change));
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        }

        string ConnectionAs(string role) =>
            new NpgsqlConnectionStringBuilder(cluster.Postgres.ConnectionString(Database)) { Username = role, Password = "of " + role, Pooling = false }.ToString();

        string[] ArgumentsAs(string role) =>
            ["--postgres", ConnectionAs(role), "--keys", cluster.Keys, "--clock", "manual", "--clock-start", ServerProcess.ClockStart.ToString("O")];
    }

    /// <summary>Statement by statement, each with the database it is for.</summary>
    private static IEnumerable<(string Database, string Sql)> DocumentedSql()
    {
        var readme = File.ReadAllText(Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../../../../k8s/README.md")));
        var database = "postgres";
        foreach (var line in readme.Split("```sql\n")[1].Split("```")[0].Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !l.StartsWith("--", StringComparison.Ordinal)))
        {
            if (line.StartsWith("\\connect ", StringComparison.Ordinal))
            {
                database = line.Split(' ')[1];
                continue;
            }

            yield return (database, line.Replace("PASSWORD '…'", $"PASSWORD 'of {line.Split(' ')[2]}'", StringComparison.Ordinal));
        }
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ToString());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
