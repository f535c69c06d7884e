using System.Text.Json.Nodes;
using ClinicNetwork.Verification.Tests.Releases;
using CsCheck;

namespace ClinicNetwork.Verification.Tests;

/// <summary>Version 2 of the format: what is accepted, and manifests that are none.</summary>
public sealed class SecondFormatTests
{
    private readonly TestRelease _release = SecondRelease.Example();

    [Theory]
    [InlineData("public-outcomes")]
    [InlineData("research-outcomes")]
    public void The_example_release_is_accepted_in_each_profile(string profile) => Expect.Accepted(SecondRelease.Example(profile: profile).Verify());

    [Fact]
    public void Every_well_formed_release_is_accepted() =>
        ReleasePlan.WellFormed.Sample(plan => Expect.Accepted(SecondRelease.Build(plan).Verify()), iter: 200);

    [Fact]
    public void Every_batch_of_a_well_formed_release_is_accepted_alone() => ReleasePlan.WellFormed.Sample(
        plan =>
        {
            using var folder = new TestFolder();
            SecondRelease.Build(plan).Write(folder.Path);
            for (var number = 1; number <= plan.Batches; number++)
                Expect.Accepted(ReleaseVerifier.VerifyBatch(TestRelease.BatchFolder(folder.Path, number), TestRelease.Key.ExportSubjectPublicKeyInfoPem()));
        },
        iter: 100);

    [Fact]
    public void A_well_formed_release_with_one_byte_of_a_manifest_changed_is_refused() =>
        ReleasePlan.WellFormed.Select(Gen.Int[0, int.MaxValue]).Sample(
        (plan, position) =>
        {
            var report = SecondRelease.Build(plan).Verify(folder =>
            {
                var file = Path.Combine(TestRelease.BatchFolder(folder, 1), "manifest.json");
                var bytes = File.ReadAllBytes(file);
                bytes[position % bytes.Length] ^= 1;
                File.WriteAllBytes(file, bytes);
            });
            Assert.Contains(report.Findings, finding => finding.Rule == Rules.Signature);
        },
        iter: 100);

    [Theory]
    [InlineData("recipient")]
    [InlineData("recipient_class")]
    [InlineData("purpose")]
    [InlineData("publication")]
    [InlineData("t")]
    [InlineData("withhold_share")]
    [InlineData("reference")]
    [InlineData("tombstones")]
    [InlineData("corrections")]
    [InlineData("t_max")]
    [InlineData("promised")]
    [InlineData("policy")]
    [InlineData("red_team")]
    public void A_manifest_without_a_field_is_refused(string field)
    {
        _release.Batches[1].Amend = json => json.Remove(field);
        Expect.RefusedBy(_release.Verify(), _release, Rules.Format);
    }

    [Theory]
    [InlineData("policy", "\"safe-harbor, 45 CFR 164.514(b)(2)\"")]
    [InlineData("policy", """{"kind":"none","text":"x","dated":"2026-11-27"}""")]
    [InlineData("policy", """{"kind":"safe-harbor","text":"x","dated":"27.11.2026"}""")]
    [InlineData("policy", """{"kind":"safe-harbor","text":"x","dated":"2026-11-27","by":"somebody"}""")]
    [InlineData("red_team", "\"not run\"")]
    [InlineData("red_team", """{"control":"other","persons":1,"attacks":[]}""")]
    [InlineData("red_team", """{"control":"pool","persons":1,"attacks":[{"attack":"linkage"}]}""")]
    [InlineData("recipient_class", "\"EVERYBODY\"")]
    [InlineData("purpose", "\"PROFIT\"")]
    [InlineData("recipient", "\"\"")]
    [InlineData("publication", "0")]
    [InlineData("t", "1.5")]
    [InlineData("waiting", "34")]
    [InlineData("waiting", "\"5\"")]
    [InlineData("promised", "5")]
    [InlineData("promised", "\"410\"")]
    [InlineData("profile", "\"research-outcome\"")]
    [InlineData("profile_version", "1")]
    [InlineData("format", "\"clinicnetwork.release/3\"")]
    [InlineData("tombstones", """[{"batch":1,"rows":["5"]}]""")]
    [InlineData("tombstones", """[{"batch":1,"rows":[],"why":"died"}]""")]
    [InlineData("corrections", """[{"row":0,"batch":1}]""")]
    [InlineData("reference", """{"END_OF_INDUCTION":{"no_change":0.4,"remission":0.2,"response":0.3,"worsening":0.2}}""")]
    [InlineData("reference", """{"WEEK_4":{"no_change":1,"remission":0,"response":0,"worsening":0}}""")]
    [InlineData("columns", """["cell"]""")]
    public void A_manifest_with_a_field_outside_its_domain_is_refused(string field, string value)
    {
        _release.Batches[0].Amend = json => json[field] = JsonNode.Parse(value);
        var report = _release.Verify();
        Expect.RefusedBy(report, _release, Rules.Format);
    }

    [Fact]
    public void A_cell_without_bands_is_refused()
    {
        _release.Batches[0].Amend = json => json["cells"]![0]!.AsObject().Remove("bands");
        Expect.RefusedBy(_release.Verify(), _release, Rules.Format);
    }

    [Theory]
    [InlineData(9, true)]
    [InlineData(12, true)]
    [InlineData(8, false)]
    public void The_first_nine_columns_are_always_there_and_the_others_when_agreed(int columns, bool accepted)
    {
        var release = SecondRelease.Example(TestProfile.AllColumns[..columns]);
        if (accepted) Expect.Accepted(release.Verify());
        else Expect.RefusedBy(release.Verify(), release, Rules.Format);
    }

    [Fact]
    public void Columns_of_another_profile_or_in_another_order_are_refused()
    {
        foreach (var columns in new[] { TestProfile.AllColumns, [.. SecondRelease.PublicColumns[..^2], "sessions_since", "treatment_at"] })
        {
            var release = SecondRelease.Example(columns);
            Expect.RefusedBy(release.Verify(), release, Rules.Format);
        }
    }

    [Fact]
    public void A_batch_that_tells_tombstones_alone_is_accepted()
    {
        _release.Batches[0].Rows[3].Withdrawn = true;
        _release.Batches[1].Rows.RemoveAll(row => row["pseudonym"] == _release.Batches[0].Rows[3]["pseudonym"]);
        SecondRelease.Refer(_release);
        var empty = new TestBatch { Exchange = new TestExchange { Publication = 40, Columns = SecondRelease.PublicColumns } };
        empty.Exchange.Tell(1, 3);
        _release.Batches.Add(empty);
        Expect.Accepted(_release.Verify());
        _release.Batches[2].Amend = json => json["root"] = new string('0', 64);
        Expect.RefusedBy(_release.Verify(), _release, Rules.Root);
    }

    [Theory]
    [InlineData("recipient", "\"agreement-2\"")]
    [InlineData("publication", "3")]
    [InlineData("network", "\"net-2\"")]
    public void A_batch_of_another_recipient_or_no_later_publication_is_refused(string field, string value)
    {
        _release.Batches[1].Amend = json => json[field] = JsonNode.Parse(value);
        Expect.RefusedBy(_release.Verify(), _release, Rules.Chain);
    }

    [Fact]
    public void A_batch_of_another_profile_or_version_than_the_first_is_refused()
    {
        _release.Batches[1].Amend = json => (json["profile"], json["profile_version"]) = ("research-outcomes", 1);
        Expect.RefusedBy(_release.Verify(), _release, Rules.Chain);
        var mixed = TestRelease.Example();
        var second = SecondRelease.Of(new TestRelease { Batches = [mixed.Batches[1]] });
        mixed.Batches[1].Exchange = second.Batches[0].Exchange;
        Assert.Contains(mixed.Verify().Findings, finding => finding.Rule == Rules.Chain);
    }

    [Theory]
    [InlineData("exceeded", 0.01, false)]
    [InlineData("held", 0.051, false)]
    [InlineData("held", 0.05, true)]
    [InlineData("not_established", 0.3, true)]
    public void An_attack_that_exceeded_its_bound_is_refused(string verdict, double excess, bool accepted)
    {
        _release.Batches[1].Amend = json => (json["red_team"]!["attacks"]![0]!["verdict"], json["red_team"]!["attacks"]![0]!["excess_high"]) = (verdict, excess);
        if (accepted) Expect.Accepted(_release.Verify());
        else Expect.RefusedBy(_release.Verify(), _release, Rules.RedTeam);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(11)]
    public void A_remainder_at_the_root_is_accepted_from_k_on(int members)
    {
        var random = new Random(members);
        var root = TestCell.New(random, members, "*", "*", "*", "*");
        var release = SecondRelease.Of(new TestRelease { Batches = [TestRelease.Batch(random, root.At("END_OF_INDUCTION", random))] });
        if (members >= 11) Expect.Accepted(release.Verify());
        else Expect.RefusedBy(release.Verify(), release, Rules.RootCell, Rules.CellSize, Rules.ClassSize);
        release.Batches[0].Amend = json => json["suppressed"] = 0;
        Assert.Contains(release.Verify().Findings, finding => finding.Rule == Rules.Measures || members < 11);
    }

    [Fact]
    public void Yearly_milestones_are_accepted_and_not_in_version_1()
    {
        foreach (var row in _release.Batches[0].Rows) row["milestone"] = "YEAR_5";
        SecondRelease.Refer(_release);
        Expect.Accepted(_release.Verify());
        var first = TestRelease.Example();
        foreach (var row in first.Batches[0].Rows) row["milestone"] = "YEAR_5";
        Expect.RefusedBy(first.Verify(), first, Rules.Format);
    }
}
