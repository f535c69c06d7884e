using System.Security.Cryptography;
using ClinicNetwork.Client.Tests.Fakes;
using ClinicNetwork.Protocol.Exchange.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ClinicNetwork.Client.Tests;

/// <summary>A server that is broken or means ill: what it answers ends, fits the signed manifest, and leaves nothing behind that the next pull trips over.</summary>
public sealed class HostileRegistryTests
{
    [Fact(Timeout = Patience.Ms)]
    public async Task A_list_of_batches_that_begins_again_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var registry = new FakeRegistry([], 12);
        registry.Change = answer =>
        {
            if (answer is ListBatchesResponse list)
                list.NextPageToken = "0";
        };

        Assert.Equal(Reasons.Manifest, await ReasonAsync(registry, folder.Path));
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task Empty_pages_with_a_token_end_a_list()
    {
        using var folder = new TemporaryFolder();
        using var registry = new FakeRegistry([], 12);
        var lists = 0;
        registry.Change = answer =>
        {
            if (answer is ListRekeysResponse list)
                (list.NextPageToken, lists) = ("0", lists + 1);
        };

        await new ReleasePuller(registry.Client(), folder.Path).PullAsync();

        Assert.Equal(1, lists);
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task Re_key_lists_that_come_again_and_again_are_refused()
    {
        using var folder = new TemporaryFolder();
        using var registry = new FakeRegistry([], 12);
        registry.Replace(("a", "b"));
        registry.Change = answer =>
        {
            if (answer is ListRekeysResponse list)
                list.NextPageToken = "0";
        };

        Assert.Equal(Reasons.Rekey, await ReasonAsync(registry, folder.Path));
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task A_batch_that_goes_on_behind_its_last_row_is_cut_there()
    {
        using var folder = new TemporaryFolder();
        using var registry = new FakeRegistry([], 400);
        registry.Change = answer =>
        {
            if (answer is ListBatchesResponse list)
                list.Batches[0].RowCount = 40;
            else if (answer is GetManifestResponse manifest)
                Sign(registry, manifest, text => text.Replace("\"rows\":400", "\"rows\":40", StringComparison.Ordinal));
        };

        Assert.Equal(Reasons.BatchRoot, await ReasonAsync(registry, folder.Path));

        Assert.Equal(6, registry.PagesSent);
        Assert.Equal(0, new FileInfo(Path.Combine(folder.Path, ".partial", "0001", "rows.ndjson")).Length);
    }

    /// <summary>The hash of a withdrawn row is not recomputed: one node of the tree could take the place of all rows, under the same root.</summary>
    [Fact(Timeout = Patience.Ms)]
    public async Task A_node_of_the_tree_does_not_pass_for_the_rows_below_it()
    {
        using var folder = new TemporaryFolder();
        using var registry = new FakeRegistry([], 8);
        registry.Change = answer =>
        {
            if (answer is ListBatchesResponse list)
                list.Batches[0].RowCount = 1;
        };
        registry.Corrupt = page =>
        {
            var root = registry.Root(1);
            page.Rows.Clear();
            page.Rows.Add(new ReleasedRow { Leaf = ByteString.CopyFrom(root) });
            page.Checksum = ByteString.CopyFrom(SHA256.HashData(root));
        };
        registry.Trailer = trailer => trailer.RowCount = 1;

        Assert.Equal(Reasons.Manifest, await ReasonAsync(registry, folder.Path));
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task A_manifest_of_another_profile_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var registry = new FakeRegistry([], 8);

        var refused = await Assert.ThrowsAsync<ClinicNetworkException>(() => new ReleasePuller(registry.Client(), folder.Path).PullAsync("profiles/research-outcomes"));

        Assert.Equal(Reasons.Manifest, refused.Reason);
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "batches", "0001")));
    }

    [Fact(Timeout = Patience.Ms)]
    public async Task What_is_no_key_is_not_kept_as_the_network_s()
    {
        using var folder = new TemporaryFolder();
        using var registry = new FakeRegistry([], 8);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        foreach (var pem in new[] { "a page of a login", other.ExportSubjectPublicKeyInfoPem() })
        {
            registry.Change = answer =>
            {
                if (answer is GetReleaseKeyResponse key)
                    key.PublicKeyPem = pem;
            };
            Assert.Equal(Reasons.ReleaseKeyChanged, await ReasonAsync(registry, folder.Path));
        }
        registry.Change = answer =>
        {
            if (answer is GetReleaseKeyResponse key)
                key.PublicKeyPem = "more text\n" + key.PublicKeyPem;
        };

        await new ReleasePuller(registry.Client(), folder.Path).PullAsync();

        Assert.Equal(registry.Key.ExportSubjectPublicKeyInfoPem(), File.ReadAllText(Path.Combine(folder.Path, "network-key.pem")));
    }

    [Theory(Timeout = Patience.Ms)]
    [InlineData("profiles/public-outcomes", "durability-of-response", 0)]
    [InlineData("profiles/research-outcomes", "outcomes", 0)]
    [InlineData("profiles/public-outcomes", "outcomes", 1)]
    public async Task A_signed_table_that_was_not_asked_for_is_refused(string profile, string table, int publication)
    {
        using var registry = new FakeRegistry([], 8, 8);
        var asked = await ReleaseStatistics.ReadAsync(registry.Client(), profile, table, publication);
        Assert.Equal(publication == 0 ? 2 : publication, asked.Publication);
        registry.Change = answer => (answer as GetStatisticsResponse)?.MergeFrom(asked);

        var refused = await Assert.ThrowsAsync<ClinicNetworkException>(() => ReleaseStatistics.ReadAsync(registry.Client(), "profiles/public-outcomes", "outcomes", 2));

        Assert.Equal((StatusCode.DataLoss, Reasons.Statistics), (refused.Code, refused.Reason));
    }

    private static void Sign(FakeRegistry registry, GetManifestResponse manifest, Func<string, string> change)
    {
        var bytes = ByteString.CopyFromUtf8(change(manifest.Manifest.ToStringUtf8()));
        (manifest.Manifest, manifest.Signature) = (bytes, ByteString.CopyFrom(registry.Key.SignData(bytes.Span, HashAlgorithmName.SHA256)));
    }

    private static async Task<string> ReasonAsync(FakeRegistry registry, string folder) =>
        (await Assert.ThrowsAsync<ClinicNetworkException>(() => new ReleasePuller(registry.Client(), folder, 8).PullAsync())).Reason;
}
