using System.Security.Cryptography;
using System.Text.Json;
using ClinicNetwork.Client.Tests.Fakes;
using CsCheck;
using Grpc.Core;

namespace ClinicNetwork.Client.Tests;

public sealed class ReleasePullerTests
{
    private static string RowsFile(string folder, int number) => Path.Combine(folder, "batches", $"{number:0000}", "rows.ndjson");

    private static string PartialRows(string folder, int number) => Path.Combine(folder, ".partial", $"{number:0000}", "rows.ndjson");

    /// <summary>Ends the pull when so many rows of its last batch are on the disk.</summary>
    private static async Task EndAtAsync(FakeRegistry registry, string folder, int rows, int pageSize)
    {
        using var end = new CancellationTokenSource();
        var progress = new Told(value =>
        {
            if (value.Batch == value.Batches && value.Rows >= rows)
                end.Cancel();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new ReleasePuller(registry.Client(), folder, pageSize).PullAsync(progress: progress, cancellationToken: end.Token));
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task A_pull_writes_the_release_format()
    {
        using var folder = new TemporaryFolder();
        using var registry = new FakeRegistry([2, 0, 1], 40, 0, 9);

        var result = await new ReleasePuller(registry.Client(), folder.Path, 8).PullAsync();

        Assert.Equal(new PullResult(3, 3, 49, 0), result);
        var lines = File.ReadAllText(RowsFile(folder.Path, 1)).Split('\n');
        Assert.Equal(41, lines.Length);
        Assert.Equal("", lines[40]);
        Assert.Equal(
            $"{{\"row\":0,\"salt\":\"{Convert.ToHexStringLower(registry.Rows(1)[0].Salt.Span)}\",\"values\":[\"person-0\",\"female\",\"9+\",\"ö \\\"quoted\\\"\",\"\"]}}", lines[0]);
        Assert.Equal($"{{\"row\":3,\"leaf\":\"{Convert.ToHexStringLower(registry.Rows(1)[3].Leaf.Span)}\"}}", lines[3]);
        Assert.Equal("", File.ReadAllText(RowsFile(folder.Path, 2)));
        var manifest = File.ReadAllBytes(Path.Combine(folder.Path, "batches", "0003", "manifest.json"));
        var signature = Convert.FromBase64String(File.ReadAllText(Path.Combine(folder.Path, "batches", "0003", "manifest.sig")));
        using var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(Path.Combine(folder.Path, "network-key.pem")));
        Assert.True(key.VerifyData(manifest, signature, HashAlgorithmName.SHA256));
        using var cursor = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder.Path, "cursor.json")));
        Assert.Equal(3, cursor.RootElement.GetProperty("batches").GetInt32());
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(folder.Path, ".partial")));
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task A_second_pull_receives_nothing_again()
    {
        using var folder = new TemporaryFolder();
        using var registry = new FakeRegistry([], 40, 20);
        await new ReleasePuller(registry.Client(), folder.Path).PullAsync();
        var pages = registry.PagesSent;

        var result = await new ReleasePuller(registry.Client(), folder.Path).PullAsync();

        Assert.Equal(new PullResult(2, 0, 0, 0), result);
        Assert.Equal(pages, registry.PagesSent);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task A_pull_that_was_ended_inside_a_batch_goes_on_behind_its_last_row()
    {
        using var folder = new TemporaryFolder();
        using var registry = new FakeRegistry([], 10, 60);
        await EndAtAsync(registry, folder.Path, 24, 8);
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "batches", "0002")));

        var result = await new ReleasePuller(registry.Client(), folder.Path, 8).PullAsync();

        Assert.Equal(new PullResult(2, 2, 36, 34), result);
        Assert.Equal(60, File.ReadLines(RowsFile(folder.Path, 2)).Count());
    }

    [Fact(Timeout = Patience.Ms)]
    public Task A_partial_file_cut_at_any_byte_ends_as_the_whole_batch() =>
        Gen.Double[0, 1].SampleAsync(async share =>
        {
            using var folder = new TemporaryFolder();
            using var uncut = new TemporaryFolder();
            using var registry = new FakeRegistry([], 50);
            await new ReleasePuller(registry.Client(), uncut.Path, 8).PullAsync();
            await EndAtAsync(registry, folder.Path, 32, 8);
            using (var partial = File.OpenWrite(PartialRows(folder.Path, 1)))
                partial.SetLength((long)(partial.Length * share));

            await new ReleasePuller(registry.Client(), folder.Path, 8).PullAsync();

            Assert.Equal(File.ReadAllBytes(RowsFile(uncut.Path, 1)), File.ReadAllBytes(RowsFile(folder.Path, 1)));
        }, iter: 40);

    [Fact(Timeout = Patience.Ms)]
    public async Task A_partial_file_with_a_changed_row_is_found_out_and_pulled_anew()
    {
        using var folder = new TemporaryFolder();
        using var registry = new FakeRegistry([], 50);
        await EndAtAsync(registry, folder.Path, 32, 8);
        var partial = PartialRows(folder.Path, 1);
        File.WriteAllText(partial, File.ReadAllText(partial).Replace("person-1\"", "person-2\"", StringComparison.Ordinal));

        var error = await Assert.ThrowsAsync<ClinicNetworkException>(
            () => new ReleasePuller(registry.Client(), folder.Path, 8).PullAsync());
        Assert.Equal(Reasons.BatchRoot, error.Reason);
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "batches", "0001")));

        Assert.Equal(50, (await new ReleasePuller(registry.Client(), folder.Path, 8).PullAsync()).Rows);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task The_first_pull_takes_no_other_key_than_the_expected_one()
    {
        using var folder = new TemporaryFolder();
        using var registry = new FakeRegistry([], 10);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var error = await Assert.ThrowsAsync<ClinicNetworkException>(() =>
            new ReleasePuller(registry.Client(), folder.Path) { Key = other.ExportSubjectPublicKeyInfoPem() }.PullAsync());

        Assert.Equal((StatusCode.FailedPrecondition, Reasons.ReleaseKeyChanged), (error.Code, error.Reason));
        Assert.False(File.Exists(Path.Combine(folder.Path, "network-key.pem")));
        Assert.Equal(10, (await new ReleasePuller(registry.Client(), folder.Path) { Key = registry.Key.ExportSubjectPublicKeyInfoPem() }.PullAsync()).Rows);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task Another_release_key_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var registry = new FakeRegistry([], 10);
        await new ReleasePuller(registry.Client(), folder.Path).PullAsync();
        registry.Key.Dispose();
        registry.Key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var error = await Assert.ThrowsAsync<ClinicNetworkException>(() => new ReleasePuller(registry.Client(), folder.Path).PullAsync());

        Assert.Equal((StatusCode.FailedPrecondition, Reasons.ReleaseKeyChanged), (error.Code, error.Reason));
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task A_batch_that_is_another_one_now_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var first = new FakeRegistry([], 10);
        await new ReleasePuller(first.Client(), folder.Path).PullAsync();
        using var replaced = new FakeRegistry([], 11);
        replaced.Key.Dispose();
        replaced.Key = first.Key;

        var error = await Assert.ThrowsAsync<ClinicNetworkException>(() => new ReleasePuller(replaced.Client(), folder.Path).PullAsync());

        Assert.Equal(Reasons.ReleaseReplaced, error.Reason);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task A_pull_into_a_folder_that_another_pull_writes_to_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var registry = new FakeRegistry([], 10);
        var second = default(Task<PullResult>);
        var progress = new Told(_ => second ??= new ReleasePuller(registry.Client(), folder.Path).PullAsync());

        await new ReleasePuller(registry.Client(), folder.Path, 5).PullAsync(progress: progress);

        Assert.Equal("FOLDER_IN_USE", (await Assert.ThrowsAsync<ClinicNetworkException>(() => second!)).Reason);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task A_manifest_with_another_signature_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var registry = new FakeRegistry([], 10);
        using var other = new FakeRegistry([], 10);
        var client = registry.Client();
        var honest = registry.Server.Unary;
        _ = other.Client();
        registry.Server.Unary = (attempt, method, request, token) =>
            method == "GetManifest" ? other.Server.Unary(attempt, method, request, token) : honest(attempt, method, request, token);

        var error = await Assert.ThrowsAsync<ClinicNetworkException>(() => new ReleasePuller(client, folder.Path).PullAsync());

        Assert.Equal(Reasons.Manifest, error.Reason);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(folder.Path, "batches")));
    }

    private sealed class Told(Action<PullProgress> tell) : IProgress<PullProgress>
    {
        public void Report(PullProgress value) => tell(value);
    }
}
