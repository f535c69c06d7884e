using System.Globalization;
using ClinicNetwork.Verification.RedTeam;
using ClinicNetwork.Verification.RedTeam.Feeds;

namespace ClinicNetwork.Verification.Tests.RedTeam.Feeds;

public sealed class FeedAttackTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose() => _folder.Delete(recursive: true);

    public static TheoryData<int> Seeds()
    {
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("CLINICNETWORK_TEST_ROUNDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var times) ? Math.Clamp(times, 1, 1_000) : 1;
        return [.. Enumerable.Range(1, 20 * rounds)];
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_sound_feed_is_not_accused(int seed)
    {
        var network = new FeedNetwork(seed, days: 8, arrivals: 60 + (seed * 37 % 400));
        var report = FeedRun.Attack(Folders(network, 3, applied: seed % 2 == 0), network.People(control: 1_500), new(seed, Ids: network.Ids), CancellationToken.None);

        Assert.All(report.Results, result => Assert.True(result.Verdict != AttackVerdict.Exceeded, $"seed {seed}, {result.Attack}: {result.Found}"));
        Assert.Equal(AttackVerdict.Held, Of(report, "intersection").Verdict);
        Assert.Equal(AttackVerdict.Held, Of(report, "coalition").Verdict);
        Assert.True(report.Results.Single(r => r.Attack == "coalition").Figures["persons"] > 30);
    }

    [Theory]
    [InlineData(FeedPlant.SharedKey, "pseudonyms")]
    [InlineData(FeedPlant.UnkeyedHash, "pseudonyms")]
    [InlineData(FeedPlant.Cumulative, "disjointness")]
    [InlineData(FeedPlant.TopUp, "prefix,coverage")]
    [InlineData(FeedPlant.LeftOut, "coverage")]
    [InlineData(FeedPlant.Merge, "disjointness")]
    [InlineData(FeedPlant.WithholdUniform, "withholding")]
    [InlineData(FeedPlant.OtherRegions, "coalition")]
    [InlineData(FeedPlant.Leaves, "intersection,singling out, several values")]
    [InlineData(FeedPlant.Sorted, "inference")]
    [InlineData(FeedPlant.SmallCount, "counts")]
    public void A_planted_mistake_is_caught_by_the_attack_that_it_invites(FeedPlant plant, string attacks)
    {
        var network = new FeedNetwork(5, days: 8, arrivals: 300, plant);
        var report = FeedRun.Attack(Folders(network, 2), network.People(control: 1_500), new(Ids: network.Ids), CancellationToken.None);

        var exceeded = report.Results.Where(result => result.Verdict == AttackVerdict.Exceeded).Select(result => result.Attack).ToArray();
        Assert.All(attacks.Split(",", 2).Select(attack => attack.Trim()), attack => Assert.Contains(attack, exceeded));
        Assert.False(report.Held);
    }

    [Theory]
    [InlineData(FeedPlant.Cumulative, "disjointness")]
    [InlineData(FeedPlant.TopUp, "prefix coverage")]
    [InlineData(FeedPlant.Merge, "disjointness")]
    [InlineData(FeedPlant.UnkeyedHash, "pseudonyms")]
    [InlineData(FeedPlant.SmallCount, "counts")]
    [InlineData(FeedPlant.None, "")]
    public void One_folder_alone_shows_it(FeedPlant plant, string attacks)
    {
        var network = new FeedNetwork(6, days: 4, arrivals: 200, plant);
        var report = FeedRun.Attack(Folders(network, 1), FeedPeople.Nobody, new(Ids: network.Ids), CancellationToken.None);

        Assert.Equal(attacks, string.Join(' ', report.Results.Where(result => result.Verdict == AttackVerdict.Exceeded && result.Attack != "intersection").Select(result => result.Attack)));
        Assert.Equal(AttackVerdict.NotRun, Of(report, "coalition").Verdict);
        Assert.Equal(AttackVerdict.NotRun, Of(report, "linkage").Verdict);
    }

    [Fact]
    public void Few_cells_and_few_persons_establish_nothing()
    {
        var network = new FeedNetwork(1, days: 2, arrivals: 97);
        var report = FeedRun.Attack(Folders(network, 1), network.People(control: 500), new(), CancellationToken.None);

        Assert.Equal(AttackVerdict.NotEstablished, Of(report, "withholding").Verdict);
        Assert.Equal(AttackVerdict.NotEstablished, Of(report, "linkage").Verdict);
        Assert.Equal(AttackVerdict.NotEstablished, Of(report, "inference").Verdict);
        Assert.True(report.Held);
    }

    [Fact]
    public void The_chance_to_notice_is_that_of_the_binomial_and_grows_with_the_cells()
    {
        Assert.Equal(0.3585, WithholdingAttack.Binomial(0, 20, 0.05), 4); // 0.95²⁰
        Assert.Equal(0.9245, WithholdingAttack.Binomial(2, 20, 0.05), 4);
        var few = Of(FeedRun.Attack(Folders(new FeedNetwork(8, 3, 200), 1), FeedPeople.Nobody, new(), CancellationToken.None), "withholding");
        Assert.Equal(0, few.Figures["power"]);
    }

    [Fact]
    public void Two_folders_of_one_recipient_are_refused()
    {
        var network = new FeedNetwork(9, 2, 60);
        string[] folders = [network.Write(Path.Combine(_folder.FullName, "a"), 0), network.Write(Path.Combine(_folder.FullName, "b"), 0)];

        Assert.Throws<FeedFormatException>(() => FeedRun.Attack(folders, FeedPeople.Nobody, new(), CancellationToken.None));
    }

    [Theory]
    [InlineData("manifest.json", "{\"MARKER\":1}")]
    [InlineData("manifest.json", "MARKER")]
    [InlineData("rows.ndjson", "MARKER\n")]
    [InlineData("rows.ndjson", "{\"row\":0,\"leaf\":\"00\"}")]
    public void What_cannot_be_read_is_refused_without_its_content(string file, string content)
    {
        var folder = new FeedNetwork(9, 2, 60).Write(_folder.FullName, 0);
        File.WriteAllText(Path.Combine(folder, "batches", "0002", file), content);

        var error = Assert.Throws<FeedFormatException>(() => FeedRun.Attack([folder], FeedPeople.Nobody, new(), CancellationToken.None));

        Assert.Contains(file, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("MARKER", error.Message, StringComparison.Ordinal);
    }

    private static AttackResult Of(FeedReport report, string attack) => report.Results.Single(result => result.Attack == attack);

    private string[] Folders(FeedNetwork network, int recipients, bool applied = true) =>
        [.. Enumerable.Range(0, recipients).Select(recipient => network.Write(Path.Combine(_folder.FullName, $"{recipient}"), recipient, applied))];
}
