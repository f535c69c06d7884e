using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace ClinicNetwork.Verification.Tests.Releases;

/// <summary>A row as published; a withdrawn one keeps its values here, because the manifest was made of them.</summary>
internal sealed class TestRow(string[] values, string salt)
{
    public string[] Values { get; set; } = values;
    public string Salt { get; } = salt;
    public bool Withdrawn { get; set; }

    /// <summary>Columns that the agreement names; null: all.</summary>
    public IReadOnlyList<string>? Agreed { get; set; }

    public string this[string column]
    {
        get => Values[Array.IndexOf(TestProfile.AllColumns, column)];
        set => Values[Array.IndexOf(TestProfile.AllColumns, column)] = value;
    }

    public bool Measured => this["status"] == "MEASURED";

    public string Outcome =>
        this["worsening"] == "yes" ? "worsening"
        : this["remission"] == "yes" ? "remission"
        : this["response"] == "yes" ? "response"
        : "no_change";

    public string QuasiIdentifierKey => string.Join('\t', TestProfile.QuasiIdentifiers.Select(name => this[name]));

    public byte[] Leaf => SHA256.HashData([0x00, .. Convert.FromHexString(Salt), .. Encoding.UTF8.GetBytes(string.Join('\t', Shown))]);

    public string Line(int row) => Withdrawn
        ? string.Create(CultureInfo.InvariantCulture, $$"""{"row":{{row}},"leaf":"{{Convert.ToHexStringLower(Leaf)}}"}""")
        : string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"row":{{row}},"salt":"{{Salt}}","values":[{{string.Join(',', Shown.Select(Quoted))}}]}""");

    public TestRow Copy() => new([.. Values], Salt) { Withdrawn = Withdrawn, Agreed = Agreed };

    public void MakeMissing(string reason)
    {
        (this["status"], this["missing_reason"]) = ("MISSING", reason);
        (this["response"], this["remission"], this["worsening"], this["severity"]) = ("", "", "", "");
    }

    public void MakeMeasured(string outcome)
    {
        (this["status"], this["missing_reason"]) = ("MEASURED", "");
        this["worsening"] = outcome == "worsening" ? "yes" : "no";
        this["remission"] = outcome == "remission" ? "yes" : "no";
        this["response"] = outcome is "remission" or "response" ? "yes" : "no";
        this["severity"] = outcome is "remission" ? "MINIMAL" : "MODERATE";
    }

    /// <summary>What version 2 tells in coarse bands.</summary>
    public void MakeCoarse()
    {
        (this["remission"], this["worsening"], this["phq9"]) = ("", "", "");
        if (Measured) this["severity"] = this["response"] == "yes" ? "BELOW_MODERATE" : "MODERATE_OR_WORSE";
    }

    private IEnumerable<string> Shown => Agreed is null ? Values : Agreed.Select(column => this[column]);

    private static string Quoted(string value) => "\"" + value.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"";
}
