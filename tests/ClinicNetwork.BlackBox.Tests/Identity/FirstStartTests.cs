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

        var (code, text, error) = await Clinicnet.RunAsync(folder.Path, "status", "--server", address);
        Assert.Equal((0, ""), (code, error));
        Assert.NotEmpty(text);

        using var elsewhere = new TempFolder();
        (code, _, error) = await Clinicnet.RunAsync(elsewhere.Path, "status", "--server", address);
        Assert.Equal(2, code);
        Assert.StartsWith("clinicnet: --identity: no identity in data/admin.pem; give the file", error, StringComparison.Ordinal);

        (code, _, error) = await Clinicnet.RunAsync(elsewhere.Path, "status", "--server", address, "--identity", Path.Combine(server.Folder, "admin.pem"));
        Assert.Equal((0, ""), (code, error));

        (code, _, error) = await Clinicnet.RunAsync(elsewhere.Path, "status", "--server", address, "--identity", Path.Combine(server.Folder, "release.key"));
        Assert.Equal(2, code);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.DoesNotContain("PRIVATE", error, StringComparison.Ordinal);
    }

    private static UnixFileMode? ModeOf(string path) => OperatingSystem.IsWindows() ? null : File.GetUnixFileMode(path);
}
