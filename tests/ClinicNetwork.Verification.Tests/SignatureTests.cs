using System.Security.Cryptography;
using ClinicNetwork.Verification.Tests.Releases;

namespace ClinicNetwork.Verification.Tests;

public sealed class SignatureTests
{
    private readonly TestRelease _release = TestRelease.Example();

    [Fact]
    public void A_batch_signed_by_another_key_is_refused()
    {
        _release.Batches[1].OtherKey = TestRelease.OtherKey;
        Expect.RefusedBy(_release.Verify(), _release, Rules.Signature);
    }

    [Fact]
    public void A_folder_with_another_key_is_refused() => Expect.RefusedBy(
        VerifyWithKey(TestRelease.OtherKey.ExportSubjectPublicKeyInfoPem()), _release, Rules.Signature);

    [Theory]
    [InlineData("manifest.sig")]
    [InlineData("../../network-key.pem")]
    public void A_missing_signature_or_key_is_refused(string file) => Expect.RefusedBy(
        _release.Verify(folder => File.Delete(Path.Combine(TestRelease.BatchFolder(folder, 1), file))), _release, Rules.Signature);

    [Theory]
    [InlineData("")]
    [InlineData("AAAA")]
    [InlineData("not base64 at all, but as long as a signature is: 88 bytes, so that only its form is wrong..")]
    public void A_signature_of_wrong_form_is_refused(string text) =>
        Expect.RefusedBy(_release.Verify(WithSignature(_ => text)), _release, Rules.Signature);

    [Fact]
    public void A_signature_has_no_line_end() =>
        Expect.RefusedBy(_release.Verify(WithSignature(text => text + "\n")), _release, Rules.Signature);

    [Fact]
    public void A_signature_has_one_spelling()
    {
        // The last digit before == carries four unused bits.
        var report = _release.Verify(WithSignature(text => text[..85] + (char)(text[85] + 1) + "=="));
        Expect.RefusedBy(report, _release, Rules.Signature);
    }

    [Fact]
    public void A_key_of_another_curve_is_refused()
    {
        // As long as P-256's, and everything is signed by it: only the curve is wrong.
        using var key = ECDsa.Create(ECCurve.NamedCurves.brainpoolP256r1);
        _release.Batches.ForEach(batch => batch.OtherKey = key);
        Expect.RefusedBy(VerifyWithKey(key.ExportSubjectPublicKeyInfoPem()), _release, Rules.Signature);
    }

    [Fact]
    public void A_key_of_a_curve_that_does_not_exist_is_refused()
    {
        // 1.2.840.10045.3.1.7 with its last arc changed to 127.
        var info = TestRelease.Key.ExportSubjectPublicKeyInfo();
        info[22] = 127;
        Expect.RefusedBy(VerifyWithKey(PemEncoding.WriteString("PUBLIC KEY", info)), _release, Rules.Signature);
    }

    [Fact]
    public void A_key_of_another_kind_is_refused()
    {
        using var key = RSA.Create(2048);
        Expect.RefusedBy(VerifyWithKey(key.ExportSubjectPublicKeyInfoPem()), _release, Rules.Signature);
    }

    [Fact]
    public void A_private_key_in_place_of_the_public_one_is_refused() =>
        Expect.RefusedBy(VerifyWithKey(TestRelease.Key.ExportPkcs8PrivateKeyPem()), _release, Rules.Signature);

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0")]
    [InlineData("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")]
    public void A_key_that_is_none_is_refused(string pem) => Expect.RefusedBy(VerifyWithKey(pem), _release, Rules.Signature);

    private VerificationReport VerifyWithKey(string pem) =>
        _release.Verify(folder => File.WriteAllText(Path.Combine(folder, "network-key.pem"), pem));

    private static Action<string> WithSignature(Func<string, string> change) => folder =>
    {
        var file = Path.Combine(TestRelease.BatchFolder(folder, 2), "manifest.sig");
        File.WriteAllText(file, change(File.ReadAllText(file)));
    };
}
