using System.Text.Json.Nodes;
using ClinicNetwork.Verification.RedTeam.Feeds;
using ClinicNetwork.Verification.Tests.Releases;

namespace ClinicNetwork.Verification.Tests;

/// <summary>After a pseudonym key leaked: later rows have the new pseudonyms, earlier ones keep the old.</summary>
public sealed class RekeyTests
{
    private readonly TestRelease _release = SecondRelease.Example();
    private readonly List<(string Old, string New)> _pairs;

    public RekeyTests()
    {
        _pairs = [.. _release.Batches[0].Rows.Select((row, index) => (row["pseudonym"], $"{index:x32}"))];
        foreach (var row in _release.Batches[1].Rows)
            if (_pairs.Find(pair => pair.Old == row["pseudonym"]) is { New: { } replacement })
                row["pseudonym"] = replacement;
    }

    [Fact]
    public void Persons_are_the_same_under_old_and_new_pseudonyms_and_without_the_list_are_not()
    {
        _release.Rekeys.Add(new TestRekey(_pairs));
        var report = _release.Verify();
        Expect.Accepted(report);
        Assert.Equal(45, report.Figures.Persons);
        _release.Rekeys.Clear();
        Expect.RefusedBy(_release.Verify(), _release, Rules.Membership);
    }

    [Fact]
    public void A_second_list_replaces_what_the_first_gave()
    {
        _release.Rekeys.Add(new TestRekey(_pairs.Select((pair, index) => (pair.Old, $"f{index:x31}"))));
        _release.Rekeys.Add(new TestRekey(_pairs.Select((pair, index) => ($"f{index:x31}", pair.New))));
        Expect.Accepted(_release.Verify());
    }

    /// <summary>Followed by calls, a chain as long as this one ended the process.</summary>
    [Fact]
    public void An_attack_reads_a_list_that_is_one_long_chain_or_leads_back_to_itself()
    {
        const int Links = 200_000;
        var first = _pairs[0].Old;
        _release.Rekeys.Add(new TestRekey([(first, $"{1:x32}"), .. Enumerable.Range(1, Links).Select(n => ($"{n:x32}", $"{(n == Links ? 1 : n + 1):x32}"))]));
        using var folder = new TestFolder();
        _release.Write(folder.Path);
        Assert.NotEqual(0, FeedRun.Attack([folder.Path], FeedPeople.Nobody, new()).Persons);
    }

    [Fact]
    public void A_member_exchanged_under_cover_of_a_list_is_refused()
    {
        _release.Rekeys.Add(new TestRekey([.. _pairs[1..], (_pairs[0].Old, new string('e', 32))]));
        Expect.RefusedBy(_release.Verify(), _release, Rules.Membership);
    }

    [Fact]
    public void Two_persons_made_one_are_refused()
    {
        _release.Rekeys.Add(new TestRekey([.. _pairs[2..], (_pairs[0].Old, _pairs[1].New), _pairs[1]]));
        Assert.Contains(_release.Verify().Findings, finding => finding.Rule == Rules.PersonOnce);
    }

    [Theory]
    [InlineData("number", "2")]
    [InlineData("format", "\"clinicnetwork.rekey/2\"")]
    [InlineData("pairs", "[[\"a\",\"b\"]]")]
    [InlineData("pairs", "[[\"00000000000000000000000000000000\"]]")]
    [InlineData("pairs", "[[\"000000000000000000000000000000ff\",\"000000000000000000000000000000aa\"],[\"000000000000000000000000000000fe\",\"000000000000000000000000000000ab\"]]")]
    [InlineData("why", "\"leaked\"")]
    public void A_list_outside_its_format_is_refused(string field, string value)
    {
        _release.Rekeys.Add(new TestRekey(_pairs) { Amend = json => json[field] = JsonNode.Parse(value) });
        Expect.RefusedBy(_release.Verify(), _release, Rules.Format);
    }

    [Theory]
    [InlineData("recipient", "agreement-2")]
    [InlineData("network", "net-2")]
    public void A_list_for_somebody_else_is_refused(string field, string value)
    {
        _release.Rekeys.Add(new TestRekey(_pairs) { Amend = json => json[field] = value });
        Expect.RefusedBy(_release.Verify(), _release, Rules.Chain);
    }

    [Fact]
    public void A_list_that_was_changed_or_lost_its_signature_or_its_place_is_refused()
    {
        _release.Rekeys.Add(new TestRekey(_pairs));
        Expect.RefusedBy(_release.Verify(folder => File.AppendAllText(Path.Combine(folder, "rekeys", "0001.json"), " ")), _release, Rules.Signature);
        Expect.RefusedBy(_release.Verify(folder => File.Delete(Path.Combine(folder, "rekeys", "0001.sig"))), _release, Rules.Signature);
        Expect.RefusedBy(_release.Verify(folder => File.Move(Path.Combine(folder, "rekeys", "0001.json"), Path.Combine(folder, "rekeys", "0002.json"))), _release, Rules.Chain, Rules.Format);
    }
}
