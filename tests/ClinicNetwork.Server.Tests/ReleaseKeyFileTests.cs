using ClinicNetwork.Server.Keys;

namespace ClinicNetwork.Server.Tests;

/// <summary>A network has one release key, however many make it.</summary>
public sealed class ReleaseKeyFileTests
{
    private const int Rounds = 20;
    private const int Makers = 16;

    [Fact]
    public async Task All_who_make_it_at_once_get_the_same_key_and_leave_no_draft()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var folder = Directory.CreateTempSubdirectory("clinicnetwork-key-").FullName;
            try
            {
                using var start = new Barrier(Makers);
                var keys = await Task.WhenAll(Enumerable.Range(0, Makers).Select(_ => Task.Factory.StartNew(
                    () =>
                    {
                        start.SignalAndWait();
                        using var key = ReleaseKeyFile.LoadOrCreate(folder);
                        return key.ExportSubjectPublicKeyInfoPem();
                    },
                    CancellationToken.None,
                    TaskCreationOptions.LongRunning,
                    TaskScheduler.Default)));

                using var kept = ReleaseKeyFile.Load(folder);
                Assert.All(keys, key => Assert.Equal(kept.ExportSubjectPublicKeyInfoPem(), key));
                Assert.Equal(["release.key"], Directory.GetFileSystemEntries(folder).Select(Path.GetFileName));
                Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Path.Combine(folder, "release.key")) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }
}
