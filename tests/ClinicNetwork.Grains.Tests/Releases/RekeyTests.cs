using System.Text.Json;
using ClinicNetwork.Anonymisation;
using ClinicNetwork.Domain.Partners;
using ClinicNetwork.Domain.Patients;
using ClinicNetwork.Domain.Releases;
using ClinicNetwork.Grains.Releases;
using ClinicNetwork.Journal;
using ClinicNetwork.Verification;

namespace ClinicNetwork.Grains.Tests.Releases;

/// <summary>The key of a recipient's pseudonyms leaked: a signed list comes by itself, what is released later uses the new ones, and what was released before stays as it was signed.</summary>
public sealed class RekeyTests
{
    private static readonly AgreementId Id = new(new("eu"), "one");
    private static readonly ApprovalId Approval = new("a-1");

    [Fact]
    public async Task Later_rows_use_the_lists_pseudonyms_old_batches_still_hash_and_the_verifier_accepts_all()
    {
        await using var network = await AgreedAsync();
        await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay, default);
        var before = await RowsAsync(network, 1);

        await RekeyAsync(network, 1);
        var first = Assert.Single(await ListsAsync(network));
        await network.MeasureWomenAsync(15);
        await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay.AddMonths(1), default);
        await RekeyAsync(network, 2);
        await network.Cluster.Stepper.AdvanceAsync(Commands.OnDay(117), default);
        await network.MeasureWomenAsync(15, day: 116);
        await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay.AddMonths(3), default);

        var (one, two) = (Pairs(first), Pairs((await ListsAsync(network))[1]));
        Assert.Equal(before.Select(r => r.Values[0]).Order(StringComparer.Ordinal), one.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(one.Values.Order(StringComparer.Ordinal), two.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(one.Keys.Intersect(two.Values));
        var batches = await network.Store.Exchange.ReadBatchesAsync(Id.Recipient, 0, 10, default);
        Assert.Equal(3, batches.Count);
        Assert.Null((await network.Cluster.Release.Read(Replies.Confirmed)).State!.Blocked);
        foreach (var batch in batches)
        {
            var rows = await RowsAsync(network, batch.Number);
            Assert.Equal(batch.Root, MerkleTree.Root([.. rows.Select(r => r.Leaf)]));
            IEnumerable<string> known = batch.Number == 1 ? one.Keys : batch.Number == 2 ? one.Values : two.Values;
            Assert.Subset(known.ToHashSet(), rows.Select(r => r.Values[0]).ToHashSet());
        }

        Assert.Equal(before.Select(r => r.Values[0]), (await RowsAsync(network, 1)).Select(r => r.Values[0]));
        Assert.Equal("", await FindingsAsync(network, batches, await ListsAsync(network)));

        // Without its lists the same person is two.
        Assert.Contains(Rules.Membership, await FindingsAsync(network, batches, []), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_is_published_once_whatever_is_killed_in_between()
    {
        await using var network = await AgreedAsync();
        await network.Cluster.Stepper.AdvanceAsync(Publishing.FirstDay, default);
        network.Journal.AfterNext("pa-eu", _ =>
        {
            network.Journal.AfterNext("pa-eu", _ => Task.FromException(new OutcomeUnknownException("killed")));
            network.Journal.AfterNext(Publishing.Stream, _ => Task.FromException(new OutcomeUnknownException("killed")));
            return Task.CompletedTask;
        });
        (await network.Cluster.Partner("eu").Rekey(new(Id, 1, "Leaked"), Origins.Next())).AcceptedAs(5);

        for (var run = 0; run < 3; run++)
        {
            await network.Cluster.Due.RunAsync(network.Clock.Now, TimeSpan.Zero, default);
        }

        Assert.Single(await ListsAsync(network));
        Assert.Single((await network.Store.Journal.ReadAsync("pa-eu", 0, 100, default)).SelectMany(r => r.Events).OfType<RekeyPublished>());
        Assert.Equal((0, 0), await network.Cluster.Due.RunAsync(network.Clock.Now, TimeSpan.Zero, default));
    }

    /// <summary>One list of everybody was more than a message takes, from some 58,000 persons on: whoever was re-keyed pulled nothing any more.</summary>
    [Fact]
    public void Many_pairs_are_told_by_lists_of_bounded_size_in_order()
    {
        var pairs = Enumerable.Range(0, 100_000).Select(n => ($"{n * 7919L % 100_003:x32}", $"{n + 1_000_000:x32}")).ToArray();

        var lists = RekeyList.WriteAll("n", "eu.one", 4, pairs).ToArray();

        Assert.Equal([4, 5, 6], lists.Select(one => one.Number));
        Assert.All(lists, one => Assert.InRange(one.List.Length, 1, 3 * 1024 * 1024));
        var told = lists.SelectMany(one =>
        {
            using var json = JsonDocument.Parse(one.List);
            Assert.Equal(one.Number, json.RootElement.GetProperty("number").GetInt32());
            return json.RootElement.GetProperty("pairs").EnumerateArray().Select(pair => (pair[0].GetString()!, pair[1].GetString()!)).ToArray();
        });
        Assert.Equal(pairs.Order(), told);
        Assert.Equal([4], RekeyList.WriteAll("n", "eu.one", 4, []).Select(one => one.Number));
    }

    /// <summary>Fifteen women and the men, and a partner whose agreement two persons wanted.</summary>
    private static async Task<NetworkUnderTest> AgreedAsync()
    {
        var network = await Publishing.PlantedAsync(15);
        var partner = network.Cluster.Partner("eu");
        var terms = new AgreementTerms(
            ReleaseProfiles.PublicOutcomes.Id, ResearchPurpose.Research, ReleaseProfiles.PublicOutcomes.Columns, network.Clock.Now.AddDays(-1), network.Clock.Now.AddYears(2), 5_000, "DUA 2025-17", "");
        (await partner.Register(new(Id.Partner, "European registry", RecipientClass.ResearchRegistry), Origins.Next())).AcceptedAs(1);
        (await partner.Draft(new(Id, terms, 0), Origins.Next())).AcceptedAs(2);
        (await partner.Propose(new(Id, 1, Approval, "Signed", 0), Origins.Next())).AcceptedAs(3);
        (await partner.Activate(new(Id, 1, Approval), Origins.Next())).AcceptedAs(4);
        return network;
    }

    private static async Task RekeyAsync(NetworkUnderTest network, int epoch)
    {
        Assert.Null((await network.Cluster.Partner("eu").Rekey(new(Id, epoch, "Leaked"), Origins.Next())).Refusal);
        await network.Cluster.Stepper.AdvanceAsync(network.Clock.Now.AddSeconds(1), default);
    }

    private static Task<IReadOnlyList<ExchangeDocument>> ListsAsync(NetworkUnderTest network) =>
        network.Store.Exchange.ReadDocumentsAsync(RekeyList.Kind, Id.Recipient, 0, 10, default);

    private static Dictionary<string, string> Pairs(ExchangeDocument list)
    {
        using var json = JsonDocument.Parse(list.Document);
        return json.RootElement.GetProperty("pairs").EnumerateArray().ToDictionary(p => p[0].GetString()!, p => p[1].GetString()!, StringComparer.Ordinal);
    }

    /// <summary>As the gateway delivers them.</summary>
    private static async Task<IReadOnlyList<SealedValues>> RowsAsync(NetworkUnderTest network, int batch)
    {
        var agreement = (await network.Store.Exchange.ReadAgreementsAsync("eu", default)).Single();
        var form = RecipientForm.Of(network.Secrets, agreement);
        var rows = await network.Store.Exchange.ReadBatchRowsAsync(Id.Recipient, batch, 0, 10_000, agreement.Required, PublicOutcomes.K, network.Clock.Now, default);
        return [.. rows.Select(r => form.Seal(batch, r.Epoch, r.Person, r.Milestone, r.Values!))];
    }

    /// <summary>Of the independent verifier on the recipient's folder: none, or the rules.</summary>
    private static async Task<string> FindingsAsync(NetworkUnderTest network, IReadOnlyList<DeliveryBatch> batches, IReadOnlyList<ExchangeDocument> lists)
    {
        var folder = Path.Combine(network.Folder, "registry");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "network-key.pem"), network.Secrets.PublicKeyPem);
        foreach (var batch in batches)
        {
            var path = Directory.CreateDirectory(Path.Combine(folder, "batches", $"{batch.Number:0000}")).FullName;
            await WriteAsync(Path.Combine(path, "manifest"), batch.Manifest, batch.Signature);
            var lines = (await RowsAsync(network, batch.Number)).Select((r, i) =>
                $$"""{"row":{{i}},"salt":"{{Convert.ToHexStringLower(r.Salt)}}","values":[{{string.Join(',', r.Values.Select(v => $"\"{v}\""))}}]}""" + "\n");
            await File.WriteAllTextAsync(Path.Combine(path, "rows.ndjson"), string.Concat(lines));
        }

        foreach (var list in lists)
        {
            await WriteAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "rekeys")).FullName, $"{list.Number:0000}"), list.Document, list.Signature);
        }

        var report = ReleaseVerifier.VerifyFolder(folder, new Expected(network.Secrets.PublicKeyPem));
        return string.Join(' ', report.Findings.Select(f => $"{f.Rule} {f.File}:{f.Line} {f.Message}"));
    }

    private static async Task WriteAsync(string path, byte[] document, byte[] signature)
    {
        await File.WriteAllBytesAsync(path + ".json", document);
        await File.WriteAllTextAsync(path + ".sig", Convert.ToBase64String(signature));
    }
}
