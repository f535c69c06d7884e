using ClinicNetwork.BlackBox.Tests.Hosting;

namespace ClinicNetwork.BlackBox.Tests.Identity;

/// <summary>Secure without any set-up: what the first start makes, and that the newcomer's commands find it.</summary>
public sealed class FirstStartTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public async Task Keys_are_the_owners_alone_and_stay_the_same_over_restarts()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder.Sub("data"), "--clock", "manual");
        string Of(string name) => Path.Combine(server.Folder, name);
        Assert.Contains($"administrator's certificate: {Of("admin.pem")}", server.Log.Text, StringComparison.Ordinal);
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, ModeOf(server.Folder));
        foreach (var name in (string[])["authority.pem", "admin.pem", "master.key", "release.key"])
        {
            Assert.Equal(OwnerOnly, ModeOf(Of(name)));
        }

        var (authority, admin) = (File.ReadAllText(Of("authority.pem")), File.ReadAllText(Of("admin.pem")));
        Assert.DoesNotContain("PRIVATE KEY", server.Log.Text, StringComparison.Ordinal);
        await server.StopAsync();
        await server.StartAgainAsync();
        Assert.Equal((authority, admin), (File.ReadAllText(Of("authority.pem")), File.ReadAllText(Of("admin.pem"))));

        // One that was lost, or is another network's, is made anew by the same authority.
        foreach (var lost in (string[])["", "no certificate"])
        {
            await server.StopAsync();
            File.WriteAllText(Of("admin.pem"), lost);
            await server.StartAgainAsync();
            Assert.Equal(authority, File.ReadAllText(Of("authority.pem")));
            using var channel = server.Open();
            Assert.NotEmpty(await RawCalls.UnaryAsync(channel, "clinicnetwork.admin.v1.NetworkService", "GetStatus", []));
        }
    }

    [Fact]
    public async Task The_command_line_finds_the_administrators_certificate_by_itself_and_says_what_to_do_where_there_is_none()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder.Sub("data"), "--clock", "manual");
        var address = server.Address.GetLeftPart(UriPartial.Authority);

        var (code, text, error) = await ClinicnetAsync(folder.Path, "status", "--server", address);
        Assert.Equal((0, ""), (code, error));
        Assert.NotEmpty(text);

        using var elsewhere = new TempFolder();
        (code, _, error) = await ClinicnetAsync(elsewhere.Path, "status", "--server", address);
        Assert.Equal(2, code);
        Assert.StartsWith("clinicnet: --identity: no identity in data/admin.pem; give the file", error, StringComparison.Ordinal);

        (code, _, error) = await ClinicnetAsync(elsewhere.Path, "status", "--server", address, "--identity", Path.Combine(server.Folder, "admin.pem"));
        Assert.Equal((0, ""), (code, error));

        (code, _, error) = await ClinicnetAsync(elsewhere.Path, "status", "--server", address, "--identity", Path.Combine(server.Folder, "release.key"));
        Assert.Equal(2, code);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("PRIVATE", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_certificate_that_was_issued_opens_what_its_role_and_site_may()
    {
        using var folder = new TempFolder();
        await using var server = await ServerProcess.StartAsync(folder.Sub("data"), "--clock", "manual");
        string[] at = ["--server", server.Address.GetLeftPart(UriPartial.Authority), "--identity", "nurse-1.pem"];

        var (code, text, error) = await ClinicnetAsync(folder.Path, "certs", "issue", "nurse-1", "--role", "nurse", "--for", "clinics/harbour", "--days", "7");
        Assert.Equal((0, ""), (code, error));
        Assert.Matches("^certificate [0-9A-F]{32} of nurse-1: nurse at clinics/harbour, until 20[0-9-]{8}, in .*/nurse-1.pem\n$", text);
        Assert.Equal(OwnerOnly, ModeOf(folder.Sub("nurse-1.pem")));

        (code, _, error) = await ClinicnetAsync(folder.Path, ["status", .. at, "--site", "clinics/harbour"]);
        Assert.Equal((0, ""), (code, error));
        (code, _, error) = await ClinicnetAsync(folder.Path, ["status", .. at]);
        Assert.Equal(2, code);
        Assert.Contains("SITE_NOT_YOURS", error, StringComparison.Ordinal);
        (code, _, error) = await ClinicnetAsync(folder.Path, ["clock", "advance", "--to", "2026-01-02T00:00Z", .. at, "--site", "clinics/harbour"]);
        Assert.Equal(2, code);
        Assert.Contains("ROLE_NOT_ALLOWED", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, "--role", "nurse-1", "--role", "surgeon")]
    [InlineData(2, "--role", "nurse-1")]
    [InlineData(2, "name", "Nurse One", "--role", "nurse")]
    [InlineData(2, "--for", "nurse-1", "--role", "nurse", "--for", "Not a clinic")]
    [InlineData(2, "--days", "nurse-1", "--role", "nurse", "--days", "366")]
    [InlineData(2, "--out", "nurse-1", "--role", "nurse", "--out", "taken.pem")]
    [InlineData(2, "authority.pem", "nurse-1", "--role", "nurse", "--keys", "nowhere")]
    public async Task What_cannot_be_issued_is_refused_in_one_line_and_leaves_no_file(int expected, string named, params string[] arguments)
    {
        using var folder = new TempFolder();
        await using (var server = await ServerProcess.StartAsync(folder.Sub("data"), "--clock", "manual"))
        {
            await server.StopAsync();
        }

        File.WriteAllText(folder.Sub("taken.pem"), "mine");
        var (code, text, error) = await ClinicnetAsync(folder.Path, ["certs", "issue", .. arguments]);
        Assert.Equal((expected, ""), (code, text));
        Assert.Contains(named, Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(folder.Sub("taken.pem")));
        Assert.Equal(["data", "taken.pem"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private static UnixFileMode? ModeOf(string path) => OperatingSystem.IsWindows() ? null : File.GetUnixFileMode(path);

    private static Task<(int ExitCode, string Out, string Error)> ClinicnetAsync(string workingFolder, params string[] arguments)
    {
        var start = ServerProgram.StartInfo();
        start.ArgumentList.Clear();
        foreach (var argument in (string[])[ServerProgram.Dll.Replace("ClinicNetwork.Server", "ClinicNetwork.Cli", StringComparison.Ordinal), .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        start.WorkingDirectory = workingFolder;
        start.Environment.Remove("CLINICNETWORK_IDENTITY");
        start.Environment.Remove("CLINICNETWORK_SERVER");
        return ServerProgram.RunAsync(start);
    }
}
