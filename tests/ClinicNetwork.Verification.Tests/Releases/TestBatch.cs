using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClinicNetwork.Verification.Tests.Releases;

/// <summary>One batch: rows, the manifest that follows from them, and places to tamper before and after signing.</summary>
internal sealed class TestBatch
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public List<TestRow> Rows { get; init; } = [];

    /// <summary>What version 2 adds; null: the batch is of version 1.</summary>
    public TestExchange? Exchange { get; set; }

    /// <summary>Changes the manifest before it is signed: a network that lies.</summary>
    public Action<JsonObject>? Amend { get; set; }

    /// <summary>Changes the signed bytes of the manifest before they are signed.</summary>
    public Func<byte[], byte[]>? AmendBytes { get; set; }

    /// <summary>Changes the lines after signing: a registry or a network path that lies.</summary>
    public Func<IReadOnlyList<string>, IEnumerable<string>>? Tamper { get; set; }

    /// <summary>Signs with another key than the folder's.</summary>
    public ECDsa? OtherKey { get; set; }

    public string Root => Convert.ToHexStringLower(RootOf([.. Rows.Select(row => row.Leaf)]));

    public void Write(string folder, int number, string previousRoot, ECDsa key)
    {
        Directory.CreateDirectory(folder);
        var json = TestManifest.Of(this, number, previousRoot);
        Exchange?.Complete(json, this);
        Amend?.Invoke(json);
        var manifest = Encoding.UTF8.GetBytes(json.ToJsonString(number % 2 == 0 ? Indented : JsonSerializerOptions.Default));
        manifest = AmendBytes?.Invoke(manifest) ?? manifest;
        var signature = (OtherKey ?? key).SignData(manifest, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        IEnumerable<string> lines = [.. Rows.Select((row, index) => row.Line(index))];
        lines = Tamper?.Invoke([.. lines]) ?? lines;
        File.WriteAllBytes(Path.Combine(folder, "manifest.json"), manifest);
        File.WriteAllText(Path.Combine(folder, "manifest.sig"), Convert.ToBase64String(signature));
        File.WriteAllText(Path.Combine(folder, "rows.ndjson"), string.Concat(lines.Select(line => line + "\n")));
    }

    /// <summary>RFC 6962 section 2.1, as it is written there.</summary>
    private static byte[] RootOf(ReadOnlySpan<byte[]> leaves)
    {
        if (leaves.Length == 0) return SHA256.HashData([]);
        if (leaves.Length == 1) return leaves[0];
        var split = 1;
        while (split * 2 < leaves.Length) split *= 2;
        return SHA256.HashData([0x01, .. RootOf(leaves[..split]), .. RootOf(leaves[split..])]);
    }
}
