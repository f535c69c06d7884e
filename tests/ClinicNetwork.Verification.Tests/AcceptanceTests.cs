using ClinicNetwork.Verification.Tests.Releases;
using CsCheck;

namespace ClinicNetwork.Verification.Tests;

public sealed class AcceptanceTests
{
    [Fact]
    public void The_example_release_is_accepted() => Expect.Accepted(TestRelease.Example().Verify());

    [Fact]
    public void Every_well_formed_release_is_accepted() =>
        ReleasePlan.WellFormed.Sample(plan => Expect.Accepted(plan.Build().Verify()), iter: 300);

    [Fact]
    public void Every_batch_of_a_well_formed_release_is_accepted_alone() => ReleasePlan.WellFormed.Sample(
        plan =>
        {
            using var folder = new TestFolder();
            plan.Build().Write(folder.Path);
            for (var number = 1; number <= plan.Batches; number++)
                Expect.Accepted(ReleaseVerifier.VerifyBatch(
                    TestRelease.BatchFolder(folder.Path, number), TestRelease.Key.ExportSubjectPublicKeyInfoPem()));
        },
        iter: 100);

    [Fact]
    public void A_well_formed_release_with_one_signed_byte_changed_is_refused() =>
        ReleasePlan.WellFormed.Select(Gen.Int[0, int.MaxValue]).Sample(
        (plan, position) =>
        {
            var report = plan.Build().Verify(folder =>
            {
                var file = Path.Combine(TestRelease.BatchFolder(folder, 1), position % 2 == 0 ? "manifest.json" : "manifest.sig");
                var bytes = File.ReadAllBytes(file);
                bytes[position % bytes.Length] ^= 1;
                File.WriteAllBytes(file, bytes);
            });
            Assert.Contains(report.Findings, finding => finding.Rule == Rules.Signature);
        },
        iter: 100);

    [Fact]
    public void A_cancelled_verification_says_so_by_exception()
    {
        using var folder = new TestFolder();
        TestRelease.Example().Write(folder.Path);
        Assert.Throws<OperationCanceledException>(() => ReleaseVerifier.VerifyFolder(folder.Path, new CancellationToken(canceled: true)));
    }
}
