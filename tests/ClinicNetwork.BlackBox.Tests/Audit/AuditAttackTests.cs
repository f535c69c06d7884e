using System.Security.Cryptography;
using System.Text;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Cluster;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.Cli.Commands.Audit;
using ClinicNetwork.Verification.Audit;
using Grpc.Core;
using Microsoft.Data.Sqlite;
using static ClinicNetwork.BlackBox.Tests.Audit.AuditReading;

namespace ClinicNetwork.BlackBox.Tests.Audit;

/// <summary>Whatever is done to the audit is named by <c>clinicnet audit verify</c>.</summary>
public sealed class AuditAttackTests
{
    private const string CutToOne =
        "DELETE FROM audit_leaf WHERE position >= 1; UPDATE audit_tree SET size = 1, frontier = (SELECT leaf FROM audit_leaf WHERE position = 0), last_access = 1000000;";

    private const string MadeAnew = "DELETE FROM audit_leaf; DELETE FROM audit_head; UPDATE audit_tree SET size = 0, frontier = x'', last_row = 0, last_access = 0";

    /// <summary>Statement, rule, words of the message: {n} is where the patient's version n lies.</summary>
    public static TheoryData<string, string, string> Attacks => new()
    {
        { "UPDATE audit_access SET actor = 'somebody' WHERE id = (SELECT min(id) FROM audit_access)", AuditRules.Altered, "is not what its leaf was made from" },
        { "UPDATE journal SET events = x'00' WHERE stream = 'pt-audited-1' AND version = 2", AuditRules.Altered, "entry {2} " },
        { "UPDATE journal SET actor = 'somebody' WHERE stream = 'pt-audited-1' AND version = 3", AuditRules.Altered, "entry {3} " },
        { "DELETE FROM journal WHERE stream = 'pt-audited-1' AND version = 3", AuditRules.Gone, "leaf {3} " },
        { "DELETE FROM audit_access", AuditRules.Gone, "is gone" },
        { "DELETE FROM audit_leaf WHERE position = 1", AuditRules.Gone, "position 1 " },
        { "DELETE FROM audit_leaf WHERE position = 1; UPDATE audit_leaf SET position = position + 1000000 WHERE position > 1; UPDATE audit_leaf SET position = position - 1000001 WHERE position > 1000000", AuditRules.Removed, "position 1 " },
        { "UPDATE audit_leaf SET position = 1000000 WHERE position = 1; UPDATE audit_leaf SET position = 1 WHERE position = 3; UPDATE audit_leaf SET position = 3 WHERE position = 1000000", AuditRules.Swapped, "at 1 " },
        { CutToOne, AuditRules.Truncated, "the tree ends before position" },
        { CutToOne + "DELETE FROM audit_head", AuditRules.Truncated, "the tree ends before position" },
        { "UPDATE audit_head SET note = replace(note, 'clinicnetwork-audit/', 'clinicnetwork-audit/0') WHERE number = 1", AuditRules.Head, "head 1 " },
    };

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task What_is_done_to_the_audit_is_named(string sql, string rule, string words)
    {
        using var data = new TempFolder();
        var positions = await SpoiltAsync(data, sql);
        await using var server = await ServerProcess.StartAsync(data.Path, "--clock", "manual");
        using var channel = server.Open();
        var network = new Network(channel);
        var finding = (await ReportAsync(network, (await Prepared.Value).Seen)).Finding;
        words = words.Replace("{2}", $"{positions[2]}", StringComparison.Ordinal).Replace("{3}", $"{positions[3]}", StringComparison.Ordinal);
        Assert.True(finding?.Rule == rule && finding.Message.Contains(words, StringComparison.Ordinal), $"{finding}");
    }

    /// <summary>Whoever has the database and not the keys: nothing is signed, the operator is told, and care goes on.</summary>
    [Fact]
    public async Task A_tree_that_was_made_anew_in_the_database_is_not_signed_and_health_says_so()
    {
        using var data = new TempFolder();
        await SpoiltAsync(data, MadeAnew);
        await using var server = await ServerProcess.StartAsync(data.Path, "--clock", "manual");
        using var channel = server.Open();
        var network = new Network(channel);
        await Bounded.UntilAsync("it is told", () => Task.FromResult(
            server.Log.Text.Contains("The audit tree waits: its row was not written by a server of this network", StringComparison.Ordinal)));
        Assert.Equal((DatabaseAwayTests.NotServing, DatabaseAwayTests.Serving), (await DatabaseAwayTests.ProbeAsync(channel, "audit"), await DatabaseAwayTests.ProbeAsync(channel, "store")));
        await network.Patients.RecordAssessmentAsync(Valid.Assessment(Patient, "a-anew"));
        await network.Patients.GetPlanAsync(new() { Name = Patient + "/plan" });
        await RefusalSeen.AssertAsync(StatusCode.NotFound, "HEAD_NOT_FOUND", async () => await network.Audit.GetHeadAsync(new()));
    }

    /// <summary>Whoever has the keys too lets the network's own server place everything anew and sign it: only who saw the tree before can tell.</summary>
    [Fact]
    public async Task The_command_line_refuses_a_tree_that_was_made_anew_and_keeps_what_it_had_seen()
    {
        using var data = new TempFolder();
        using var elsewhere = new TempFolder();
        await SpoiltAsync(data, "UPDATE journal SET actor = 'somebody' WHERE stream = 'pt-audited-1'; " + MadeAnew, hasKeys: true);
        var seen = Path.Combine(elsewhere.Path, SeenFile);
        File.Copy(Path.Combine((await Prepared.Value).Folder, SeenFile), seen);
        var before = File.ReadAllText(seen);
        await using var server = await ServerProcess.StartAsync(data.Path, "--clock", "manual");
        using var channel = server.Open();
        await HeadAsync(new Network(channel), 1);
        var (code, told, error) = await VerifyAsync(server, elsewhere);
        Assert.True(code == 2 && error.StartsWith($"clinicnet: audit: refused, {AuditRules.Forked}: ", StringComparison.Ordinal), told + error);
        Assert.Equal(before, File.ReadAllText(seen));
    }

    /// <returns>Positions of the patient's versions.</returns>
    /// <param name="hasKeys">Whoever does it also has the keys, and writes the MAC that belongs to an empty tree.</param>
    private static async Task<Dictionary<long, long>> SpoiltAsync(TempFolder data, string sql, bool hasKeys = false)
    {
        CopyOf((await Prepared.Value).Folder, data.Path);
        await using var database = new SqliteConnection($"Data Source={Path.Combine(data.Path, "journal.db")};Pooling=False;Foreign Keys=False");
        await database.OpenAsync();
        await using var command = database.CreateCommand();
        command.CommandText = "SELECT key, position FROM audit_leaf WHERE stream = 'pt-audited-1'";
        var positions = new Dictionary<long, long>();
        await using (var rows = await command.ExecuteReaderAsync())
        {
            while (await rows.ReadAsync())
            {
                positions.Add(rows.GetInt64(0), rows.GetInt64(1));
            }
        }

        command.CommandText = sql;
        Assert.True(await command.ExecuteNonQueryAsync() > 0);
        if (hasKeys)
        {
            command.CommandText = "SELECT incarnation FROM store";
            var key = HKDF.DeriveKey(HashAlgorithmName.SHA256, File.ReadAllBytes(Path.Combine(data.Path, "master.key")), 32, info: "clinicnetwork/1/audit-tree"u8.ToArray());
            byte[] row = [.. Encoding.UTF8.GetBytes($"{await command.ExecuteScalarAsync()}\n"), .. new byte[4 * sizeof(long)]];
            command.Parameters.AddWithValue("$mac", HMACSHA256.HashData(key, row));
            command.CommandText = "UPDATE audit_tree SET mac = $mac";
            await command.ExecuteNonQueryAsync();
        }

        return positions;
    }

    private const string SeenFile = "audit-seen.json";

    /// <summary>A stopped network with a verified audit, made once, and what the verification has kept.</summary>
    private static readonly Lazy<Task<(string Folder, SeenRoot Seen)>> Prepared = new(PrepareAsync);

    private static async Task<(string Folder, SeenRoot Seen)> PrepareAsync()
    {
        var folder = Directory.CreateTempSubdirectory("clinicnetwork-bb-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        await using var server = await ServerProcess.StartAsync(folder, "--clock", "manual", "--clock-start", ServerProcess.ClockStart.ToString("O"));
        using var channel = server.Open();
        var network = new Network(channel);
        await network.RegisterAsync(Network.Harbour);
        await network.TreatAsync(Patient);
        await network.Patients.GetPlanAsync(new() { Name = Patient + "/plan" });
        await HeadAsync(network, (await UntilAsync(network, Patient, 4)).Max(placed => placed.Position) + 1);
        var (code, _, error) = await Clinicnet.RunAsync(folder, [.. Connection(server), "audit", "verify"]);
        Assert.True(code == 0, error);
        var report = await ReportAsync(network);
        Assert.Null(report.Finding);
        await server.StopAsync();
        return (folder, new(report.Origin, report.SignedSize, report.Root));
    }

    /// <summary>As the command line does it, without a process for it.</summary>
    private static async Task<AuditReport> ReportAsync(Network network, params SeenRoot[] seen)
    {
        var heads = (await network.Audit.ListHeadsAsync(new() { PageSize = 1_000 })).Heads;
        using var verifier = new AuditVerifier(
            (await network.Audit.GetAuditKeyAsync(new())).PublicKeyPem, null, heads.Select(AuditMessages.Of), seen);
        using var call = network.Audit.StreamEntries(new());
        while (await call.ResponseStream.MoveNext(default).Within())
        {
            foreach (var placed in call.ResponseStream.Current.Entries)
            {
                verifier.Add(AuditMessages.Of(placed));
            }
        }

        return verifier.Finish();
    }

    private static void CopyOf(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from).Where(file => Path.GetFileName(file) is not ("lock" or "endpoint" or SeenFile)))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
