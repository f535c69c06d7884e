using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ClinicNetwork.Verification.Tests.Releases;

namespace ClinicNetwork.Verification.Tests;

/// <summary>
/// Random damage: whatever the bytes, a report comes back, and damage to signed content is refused. A failure prints its seed.
/// </summary>
public sealed class FuzzTests
{
    private static readonly string[] SignedFiles = ["rows.ndjson", "manifest.json", "manifest.sig"];

    [Fact]
    public void Every_mutation_of_a_signed_file_is_refused()
    {
        using var folder = new TestFolder();
        var release = TestRelease.Example();
        foreach (var row in release.Rows.Where(row => row["pseudonym"] == release.Batches[0].Rows[0]["pseudonym"])) row.Withdrawn = true;
        release.Write(folder.Path);
        ForEachSeed(1500, random =>
        {
            var file = Path.Combine(TestRelease.BatchFolder(folder.Path, random.Next(1, 3)), SignedFiles[random.Next(SignedFiles.Length)]);
            var original = File.ReadAllBytes(file);
            var mutated = Mutate(original, random);
            if (mutated.AsSpan().SequenceEqual(original)) return;
            File.WriteAllBytes(file, mutated);
            var report = ReleaseVerifier.VerifyFolder(folder.Path);
            File.WriteAllBytes(file, original);
            Assert.False(report.Accepted, $"accepted a changed {Path.GetFileName(file)}");
            Expect.ShowsNoContent(report, release);
        });
        Expect.Accepted(ReleaseVerifier.VerifyFolder(folder.Path));
    }

    [Fact]
    public void Signed_nonsense_never_throws() => ForEachSeed(500, random =>
    {
        var release = TestRelease.Example();
        release.Batches[0].AmendBytes = bytes => Mutate(bytes, random);
        release.Batches[1].Amend = json => Damage(json, random);
        Expect.ShowsNoContent(release.Verify(), release);
    });

    [Fact]
    public void Signed_rows_of_nonsense_never_throw() => ForEachSeed(300, random =>
    {
        var release = TestRelease.Example();
        for (var i = random.Next(1, 20); i > 0; i--)
        {
            var row = release.Batches[0].Rows[random.Next(release.Batches[0].Rows.Count)];
            row.Values[random.Next(row.Values.Length)] = Nonsense(random);
        }

        release.Verify();
    });

    [Fact]
    public void A_damaged_folder_never_throws() => ForEachSeed(300, random =>
    {
        var release = TestRelease.Example();
        release.Verify(folder =>
        {
            var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories);
            var file = files[random.Next(files.Length)];
            var bytes = File.ReadAllBytes(file);
            File.Delete(file);
            if (random.Next(3) == 0) Directory.CreateDirectory(file);
            else if (random.Next(2) == 0) File.WriteAllBytes(file, Mutate(bytes, random));
        });
    });

    [Fact]
    public void A_damaged_key_never_throws() => ForEachSeed(5000, random =>
    {
        var info = Mutate(TestRelease.Key.ExportSubjectPublicKeyInfo(), random);
        using var key = ReleaseKey.Read(PemEncoding.WriteString("PUBLIC KEY", info));
    });

    private static void ForEachSeed(int count, Action<Random> test)
    {
        var first = Environment.TickCount;
        for (var seed = first; seed < first + count; seed++)
        {
            try
            {
                test(new Random(seed));
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"seed {seed}: {exception.Message}", exception);
            }
        }
    }

    private static byte[] Mutate(byte[] bytes, Random random)
    {
        var at = random.Next(bytes.Length);
        var length = Math.Min(random.Next(1, 64), bytes.Length - at);
        byte[] replaced = [.. bytes];
        replaced[at] = random.Next(2) == 0 ? (byte)(bytes[at] ^ 1 << random.Next(8)) : (byte)random.Next(256);
        return random.Next(7) switch
        {
            0 => [.. bytes[..at], (byte)random.Next(256), .. bytes[at..]],
            1 => [.. bytes[..at], .. bytes[(at + 1)..]],
            2 => bytes[..at],
            3 => [.. bytes[..at], .. bytes[(at + length)..]],
            4 => [.. bytes[..(at + length)], .. bytes[at..]],
            5 => [.. bytes, (byte)" \n\r\t\0"[random.Next(5)]],
            _ => replaced,
        };
    }

    /// <summary>Replaces or removes one node somewhere in the tree.</summary>
    private static void Damage(JsonNode node, Random random)
    {
        while (true)
        {
            JsonNode? child;
            switch (node)
            {
                case JsonObject { Count: > 0 } json:
                    var name = json.ElementAt(random.Next(json.Count)).Key;
                    child = json[name];
                    if (child is JsonValue || random.Next(3) == 0)
                    {
                        if (random.Next(4) == 0) json.Remove(name);
                        else json[name] = Value(random);
                        return;
                    }

                    break;
                case JsonArray { Count: > 0 } list:
                    var index = random.Next(list.Count);
                    child = list[index];
                    if (child is JsonValue || random.Next(3) == 0)
                    {
                        if (random.Next(4) == 0) list.RemoveAt(index);
                        else list[index] = Value(random);
                        return;
                    }

                    break;
                default:
                    return;
            }

            node = child!;
        }
    }

    private static JsonNode? Value(Random random) => random.Next(8) switch
    {
        0 => null,
        1 => new JsonObject(),
        2 => new JsonArray(),
        3 => random.Next(),
        4 => -1,
        5 => random.NextDouble(),
        6 => true,
        _ => Nonsense(random),
    };

    private static string Nonsense(Random random) => random.Next(4) switch
    {
        0 => "",
        1 => "*",
        2 => TestProfile.Milestones[random.Next(6)],
        _ => Encoding.Latin1.GetString([.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => (byte)random.Next(32, 127))]),
    };
}
