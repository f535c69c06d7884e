using ClinicNetwork.Verification.Tests.Releases;

namespace ClinicNetwork.Verification.Tests;

/// <summary>What a folder cannot show by itself.</summary>
public sealed class ExpectedTests
{
    private readonly TestRelease _release = SecondRelease.Example();

    [Fact]
    public void A_release_rewritten_and_signed_anew_with_another_key_is_refused_by_the_key_alone()
    {
        foreach (var row in _release.Batches[0].Rows) row["side_effects"] = "NONE";
        _release.Batches.ForEach(batch => batch.OtherKey = TestRelease.OtherKey);
        Action<string> exchange = folder => File.WriteAllText(Path.Combine(folder, "network-key.pem"), TestRelease.OtherKey.ExportSubjectPublicKeyInfoPem());
        Expect.Accepted(_release.Verify(exchange));
        Expect.RefusedBy(_release.Verify(exchange, new Expected(TestRelease.Key.ExportSubjectPublicKeyInfoPem())), _release, Rules.Signature);
        Expect.Accepted(SecondRelease.Example().Verify(expected: new Expected(TestRelease.Key.ExportSubjectPublicKeyInfoPem())));
    }

    [Fact]
    public void A_folder_whose_key_alone_was_exchanged_is_refused_though_all_manifests_are_the_network_s() => Expect.RefusedBy(
        _release.Verify(
            folder => File.WriteAllText(Path.Combine(folder, "network-key.pem"), TestRelease.OtherKey.ExportSubjectPublicKeyInfoPem()),
            new Expected(TestRelease.Key.ExportSubjectPublicKeyInfoPem())),
        _release,
        Rules.Signature);

    [Fact]
    public void Everybody_expected_and_nobody_else_is_in_the_release()
    {
        var persons = _release.Rows.Select(row => row["pseudonym"]).ToHashSet();
        Expect.Accepted(_release.Verify(expected: new Expected(Persons: persons)));
        Expect.RefusedBy(_release.Verify(expected: new Expected(Persons: persons.Skip(1).ToHashSet())), _release, Rules.Coverage);
        Expect.RefusedBy(_release.Verify(expected: new Expected(Persons: persons.Append(new string('0', 32)).ToHashSet())), _release, Rules.Coverage);
    }

    [Fact]
    public void Somebody_expected_is_in_each_milestone_of_the_cell_whatever_is_withdrawn()
    {
        // To the folder alone it looks like a withdrawal.
        var row = _release.Batches[0].Rows[0];
        var persons = _release.Rows.Select(other => other["pseudonym"]).ToHashSet();
        row.Withdrawn = true;
        Assert.Contains(_release.Batches[1].Rows, other => other["pseudonym"] == row["pseudonym"]);
        Expect.Accepted(_release.Verify());
        Expect.RefusedBy(_release.Verify(expected: new Expected(Persons: persons)), _release, Rules.Coverage);
    }
}
