using ClinicNetwork.Verification.Tests.Releases;

namespace ClinicNetwork.Verification.Tests;

public sealed class ChainTests
{
    private readonly TestRelease _release = TestRelease.Example();

    [Fact]
    public void A_missing_first_batch_is_refused() =>
        Expect.RefusedBy(_release.Verify(folder => Directory.Delete(TestRelease.BatchFolder(folder, 1), true)), _release, Rules.Chain);

    [Fact]
    public void A_missing_batch_in_the_middle_is_refused()
    {
        _release.Batches.Insert(1, new TestBatch());
        Expect.Accepted(_release.Verify());
        Expect.RefusedBy(_release.Verify(folder => Directory.Delete(TestRelease.BatchFolder(folder, 2), true)), _release, Rules.Chain);
    }

    [Fact]
    public void A_folder_without_batches_is_refused() =>
        Expect.RefusedBy(_release.Verify(folder => Directory.Delete(Path.Combine(folder, "batches"), true)), _release, Rules.Chain);

    [Fact]
    public void A_missing_folder_is_refused()
    {
        Expect.RefusedBy(ReleaseVerifier.VerifyFolder("/nowhere/at/all"), _release, Rules.Format);
        Expect.RefusedBy(ReleaseVerifier.VerifyFolder("\0"), _release, Rules.Format);
        Expect.RefusedBy(ReleaseVerifier.VerifyBatch("", ""), _release, Rules.Format);
    }

    [Fact]
    public void Another_previous_root_is_refused()
    {
        _release.Batches[1].Amend = json => json["previous_root"] = new string('0', 64);
        Expect.RefusedBy(_release.Verify(), _release, Rules.Chain);
    }

    [Fact]
    public void A_previous_root_in_the_first_batch_is_refused()
    {
        _release.Batches[0].Amend = json => json["previous_root"] = new string('0', 64);
        Expect.RefusedBy(_release.Verify(), _release, Rules.Chain);
    }

    [Fact]
    public void A_manifest_with_another_batch_number_is_refused()
    {
        _release.Batches[1].Amend = json => json["batch"] = 3;
        Expect.RefusedBy(_release.Verify(), _release, Rules.Chain);
    }

    [Fact]
    public void A_batch_of_another_network_is_refused()
    {
        _release.Batches[1].Amend = json => json["network"] = "net-2";
        Expect.RefusedBy(_release.Verify(), _release, Rules.Chain);
    }

    [Fact]
    public void Exchanged_batches_are_refused() => Assert.Contains(
        _release.Verify(folder =>
        {
            Directory.Move(TestRelease.BatchFolder(folder, 1), folder + "/x");
            Directory.Move(TestRelease.BatchFolder(folder, 2), TestRelease.BatchFolder(folder, 1));
            Directory.Move(folder + "/x", TestRelease.BatchFolder(folder, 2));
        }).Findings,
        finding => finding.Rule == Rules.Chain);

    [Theory]
    [InlineData("3")]
    [InlineData("00003")]
    [InlineData("0000")]
    [InlineData("0003.part")]
    public void A_folder_whose_name_is_no_batch_number_is_refused(string name) =>
        Expect.RefusedBy(
            _release.Verify(folder => Directory.CreateDirectory(Path.Combine(folder, "batches", name))), _release, Rules.Chain);

    [Fact]
    public void One_batch_alone_is_not_asked_for_its_chain()
    {
        using var folder = new TestFolder();
        _release.Batches[1].Amend = json => json["previous_root"] = new string('0', 64);
        _release.Write(folder.Path);
        Expect.Accepted(ReleaseVerifier.VerifyBatch(
            TestRelease.BatchFolder(folder.Path, 2), TestRelease.Key.ExportSubjectPublicKeyInfoPem()));
    }
}
