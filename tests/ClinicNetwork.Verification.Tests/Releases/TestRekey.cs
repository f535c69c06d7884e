using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace ClinicNetwork.Verification.Tests.Releases;

/// <summary>A list of pseudonyms that replace others.</summary>
internal sealed class TestRekey(IEnumerable<(string Old, string New)> pairs)
{
    /// <summary>Changes the list before it is signed.</summary>
    public Action<JsonObject>? Amend { get; set; }

    public void Write(string folder, int number, ECDsa key)
    {
        Directory.CreateDirectory(Path.Combine(folder, "rekeys"));
        var json = new JsonObject
        {
            ["format"] = "clinicnetwork.rekey/1",
            ["network"] = "net-1",
            ["recipient"] = "agreement-1",
            ["number"] = number,
            ["pairs"] = new JsonArray([.. pairs.OrderBy(pair => pair.Old, StringComparer.Ordinal).Select(pair => new JsonArray(pair.Old, pair.New))]),
        };
        Amend?.Invoke(json);
        var bytes = Encoding.UTF8.GetBytes(json.ToJsonString());
        var path = Path.Combine(folder, "rekeys", number.ToString("D4", CultureInfo.InvariantCulture));
        File.WriteAllBytes(path + ".json", bytes);
        File.WriteAllText(path + ".sig", Convert.ToBase64String(key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation)));
    }
}
