using ClinicNetwork.BlackBox.Tests.Hosting;
using ClinicNetwork.BlackBox.Tests.Identity;
using ClinicNetwork.Verification;

namespace ClinicNetwork.BlackBox.Tests.Releases;

/// <summary>
/// docs/samples: registries that have the protos alone, in Node and in Python. Their connections are cut again and again, a kill leaves half a line, and the independent verifier accepts what
/// they have in the end.
/// </summary>
[Collection(PublishedFixture.Partners)]
public sealed class SampleTests(PublishedFixture fixture) : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("node")]
    [InlineData("python")]
    public async Task A_registry_of_another_language_pulls_over_cuts_and_goes_on_where_it_was_killed(string language)
    {
        var sample = await SampleFolder.InstallAsync(_folder, language);
        string[] program = language == "node" ? ["node", "pull.mjs"] : ["/usr/bin/python3", "pull.py"];

        string[] Arguments(Uri server) =>
            [.. program, "--server", server.ToString(), "--identity", Path.Combine(fixture.Server.Folder, "registry-a.pem"), "--protos", Path.Combine(AccessMatrixTests.Root(), "protos"), "--out", "out", "--page-size", "5"];

        await using var proxy = new CuttingProxy(fixture.Server.Address, seed: 5, bytesMax: 120_000);
        var (code, output, error) = await RunAsync(sample, Arguments(proxy.Address));
        Assert.True(code == 0, output + error);
        Assert.Contains("2 batches in out, acknowledged", output, StringComparison.Ordinal);
        var report = ReleaseVerifier.VerifyFolder(Path.Combine(sample, "out"));
        Assert.True(report.Accepted, string.Join('\n', report.Findings));
        Assert.Equal(2, Directory.GetDirectories(Path.Combine(sample, "out", "batches")).Length);

        // As a kill in the middle of a line leaves it.
        var (done, partial) = (Path.Combine(sample, "out", "batches", "0002"), Path.Combine(sample, "out", ".partial", "2"));
        Directory.CreateDirectory(Path.GetDirectoryName(partial)!);
        Directory.Move(done, partial);
        var rows = File.ReadAllBytes(Path.Combine(partial, "rows.ndjson"));
        File.WriteAllBytes(Path.Combine(partial, "rows.ndjson"), rows[..(rows.Length / 2)]);
        (code, output, error) = await RunAsync(sample, Arguments(fixture.Server.Address));
        Assert.True(code == 0 && output.Contains("batches/2: goes on at row ", StringComparison.Ordinal), output + error);
        Assert.Equal(rows, File.ReadAllBytes(Path.Combine(done, "rows.ndjson")));

        // Somebody changed what lies aside.
        Directory.Move(done, partial);
        var text = File.ReadAllText(Path.Combine(partial, "rows.ndjson"));
        File.WriteAllText(Path.Combine(partial, "rows.ndjson"), text.Replace("\"female\"", "\"male\"", StringComparison.Ordinal));
        (code, _, error) = await RunAsync(sample, Arguments(fixture.Server.Address));
        Assert.True(code != 0 && error.Contains("do not give the signed root", StringComparison.Ordinal), error);
        (code, output, error) = await RunAsync(sample, Arguments(fixture.Server.Address));
        Assert.True(code == 0, output + error);
        Assert.Equal(rows, File.ReadAllBytes(Path.Combine(done, "rows.ndjson")));

        // Nothing new: nothing is read again.
        (code, output, error) = await RunAsync(sample, Arguments(fixture.Server.Address));
        Assert.True(code == 0, output + error);
        Assert.DoesNotContain("rows", output, StringComparison.Ordinal);

        // Another network's key, or one who stands in between.
        File.WriteAllText(Path.Combine(sample, "out", "network-key.pem"), "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n");
        (code, _, error) = await RunAsync(sample, Arguments(fixture.Server.Address));
        Assert.NotEqual(0, code);
        Assert.Contains("another key", error, StringComparison.Ordinal);
    }

    private static Task<(int ExitCode, string Out, string Error)> RunAsync(string folder, params string[] command) => Programs.RunAsync(folder, SampleFolder.Usual, command);
}
