using System.Security.Cryptography;
using ClinicNetwork.Tests.Fuzz;
using ClinicNetwork.Verification.Tests.Releases;
using Xunit.Abstractions;

namespace ClinicNetwork.Verification.Tests.Fuzz;

/// <summary>Random damage to a release: whatever the bytes, a report comes back, and damage to signed content is refused.</summary>
public sealed class ReleaseFuzzTests(ITestOutputHelper output)
{
    private static readonly string[] SignedFiles = ["rows.ndjson", "manifest.json", "manifest.sig"];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Every_mutation_of_a_signed_file_is_refused(int version)
    {
        using var folder = new FuzzFolder();
        var release = Example(version);
        foreach (var row in release.Rows.Where(row => row["pseudonym"] == release.Batches[0].Rows[0]["pseudonym"])) row.Withdrawn = true;
        release.Write(folder.Path);
        FuzzRun.Of(output, $"a release's signed files, version {version}", random =>
        {
            var file = Path.Combine(TestRelease.BatchFolder(folder.Path, random.Next(1, 3)), SignedFiles[random.Next(SignedFiles.Length)]);
            var original = File.ReadAllBytes(file);
            var mutated = Mutant.Bytes(original, random);
            File.WriteAllBytes(file, mutated);
            var report = ReleaseVerifier.VerifyFolder(folder.Path);
            File.WriteAllBytes(file, original);
            Assert.True(!report.Accepted || mutated.AsSpan().SequenceEqual(original), $"accepted a changed {Path.GetFileName(file)}");
            Expect.ShowsNoContent(report, release);
            return false;
        }, takesSome: false);
        Expect.Accepted(ReleaseVerifier.VerifyFolder(folder.Path));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Signed_nonsense_never_throws(int version)
    {
        var release = Example(version);
        FuzzRun.Of(output, $"manifests, signed, version {version}", random =>
        {
            release.Batches[0].AmendBytes = bytes => Mutant.Bytes(bytes, random);
            release.Batches[1].Amend = json => Mutant.Damage(json, random);
            var report = release.Verify();
            Expect.ShowsNoContent(report, release);
            return report.Accepted;
        }, takesSome: false);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Signed_rows_of_nonsense_never_throw(int version)
    {
        var release = Example(version);
        FuzzRun.Of(output, $"rows, signed, version {version}", random =>
        {
            var rows = Enumerable.Range(0, random.Next(1, 20)).Select(_ => release.Batches[0].Rows[random.Next(release.Batches[0].Rows.Count)]).Distinct().ToList();
            var values = rows.Select(row => (string[])[.. row.Values]).ToList();
            rows.ForEach(row => row.Values[random.Next(row.Values.Length)] = Nonsense(random));
            var report = release.Verify();
            for (var i = 0; i < rows.Count; i++) values[i].CopyTo(rows[i].Values, 0);
            return report.Accepted;
        }, takesSome: false);
    }

    [Fact]
    public void A_damaged_folder_never_throws()
    {
        using var folder = new FuzzFolder();
        TestRelease.Example().Write(folder.Path);
        var files = Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories);
        FuzzRun.Of(output, "a release's folder", random =>
        {
            var file = files[random.Next(files.Length)];
            var bytes = File.ReadAllBytes(file);
            File.Delete(file);
            if (random.Next(3) == 0) Directory.CreateDirectory(file);
            else if (random.Next(2) == 0) File.WriteAllBytes(file, Mutant.Bytes(bytes, random));
            var report = ReleaseVerifier.VerifyFolder(folder.Path);
            if (Directory.Exists(file)) Directory.Delete(file);
            File.WriteAllBytes(file, bytes);
            return report.Accepted;
        }, takesSome: false);
    }

    [Fact]
    public void A_damaged_key_never_throws() => FuzzRun.Of(output, "a release's key", random =>
    {
        var info = PemEncoding.WriteString("PUBLIC KEY", random.Next(2) == 0 ? Mutant.Bytes(TestRelease.Key.ExportSubjectPublicKeyInfo(), random) : TestRelease.Key.ExportSubjectPublicKeyInfo());
        using var key = ReleaseKey.Read(random.Next(2) == 0 ? Mutant.Text(info, random) : info);
        return key is not null;
    });

    [Fact]
    public void Signed_lists_of_nonsense_never_throw()
    {
        var release = Example(2);
        var list = new TestRekey(release.Batches[0].Rows.Select((row, index) => (row["pseudonym"], $"{index:x32}")));
        release.Rekeys.Add(list);
        FuzzRun.Of(output, "re-key lists, signed", random =>
        {
            list.Amend = json => Mutant.Damage(json, random);
            return release.Verify().Accepted;
        }, takesSome: false);
    }

    /// <summary>Of version 2 with a row withdrawn and told, and one corrected.</summary>
    private static TestRelease Example(int version)
    {
        if (version == 1) return TestRelease.Example();
        var release = SecondRelease.Example(profile: "research-outcomes");
        var exchange = release.Batches[1].Exchange!;
        exchange.Correct(release.Batches[1], 1, release.Batches[0], 4, row => row["side_effects"] = "SEVERE", new Random(4));
        release.Batches[0].Rows[7].Withdrawn = true;
        exchange.Tell(1, 7);
        return release;
    }

    private static string Nonsense(Random random) => random.Next(4) switch
    {
        0 => TestProfile.Milestones[random.Next(TestProfile.Milestones.Length)],
        1 => "*",
        _ => Mutant.Odd(random),
    };
}
