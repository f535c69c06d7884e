using ClinicNetwork.Cli.Cluster;
using ClinicNetwork.Client.Tests.Fakes;

namespace ClinicNetwork.Client.Tests.Cli;

public sealed class PrivatePostgresTests
{
    [Fact]
    public async Task A_password_is_written_where_nobody_else_reads_it()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Path, "password");

        await PrivatePostgres.WriteSecretAsync(path, "secret", CancellationToken.None);

        Assert.Equal("secret", await File.ReadAllTextAsync(path));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public async Task A_file_that_is_there_already_is_not_taken_for_it()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("password", "of somebody else");

        await Assert.ThrowsAsync<IOException>(() => PrivatePostgres.WriteSecretAsync(path, "secret", CancellationToken.None));

        Assert.Equal("of somebody else", await File.ReadAllTextAsync(path));
    }
}
