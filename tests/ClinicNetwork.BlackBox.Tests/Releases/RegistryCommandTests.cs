using System.Security.Cryptography;
using System.Text.RegularExpressions;
using ClinicNetwork.BlackBox.Tests.Care;
using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Identity;

namespace ClinicNetwork.BlackBox.Tests.Releases;

/// <summary>What people type: the command line's partners, registry, submissions and red team, with its exit codes, on a network with two published batches.</summary>
[Collection(PublishedFixture.Partners)]
public sealed partial class RegistryCommandTests(PublishedFixture fixture) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Registry => Path.Combine(fixture.Server.Folder, "registry-a.pem");

    private string Admin => Path.Combine(fixture.Server.Folder, "admin.pem");

    [Fact]
    public async Task A_registry_pulls_verifies_attacks_and_reads_and_a_changed_folder_is_refused_whole()
    {
        Assert.Matches(@"\n2 batches in release, 2 new and verified: \d+ rows received, 0 taken up", await DoneAsync(Registry, "registry", "pull", "--out", "release", "--format", "csv"));
        var current = File.ReadAllLines(_folder.Sub("release/current.csv"));
        Assert.StartsWith("batch,row,pseudonym,cell,milestone,", current[0], StringComparison.Ordinal);
        var again = await DoneAsync(Registry, "registry", "pull", "--out", "release", "--format", "csv");
        Assert.Contains("2 batches in release, 0 new", again, StringComparison.Ordinal);
        Assert.Contains($"{current.Length - 1} rows may be used now", again, StringComparison.Ordinal);
        Assert.Contains("accepted: every rule", await DoneAsync(null, "registry", "verify", "release"), StringComparison.Ordinal);
        Assert.Contains("held", await DoneAsync(null, "redteam", "--release", "release", "--report", "attacks.json"), StringComparison.Ordinal);
        Assert.True(new FileInfo(_folder.Sub("attacks.json")).Length > 0);

        var status = await DoneAsync(Registry, "registry", "status", "--out", "release");
        Assert.Contains(RegistryPartner.Agreement, status, StringComparison.Ordinal);
        Assert.DoesNotContain("next:", status, StringComparison.Ordinal);
        Assert.Contains("baseline_severity", await DoneAsync(Registry, "registry", "dictionary"), StringComparison.Ordinal);
        Assert.Contains("signed by the network", await DoneAsync(Registry, "registry", "statistics", "--key", "release/network-key.pem", "--out", "table.json"), StringComparison.Ordinal);
        Assert.True(File.Exists(_folder.Sub("table.json.sig")));
        await RefusedAsync("--out: table.json is there already", Registry, "registry", "statistics", "--out", "table.json");

        // A folder that somebody changed is refused, and a pull adds nothing to it.
        var rows = _folder.Sub("release/batches/1/rows.ndjson");
        rows = File.Exists(rows) ? rows : Directory.GetFiles(_folder.Sub("release"), "rows.ndjson", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        File.WriteAllText(rows, Digit().Replace(File.ReadAllText(rows), digits => digits.Value == "00" ? "11" : "00", 1));
        await RefusedAsync("the release is refused", null, "registry", "verify", "release");
    }

    [Fact]
    public async Task Who_may_not_and_what_is_not_there_ends_with_2_and_keeps_no_row()
    {
        await RefusedAsync("AGREEMENT_MISSING", Registry, "registry", "pull", "--out", "other", "--profile", "profiles/research-outcomes");
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        File.WriteAllText(_folder.Sub("other.pem"), other.ExportSubjectPublicKeyInfoPem());
        await RefusedAsync("RELEASE_KEY_CHANGED", Registry, "registry", "pull", "--out", "forged", "--key", "other.pem");
        await RefusedAsync("PROFILE_NOT_FOUND", Registry, "registry", "pull", "--out", "none", "--profile", "profiles/none");
        await RefusedAsync("--profile", Registry, "registry", "status", "--profile", "Public!");
        await RefusedAsync("STATISTICS_NOT_FOUND", Registry, "registry", "statistics", "--publication", "77", "--out", "t.json");
        await RefusedAsync("ROLE_NOT_ALLOWED", Registry, "registry", "late");
        await RefusedAsync("ROLE_NOT_ALLOWED", Registry, "partner", "list");
        await RefusedAsync("ROLE_NOT_ALLOWED", Registry, "agreement", "suspend", "registry-a/dua-1", "--reason", "mine");
        await RefusedAsync("ROLE_NOT_ALLOWED", Registry, "clinic", "outcomes", Network.Harbour);
        await RefusedAsync("PARTNER_NOT_FOUND", Registry, "agreement", "show", "nobody/dua-1");
        await RefusedAsync("PARTNER_EXISTS", Admin, "partner", "register", RegistryPartner.Name, "--display-name", "Again", "--class", "industry");
        await RefusedAsync("AGREEMENT_NOT_FOUND", Admin, "agreement", "show", "registry-a/nothing");
        await RefusedAsync("CLINIC_NOT_FOUND", Admin, "clinic", "outcomes", "clinics/nowhere");
        await RefusedAsync("folder: give the folder of a pulled release", null, "registry", "verify", "nowhere");
        await RefusedAsync("", null, "redteam", "--release", _folder.Path);
        File.WriteAllText(_folder.Sub("file"), "");
        await RefusedAsync("--out", Registry, "registry", "pull", "--out", "file");
        Assert.Equal(["file"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName).Where(name => name is not ("other" or "none" or "forged" or "other.pem")));
        Assert.Equal("", string.Join(' ', Directory.EnumerateFiles(_folder.Path, "rows*", SearchOption.AllDirectories)));

        Assert.Contains("agreement", await DoneAsync(Admin, "registry", "late"), StringComparison.Ordinal);
        Assert.Contains("registry-a", await DoneAsync(Admin, "partner", "list"), StringComparison.Ordinal);
        Assert.Contains("all", await DoneAsync(Admin, "clinic", "outcomes", Network.Harbour), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pull_over_a_connection_that_is_cut_again_and_again_completes_the_folder()
    {
        await using var proxy = new CuttingProxy(fixture.Server.Address, seed: 7, bytesMax: 120_000);
        var (code, told, error) = await RunAsync(Registry, proxy.Address, "registry", "pull", "--out", "cut", "--page-size", "20");
        Assert.True(code == 0 && proxy.Cuts > 0, $"{code}, {proxy.Cuts} cuts: {told} {error}");
        AssertPlain(told + error);
        Assert.Contains("2 batches in cut, 2 new", told, StringComparison.Ordinal);
        Assert.Contains("accepted: every rule", await DoneAsync(null, "registry", "verify", "cut"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_submission_is_pushed_once_however_often_and_bad_files_send_nothing()
    {
        var example = Path.Combine(AccessMatrixTests.Root(), "docs", "examples", "submission.csv");
        string[] push = ["--profile", "public-outcomes", "--profile-version", "2", "--id"];
        const string Name = RegistryPartner.Name + "/submissions/cli";
        var told = await DoneAsync(Registry, ["submission", "push", example, .. push, "cli"]);
        Assert.Contains(Name + ": complete", told, StringComparison.Ordinal);
        Assert.Contains(Name + ": complete", await DoneAsync(Registry, ["submission", "push", example, .. push, "cli"]), StringComparison.Ordinal);
        // One record has its values in another spelling.
        Assert.Contains("54 received: 53 accepted, 1 corrected, 0 refused", await DoneAsync(Registry, "submission", "status", Name), StringComparison.Ordinal);
        Assert.Contains("NORMALISED", await DoneAsync(Registry, "submission", "receipts", Name), StringComparison.Ordinal);
        Assert.Contains("END_OF_INDUCTION", await DoneAsync(Registry, "submission", "report", Name), StringComparison.Ordinal);
        Assert.Contains(Name, await DoneAsync(Admin, "submission", "list"), StringComparison.Ordinal);
        await RefusedAsync("SUBMISSION_CLOSED", Registry, "submission", "abort", Name);

        // Values that no record may have: a receipt for each, and what is left of their cell is too small.
        var lines = File.ReadAllLines(example);
        File.WriteAllLines(_folder.Sub("wrong.csv"), lines.Select((line, i) => i is > 0 and < 30 ? line.Replace(",female,", ",of another kind,", StringComparison.Ordinal) : line));
        await RefusedAsync(null, Registry, ["submission", "push", "wrong.csv", .. push, "wrong"]);
        var receipts = await DoneAsync(Registry, "submission", "receipts", RegistryPartner.Name + "/submissions/wrong");
        Assert.Contains("VALUE_UNKNOWN", receipts, StringComparison.Ordinal);
        Assert.DoesNotContain("of another kind", receipts, StringComparison.Ordinal);
        File.WriteAllLines(_folder.Sub("few.csv"), lines.Take(11));
        await RefusedAsync(null, Registry, ["submission", "push", "few.csv", .. push, "few"]);
        Assert.Contains("reason    ", await DoneAsync(Registry, "submission", "status", RegistryPartner.Name + "/submissions/few"), StringComparison.Ordinal);

        File.WriteAllText(_folder.Sub("heading.csv"), "record,pseudonym\nr-1,SECRETx\n");
        File.WriteAllText(_folder.Sub("broken.ndjson"), "{\"record\": SECRETx\n");
        await RefusedAsync("the heading must name exactly", Registry, ["submission", "push", "heading.csv", .. push, "not-opened"]);
        await RefusedAsync("line 1: no JSON object", Registry, ["submission", "push", "broken.ndjson", .. push, "not-opened-2"]);
        await RefusedAsync("PROFILE_NOT_FOUND", Registry, "submission", "push", example, "--profile", "none", "--profile-version", "2", "--id", "n");
        await RefusedAsync("PROFILE_VERSION_OTHER", Registry, "submission", "push", example, "--profile", "public-outcomes", "--profile-version", "1", "--id", "n");
        await RefusedAsync("HIERARCHIES_OTHER", Registry, ["submission", "push", example, .. push, "n", "--hierarchies-sha256", new string('0', 64)]);
        await RefusedAsync("SUBMISSION_NOT_FOUND", Registry, "submission", "status", RegistryPartner.Name + "/submissions/n");
        await RefusedAsync("PARTNER_NOT_NAMED", Admin, ["submission", "push", example, .. push, "n"]);
    }

    /// <param name="identity">Null: without a server.</param>
    private async Task<string> DoneAsync(string? identity, params string[] arguments)
    {
        var (code, told, error) = await RunAsync(identity, fixture.Server.Address, arguments);
        Assert.True(code == 0, $"{string.Join(' ', arguments)}: {code} {told} {error}");
        AssertPlain(told + error);
        return told;
    }

    /// <param name="line">Part of the last line of the errors; null: the output tells why.</param>
    private async Task RefusedAsync(string? line, string? identity, params string[] arguments)
    {
        var (code, told, error) = await RunAsync(identity, fixture.Server.Address, arguments);
        Assert.True(code == 2, $"{string.Join(' ', arguments)}: {code} {told} {error}");
        AssertPlain(told + error);
        if (line is not null)
        {
            Assert.True(
                error.Split('\n').Any(one => one.StartsWith("clinicnet: ", StringComparison.Ordinal) && one.Contains(line, StringComparison.Ordinal)),
                $"{string.Join(' ', arguments)}: {error} has no {line}");
        }
    }

    private Task<(int ExitCode, string Out, string Error)> RunAsync(string? identity, Uri server, params string[] arguments) =>
        Clinicnet.RunAsync(_folder.Path, identity is null ? arguments : [.. arguments, "--server", server.ToString(), "--identity", identity]);

    private static void AssertPlain(string told)
    {
        Assert.DoesNotContain("   at ClinicNetwork", told, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", told, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRETx", told, StringComparison.Ordinal);
    }

    [GeneratedRegex("[0-9]{2}")]
    private static partial Regex Digit();
}
